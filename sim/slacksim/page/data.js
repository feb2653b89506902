"use strict";
/* Slack's own tables and charts: data_table in pages, with buttons in its cells, and data_visualization as a drawing
   with its numbers beside it. */

const dataCell = (cell, block, ctx) => {
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "action_cell") return [buttonElement(cell.element, block, ctx)];
  return [withEmoji(String(cell.text ?? cell.value ?? ""))];
};

/* The rows of one page are there, the others a press away. */
const dataTableBlock = (block, ctx) => {
  const [head, ...rows] = block.rows;
  const size = block.page_size || 5;
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const named = block.row_header_column_index || 0;
  const body = h("tbody");
  const where = h("span", { class: "data-where", role: "status" });
  const row = (cells) => h("tr", {}, cells.map((cell, i) => h(i === named ? "th" : "td", { scope: i === named ? "row" : undefined, class: cell.type === "action_cell" ? "data-act" : undefined }, dataCell(cell, block, ctx))));
  let page = 0;
  const turn = (to) => {
    page = Math.min(Math.max(to, 0), last);
    body.replaceChildren(...rows.slice(page * size, (page + 1) * size).map(row));
    where.textContent = `${page * size + 1}–${Math.min((page + 1) * size, rows.length)} of ${rows.length}`;
    back.disabled = page === 0;
    on.disabled = page === last;
  };
  const step = (by, words, sign) => h("button", { type: "button", class: "data-step", "aria-label": words, "data-testid": "data-" + words.split(" ")[0].toLowerCase(), on: { click: () => turn(page + by) } }, sign);
  const back = step(-1, "Previous rows", "‹");
  const on = step(1, "Next rows", "›");
  turn(0);
  return h("div", { class: "data-table", "data-testid": "data-table" },
    h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": block.caption },
      h("table", { class: "block-table" }, h("caption", { class: "unseen" }, block.caption),
        h("thead", {}, h("tr", {}, head.map((cell) => h("th", { class: "table-head", scope: "col" }, dataCell(cell, block, ctx))))), body)),
    last > 0 && h("div", { class: "data-pages", role: "group", "aria-label": "Pages of " + block.caption }, back, where, on));
};

const svg = (tag, props, ...kids) => {
  const el = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) el.setAttribute(name, value);
  el.append(...kids.flat(Infinity).filter(Boolean));
  return el;
};

const numberWords = (v) => v.toLocaleString("en-GB", { maximumFractionDigits: 2 });

/* A round number at or above v, so that the axis ends where people would end it. */
const roundUp = (v) => {
  if (v <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(v));
  return [1, 2, 3, 4, 6, 8, 10].map((n) => n * unit).find((n) => n >= v);
};

/* The number of a series at a category; undefined where it has none. */
const valueAt = (series, category) => series.data.find((point) => point.label === category)?.value;

/* How wide a chart is drawn, so that its words keep their size where the window is narrow. */
const chartWidth = () => Math.max(230, Math.min(560, (byId("flow").clientWidth || 600) - (window.innerWidth < 560 ? 66 : 100)));

const chartFrame = (chart, width) => {
  const all = chart.series.flatMap((s) => s.data.map((p) => p.value));
  const low = Math.min(0, ...all);
  const top = roundUp(Math.max(...all, 0));
  const longest = Math.max(numberWords(top).length, numberWords(top / 2).length);
  const area = { left: 14 + 7 * longest, right: width - 12, top: 10, bottom: 158, low: low < 0 ? -roundUp(-low) : 0, high: top };
  const { axis_config: axis } = chart;
  const slot = (area.right - area.left) / axis.categories.length;
  return { ...area, categories: axis.categories, axis, slot,
    x: (i) => area.left + slot * (i + 0.5),
    y: (v) => area.bottom - ((v - area.low) / (area.high - area.low)) * (area.bottom - area.top) };
};

const chartAxes = (frame) => {
  const lines = [0, 0.5, 1].map((part) => {
    const value = frame.low + part * (frame.high - frame.low);
    return svg("g", {}, svg("line", { class: "chart-line", x1: frame.left, x2: frame.right, y1: frame.y(value), y2: frame.y(value) }),
      svg("text", { class: "chart-tick", x: frame.left - 6, y: frame.y(value) + 4, "text-anchor": "end" }, numberWords(value)));
  });
  const longest = Math.max(...frame.categories.map((c) => c.length));
  const every = Math.max(1, Math.ceil(longest * 7 / frame.slot));
  const names = frame.categories.map((name, i) => (frame.categories.length - 1 - i) % every === 0 && svg("text", { class: "chart-tick", x: frame.x(i), y: frame.bottom + 17, "text-anchor": "middle" }, name));
  return [lines, names, frame.axis.x_label && svg("text", { class: "chart-axis", x: (frame.left + frame.right) / 2, y: frame.bottom + 35, "text-anchor": "middle" }, frame.axis.x_label)];
};

const pointTitle = (series, category, value) => svg("title", {}, `${series.name}, ${category}: ${numberWords(value)}`);

