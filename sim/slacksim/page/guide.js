"use strict";
/* The guide: what a newcomer does next. The server says how far the round has come
   (asked, decided, told, …); this file says it in words, for whoever is on the screen. */

const ROUND = ["Ask", "Approve", "Watch", "Hear back", "Report"];

/* `folded`: one line, with what to do next. Small windows begin so. */
const Guide = { hidden: false, folded: false, said: "", later: "" };

const firstName = (id) => (World.people.get(id)?.name || id).split(" ")[0];
const homeOf = (id) => App.state.personas.find((p) => p.id === id)?.home;
const myHome = () => App.state.channels.find((c) => c.id === homeOf(World.me) && !c.readOnly) || App.state.channels.find((c) => !c.readOnly);
const channelName = (id) => "#" + (World.channels.get(id)?.name || id);

/* What a step offers to do; `phone`: only where the vendor has a tab of its own. */
const act = (label, run, phone = false, more = {}) => ({ label, run, phone, ...more });
const seeVendor = () => act("See SE Ranking", () => App.pane("vendor"), true);

/* Goes somewhere as somebody; the keyboard is then in that conversation. */
const go = (person, channel) => async () => {
  await App.become(person, channel);
  focusTalk();
};

/* Writes a command where one may write; a draft that stood there is a press of arrow-up away. */
const fill = (text) => () => {
  if (App.state.channels.find((c) => c.id === App.channel)?.readOnly) App.open(myHome()?.id);
  App.pane("talk");
  App.part("messages");
  noteHistory(sayBox().value.trim());
  setComposer(text);
  sayBox().focus();
  hideCompletions();
  App.redrawGuide();
};

const sendStep = (at, say) => ({ at, say, acts: [act("Send it", () => { sayBox().focus(); return sendComposer(); })], point: '[data-testid="send"]' });

const askStep = (g) => {
  const who = firstName(g.ask);
  if (World.me !== g.ask) return { at: 0, say: `It starts with ${who}, who needs a seat for a new colleague.`, acts: [act(`Be ${who}`, go(g.ask))] };
  if (sayBox().value.trim() === g.command) return sendStep(0, "Here’s the request. Press Enter to send it.");
  return { at: 0, say: `You’re ${who}. A new colleague needs an SE Ranking seat, so ask Usher for one.`, acts: [act("Write it for me", fill(g.command))] };
};

const decideStep = (g) => {
  const who = firstName(g.decide);
  if (World.me !== g.decide) return { at: 1, say: `Request sent. A card is waiting for ${who} in ${channelName(g.approvals)}.`, acts: [act(`Be ${who}`, go(g.decide, g.approvals))] };
  if (App.channel !== g.approvals) return { at: 1, say: `You’re ${who}. A card is waiting for you in ${channelName(g.approvals)}.`, acts: [act(`Open ${channelName(g.approvals)}`, go(g.decide, g.approvals))] };
  return { at: 1, say: `You’re ${who}. Read the card${g.elsewhere ? ` and press ${g.approve}` : `, press ${g.approve}, and watch SE Ranking`}.`, acts: [], point: `[data-channel="${g.approvals}"][data-ts="${g.waiting}"] [data-testid="button-${g.approve}"]` };
};

const watchStep = (g) => g.elsewhere
  ? { at: 2, say: `Decided. What no program can do is a task in ${channelName(g.approvals)}: its owner ticks the steps there.`, acts: [] }
  : { at: 2, say: "Decided. Whatever Usher changes in SE Ranking shows up there as it happens.", acts: [seeVendor()] };

const toldStep = (g) => {
  const who = firstName(g.ask);
  const came = g.account && !g.elsewhere ? `${g.account} now has an SE Ranking seat, and Usher has told ${who}.` : `Usher has sent ${who} a direct message about it.`;
  return { at: 3, say: came, acts: [act(World.me === g.ask ? "Open the message" : `Back to ${who}`, go(g.ask, g.toldIn)), ...(g.elsewhere ? [] : [seeVendor()])] };
};

const reportStep = (g) => {
  const who = firstName(g.admin);
  if (World.me !== g.admin) return { at: 4, say: `That’s what ${firstName(g.ask)} hears. Last stop: ${who}, the admin, who gets a weekly digest of all seats.`, acts: [act(`Be ${who}`, go(g.admin, g.reports))] };
  if (sayBox().value.trim() === g.report) return sendStep(4, "Press Enter to send it.");
  return { at: 4, say: `You’re ${who}. The digest posts itself every week; this command posts it now.`, acts: [act("Write it for me", fill(g.report))] };
};

/* What Usher asks by itself comes before the round, until it is decided or put off. */
const askedStep = (g) => {
  const may = [g.decide, g.admin];
  const who = may.includes(World.me) && App.channel !== g.approvals ? [World.me] : may.filter((id) => id !== World.me);
  return { at: ROUND.length, say: g.asksSay, point: `[data-channel="${g.approvals}"][data-ts="${g.asks}"] [data-testid="button-${g.asksButton}"]`,
    acts: [...who.map((id) => act(id === World.me ? `Open ${channelName(g.approvals)}` : `Be ${firstName(id)}`, go(id, g.approvals))),
      act("Later", () => { Guide.later = g.asks; }, false, { mark: "guide-later", light: true })] };
};

