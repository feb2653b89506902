"use strict";
/* The left edge: who one is, and which conversations that person has. */

const SIGN = { channel: "#", private: "⊘", dm: "" };

const personaButton = (persona, me) => {
  const person = World.people.get(persona.id);
  return h("button", {
    type: "button", class: "persona", "aria-pressed": String(persona.id === me), "data-testid": "persona-" + persona.id, title: persona.hint,
    on: { click: () => App.become(persona.id) },
  }, avatar(person), h("span", {}, h("b", {}, person?.name.split(" ")[0] || persona.id), h("small", {}, persona.role)),
  persona.unread > 0 && persona.id !== me && h("span", { class: "badge", title: `${persona.unread} unread` }, String(persona.unread)));
};

const channelButton = (channel) => {
  const person = channel.kind === "dm" && World.people.get(channel.with);
  return h("li", {}, h("button", {
    type: "button", class: "channel" + (channel.unread ? " unread" : ""), "aria-current": channel.id === App.channel ? "page" : undefined,
    "data-testid": "channel-" + channel.id, "data-unread": String(channel.unread || 0), "data-bot": person?.bot ? "true" : undefined,
    on: { click: () => App.open(channel.id) },
  }, person ? avatar(person) : h("span", { class: "sign", "aria-hidden": "true" }, SIGN[channel.kind]), h("span", { class: "channel-name" }, channel.name),
  channel.unread > 0 && h("span", { class: "badge" }, h("span", { class: "unseen" }, "unread: "), String(channel.unread))));
};

const channelList = (title, channels) => channels.length > 0 && [
  keep("title " + title, title, () => h("h2", {}, title)),
  keep("list " + title, [channels, App.channel, World.rev], () => h("ul", {}, channels.map(channelButton))),
];

const drawSide = (state) => {
  byId("team").textContent = state.team;
  place(byId("personas"), state.personas.map((p) => keep("persona " + p.id, [p, World.me, World.rev], () => personaButton(p, World.me))));
  const dms = state.channels.filter((c) => c.kind === "dm");
  const apps = dms.filter((c) => World.people.get(c.with)?.bot);
  place(byId("side"), [
    channelList("Channels", state.channels.filter((c) => c.kind !== "dm")),
    channelList("Apps", apps),
    channelList("Direct messages", dms.filter((c) => !apps.includes(c))),
    memberList(state.members),
    keep("foot", "", () => h("p", { class: "side-foot" }, "Nothing here leaves this machine.")),
  ].flat().filter(Boolean));
};
