/* Slack's mrkdwn and plain text, as nodes: what people and the app say never becomes anything but text. */
import type { ComponentChild, ComponentChildren } from "preact";
import { dateWords } from "./dates";
import { drawn, withEmoji } from "./emoji";
import { useHere, type Here } from "./here";
import type { Text } from "./payload";

export const unescapeText = (s: string) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/* Text of plain_text objects: no marks, only the three entities and emoji names. */
export const plain = (s: unknown) => withEmoji(unescapeText(String(s ?? "")));
export const textOf = (object: Text | undefined) => (object ? plain(object.text) : "");

/* Only these may become an address; anything else stays text. */
export const safeHref = (address: string) => (/^(https?:\/\/|mailto:)/i.test(address) ? address : null);

export const Mention = ({ id, label }: { id: string; label?: string }) => {
  const here = useHere();
  const person = here.people.get(id);
  return <span class={"mention" + (id === here.me ? " mention-me" : "")} title={person?.title || id}>@{person?.name || label || id}</span>;
};

export const ChannelMention = ({ id, label }: { id: string; label?: string }) =>
  <span class="mention">#{useHere().channels.get(id)?.name || label || id}</span>;

export const GroupMention = ({ id, label }: { id: string; label?: string }) =>
  <span class="mention">@{useHere().groups.get(id) || (label || id).replace(/^@/, "")}</span>;

export const Broadcast = ({ to }: { to: string }) => <span class="mention mention-all">@{to}</span>;

/* A link; one to a message of this workspace leads there on this page. */
export const Link = ({ address, children }: { address: string; children: ComponentChildren }) => {
  const here = useHere();
  const href = safeHref(address);
  if (!href) return <>{children}{children === address ? "" : ` (${address})`}</>;
  const inside = /\/archives\/([CGD][A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(href);
  if (inside && here.channels.has(inside[1]!)) {
    const go = (event: Event) => { event.preventDefault(); here.open(inside[1]!, `${inside[2]}.${inside[3]}`); };
    return <a href={href} data-testid="message-link" onClick={go}>{children}</a>;
  }
  return <a href={href} target="_blank" rel="noopener noreferrer">{children}</a>;
};

export const DateSpan = ({ seconds, format, address, fallback }: { seconds: number; format: string; address?: string; fallback: string }) => {
  const { now } = useHere();
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return <>{fallback}</>;
  const title = at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
  const time = <time datetime={at.toISOString()} title={title}>{dateWords(at, format, now)}</time>;
  return address && safeHref(address) ? <Link address={address}>{time}</Link> : time;
};

/* One <…> of mrkdwn: a mention, a date, a broadcast or a link. */
const angle = (inner: string): ComponentChild => {
  const bar = inner.indexOf("|");
  const head = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescapeText(inner.slice(bar + 1));
  if (/^@[UW]/.test(head)) return <Mention id={head.slice(1)} label={label} />;
  if (/^#[CGD]/.test(head)) return <ChannelMention id={head.slice(1)} label={label} />;
  if (head.startsWith("!subteam^")) return <GroupMention id={head.slice(9)} label={label} />;
  if (head.startsWith("!date^")) {
    const [, seconds, format = "", address] = head.split("^");
    return <DateSpan seconds={Number(seconds)} format={format} address={address} fallback={label} />;
  }
  if (/^!(here|channel|everyone)$/.test(head)) return <Broadcast to={head.slice(1)} />;
  const address = unescapeText(head);
  return <Link address={address}>{label || address.replace(/^mailto:/, "")}</Link>;
};

const MARKS: Record<string, "strong" | "em" | "s"> = { "*": "strong", _: "em", "~": "s" };

/* Where the mark opened at `from` closes, or -1: after a non-space, before a non-word, on one line. */
const closing = (s: string, from: number) => {
  const mark = s[from];
  for (let i = from + 2; i < s.length && s[i] !== "\n"; i++) {
    if (s[i] === "<") { i = Math.max(i, s.indexOf(">", i)); continue; }
    if (s[i] === mark && !/\s/.test(s[i - 1]!) && !/[\p{L}\p{N}]/u.test(s[i + 1] || "")) return i;
  }
  return -1;
};

/* What begins at `i` of a run of mrkdwn, and where it ends; null: a letter like any other. */
const piece = (s: string, i: number): [ComponentChild, number] | null => {
  const c = s[i]!;
  if (c === "\n") return [<br />, i];
  if (c === "<") {
    const end = s.indexOf(">", i);
    if (end > i) return [angle(s.slice(i + 1, end)), end];
  }
  if (c === "`") {
    const end = s.indexOf("`", i + 1);
    if (end > i + 1 && !s.slice(i, end).includes("\n")) return [<code>{codeText(s.slice(i + 1, end))}</code>, end];
  }
  const Mark = MARKS[c];
  if (Mark && !/[\p{L}\p{N}]/u.test(s[i - 1] || "") && /\S/.test(s[i + 1] || " ")) {
    const end = closing(s, i);
    if (end > 0) return [<Mark>{inline(s.slice(i + 1, end))}</Mark>, end];
  }
  return null;
};

/* A run of mrkdwn without code blocks and quotes. */
const inline = (s: string): ComponentChild[] => {
  const out: ComponentChild[] = [];
  let text = "";
  const flush = () => { if (text) out.push(drawn(withEmoji(unescapeText(text)))); text = ""; };
  for (let i = 0; i < s.length; i++) {
    const found = piece(s, i);
    if (!found) { text += s[i]; continue; }
    flush();
    out.push(found[0]);
    i = found[1];
  }
  flush();
  return out;
};

/* Inside code nothing is drawn, but <mailto:a|a> still reads as its label. */
const codeText = (s: string) => unescapeText(s.replace(/<([^>|]*)(?:\|([^>]*))?>/g, (_, head: string, label?: string) => label || head.replace(/^mailto:/, "")));

/* mrkdwn as one plain line, for a notification. */
export const unmarked = (s: string, here: Here) => plain(s.replace(/<([^>|]*)(?:\|([^>]*))?>/g, (_, head: string, label?: string) => {
  if (/^@[UW]/.test(head)) return "@" + (here.people.get(head.slice(1))?.name || label || head.slice(1));
  return label || head.replace(/^mailto:/, "");
}).replace(/(^|\s)[*_~]|[*_~](?=\s|$)/g, "$1"));

/* Lines of mrkdwn: those that begin with &gt; become quotes. */
const lines = (s: string): ComponentChild[] => {
  const out: ComponentChild[] = [];
  let run: string[] = [], quote = false;
  const flush = () => {
    if (!run.length) return;
    const inside = inline(run.map((line) => (quote ? line.replace(/^&gt; ?/, "") : line)).join("\n"));
    out.push(quote ? <blockquote>{inside}</blockquote> : inside);
    run = [];
  };
  for (const line of s.split("\n")) {
    if (line.startsWith("&gt;") !== quote) { flush(); quote = !quote; }
    run.push(line);
  }
  flush();
  return out;
};

/* A whole mrkdwn text, code blocks first. */
export const mrkdwn = (s: unknown): ComponentChild[] => String(s ?? "").split(/```([\s\S]+?)```/).map((part, i) =>
  i % 2 ? <pre>{codeText(part.replace(/^\n|\n$/g, ""))}</pre> : lines(part));

/* A Slack text object, whichever kind it is. */
export const textObject = (object: Text | undefined): ComponentChild[] => (object?.type === "mrkdwn" ? mrkdwn(object.text) : drawn(textOf(object)));