const tryOne = (g, one) => one.does
  ? () => App.become(one.as, g.approvals).then(() => manage(one.does, one.who))
  : () => App.become(one.as, homeOf(one.as)).then(fill(one.command));

/* After the round: what else to try, and where a card waits meanwhile. */
const lastStep = (g) => {
  const tries = (g.more || []).map((one, i) => act(one.label, tryOne(g, one), false, { hint: one.command, mark: "guide-try-" + i, light: true }));
  const asked = (g.more || []).find((one) => one.command && one.as === World.me && one.command === sayBox().value.trim());
  if (asked) return sendStep(ROUND.length, "Press Enter to send it and see what happens.");
  const there = World.me === g.decide && App.channel === g.approvals;
  if (g.waiting && !there) return { at: ROUND.length, say: `A card is waiting for ${firstName(g.decide)}.`, acts: [act(`Be ${firstName(g.decide)}`, go(g.decide, g.approvals)), ...tries] };
  if (g.waiting) return { at: ROUND.length, say: `Press ${g.approve}, or see what Deny asks. ${firstName(g.decide)}’s own requests are for ${firstName(g.admin)} to approve.`, acts: tries };
  return { at: ROUND.length, say: "That’s the whole round: asked, approved, set up, told, reported. More to try:", acts: tries };
};

const guideStep = (g) => {
  if (g.asks > g.waiting && g.asks > g.told && g.asks !== Guide.later) return askedStep(g);
  if (g.reported && g.toldSeen) return lastStep(g);
  if (g.toldSeen) return reportStep(g);
  if (g.told) return toldStep(g);
  if (g.waiting) return decideStep(g);
  if (g.decided) return watchStep(g);
  return askStep(g);
};

const pointAt = (selector) => {
  for (const el of document.querySelectorAll(".point-here")) el.classList.remove("point-here");
  if (selector) document.querySelector(selector)?.classList.add("point-here");
};

const drawSteps = (at) => byId("steps").replaceChildren(...ROUND.map((word, i) =>
  h("li", { class: i < at ? "done" : i === at ? "now" : "" }, h("span", {}, i < at ? "✓" : String(i + 1)), word)));

const guideButton = (a) => h("button", {
  type: "button", title: a.hint, class: a.phone ? "phone-only" : a.light ? "light" : "", "data-testid": a.mark || (a.phone ? "guide-vendor" : "guide-action"),
  on: { click: () => { Guide.said = ""; a.run(); App.redrawGuide(); } },
}, a.label);

const drawFold = (at) => {
  byId("guide-fold").replaceChildren(h("span", { class: "unseen" }, "Guide, "), at < ROUND.length ? `Step ${at + 1} of ${ROUND.length}` : "More to try");
  byId("guide-fold").setAttribute("aria-expanded", String(!Guide.folded));
  byId("guide").classList.toggle("folded", Guide.folded);
};

const drawGuide = (g) => {
  const off = !g || Contact.lost;
  byId("guide").hidden = Guide.hidden || off;
  byId("guide-back").hidden = !Guide.hidden || off;
  if (Guide.hidden || off) return pointAt(null);
  const step = guideStep(g);
  pointAt(step.point);
  const said = JSON.stringify([step.say, step.acts.map((a) => a.label), Guide.folded]);
  if (said === Guide.said) return;
  Guide.said = said;
  byId("guide").dataset.step = String(step.at);
  byId("guide").classList.toggle("guide-over", step.at === ROUND.length);
  byId("guide").classList.toggle("guide-idle", step.acts.every((a) => a.phone || a.light));
  drawSteps(step.at);
  drawFold(step.at);
  byId("guide-say").textContent = step.say;
  byId("guide-do").replaceChildren(...step.acts.map(guideButton));
  mendFocus();
};

/* Where the guide would take the room that the conversation needs. */
const SMALL = matchMedia("(max-height: 520px), (max-width: 360px)");

const startGuide = () => {
  const show = (on) => { Object.assign(Guide, { hidden: !on, folded: on && Guide.folded, said: "" }); App.redrawGuide(); };
  const fold = (on) => { Object.assign(Guide, { folded: on, said: "" }); App.redrawGuide(); };
  byId("guide-close").addEventListener("click", () => { show(false); focusOn(byId("guide-back")); });
  byId("guide-back").addEventListener("click", () => { show(true); focusOn(byId("guide-do").querySelector("button")) || focusOn(byId("guide-close")); });
  byId("guide-fold").addEventListener("click", () => fold(!Guide.folded));
  SMALL.addEventListener("change", () => fold(SMALL.matches));
  Guide.folded = SMALL.matches;
};
