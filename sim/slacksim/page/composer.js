"use strict";
/* Where one writes: drafts that wait in their conversation, and history by arrow-up. */

const Composer = { history: new Map(), at: -1, shown: [], active: -1, reminder: false, whole: false, entered: false, commands: [] };

const sayBox = () => byId("say");

const draftOf = (person, channel) => `draft ${person} ${channel}`;
const keepDraft = () => { if (App.channel) remember(draftOf(World.me, App.channel), sayBox().value); };
const myHistory = () => Composer.history.get(World.me) || [];

const growComposer = () => {
  sayBox().style.height = "auto";
  sayBox().style.height = Math.min(sayBox().scrollHeight, 160) + "px";
};

const setComposer = (text) => {
  sayBox().value = text;
  Composer.active = -1;
  growComposer();
  keepDraft();
  drawCompletions();
};

/* What this person had begun to write here. */
const takeUpDraft = () => {
  Composer.at = -1;
  setComposer(recall(draftOf(World.me, App.channel)));
  hideCompletions();
};

const noteHistory = (text) => {
  if (text) Composer.history.set(World.me, [text, ...myHistory().filter((old) => old !== text)].slice(0, 50));
};

const walkHistory = (by) => {
  Composer.at = Math.max(-1, Math.min(myHistory().length - 1, Composer.at + by));
  setComposer(Composer.at < 0 ? "" : myHistory()[Composer.at]);
  return hideCompletions();
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

/* The text comes back when it could not be sent, to where it was written. */
const unsent = (as, channel, text) => {
  if (as === World.me && channel === App.channel && !sayBox().value) return setComposer(text);
  if (!recall(draftOf(as, channel))) remember(draftOf(as, channel), text);
};

/* Types what is written as the person on the screen. */
const sendComposer = async () => {
  const text = sayBox().value.trim();
  const [as, channel] = [World.me, App.channel];
  if (!text || !channel) return;
  noteHistory(text);
  Composer.at = -1;
  setComposer("");
  App.note(text.startsWith("/") ? `Sent ${text}` : "");
  try {
    await call("/page/type", { as, channel, text });
  } catch (error) {
    unsent(as, channel, text);
    App.note(error.stopped ? "Not sent: the demo has stopped. Your text is still here." : error.message, true);
  }
};

const CARET_KEYS = ["ArrowLeft", "ArrowRight", "Home", "End"];

const startComposer = () => {
  const box = sayBox();
  box.addEventListener("input", () => { Object.assign(Composer, { at: -1, active: -1 }); growComposer(); keepDraft(); drawCompletions(); });
  box.addEventListener("keydown", onComposerKey);
  box.addEventListener("keyup", (event) => { Composer.entered = false; if (CARET_KEYS.includes(event.key)) drawCompletions(); });
  box.addEventListener("click", drawCompletions);
  box.addEventListener("beforeinput", (event) => { if (Composer.entered && event.inputType === "insertLineBreak") event.preventDefault(); });
  box.addEventListener("blur", hideUnlessIn);
  byId("completions").addEventListener("blur", hideUnlessIn);
  byId("completions").addEventListener("keydown", onListKey);
  box.addEventListener("focus", drawCompletions);
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); sendComposer(); });
};
