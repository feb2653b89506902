"use strict";
/* The guide: what a newcomer does next. The server says how far the round has come
   (asked, decided, told, …); this file says it in words, for whoever is on the screen. */

const ROUND = ["Ask", "Decide", "Watch", "Be told", "Report"];

const Guide = { hidden: false, said: "" };

const firstName = (id) => (World.people.get(id)?.name || id).split(" ")[0];
const homeOf = (id) => App.state.personas.find((p) => p.id === id)?.home;
const myHome = () => App.state.channels.find((c) => c.id === homeOf(World.me) && !c.readOnly) || App.state.channels.find((c) => !c.readOnly);
const channelName = (id) => "#" + (World.channels.get(id)?.name || id);

/* What a step offers to do; `phone`: only where the vendor has a tab of its own. */
const act = (label, run, phone = false, more = {}) => ({ label, run, phone, ...more });
const seeVendor = () => act("See SE Ranking", () => App.pane("vendor"), true);

/* Writes a command where one may write. */
const fill = (text) => () => {
  if (App.state.channels.find((c) => c.id === App.channel)?.readOnly) App.open(myHome()?.id);
  App.pane("talk"); 
  App.part("messages");
  setComposer(text);
  sayBox().focus();
  hideCompletions();
  App.redrawGuide();
};

const askStep = (g) => {
  const who = firstName(g.ask);
  if (World.me !== g.ask) return { at: 0, say: `It begins with ${who}, who needs a seat for somebody.`, acts: [act(`Be ${who}`, () => App.become(g.ask))] };
  if (sayBox().value.trim() === g.command) return { at: 0, say: "Here is the request. Send it with Enter.", acts: [act("Send it", sendComposer)], point: '[data-testid="send"]' };
  return { at: 0, say: `You are ${who}. A new colleague needs an SE Ranking seat, so ask Usher for one.`, acts: [act("Write the command for me", fill(g.command))] };
};

const decideStep = (g) => {
  const who = firstName(g.decide);
  if (World.me !== g.decide) return { at: 1, say: `The request is in. A card waits for ${who} in ${channelName(g.approvals)}.`, acts: [act(`Be ${who}`, () => App.become(g.decide, g.approvals))] };
  if (App.channel !== g.approvals) return { at: 1, say: `You are ${who}. A card waits for you in ${channelName(g.approvals)}.`, acts: [act(`Open ${channelName(g.approvals)}`, () => App.open(g.approvals))] };
  return { at: 1, say: `You are ${who}. Read the card, press ${g.approve}, and keep an eye on SE Ranking.`, acts: [], point: `[data-channel="${g.approvals}"][data-ts="${g.waiting}"] [data-testid="button-${g.approve}"]` };
};

const watchStep = (g) => ({ at: 2, say: "Decided. Usher is at work; what it does at SE Ranking shows here as it happens.", acts: [seeVendor()] });

const toldStep = (g) => {
  const who = firstName(g.ask);
  const came = g.account ? `SE Ranking has a seat for ${g.account} now, and ${who} has been told.` : `Usher has told ${who} what came of it, in a direct message.`;
  return { at: 3, say: came, acts: [act(World.me === g.ask ? "Open the message" : `Back to ${who}`, () => App.become(g.ask, g.toldIn)), seeVendor()] };
};

const reportStep = (g) => {
  const who = firstName(g.admin);
  if (World.me !== g.admin) return { at: 4, say: `Usher has told ${firstName(g.ask)}. Last stop: ${who}, the admin, who gets a digest of all seats.`, acts: [act(`Be ${who}`, () => App.become(g.admin, g.reports))] };
  if (sayBox().value.trim() === g.report) return { at: 4, say: "Send it with Enter.", acts: [act("Send it", sendComposer)], point: '[data-testid="send"]' };
  return { at: 4, say: `You are ${who}. The digest comes by itself each week; this posts it now.`, acts: [act("Write the command for me", fill(g.report))] };
};

/* After the round: what else to try, and where a card waits meanwhile. */
const lastStep = (g) => {
  const tries = (g.more || []).map((one, i) => act(one.label, () => App.become(one.as, homeOf(one.as)).then(fill(one.command)), false, { hint: one.command, mark: "guide-try-" + i, light: true }));
  const asked = (g.more || []).find((one) => one.as === World.me && one.command === sayBox().value.trim());
  if (asked) return { at: ROUND.length, say: "Send it with Enter and see what comes of it.", acts: [act("Send it", sendComposer)], point: '[data-testid="send"]' };
  const there = World.me === g.decide && App.channel === g.approvals;
  if (g.waiting && !there) return { at: ROUND.length, say: `A card waits for ${firstName(g.decide)}.`, acts: [act(`Be ${firstName(g.decide)}`, () => App.become(g.decide, g.approvals)), ...tries] };
  if (g.waiting) return { at: ROUND.length, say: `Press ${g.approve}, or see what Deny asks. What ${firstName(g.decide)} asked for, ${firstName(g.admin)} decides.`, acts: tries };
  return { at: ROUND.length, say: "Asked, decided, done, told, reported. More to try:", acts: tries };
};

const guideStep = (g) => {
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

const drawGuide = (g) => {
  byId("guide").hidden = Guide.hidden || !g;
  byId("guide-back").hidden = !Guide.hidden || !g;
  if (!g || Guide.hidden) return pointAt(null);
  const step = guideStep(g);
  pointAt(step.point);
  const said = JSON.stringify([step.say, step.acts.map((a) => a.label)]);
  if (said === Guide.said) return;
  Guide.said = said;
  byId("guide").dataset.step = String(step.at);
  byId("guide").classList.toggle("guide-over", step.at === ROUND.length);
  drawSteps(step.at);
  byId("guide-say").textContent = step.say;
  byId("guide-do").replaceChildren(...step.acts.map((a) => h("button", {
    type: "button", title: a.hint, class: a.phone ? "phone-only" : a.light ? "light" : "", "data-testid": a.mark || (a.phone ? "guide-vendor" : "guide-action"), on: { click: () => { Guide.said = ""; a.run(); App.redrawGuide(); } },
  }, a.label)));
};

const startGuide = () => {
  const show = (on) => { Guide.hidden = !on; Guide.said = ""; App.redrawGuide(); };
  byId("guide-close").addEventListener("click", () => show(false));
  byId("guide-back").addEventListener("click", () => show(true));
};
