/* rich_text, table and markdown blocks: the three that do not speak mrkdwn. */
import type { ComponentChild } from "preact";
import { drawn, withEmoji } from "./emoji";
import type { Block, Cell, Leaf, RichPart } from "./payload";
import { Broadcast, ChannelMention, DateSpan, GroupMention, Link, Mention } from "./text";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" } as const;

const styled = (node: ComponentChild, style: Record<string, boolean> = {}) =>
  (Object.keys(STYLES) as (keyof typeof STYLES)[]).filter((name) => style[name]).reduce((inner, name) => {
    const Style = STYLES[name];
    return <Style>{inner}</Style>;
  }, node);

const broken = (s: string) => s.split("\n").map((line, i) => <>{i > 0 && <br />}{drawn(withEmoji(line))}</>);

/* The leaves of rich_text; an unknown one shows its text, or nothing. */
const richLeaf = (leaf: Leaf): ComponentChild => {
  switch (leaf.type) {
    case "text": return styled(<span>{broken(leaf.text ?? "")}</span>, leaf.style);
    case "link": return styled(<Link address={leaf.url ?? ""}>{leaf.text || leaf.url}</Link>, leaf.style);
    case "user": return styled(<Mention id={leaf.user_id ?? ""} />, leaf.style);
    case "channel": return styled(<ChannelMention id={leaf.channel_id ?? ""} />, leaf.style);
    case "usergroup": return styled(<GroupMention id={leaf.usergroup_id ?? ""} />, leaf.style);
    case "broadcast": return <Broadcast to={leaf.range ?? ""} />;
    case "emoji": return drawn(withEmoji(`:${leaf.name}:`));
    case "date": return <DateSpan seconds={leaf.timestamp ?? NaN} format={leaf.format ?? ""} address={leaf.url} fallback={leaf.fallback || ""} />;
    default: return leaf.text || "";
  }
};

const richPart = (part: RichPart): ComponentChild => {
  const leaves = () => (part.elements ?? []).map(richLeaf);
  switch (part.type) {
    case "rich_text_preformatted": return <pre>{leaves()}</pre>;
    case "rich_text_quote": return <blockquote>{leaves()}</blockquote>;
    case "rich_text_list": {
      const List = part.style === "ordered" ? "ol" : "ul";
      return <List class={`rich-list indent-${Math.min(part.indent || 0, 4)}`}>{(part.elements ?? []).map((item) => <li>{richPart(item)}</li>)}</List>;
    }
    default: return <div>{leaves()}</div>;
  }
};

export const richText = (block: { elements?: RichPart[] }) => (block.elements ?? []).map(richPart);

const Scrolled = ({ children }: { children: ComponentChild }) => <div class="table-wrap" tabindex={0} role="group" aria-label="Table"><table class="block-table">{children}</table></div>;

const tableCell = (cell: Cell, align: string | undefined, head: boolean) => {
  const inside = cell.type === "rich_text" ? richText(cell) : drawn(String(cell.text ?? cell.value ?? ""));
  const aligned = align && ["center", "right"].includes(align) ? " align-" + align : "";
  return head ? <th class={"table-head" + aligned} scope="col">{inside}</th> : <td class={aligned.trim()}>{inside}</td>;
};

/* The first row of a table block is its head. */
export const TableBlock = ({ block }: { block: Block }) => {
  const columns = block.column_settings ?? [];
  const row = (cells: Cell[], head: boolean) => <tr>{cells.map((cell, i) => tableCell(cell, columns[i]?.align, head))}</tr>;
  const [head, ...body] = block.rows ?? [];
  return <Scrolled><>{head && <thead>{row(head, true)}</thead>}<tbody>{body.map((cells) => row(cells, false))}</tbody></></Scrolled>;
};

/* Standard Markdown, the part of it that apps write: emphasis, code, links. */
const markdownInline = (s: string): ComponentChild[] => {
  const out: ComponentChild[] = [];
  const rule = /`([^`\n]+)`|\*\*(.+?)\*\*|~~(.+?)~~|\[([^\]\n]+)\]\(([^)\s]+)\)|\b_([^_\n]+)_\b|\*([^*\n]+)\*/;
  for (let rest = s; rest;) {
    const m = rule.exec(rest);
    if (!m) { out.push(drawn(withEmoji(rest))); break; }
    if (m.index) out.push(drawn(withEmoji(rest.slice(0, m.index))));
    if (m[1]) out.push(<code>{m[1]}</code>);
    else if (m[2]) out.push(<strong>{markdownInline(m[2])}</strong>);
    else if (m[3]) out.push(<s>{markdownInline(m[3])}</s>);
    else if (m[4]) out.push(<Link address={m[5]!}>{m[4]}</Link>);
    else out.push(<em>{markdownInline((m[6] || m[7])!)}</em>);
    rest = rest.slice(m.index + m[0].length);
  }
  return out;
};

const markdownRow = (line: string) => line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) => cell.trim());

const markdownTable = (rows: string[]) => (
  <Scrolled><>
    <thead><tr>{markdownRow(rows[0]!).map((cell) => <th class="table-head">{markdownInline(cell)}</th>)}</tr></thead>
    <tbody>{rows.slice(2).map((line) => <tr>{markdownRow(line).map((cell) => <td>{markdownInline(cell)}</td>)}</tr>)}</tbody>
  </></Scrolled>
);

const markdownLines = (rows: string[]) => rows.map((line, i) => <>{i > 0 && <br />}{markdownInline(line)}</>);

/* A paragraph of a markdown block: heading, list, quote, table or text. */
const markdownPart = (part: string): ComponentChild => {
  const rows = part.split("\n");
  const heading = /^(#{1,6})\s+(.*)$/.exec(rows[0]!);
  if (heading) return <><p class="md-heading">{markdownInline(heading[2]!)}</p>{rows.length > 1 && markdownPart(rows.slice(1).join("\n"))}</>;
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(part)) return <hr />;
  if (rows.length > 1 && /^\s*\|?\s*:?-{2,}/.test(rows[1]!)) return markdownTable(rows);
  if (rows.every((line) => /^\s*([-*+]|\d+\.)\s/.test(line))) {
    const List = /^\s*\d/.test(rows[0]!) ? "ol" : "ul";
    return <List class="rich-list">{rows.map((line) => <li>{markdownInline(line.replace(/^\s*([-*+]|\d+\.)\s/, ""))}</li>)}</List>;
  }
  if (rows.every((line) => line.startsWith(">"))) return <blockquote>{markdownLines(rows.map((line) => line.replace(/^> ?/, "")))}</blockquote>;
  return <p>{markdownLines(rows)}</p>;
};

export const markdown = (s: unknown): ComponentChild[] => String(s ?? "").split(/```[a-z]*\n?([\s\S]+?)```/).map((part, i) =>
  i % 2 ? <pre>{part.replace(/\n$/, "")}</pre> : part.split(/\n{2,}/).filter((p) => p.trim()).map((p) => markdownPart(p.replace(/^\n|\n$/g, ""))));
