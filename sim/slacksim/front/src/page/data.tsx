/* Slack's own tables and charts: data_table in pages, with buttons in its cells, and data_visualization as a drawing
   with its numbers beside it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ButtonElement, type Around } from "./elements";
import { drawn, withEmoji } from "./emoji";
import { useHere } from "./here";
import type { Block, Cell, Chart, Point, Series } from "./payload";
import { richText } from "./rich";

const dataCell = (cell: Cell, block: Block, around: Around): ComponentChildren => {
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "action_cell" && cell.element) return <ButtonElement element={cell.element} block={block} around={around} />;
  return drawn(withEmoji(String(cell.text ?? cell.value ?? "")));
};

const DataRow = ({ cells, block, around }: { cells: Cell[]; block: Block; around: Around }) => (
  <tr>{cells.map((cell, i) => {
    const act = cell.type === "action_cell" ? "data-act" : undefined;
    const inside = dataCell(cell, block, around);
    return i === (block.row_header_column_index || 0) ? <th scope="row" class={act}>{inside}</th> : <td class={act}>{inside}</td>;
  })}</tr>
);

/* The rows of one page are there, the others a press away. */
export const DataTable = ({ block, around }: { block: Block; around: Around }) => {
  const [asked, turn] = useState(0);
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size || 5;
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const page = Math.min(asked, last);
  return (
    <div class="data-table" data-testid="data-table">
      <div class="table-wrap" tabindex={0} role="group" aria-label={block.caption}>
        <table class="block-table">
          <caption class="unseen">{block.caption}</caption>
          <thead><tr>{head.map((cell) => <th class="table-head" scope="col">{dataCell(cell, block, around)}</th>)}</tr></thead>
          <tbody>{rows.slice(page * size, (page + 1) * size).map((cells, i) => <DataRow key={page * size + i} cells={cells} block={block} around={around} />)}</tbody>
        </table>
      </div>
      {last > 0 && (
        <div class="data-pages" role="group" aria-label={"Pages of " + block.caption}>
          <button type="button" class="data-step" aria-label="Previous rows" data-testid="data-previous" disabled={page === 0} onClick={() => turn(page - 1)}>‹</button>
          <span class="data-where" role="status">{`${page * size + 1}–${Math.min((page + 1) * size, rows.length)} of ${rows.length}`}</span>
          <button type="button" class="data-step" aria-label="Next rows" data-testid="data-next" disabled={page === last} onClick={() => turn(page + 1)}>›</button>
        </div>
      )}
    </div>
  );
};

const numberWords = (v: number) => v.toLocaleString("en-GB", { maximumFractionDigits: 2 });

/* A round number at or above v, so that the axis ends where people would end it. */
const roundUp = (v: number) => {
  if (v <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(v));
  return [1, 2, 3, 4, 6, 8, 10].map((n) => n * unit).find((n) => n >= v) ?? v;
};

/* The number of a series at a category; undefined where it has none. */
const valueAt = (series: Series, category: string) => series.data.find((point) => point.label === category)?.value;

/* How wide a chart is drawn, so that its words keep their size where the window is narrow. */
const chartWidth = (flow: number) => Math.max(230, Math.min(560, flow - (window.innerWidth < 560 ? 66 : 100)));

const frameOf = (chart: Chart, width: number) => {
  const all = chart.series.flatMap((s) => s.data.map((p) => p.value));
  const low = Math.min(0, ...all) < 0 ? -roundUp(-Math.min(...all)) : 0;
  const high = roundUp(Math.max(...all, 0));
  const longest = Math.max(numberWords(high).length, numberWords(high / 2).length);
  const [left, right, top, bottom] = [14 + 7 * longest, width - 12, 10, 158];
  const { categories } = chart.axis_config;
  const slot = (right - left) / categories.length;
  return { left, right, bottom, low, high, categories, slot, label: chart.axis_config.x_label,
    x: (i: number) => left + slot * (i + 0.5),
    y: (v: number) => bottom - ((v - low) / (high - low)) * (bottom - top) };
};
type Frame = ReturnType<typeof frameOf>;

const Axes = ({ frame }: { frame: Frame }) => {
  const every = Math.max(1, Math.ceil((Math.max(...frame.categories.map((c) => c.length)) * 7) / frame.slot));
  return <>
    {[0, 0.5, 1].map((part) => frame.low + part * (frame.high - frame.low)).map((value) => (
      <g>
        <line class="chart-line" x1={frame.left} x2={frame.right} y1={frame.y(value)} y2={frame.y(value)} />
        <text class="chart-tick" x={frame.left - 6} y={frame.y(value) + 4} text-anchor="end">{numberWords(value)}</text>
      </g>
    ))}
    {frame.categories.map((name, i) => (frame.categories.length - 1 - i) % every === 0 && <text class="chart-tick" x={frame.x(i)} y={frame.bottom + 17} text-anchor="middle">{name}</text>)}
    {frame.label && <text class="chart-axis" x={(frame.left + frame.right) / 2} y={frame.bottom + 35} text-anchor="middle">{frame.label}</text>}
  </>;
};

type Spot = { x: number; y: number; category: string; value: number };
const corners = (spots: { x: number; y: number }[]) => spots.map(({ x, y }) => `${x},${y}`).join(" ");

/* A line ends where a number is missing and begins anew behind it. */
const runsOf = (series: Series, frame: Frame) => {
  const runs: Spot[][] = [[]];
  frame.categories.forEach((category, i) => {
    const value = valueAt(series, category);
    if (value === undefined || value === null) runs.push([]);
    else runs.at(-1)!.push({ x: frame.x(i), y: frame.y(value), category, value });
  });
  return runs.filter((run) => run.length);
};

