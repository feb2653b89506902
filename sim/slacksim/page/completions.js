"use strict";
/* What the composer offers: commands from the start of the line, people and groups behind an @. */

/* An entry as it is written: "/access create". */
const phrase = (entry) => [entry.command, ...(entry.verb ? [entry.verb] : [])].join(" ");

const squeeze = (text) => text.replace(/\s+/g, " ").trimStart().toLowerCase();

const asCommand = (entry) => ({
  mark: "completion-" + (entry.verb || "command"), title: phrase(entry), hint: entry.usage_hint || "", more: entry.description || "",
  pick: () => setComposer(phrase(entry) + " "),
});

/* What the text may become; once a verb is whole, its entry alone, as a reminder of how to go on. */
const commandsFor = (text) => {
  const written = squeeze(text);
  if (!written.startsWith("/")) return { entries: [] };
  const whole = Composer.commands.filter((e) => e.verb && written.startsWith(phrase(e).toLowerCase() + " "));
  if (whole.length) return { entries: whole.slice(-1).map(asCommand), reminder: true };
  const open = Composer.commands.filter((e) => phrase(e).toLowerCase().startsWith(written.trimEnd()));
  return { entries: open.map(asCommand), whole: isWhole(written.trim()) };
};

/* Whether the text is already something to send: a command by itself, or with a whole verb. */
const isWhole = (written) => Composer.commands.some((e) => written === phrase(e).toLowerCase() || written === e.command.toLowerCase());

/* The @… that the caret stands behind. */
const mentionAtCaret = () => {
  const box = sayBox();
  if (box.selectionStart !== box.selectionEnd) return null;
  const found = /(?:^|[\s(,;])@([\p{L}\p{N}_.-]*)$/u.exec(box.value.slice(0, box.selectionStart));
  return found && { word: found[1].toLowerCase(), from: box.selectionStart - found[1].length - 1, to: box.selectionStart };
};

/* Writes the handle that the client sends as a mention: @bob goes out as <@U…>. */
const writeMention = (handle, { from, to }) => {
  const box = sayBox();
  const after = box.value.slice(to);
  const written = "@" + handle + (/^\s/.test(after) ? "" : " ");
  setComposer(box.value.slice(0, from) + written + after);
  const caret = from + handle.length + 1 + 1;
  box.setSelectionRange(caret, caret);
};

const startsAny = (names, word) => names.flatMap((name) => [name, ...name.split(/\s+/)]).some((name) => name.toLowerCase().startsWith(word));

const OFFERED = 8;

const peopleFor = (at) => {
  const people = [...World.people.values()].filter((p) => p.handle && !p.bot && !p.left && startsAny([p.handle, p.name], at.word))
    .map((p) => ({ mark: "person-" + p.id, person: p, title: p.name, hint: "@" + p.handle, more: p.title, handle: p.handle }));
  const groups = [...World.groups].filter(([, handle]) => startsAny([handle], at.word))
    .map(([id, handle]) => ({ mark: "person-" + id, title: "@" + handle, hint: "", more: "Everyone in this group", handle }));
  const entries = [...people, ...groups].slice(0, OFFERED).map((one) => ({ ...one, pick: () => writeMention(one.handle, at) }));
  return { entries, people: true, whole: entries.some((one) => one.handle.toLowerCase() === at.word) };
};

const offers = () => {
  const at = mentionAtCaret();
  const people = at && peopleFor(at);
  return people?.entries.length ? people : commandsFor(sayBox().value);
};

const completionRow = (entry, i) => h("div", {
  id: "completion-at-" + i, class: "completion" + (i === Composer.active ? " active" : "") + (entry.handle ? " completion-person" : ""), role: "option", "aria-selected": String(i === Composer.active),
  "data-testid": entry.mark, on: { mousedown: (e) => e.preventDefault(), click: () => complete(entry) },
}, entry.person && avatar(entry.person),
h("span", {}, h("b", {}, entry.title), " ", entry.hint && h("code", {}, entry.hint)), entry.more && h("small", {}, entry.more));

const countWords = ({ entries, people, reminder }) => {
  if (!entries.length || reminder) return "";
  return `${entries.length} ${people ? "to mention" : entries.length === 1 ? "command" : "commands"}. Arrow keys choose, Enter takes it.`;
};

const drawCompletions = () => {
  const box = byId("completions");
  const offered = offers();
  const { entries, reminder = false, people = false, whole = false } = offered;
  const first = people && !whole ? 0 : -1; // a person is taken with Enter at once; a command may be meant as it is
  Object.assign(Composer, { shown: entries, reminder, whole, active: reminder ? -1 : Math.max(first, Math.min(Composer.active, entries.length - 1)) });
  box.hidden = entries.length === 0;
  box.setAttribute("aria-label", people ? "People" : "Commands");
  byId("completions-say").textContent = countWords(offered);
  const active = Composer.active >= 0 ? "completion-at-" + Composer.active : "";
  for (const el of [sayBox(), box]) active ? el.setAttribute("aria-activedescendant", active) : el.removeAttribute("aria-activedescendant");
  box.replaceChildren(...entries.map(completionRow));
  box.querySelector(".active")?.scrollIntoView({ block: "nearest" });
};

const hideCompletions = () => {
  byId("completions").hidden = true;
  byId("completions-say").textContent = "";
  sayBox().removeAttribute("aria-activedescendant");
  return true;
};

/* The keyboard may go to the list itself, to scroll it; it works there as it does from the composer. */
const LIST_KEYS = {
  ArrowDown: () => moveActive(1),
  ArrowUp: () => moveActive(-1),
  Enter: () => complete(Composer.shown[Math.max(Composer.active, 0)]),
  Escape: () => { sayBox().focus(); return hideCompletions(); },
};

const onListKey = (event) => {
  if (!Composer.reminder && Object.hasOwn(LIST_KEYS, event.key) && LIST_KEYS[event.key]()) event.preventDefault();
};

const hideUnlessIn = () => setTimeout(() => { if (![sayBox(), byId("completions")].includes(document.activeElement)) hideCompletions(); }, 120);

const complete = (entry) => {
  entry.pick();
  sayBox().focus();
  return true;
};

const moveActive = (by) => {
  const count = Composer.shown.length;
  Composer.active = Composer.active < 0 && by < 0 ? count - 1 : (Composer.active + by + count) % count;
  drawCompletions();
  return true;
};

/* Enter completes while an entry is picked or a word is unfinished; otherwise it sends. */
const enterCompletes = () => {
  if (Composer.reminder || !Composer.shown.length) return null;
  return Composer.shown[Composer.active] || (Composer.whole ? null : Composer.shown[0]);
};
