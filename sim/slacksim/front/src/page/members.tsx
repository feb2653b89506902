/* Slack's admin pages, as far as this page has them: an admin deactivates members and brings them back, puts them into
   a user group and takes them out. What the app makes of it stands where its cards are. */
import { Avatar } from "./message";
import type { Manage, Members as MembersOf } from "./payload";
import type { Page } from "./page";
import type { Pane } from "./pane";

const DONE: Record<Manage, (name: string, group: string) => string> = {
  deactivate: (name) => `${name} is deactivated. Usher asks here in a moment.`,
  activate: (name) => `${name} is active again.`,
  add: (name, group) => `${name} is in @${group} now. Usher asks here in a moment.`,
  remove: (name, group) => `${name} isn't in @${group} any more.`,
};

const does = (page: Page, pane: Pane, what: Manage, users: string[], then: () => void) =>
  page.server.post("manage", { as: pane.me, does: what, users }).then(() => { then(); page.focusTalk(pane); }).catch(page.fail(pane));

/* Does it, and looks where the cards are. */
export const manage = (page: Page, pane: Pane, what: Manage, id: string) => does(page, pane, what, [id], () => {
  page.open(pane, pane.state?.guide?.approvals || pane.channel);
  const first = (pane.here.people.get(id)?.name || id).split(" ")[0]!;
  page.say(pane, DONE[what](first, pane.state?.members?.handle ?? ""));
});

/* So many at once are asked about by direct message. */
const manageAll = (page: Page, pane: Pane, what: Manage, ids: string[]) => does(page, pane, what, ids, () => page.open(pane, pane.botChannel?.id || pane.channel));

const Member = ({ page, pane, id, isIn, handle }: { page: Page; pane: Pane; id: string; isIn: boolean; handle: string }) => {
  const person = pane.here.people.get(id);
  const status = person?.left ? "off" : isIn ? "@" + handle : "";
  const can: [Manage, string][] = person?.left ? [["activate", "Bring back"]] : [["deactivate", "Deactivate"]];
  if (!person?.left && handle) can.push(isIn ? ["remove", `Take out of @${handle}`] : ["add", `Add to @${handle}`]);
  return (
    <li>
      <details class={"member" + (person?.left ? " left" : "")}>
        <summary data-testid={"member-" + id}>
          <Avatar person={person} />
          <span class="channel-name">{person?.name || id}</span>
          {status && <small title={person?.left ? "deactivated" : undefined}>{status}</small>}
        </summary>
        <div class="member-do">{can.map(([what, label]) => <button key={what} type="button" data-testid={`${what}-${id}`} onClick={() => void manage(page, pane, what, id)}>{label}</button>)}</div>
      </details>
    </li>
  );
};

const Everybody = ({ page, pane, who }: { page: Page; pane: Pane; who: MembersOf["who"] }) => {
  const here = who.map((m) => m.id).filter((id) => !pane.here.people.get(id)?.left);
  const gone = who.map((m) => m.id).filter((id) => !here.includes(id));
  return (
    <li class="member-do">
      {here.length > 1 && <button type="button" data-testid="deactivate-all" onClick={() => void manageAll(page, pane, "deactivate", here)}>Deactivate all {here.length}</button>}
      {gone.length > 1 && <button type="button" data-testid="activate-all" onClick={() => void manageAll(page, pane, "activate", gone)}>Bring back all {gone.length}</button>}
    </li>
  );
};

export const Members = ({ page, pane, members }: { page: Page; pane: Pane; members: MembersOf }) => <>
  <h2>Manage members</h2>
  <ul class="members" data-testid="members">
    {members.who.map((m) => <Member key={m.id} page={page} pane={pane} id={m.id} isIn={m.in} handle={members.handle} />)}
    <Everybody page={page} pane={pane} who={members.who} />
  </ul>
</>;
