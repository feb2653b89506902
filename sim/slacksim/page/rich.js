"use strict";
/* rich_text, table and markdown blocks: the three that do not speak mrkdwn. */

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

const styled = (node, style = {}) =>
  Object.keys(STYLES).filter((name) => style[name]).reduce((inner, name) => h(STYLES[name], {}, inner), node);

/* The leaves of rich_text; an unknown one shows its text, or nothing. */
const richLeaf = (leaf) => {
  switch (leaf.type) {
    case "text": return styled(h("span", {}, leaf.text.split("\n").flatMap((line, i) => [i > 0 && h("br"), withEmoji(line)])), leaf.style);
    case "link": return styled(link(leaf.url, leaf.text || leaf.url), leaf.style);
    case "user": return styled(mention(leaf.user_id), leaf.style);
    case "channel": return styled(channelMention(leaf.channel_id), leaf.style);
    case "usergroup": return styled(groupMention(leaf.usergroup_id), leaf.style);
    case "broadcast": return h("span", { class: "mention mention-all" }, "@" + leaf.range);
    case "emoji": return withEmoji(`:${leaf.name}:`);
    case "date": return dateSpan(`!date^${leaf.timestamp}^${leaf.format}^${leaf.url || ""}`, leaf.fallback || "");
    default: return leaf.text || "";
  }
};

const richPart = (part) => {
  const leaves = () => (part.elements || []).map(richLeaf);
  switch (part.type) {
    case "rich_text_preformatted": return h("pre", {}, leaves());
    case "rich_text_quote": return h("blockquote", {}, leaves());
    case "rich_text_list":
      return h(part.style === "ordered" ? "ol" : "ul", { class: `rich-list indent-${Math.min(part.indent || 0, 4)}` },
        (part.elements || []).map((item) => h("li", {}, richPart(item))));
    default: return h("div", {}, leaves());
  }
};

const richText = (block) => (block.elements || []).map(richPart);

const tableCell = (cell, column, tag) => {
  const inside = cell.type === "rich_text" ? richText(cell) : [String(cell.text ?? cell.value ?? "")];
  const align = ["center", "right"].includes(column?.align) ? " align-" + column.align : "";
  return h(tag, { class: (tag === "th" ? "table-head" : "") + align, scope: tag === "th" ? "col" : undefined }, inside);
};

/* The first row of a table block is its head. */
const tableBlock = (block) => {
  const columns = block.column_settings || [];
  const row = (cells, tag) => h("tr", {}, cells.map((cell, i) => tableCell(cell, columns[i], tag)));
  const [head, ...body] = block.rows || [];
  return h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", { class: "block-table" }, head && h("thead", {}, row(head, "th")), h("tbody", {}, body.map((cells) => row(cells, "td")))));
};

/* Standard Markdown, the part of it that apps write: emphasis, code, links. */
const markdownInline = (s) => {
  const out = [];
  const rule = /`([^`\n]+)`|\*\*(.+?)\*\*|~~(.+?)~~|\[([^\]\n]+)\]\(([^)\s]+)\)|\b_([^_\n]+)_\b|\*([^*\n]+)\*/;
  for (let rest = s; rest;) {
    const m = rule.exec(rest);
    if (!m) { out.push(withEmoji(rest)); break; }
    if (m.index) out.push(withEmoji(rest.slice(0, m.index)));
    if (m[1]) out.push(h("code", {}, m[1]));
    else if (m[2]) out.push(h("strong", {}, markdownInline(m[2])));
    else if (m[3]) out.push(h("s", {}, markdownInline(m[3])));
    else if (m[4]) out.push(link(m[5], m[4]));
    else out.push(h("em", {}, markdownInline(m[6] || m[7])));
    rest = rest.slice(m.index + m[0].length);
  }
  return out;
};

const markdownRow = (line) => line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) => cell.trim());

/* A paragraph of a markdown block: heading, list, quote, table or text. */
const markdownPart = (part) => {
  const rows = part.split("\n");
  const heading = /^(#{1,6})\s+(.*)$/.exec(rows[0]);
  if (heading) return [h("p", { class: "md-heading" }, markdownInline(heading[2])), rows.length > 1 && markdownPart(rows.slice(1).join("\n"))];
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(part)) return [h("hr")];
  if (rows.length > 1 && /^\s*\|?\s*:?-{2,}/.test(rows[1])) {
    const row = (line, tag) => h("tr", {}, markdownRow(line).map((cell) => h(tag, { class: tag === "th" ? "table-head" : "" }, markdownInline(cell))));
    return [h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", { class: "block-table" }, h("thead", {}, row(rows[0], "th")), h("tbody", {}, rows.slice(2).map((line) => row(line, "td")))))];
  }
  if (rows.every((line) => /^\s*([-*+]|\d+\.)\s/.test(line))) {
    const tag = /^\s*\d/.test(rows[0]) ? "ol" : "ul";
    return [h(tag, { class: "rich-list" }, rows.map((line) => h("li", {}, markdownInline(line.replace(/^\s*([-*+]|\d+\.)\s/, "")))))];
  }
  if (rows.every((line) => line.startsWith(">"))) return [h("blockquote", {}, rows.flatMap((line, i) => [i ? h("br") : "", markdownInline(line.replace(/^> ?/, ""))]))];
  return [h("p", {}, rows.flatMap((line, i) => [i ? h("br") : "", markdownInline(line)]))];
};

const markdown = (s) => String(s ?? "").split(/```[a-z]*\n?([\s\S]+?)```/).map((part, i) =>
  i % 2 ? h("pre", {}, part.replace(/\n$/, "")) : part.split(/\n{2,}/).filter((p) => p.trim()).map((p) => markdownPart(p.replace(/^\n|\n$/g, ""))));