const Lines = ({ chart, frame }: { chart: Chart; frame: Frame }) => <>{chart.series.map((series, n) => (
  <g class={`series series-${n + 1}`}>{runsOf(series, frame).map((run) => <>
    {chart.type === "area" && <polygon class="chart-area" points={corners([{ x: run[0]!.x, y: frame.y(0) }, ...run, { x: run.at(-1)!.x, y: frame.y(0) }])} />}
    <polyline class="chart-run" points={corners(run)} />
    {run.map(({ x, y, category, value }) => <circle class="chart-dot" cx={x} cy={y} r={3}><title>{`${series.name}, ${category}: ${numberWords(value)}`}</title></circle>)}
  </>)}</g>
))}</>;

const Bars = ({ chart, frame }: { chart: Chart; frame: Frame }) => <>{chart.series.map((series, n) => {
  const width = Math.max(2, (frame.slot * 0.76) / chart.series.length);
  return <g class={`series series-${n + 1}`}>{frame.categories.map((category, i) => {
    const value = valueAt(series, category);
    if (value === undefined || value === null) return null;
    const [from, to] = [frame.y(0), frame.y(value)];
    return <rect class="chart-bar" x={frame.x(i) - frame.slot * 0.38 + n * width} y={Math.min(from, to)} width={Math.max(1, width - 1)} height={Math.max(1, Math.abs(from - to))}>
      <title>{`${series.name}, ${category}: ${numberWords(value)}`}</title></rect>;
  })}</g>;
})}</>;

const Pie = ({ segments }: { segments: Point[] }) => {
  const sum = segments.reduce((all, s) => all + s.value, 0);
  const at = (part: number) => [90 + 74 * Math.sin(2 * Math.PI * part), 84 - 74 * Math.cos(2 * Math.PI * part)].join(" ");
  let from = 0;
  return <>{segments.map((segment, n) => {
    const to = from + segment.value / sum;
    const path = segments.length === 1 ? "M 90 10 A 74 74 0 1 1 89.9 10 Z" : `M 90 84 L ${at(from)} A 74 74 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)} Z`;
    from = to;
    return <g class={`series series-${n + 1}`}><path class="chart-slice" d={path}><title>{`${segment.label}: ${numberWords(segment.value)}`}</title></path></g>;
  })}</>;
};

const KINDS = { pie: "Pie", bar: "Bar", area: "Area", line: "Line" };

const Drawing = ({ chart, title }: { chart: Chart; title: string }) => {
  const width = chartWidth(useHere().width());
  const label = `${KINDS[chart.type]} chart: ${title}. Its numbers are in the table below.`;
  if (chart.type === "pie") return <svg class="chart" role="img" aria-label={label} viewBox="0 0 180 168" width={180} height={168}><Pie segments={chart.segments} /></svg>;
  const frame = frameOf(chart, width);
  return (
    <svg class="chart" role="img" aria-label={label} viewBox={`0 0 ${width} 200`} width={width} height={200}>
      <Axes frame={frame} />{chart.type === "bar" ? <Bars chart={chart} frame={frame} /> : <Lines chart={chart} frame={frame} />}
    </svg>
  );
};

/* The chart's numbers as a table: what a drawing can't tell somebody who doesn't see it. */
const Numbers = ({ chart, title }: { chart: Chart; title: string }) => {
  const pie = chart.type === "pie";
  const columns = pie ? ["Part", "Value"] : [chart.axis_config.x_label || "At", ...chart.series.map((s) => s.name)];
  const rows: [string, ...(number | undefined)[]][] = pie
    ? chart.segments.map((s) => [s.label, s.value])
    : chart.axis_config.categories.map((c) => [c, ...chart.series.map((s) => valueAt(s, c))]);
  return (
    <details class="chart-numbers">
      <summary>Numbers</summary>
      <div class="table-wrap" tabindex={0} role="group" aria-label={"Numbers of " + title}>
        <table class="block-table">
          <thead><tr>{columns.map((name) => <th class="table-head" scope="col">{name}</th>)}</tr></thead>
          <tbody>{rows.map(([name, ...values]) => <tr><th scope="row">{name}</th>{values.map((v) => <td class="align-right">{v === undefined || v === null ? "–" : numberWords(v)}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </details>
  );
};

export const DataVisualization = ({ block }: { block: Block }) => {
  const chart = block.chart!;
  const title = String(block.title ?? "");
  const names = chart.type === "pie" ? chart.segments.map((s) => s.label) : chart.series.map((s) => s.name);
  const line = chart.type === "line" || chart.type === "area";
  return (
    <figure class="data-chart" data-testid="data-chart">
      <figcaption>{title}</figcaption>
      {!!chart.axis_config?.y_label && <p class="chart-of">{chart.axis_config.y_label}</p>}
      <Drawing chart={chart} title={title} />
      <ul class="chart-legend">{names.map((name, n) => (
        <li>
          <svg class={`series series-${n + 1}`} viewBox="0 0 22 10" width={22} height={10} aria-hidden="true">
            {line ? <line class="chart-run" x1={1} x2={21} y1={5} y2={5} /> : <rect class="chart-bar" x={5} y={0} width={10} height={10} />}
          </svg>
          {name}
        </li>
      ))}</ul>
      <Numbers chart={chart} title={title} />
    </figure>
  );
};
