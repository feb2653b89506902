"use strict";
/* Slack's mrkdwn and plain text, to document nodes. `World` holds the names that
   mentions need; app.js fills it with each snapshot. */

const World = { people: new Map(), channels: new Map(), groups: new Map(), me: "", rev: 0, skew: 0 };

/* The workspace's clock, in milliseconds; it may differ from the browser's. */
const now = () => Date.now() + World.skew;

const unescapeText = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", clock1: "🕐", alarm_clock: "⏰", stopwatch: "⏱️", calendar: "📆", date: "📅",
  bell: "🔔", mega: "📣", loudspeaker: "📢", mag: "🔍", lock: "🔒", unlock: "🔓", key: "🔑", ticket: "🎫", seat: "💺",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", wave: "👋", raised_hands: "🙌", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎",
  eyes: "👀", point_right: "👉", point_left: "👈", pray: "🙏", clap: "👏", muscle: "💪", tada: "🎉", sparkles: "✨", rocket: "🚀", fire: "🔥",
  bulb: "💡", memo: "📝", pencil: "✏️", clipboard: "📋", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  link: "🔗", email: "✉️", envelope: "✉️", inbox_tray: "📥", outbox_tray: "📤", package: "📦", wastebasket: "🗑️", recycle: "♻️", gear: "⚙️",
  wrench: "🔧", question: "❓", grey_question: "❔", exclamation: "❗", information_source: "ℹ️", arrow_right: "➡️", arrows_counterclockwise: "🔄",
  red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", large_blue_circle: "🔵", white_circle: "⚪",
  green_circle: "🟢", yellow_circle: "🟡", star: "⭐", heart: "❤️", smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", coffee: "☕",
  seedling: "🌱", robot_face: "🤖", crown: "👑", shield: "🛡️", octagonal_sign: "🛑", zzz: "💤", new: "🆕", ok: "🆗",
};

const withEmoji = (s) => s.replace(/:([a-z0-9_+-]+):/g, (all, name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : all));

/* Text of plain_text objects: no marks, only the three entities and emoji names. */
const plain = (s) => withEmoji(unescapeText(String(s ?? "")));

const textOf = (object) => (object ? plain(object.text) : "");

const mention = (id, label) => {
  const person = World.people.get(id);
  const mine = id === World.me ? " mention-me" : "";
  return h("span", { class: "mention" + mine, title: person?.title || id }, "@" + (person?.name || label || id));
};

const channelMention = (id, label) =>
  h("span", { class: "mention" }, "#" + (World.channels.get(id)?.name || label || id));

const groupMention = (id, label) =>
  h("span", { class: "mention" }, "@" + (World.groups.get(id) || (label || id).replace(/^@/, "")));

/* One <…> of mrkdwn: a mention, a date, a broadcast or a link. */
const angle = (inner) => {
  const bar = inner.indexOf("|");
  const head = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescapeText(inner.slice(bar + 1));
  if (/^@[UW]/.test(head)) return mention(head.slice(1), label);
  if (/^#[CGD]/.test(head)) return channelMention(head.slice(1), label);
  if (head.startsWith("!subteam^")) return groupMention(head.slice(9), label);
  if (head.startsWith("!date^")) return dateSpan(head, label);
  if (/^!(here|channel|everyone)$/.test(head)) return h("span", { class: "mention mention-all" }, "@" + head.slice(1));
  const address = unescapeText(head);
  return link(address, label || address.replace(/^mailto:/, ""));
};

const dateSpan = (head, fallback) => {
  const [, seconds, format, address] = head.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  const shown = format.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(dateTokens, name) ? dateTokens[name](at) : all));
  const title = at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
  const time = h("time", { datetime: at.toISOString(), title }, shown);
  return address && safeHref(address) ? link(address, time) : time;
};

const inEnglish = (at, options) => at.toLocaleDateString("en-GB", options);
const nearYear = (at) => (Math.abs(at - now()) < 182 * 864e5 ? {} : { year: "numeric" });
const clockTime = (at) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
const startOfDay = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());

const pretty = (at, otherwise) => {
  const days = Math.round((startOfDay(at) - startOfDay(new Date(now()))) / 864e5);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] || otherwise(at);
};