/* A line ends where a number is missing and begins anew behind it. */
const linesOf = (chart, frame) => chart.series.map((series, n) => {
  const runs = [[]];
  frame.categories.forEach((category, i) => {
    const value = valueAt(series, category);
    if (value === undefined || value === null) runs.push([]);
    else runs.at(-1).push([frame.x(i), frame.y(value), category, value]);
  });
  return svg("g", { class: `series series-${n + 1}` }, runs.filter((run) => run.length).map((run) => [
    chart.type === "area" && svg("polygon", { class: "chart-area", points: [[run[0][0], frame.y(0)], ...run, [run.at(-1)[0], frame.y(0)]].map(([x, y]) => `${x},${y}`).join(" ") }),
    svg("polyline", { class: "chart-run", points: run.map(([x, y]) => `${x},${y}`).join(" ") }),
    run.map(([x, y, category, value]) => svg("circle", { class: "chart-dot", cx: x, cy: y, r: 3 }, pointTitle(series, category, value))),
  ]));
});

const barsOf = (chart, frame) => chart.series.map((series, n) => {
  const width = Math.max(2, (frame.slot * 0.76) / chart.series.length);
  return svg("g", { class: `series series-${n + 1}` }, frame.categories.map((category, i) => {
    const value = valueAt(series, category);
    if (value === undefined || value === null) return null;
    const [from, to] = [frame.y(0), frame.y(value)];
    return svg("rect", { class: "chart-bar", x: frame.x(i) - frame.slot * 0.38 + n * width, y: Math.min(from, to), width: Math.max(1, width - 1), height: Math.max(1, Math.abs(from - to)) }, pointTitle(series, category, value));
  }));
});

const pieOf = (chart) => {
  const sum = chart.segments.reduce((all, s) => all + s.value, 0);
  let from = 0;
  const at = (part) => [90 + 74 * Math.sin(2 * Math.PI * part), 84 - 74 * Math.cos(2 * Math.PI * part)].join(" ");
  return chart.segments.map((segment, n) => {
    const to = from + segment.value / sum;
    const path = chart.segments.length === 1 ? "M 90 10 A 74 74 0 1 1 89.9 10 Z" : `M 90 84 L ${at(from)} A 74 74 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)} Z`;
    from = to;
    return svg("g", { class: `series series-${n + 1}` }, svg("path", { class: "chart-slice", d: path }, svg("title", {}, `${segment.label}: ${numberWords(segment.value)}`)));
  });
};

const chartDrawing = (block) => {
  const chart = block.chart;
  const label = `${{ pie: "Pie", bar: "Bar", area: "Area", line: "Line" }[chart.type]} chart: ${block.title}. Its numbers are in the table below.`;
  if (chart.type === "pie") return svg("svg", { class: "chart", role: "img", "aria-label": label, viewBox: "0 0 180 168", width: 180, height: 168 }, pieOf(chart));
  const width = chartWidth();
  const frame = chartFrame(chart, width);
  return svg("svg", { class: "chart", role: "img", "aria-label": label, viewBox: `0 0 ${width} 200`, width, height: 200 },
    chartAxes(frame), chart.type === "bar" ? barsOf(chart, frame) : linesOf(chart, frame));
};

/* The chart's numbers as a table: what a drawing can't tell somebody who doesn't see it. */
const chartNumbers = (block) => {
  const chart = block.chart;
  const columns = chart.type === "pie" ? ["Part", "Value"] : [chart.axis_config.x_label || "At", ...chart.series.map((s) => s.name)];
  const rows = chart.type === "pie" ? chart.segments.map((s) => [s.label, s.value]) : chart.axis_config.categories.map((c) => [c, ...chart.series.map((s) => valueAt(s, c))]);
  return h("details", { class: "chart-numbers" }, h("summary", {}, "Numbers"),
    h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": "Numbers of " + block.title }, h("table", { class: "block-table" },
      h("thead", {}, h("tr", {}, columns.map((name) => h("th", { class: "table-head", scope: "col" }, name)))),
      h("tbody", {}, rows.map(([name, ...values]) => h("tr", {}, h("th", { scope: "row" }, name), values.map((v) => h("td", { class: "align-right" }, v === undefined || v === null ? "–" : numberWords(v)))))))));
};

const dataVisualizationBlock = (block) => {
  const chart = block.chart;
  const names = chart.type === "pie" ? chart.segments.map((s) => s.label) : chart.series.map((s) => s.name);
  return h("figure", { class: "data-chart", "data-testid": "data-chart" }, h("figcaption", {}, block.title),
    !!chart.axis_config?.y_label && h("p", { class: "chart-of" }, chart.axis_config.y_label), chartDrawing(block),
    h("ul", { class: "chart-legend" }, names.map((name, n) => h("li", {}, svg("svg", { class: `series series-${n + 1}`, viewBox: "0 0 22 10", width: 22, height: 10, "aria-hidden": "true" },
      chart.type === "line" || chart.type === "area" ? svg("line", { class: "chart-run", x1: 1, x2: 21, y1: 5, y2: 5 }) : svg("rect", { class: "chart-bar", x: 5, y: 0, width: 10, height: 10 })), name))),
    chartNumbers(block));
};
