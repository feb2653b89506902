"use strict";
/* Where one writes: completion of commands with their usage, and history by arrow-up. */

const Composer = { history: [], at: -1, shown: [], active: -1, reminder: false, entered: false, commands: [] };

const sayBox = () => byId("say");

/* An entry as it is written: "/access create". */
const phrase = (entry) => [entry.command, ...(entry.verb ? [entry.verb] : [])].join(" ");

const squeeze = (text) => text.replace(/\s+/g, " ").trimStart().toLowerCase();

/* What the text may become; once a verb is whole, its entry alone, as a reminder of how to go on. */
const matching = (text) => {
  const written = squeeze(text);
  if (!written.startsWith("/")) return { entries: [], reminder: false };
  const whole = Composer.commands.filter((e) => e.verb && written.startsWith(phrase(e).toLowerCase() + " "));
  if (whole.length) return { entries: whole.slice(-1), reminder: true };
  return { entries: Composer.commands.filter((e) => phrase(e).toLowerCase().startsWith(written.trimEnd())), reminder: false };
};

/* Whether the text is already something to send: a command without a verb, or with a whole one. */
const isWhole = (text) => Composer.commands.some((e) => squeeze(text).trim() === phrase(e).toLowerCase());

const drawCompletions = () => {
  const box = byId("completions");
  const { entries, reminder } = matching(sayBox().value);
  Object.assign(Composer, { shown: entries, reminder, active: reminder ? -1 : Math.min(Composer.active, entries.length - 1) });
  box.hidden = Composer.shown.length === 0;
  sayBox().setAttribute("aria-expanded", String(!box.hidden));
  const active = Composer.active >= 0 ? "completion-at-" + Composer.active : "";
  active ? sayBox().setAttribute("aria-activedescendant", active) : sayBox().removeAttribute("aria-activedescendant");
  box.replaceChildren(...Composer.shown.map((entry, i) => h("div", {
    id: "completion-at-" + i, class: "completion" + (i === Composer.active ? " active" : ""), role: "option", "aria-selected": String(i === Composer.active),
    "data-testid": "completion-" + (entry.verb || "command"), on: { mousedown: (e) => e.preventDefault(), click: () => complete(entry) },
  }, h("span", {}, h("b", {}, phrase(entry)), " ", h("code", {}, entry.usage_hint || "")), h("small", {}, entry.description || ""))));
  box.querySelector(".active")?.scrollIntoView({ block: "nearest" });
};

const setComposer = (text) => {
  sayBox().value = text;
  Composer.active = -1;
  sayBox().style.height = "auto";
  sayBox().style.height = Math.min(sayBox().scrollHeight, 160) + "px";
  drawCompletions();
};

const hideCompletions = () => {
  byId("completions").hidden = true;
  sayBox().setAttribute("aria-expanded", "false");
  return true;
};

const complete = (entry) => {
  setComposer(phrase(entry) + " ");
  sayBox().focus();
  return true;
};

const moveActive = (by) => {
  const count = Composer.shown.length;
  Composer.active = Composer.active < 0 && by < 0 ? count - 1 : (Composer.active + by + count) % count;
  drawCompletions();
  return true;
};

const walkHistory = (by) => {
  Composer.at = Math.max(-1, Math.min(Composer.history.length - 1, Composer.at + by));
  setComposer(Composer.at < 0 ? "" : Composer.history[Composer.at]);
  return hideCompletions();
};

/* Enter completes while an entry is picked or a word is unfinished; otherwise it sends. */
const enterCompletes = () => {
  if (Composer.reminder || !Composer.shown.length) return null;
  return Composer.shown[Composer.active] || (isWhole(sayBox().value) ? null : Composer.shown[0]);
};

const KEYS = {
  Tab: (open) => open && !Composer.reminder && complete(Composer.shown[Math.max(Composer.active, 0)]),
  ArrowDown: (open) => (Composer.at >= 0 ? walkHistory(-1) : open && !Composer.reminder && moveActive(1)),
  ArrowUp: (open) => {
    if (Composer.at >= 0 || sayBox().value === "") return walkHistory(1);
    return open && !Composer.reminder && moveActive(-1);
  },
  Escape: (open) => open && hideCompletions(),
  Enter: (open) => {
    Composer.entered = true;
    const entry = open && enterCompletes();
    entry ? complete(entry) : sendComposer();
    return true;
  },
};

/* A key that did something does not do its ordinary thing as well. */
const onComposerKey = (event) => {
  if (event.shiftKey || event.isComposing || !Object.hasOwn(KEYS, event.key)) return;
  const open = !byId("completions").hidden;
  if (KEYS[event.key](open)) event.preventDefault();
};

/* Types what is written as the person on the screen; the text comes back when it could not be sent. */
const sendComposer = async () => {
  const text = sayBox().value.trim();
  const channel = App.channel;
  if (!text || !channel) return;
  Composer.history = [text, ...Composer.history.filter((old) => old !== text)].slice(0, 50);
  Composer.at = -1;
  setComposer("");
  App.note(text.startsWith("/") ? `Sent ${text}` : "");
  try {
    await call("/page/type", { as: World.me, channel, text });
  } catch (error) {
    setComposer(text);
    App.note(error.message, true);
  }
};

const startComposer = () => {
  sayBox().addEventListener("input", () => { Composer.at = -1; setComposer(sayBox().value); });
  sayBox().addEventListener("keydown", onComposerKey);
  sayBox().addEventListener("keyup", () => { Composer.entered = false; });
  sayBox().addEventListener("beforeinput", (event) => { if (Composer.entered && event.inputType === "insertLineBreak") event.preventDefault(); });
  sayBox().addEventListener("blur", () => setTimeout(hideCompletions, 120));
  sayBox().addEventListener("focus", drawCompletions);
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); sendComposer(); });
};
