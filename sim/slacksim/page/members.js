"use strict";
/* Slack's admin pages, as far as this page has them: an admin deactivates members and brings them back, puts them into
   a user group and takes them out. What the app makes of it stands where its cards are. */

const DONE = {
  deactivate: (name) => `${name} is deactivated. Usher asks here in a moment.`,
  activate: (name) => `${name} is active again.`,
  add: (name, group) => `${name} is in @${group} now. Usher asks here in a moment.`,
  remove: (name, group) => `${name} isn’t in @${group} any more.`,
};

/* Does it, and looks where the cards are. */
const manage = (does, id) => call("/page/manage", { as: World.me, does, users: [id] })
  .then(() => {
    App.open(App.state.guide?.approvals || App.channel);
    focusTalk();
    App.note(DONE[does](firstName(id), App.state.members?.handle));
  })
  .catch((error) => App.note(error.message, true));

/* So many at once are asked about by direct message. */
const manageAll = (does, ids) => call("/page/manage", { as: World.me, does, users: ids })
  .then(() => { App.open((botChannel() || {}).id || App.channel); focusTalk(); })
  .catch((error) => App.note(error.message, true));

const memberButton = (label, mark, run) => h("button", { type: "button", "data-testid": mark, on: { click: run } }, label);

const memberRow = ({ id, in: isIn }, handle) => {
  const person = World.people.get(id);
  const status = person?.left ? "off" : isIn ? "@" + handle : "";
  const does = person?.left ? [["activate", "Bring back"]] : [["deactivate", "Deactivate"], handle && (isIn ? ["remove", `Take out of @${handle}`] : ["add", `Add to @${handle}`])];
  return h("li", {}, h("details", { class: "member" + (person?.left ? " left" : ""), open: document.querySelector(`[data-testid="member-${id}"]`)?.parentElement.open },
    h("summary", { "data-testid": "member-" + id }, avatar(person), h("span", { class: "channel-name" }, person?.name || id), status && h("small", { title: person?.left && "deactivated" }, status)),
    h("div", { class: "member-do" }, does.filter(Boolean).map(([what, label]) => memberButton(label, `${what}-${id}`, () => manage(what, id))))));
};

const everyMember = (who) => {
  const here = who.filter((m) => !World.people.get(m.id)?.left).map((m) => m.id);
  const gone = who.map((m) => m.id).filter((id) => !here.includes(id));
  return h("li", { class: "member-do" },
    here.length > 1 && memberButton(`Deactivate all ${here.length}`, "deactivate-all", () => manageAll("deactivate", here)),
    gone.length > 1 && memberButton(`Bring back all ${gone.length}`, "activate-all", () => manageAll("activate", gone)));
};

/* What stands in the sidebar of whoever manages members. */
const memberList = (members) => members && [
  keep("title members", "", () => h("h2", {}, "Manage members")),
  keep("list members", [members, World.rev], () => h("ul", { class: "members", "data-testid": "members" }, members.who.map((m) => memberRow(m, members.handle)), everyMember(members.who))),
];