const ago = (at) => {
  const minutes = Math.round((now() - at) / 6e4);
  const size = Math.abs(minutes);
  const [n, unit] = size < 60 ? [size, "minute"] : size < 1440 ? [Math.round(size / 60), "hour"] : [Math.round(size / 1440), "day"];
  if (n === 0) return "just now";
  const words = `${n} ${unit}${n === 1 ? "" : "s"}`;
  return minutes < 0 ? `in ${words}` : `${words} ago`;
};

/* The tokens of Slack's <!date^…>, in the zone of whoever looks at the page. */
const dateTokens = {
  date_num: (at) => at.toLocaleDateString("sv-SE"),
  date_slash: (at) => at.toLocaleDateString("en-US", { month: "2-digit", day: "2-digit", year: "numeric" }),
  date: (at) => inEnglish(at, { day: "numeric", month: "long", ...nearYear(at) }),
  date_long: (at) => inEnglish(at, { weekday: "long", day: "numeric", month: "long", ...nearYear(at) }),
  date_long_full: (at) => inEnglish(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  date_short: (at) => inEnglish(at, { day: "numeric", month: "short", ...nearYear(at) }),
  date_pretty: (at) => pretty(at, dateTokens.date),
  date_short_pretty: (at) => pretty(at, dateTokens.date_short),
  date_long_pretty: (at) => pretty(at, dateTokens.date_long),
  day_divider_pretty: (at) => pretty(at, dateTokens.date_long),
  time: clockTime,
  time_secs: (at) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

const MARKS = { "*": "strong", _: "em", "~": "s" };

/* Where the mark opened at `from` closes, or -1: after a non-space, before a non-word, on one line. */
const closing = (s, from) => {
  const mark = s[from];
  for (let i = from + 2; i < s.length && s[i] !== "\n"; i++) {
    if (s[i] === "<") { i = Math.max(i, s.indexOf(">", i)); continue; }
    if (s[i] === mark && !/\s/.test(s[i - 1]) && !/[\p{L}\p{N}]/u.test(s[i + 1] || "")) return i;
  }
  return -1;
};

/* A run of mrkdwn without code blocks and quotes. */
const inline = (s) => {
  const out = [];
  let text = "";
  const flush = () => { if (text) out.push(withEmoji(unescapeText(text))); text = ""; };
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (c === "\n") { flush(); out.push(h("br")); continue; }
    if (c === "<") {
      const end = s.indexOf(">", i);
      if (end > i) { flush(); out.push(angle(s.slice(i + 1, end))); i = end; continue; }
    }
    if (c === "`") {
      const end = s.indexOf("`", i + 1);
      if (end > i + 1 && !s.slice(i, end).includes("\n")) { flush(); out.push(h("code", {}, codeText(s.slice(i + 1, end)))); i = end; continue; }
    }
    if (MARKS[c] && !/[\p{L}\p{N}]/u.test(s[i - 1] || "") && /\S/.test(s[i + 1] || " ")) {
      const end = closing(s, i);
      if (end > 0) { flush(); out.push(h(MARKS[c], {}, inline(s.slice(i + 1, end)))); i = end; continue; }
    }
    text += c;
  }
  flush();
  return out;
};

/* Inside code nothing is drawn, but <mailto:a|a> still reads as its label. */
const codeText = (s) => unescapeText(s.replace(/<([^>|]*)(?:\|([^>]*))?>/g, (_, head, label) => label || head.replace(/^mailto:/, "")));

const quoted = (lines) => h("blockquote", {}, inline(lines.map((line) => line.replace(/^&gt; ?/, "")).join("\n")));

/* Lines of mrkdwn: those that begin with &gt; become quotes. */
const lines = (s) => {
  const out = [];
  let quote = [], run = [];
  const flush = () => {
    if (quote.length) out.push(quoted(quote));
    if (run.length) out.push(...inline(run.join("\n")));
    quote = []; run = [];
  };
  for (const line of s.split("\n")) {
    const isQuote = line.startsWith("&gt;");
    if (isQuote !== quote.length > 0 && (quote.length || run.length)) flush();
    (isQuote ? quote : run).push(line);
  }
  flush();
  return out;
};

/* A whole mrkdwn text, code blocks first. */
const mrkdwn = (s) => String(s ?? "").split(/```([\s\S]+?)```/).map((part, i) =>
  i % 2 ? h("pre", {}, codeText(part.replace(/^\n|\n$/g, ""))) : lines(part));

/* A Slack text object, whichever kind it is. */
const textObject = (object) => (object?.type === "mrkdwn" ? mrkdwn(object.text) : [textOf(object)]);
