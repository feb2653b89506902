/* What the composer offers: commands from the start of the line, people and groups behind an @. */
import type { Here } from "./here";
import type { Command, Person } from "./payload";

/* `text` is what the whole line becomes, with the caret behind `caret` letters of it. */
export type OfferEntry = { mark: string; title: string; hint: string; more: string; person?: Person; handle?: string; text: string; caret: number };

/* `reminder`: its one entry says how to go on, and can't be taken. `whole`: what is written can be sent as it is. */
export type Offer = { entries: OfferEntry[]; reminder: boolean; people: boolean; whole: boolean };

/* A command as it is written: "/access create". */
const phrase = (entry: Command) => [entry.command, ...(entry.verb ? [entry.verb] : [])].join(" ");

const squeeze = (text: string) => text.replace(/\s+/g, " ").trimStart().toLowerCase();

const asEntry = (entry: Command): OfferEntry => {
  const text = phrase(entry) + " ";
  return { mark: "completion-" + (entry.verb || "command"), title: phrase(entry), hint: entry.usage_hint || "", more: entry.description || "", text, caret: text.length };
};

/* What the text may become; once a verb is whole, its entry alone, as a reminder of how to go on. */
export const commandEntries = (text: string, commands: Command[]): Offer => {
  const written = squeeze(text);
  if (!written.startsWith("/")) return { entries: [], reminder: false, people: false, whole: false };
  const whole = commands.filter((e) => e.verb && written.startsWith(phrase(e).toLowerCase() + " "));
  if (whole.length) return { entries: whole.slice(-1).map(asEntry), reminder: true, people: false, whole: false };
  const open = commands.filter((e) => phrase(e).toLowerCase().startsWith(written.trimEnd()));
  const complete = commands.some((e) => [phrase(e).toLowerCase(), e.command.toLowerCase()].includes(written.trim()));
  return { entries: open.map(asEntry), reminder: false, people: false, whole: complete };
};

const startsAny = (names: string[], word: string) => names.flatMap((name) => [name, ...name.split(/\s+/)]).some((name) => name.toLowerCase().startsWith(word));

const OFFERED = 8;

/* Whoever the @… before the caret may mean; what is taken goes out as a mention: @bob as <@U…>. */
export const mentionEntries = (text: string, caret: number, here: Here): Offer => {
  const found = /(?:^|[\s(,;])@([\p{L}\p{N}_.-]*)$/u.exec(text.slice(0, caret));
  if (!found) return { entries: [], reminder: false, people: true, whole: false };
  const word = found[1]!.toLowerCase();
  const before = text.slice(0, caret - word.length - 1), after = text.slice(caret);
  const written = (handle: string) => ({ handle, text: before + "@" + handle + (/^\s/.test(after) ? "" : " ") + after, caret: before.length + handle.length + 2 });
  const people = [...here.people.values()].filter((p) => p.handle && !p.bot && !p.left && startsAny([p.handle, p.name], word))
    .map((p) => ({ mark: "person-" + p.id, person: p, title: p.name, hint: "@" + p.handle, more: p.title, ...written(p.handle) }));
  const groups = [...here.groups].filter(([, handle]) => startsAny([handle], word))
    .map(([id, handle]) => ({ mark: "person-" + id, title: "@" + handle, hint: "", more: "Everyone in this group", ...written(handle) }));
  const entries = [...people, ...groups].slice(0, OFFERED);
  return { entries, reminder: false, people: true, whole: entries.some((one) => one.handle.toLowerCase() === word) };
};
