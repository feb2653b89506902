"use strict";
/* The page as a whole. One snapshot of what the person on the screen may see comes from
   the server; each change there brings another. Nothing is kept here but where one looks. */

const App = { state: null, channel: null, shownPart: "messages", last: {}, asked: 0, places: {} };

const botChannel = () => App.state.channels.find((c) => c.kind === "dm" && World.people.get(c.with)?.bot);

/* The conversation this person would look at: what the bot wrote to them, then their own place. */
const likelyChannel = (persona) => {
  const dm = botChannel();
  const home = App.state.channels.find((c) => c.id === persona?.home);
  if (dm?.unread) return dm.id;
  if (home?.unread) return home.id;
  return App.state.channels.find((c) => c.id === App.places[World.me])?.id || (home || dm || App.state.channels[0])?.id;
};

App.note = (words, bad = false) => {
  byId("composer-note").textContent = words;
  byId("composer-note").classList.toggle("bad", bad);
};

App.pane = (pane) => {
  byId("stage").dataset.pane = pane;
  for (const tab of byId("tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
};

App.part = (part) => {
  App.shownPart = part;
  if (part === "home") call("/page/home", { as: World.me }).catch((error) => App.note(error.message, true));
  if (App.state) App.draw();
};

/* Looks at a conversation, with what this person had begun to write there. */
App.settle = (channel) => {
  App.channel = channel;
  App.places[World.me] = channel;
  remember("place " + World.me, channel);
  takeUpDraft();
};

App.open = (channel) => {
  App.settle(channel);
  App.shownPart = "messages";
  App.note("");
  App.pane("talk");
  if (App.state) App.draw();
};

/* Becomes another person; `channel` says where to look, else the page chooses. */
App.become = async (id, channel) => {
  if (id === World.me && channel) return App.open(channel);
  World.me = id;
  remember("as", id);
  App.note("");
  App.channel = null; // from here on nothing is written anywhere until this person's conversations are there
  setComposer("");
  await App.refresh();
  App.open(channel || App.channel);
};

const learn = (state) => {
  const people = state.people.map((p) => [p.id, p]);
  const channels = state.channels.map((c) => [c.id, c]);
  const print = JSON.stringify([state.people, state.channels.map((c) => c.name), state.groups]);
  if (print !== World.print) World.rev++;
  Object.assign(World, { print, people: new Map(people), channels: new Map(channels), groups: new Map((state.groups || []).map((g) => [g.id, g.handle])), me: state.me, skew: state.now * 1000 - Date.now() });
  Composer.commands = state.commands;
};

/* Slack marks as read what is on the screen; so does this page. */
const markRead = (channel) => {
  const newest = (App.state.messages[channel.id] || []).at(-1);
  if (!channel.unread || !newest || document.hidden || byId("stage").dataset.pane === "side") return;
  call("/page/read", { as: World.me, channel: channel.id, ts: newest.ts }).catch(() => {});
};

const TOPICS = { channel: "Everyone in the channel sees what’s posted", private: "A private channel", dm: "A direct message, just between the two of you" };

const drawHead = (channel) => {
  const bot = World.people.get(channel.with)?.bot;
  byId("talk-title").textContent = (channel.kind === "channel" ? "# " : "") + channel.name;
  byId("talk-topic").textContent = channel.topic || TOPICS[channel.kind];
  byId("talk-tabs").hidden = !bot || !(App.state.hasHome || App.state.home);
  byId("composer").hidden = Boolean(channel.readOnly);
  byId("no-composer").hidden = !channel.readOnly;
  for (const tab of byId("talk-tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.part === App.shownPart));
  byId("flow").setAttribute("aria-label", `Messages, ${channel.kind === "dm" ? channel.name : "#" + channel.name}`);
  sayBox().placeholder = `Message ${channel.kind === "dm" ? channel.name : "#" + channel.name} or type /`;
};

const emptyFlow = (channel) => h("div", { class: "empty" }, h("b", {}, channel.kind === "dm" ? `Nothing from ${channel.name} yet` : "Nothing here yet"),
  channel.readOnly
  ? h("p", {}, "You’ll hear about your requests here.")
  : h("p", {}, "Commands work anywhere. Type ", h("kbd", {}, "/"), " to see them."));

const isAtEnd = (flow) => flow.scrollHeight - flow.scrollTop - flow.clientHeight < 60;

const drawFlow = (channel) => {
  const flow = byId("flow");
  const atEnd = isAtEnd(flow) || flow.dataset.channel !== World.me + channel.id;
  const messages = App.state.messages[channel.id] || [];
  flow.dataset.channel = World.me + channel.id;
  const nodes = messages.length ? flowNodes(channel.id, messages) : [emptyFlow(channel)];
  place(flow, nodes);
  if (atEnd) flow.scrollTop = flow.scrollHeight;
};

/* Whoever reads the newest message goes on reading it when the composer or the guide grows. */
const keepAtEnd = () => {
  const flow = byId("flow");
  let atEnd = true;
  flow.addEventListener("scroll", () => { atEnd = isAtEnd(flow); }, { passive: true });
  new ResizeObserver(() => { if (atEnd && flow.dataset.channel !== "home " + World.me) flow.scrollTop = flow.scrollHeight; }).observe(flow);
};

/* The App Home: the bot's own page for this person, in place of the messages. */
const drawHome = () => {
  const home = App.state.home;
  const print = JSON.stringify(home || null);
  const flow = byId("flow");
  if (flow.dataset.channel === "home " + World.me && flow.dataset.print === print) return;
  Object.assign(flow.dataset, { channel: "home " + World.me, print });
  const press = ({ block_id, action_id, state }) => call("/page/click", { as: World.me, view_id: home.id, block_id, action_id, state }).catch((error) => App.note(error.message, true));
  flow.replaceChildren(h("div", { class: "home", "data-testid": "home" }, home ? drawBlocks(home.view.blocks || [], { act: press }) : h("div", { class: "empty" }, h("b", {}, "This app has not published a Home for you"))));
};

/* Nothing is offered to somebody whose conversations are still on their way: there is nowhere to send it. */
App.redrawGuide = () => {
  if (!App.state || App.state.me === World.me) drawGuide(App.state?.guide);
};

App.draw = () => {
  const state = App.state;
  const channel = state.channels.find((c) => c.id === App.channel);
  drawSide(state);
  drawShortcuts();
  if (channel) {
    drawHead(channel);
    App.shownPart === "home" && World.people.get(channel.with)?.bot ? drawHome() : drawFlow(channel);
    markRead(channel);
  }
  document.body.dataset.me = World.me;
  syncModal(state.views);
  App.redrawGuide();
  mendFocus();
};

/* Asks for the snapshot; an answer that a later question has overtaken is dropped. */
App.refresh = async () => {
  const mine = ++App.asked;
  const [state, vendor] = await Promise.all([call(`/page/state?as=${encodeURIComponent(World.me)}&window=${Window.name}`), call("/page/vendor")]);
  if (mine !== App.asked) return;
  findContact();
  Contact.again = state.again;
  App.state = state;
  learn(state);
  if (JSON.stringify(vendor) !== JSON.stringify(Vendor.before)) drawVendor(vendor);
  if (!state.channels.some((c) => c.id === App.channel)) App.settle(startingChannel(state));
  App.draw();
};

/* A page that was loaded anew goes on where it was; somebody who comes in goes where something is new. */
const startingChannel = (state) => {
  const kept = App.places[state.me] ? "" : recall("place " + state.me);
  return state.channels.find((c) => c.id === kept)?.id || likelyChannel(state.personas.find((p) => p.id === state.me));
};

World.me = recall("as");
for (const tab of byId("tabs").children) tab.addEventListener("click", () => App.pane(tab.dataset.pane));
for (const tab of byId("talk-tabs").children) tab.addEventListener("click", () => App.part(tab.dataset.part));
sayBox().addEventListener("input", () => App.redrawGuide());
startComposer();
startGuide();
keepAtEnd();
watchFocus();
App.pane("talk");
nameWindow().then(listen);
