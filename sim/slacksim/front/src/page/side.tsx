/* The left edge: which conversations a person has, and whom they manage. */
import { Members } from "./members";
import { Avatar } from "./message";
import type { Channel } from "./payload";
import type { Page } from "./page";
import type { Pane } from "./pane";
import { ThreadsButton } from "./threads";

export const SIGN = { channel: "#", private: "⊘", dm: "" };

const ChannelButton = ({ page, pane, channel }: { page: Page; pane: Pane; channel: Channel }) => {
  const person = channel.kind === "dm" ? pane.here.people.get(channel.with ?? "") : undefined;
  return (
    <li>
      <button type="button" class={"channel" + (channel.unread ? " unread" : "")} aria-current={channel.id === pane.channel ? "page" : undefined}
        data-testid={"channel-" + channel.id} data-unread={channel.unread || 0} data-bot={person?.bot ? "true" : undefined} onClick={() => page.open(pane, channel.id)}>
        {person ? <Avatar person={person} /> : <span class="sign" aria-hidden="true">{SIGN[channel.kind]}</span>}
        <span class="channel-name">{channel.name}</span>
        {channel.unread > 0 && <span class="badge"><span class="unseen">unread: </span>{channel.unread}</span>}
      </button>
    </li>
  );
};

const Channels = ({ page, pane, title, channels }: { page: Page; pane: Pane; title: string; channels: Channel[] }) =>
  channels.length === 0 ? null : <><h2>{title}</h2><ul>{channels.map((c) => <ChannelButton key={c.id} page={page} pane={pane} channel={c} />)}</ul></>;

/* A person's conversations, as Slack groups them. */
export const grouped = (pane: Pane) => {
  const channels = pane.state?.channels ?? [];
  const dms = channels.filter((c) => c.kind === "dm");
  return { rooms: channels.filter((c) => c.kind !== "dm"), apps: dms.filter((c) => pane.isBot(c)), people: dms.filter((c) => !pane.isBot(c)) };
};

export const Side = ({ page, pane }: { page: Page; pane: Pane }) => {
  const { rooms, apps, people } = grouped(pane);
  return (
    <nav class="side" id="side" aria-label="Conversations" data-testid="sidebar">
      <ThreadsButton page={page} pane={pane} />
      <Channels page={page} pane={pane} title="Channels" channels={rooms} />
      <Channels page={page} pane={pane} title="Apps" channels={apps} />
      <Channels page={page} pane={pane} title="Direct messages" channels={people} />
      {pane.state?.members && <Members page={page} pane={pane} members={pane.state.members} />}
      {pane.state && <div class="side-foot">
        {pane.state.beside?.map((link) => <p key={link.path}><a href={link.path} target="_blank" data-testid={"beside-" + link.path}>{link.label}</a></p>)}
        <p>Nothing here leaves this machine.</p>
      </div>}
    </nav>
  );
};
