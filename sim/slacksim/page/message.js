"use strict";
/* One message, and the flow of them. A message is drawn again only when it changed, so
   that focus, an open menu and the reader's place survive every refresh. */

const avatar = (person) => {
  const el = h("span", { class: "avatar" + (person?.bot ? " avatar-bot" : ""), "aria-hidden": "true" }, person?.bot ? "" : person?.initials || "?");
  if (person?.color) el.style.setProperty("--person", person.color);
  return el;
};

const tsDate = (ts) => new Date(Number(ts) * 1000);

const pressed = new Set();

/* Sends a press once; until the answer is there the message shows itself as busy. */
const pressMessage = (message, channel) => async (press) => {
  const key = [message.ts, press.block_id, press.action_id].join(" ");
  if (pressed.has(key)) return;
  pressed.add(key);
  const el = document.querySelector(`[data-ts="${CSS.escape(message.ts)}"][data-channel="${CSS.escape(channel)}"]`);
  el?.classList.add("busy");
  try {
    const { block_id, action_id, state } = press;
    await call("/page/click", { as: World.me, channel, ts: message.ts, block_id, action_id, state });
  } catch (error) {
    App.note(error.message, true);
  } finally {
    pressed.delete(key);
    el?.classList.remove("busy");
  }
};

/* What Slack's warning mark beside a button means. */
const WARNINGS = {
  operation_timeout: "The app didn’t answer within 3 seconds. Press again in a moment.",
  dispatch_failed: "The app isn’t connected right now. Press again in a moment.",
};

const messageBody = (message, channel) => {
  if (!message.blocks?.length) return h("div", { class: "words" }, mrkdwn(message.text));
  const warns = message.warn || {};
  return drawBlocks(message.blocks, { act: pressMessage(message, channel), warn: (_, action) => WARNINGS[warns[action]] || warns[action] });
};

const drawMessage = (message, channel, joined) => {
  const person = World.people.get(message.user) || { name: message.user, initials: "?" };
  const at = tsDate(message.ts);
  const head = !joined && h("p", { class: "message-head" }, h("b", {}, person.name), person.bot && h("span", { class: "app-tag" }, "App"),
    h("time", { datetime: at.toISOString(), title: at.toLocaleString("en-GB") }, clockTime(at)));
  return h("article", {
    class: "message" + (joined ? " joined" : "") + (message.ephemeral ? " ephemeral" : ""),
    "data-testid": message.ephemeral ? "ephemeral" : "message", "data-ts": message.ts, "data-channel": channel, tabindex: "-1", "aria-label": `${person.name}, ${clockTime(at)}`,
  },
  !message.ephemeral && shortcutMenu("message", "Shortcuts for this message", { channel, ts: message.ts }, "⋯"),
  joined ? h("span", { class: "gutter", "aria-hidden": "true" }, clockTime(at)) : avatar(person),
  h("div", { class: "message-main" },
    message.ephemeral && h("p", { class: "only-you" }, h("span", { "aria-hidden": "true" }, "◐"), " Only visible to you"),
    head, messageBody(message, channel), attached(message), message.edited && h("span", { class: "edited" }, "(edited)")));
};

const attached = (message) => message.files?.map((file) => h("p", { class: "file" }, h("span", { "aria-hidden": "true" }, "▤ "), h("b", {}, file.name), ` ${file.size} bytes`));

/* `joined`: said by the same person within five minutes of the message before it. */
const isJoined = (before, message) => Boolean(before) && before.user === message.user && !before.ephemeral && !message.ephemeral &&
  !message.blocks?.length && message.ts - before.ts < 300;

const dayWords = (at) => pretty(at, dateTokens.date_long);
const dayLine = (at) => h("div", { class: "day", role: "separator" }, h("span", {}, dayWords(at)));

/* The nodes of a channel's messages, re-using those that have not changed. */
const flowNodes = (channel, messages) => {
  const nodes = [];
  let before = null;
  for (const message of messages) {
    const at = tsDate(message.ts);
    if (!before || startOfDay(tsDate(before.ts)) < startOfDay(at)) nodes.push(keep(`day ${channel} ${message.ts}`, dayWords(at), () => dayLine(at)));
    const joined = isJoined(before, message);
    const key = [World.me, channel, message.ts, message.ephemeral || ""].join(" ");
    nodes.push(keep(key, [message, joined, World.rev], () => drawMessage(message, channel, joined)));
    before = message;
  }
  return nodes;
};
