/* The flow of a conversation's messages, or the bot's Home in its place. Whoever reads the newest message goes on reading it
   when another comes, and when the composer or the guide grows. */
import { Component, createRef } from "preact";
import { attach } from "./around";
import { Blocks } from "./blocks";
import { dayWords, startOfDay, tsDate } from "./dates";
import { isJoined, MessageView } from "./message";
import type { Channel, Message, State } from "./payload";
import type { Page } from "./page";
import type { Pane } from "./pane";

type Props = { page: Page; pane: Pane; state: State | null; channel: Channel | undefined; home: boolean; busy: string };

const isAtEnd = (flow: HTMLElement) => flow.scrollHeight - flow.scrollTop - flow.clientHeight < 60;

const Empty = ({ channel }: { channel: Channel }) => (
  <div class="empty">
    <b>{channel.kind === "dm" ? `Nothing from ${channel.name} yet` : "Nothing here yet"}</b>
    {channel.readOnly ? <p>You'll hear about your requests here.</p> : <p>Commands work anywhere. Type <kbd>/</kbd> to see them.</p>}
  </div>
);

const Home = ({ page, pane, state }: { page: Page; pane: Pane; state: State }) => {
  const view = state.home;
  if (!view) return <div class="home" data-testid="home"><div class="empty"><b>This app has not published a Home for you</b></div></div>;
  const act = (press: { block_id: string; action_id: string; state?: unknown }) => void page.server.post("click",
    { as: pane.me, view_id: view.id, block_id: press.block_id, action_id: press.action_id, state: press.state }).catch(page.fail(pane));
  return <div class="home" data-testid="home"><Blocks blocks={view.view.blocks ?? []} around={{ act, ask: (confirm) => page.confirm(pane, confirm), attach: attach(page, pane), name: `h${pane.no}` }} /></div>;
};

const Messages = ({ page, pane, channel, messages }: { page: Page; pane: Pane; channel: string; messages: Message[] }) => <>{messages.flatMap((message, i) => {
  const before = messages[i - 1];
  const at = tsDate(message.ts);
  const key = [pane.me, channel, message.ts, message.ephemeral ? "whispered" : ""].join(" ");
  const drawn = <MessageView key={key} page={page} pane={pane} message={message} channel={channel} joined={isJoined(before, message)} />;
  if (before && startOfDay(tsDate(before.ts)).getTime() >= startOfDay(at).getTime()) return [drawn];
  return [<div key={"day " + key} class="day" role="separator"><span>{dayWords(at, pane.here.now)}</span></div>, drawn];
})}</>;

export class Flow extends Component<Props> {
  private flow = createRef<HTMLDivElement>();
  private atEnd = true;
  private grown = new ResizeObserver(() => { if (this.atEnd && !this.props.home) this.toEnd(); });

  /* To the newest message; to where it begins, where it's much longer than what one sees of it. */
  private toEnd() {
    const flow = this.flow.current!;
    flow.scrollTop = flow.scrollHeight;
    const last = flow.lastElementChild;
    if (last && last.clientHeight > 1.25 * flow.clientHeight) flow.scrollTop += last.getBoundingClientRect().top - flow.getBoundingClientRect().top - 8;
  }
  private of(props: Props) { return [props.state?.me, props.channel?.id, props.home].join(" "); }

  componentDidMount() { this.grown.observe(this.flow.current!); this.toEnd(); }
  componentWillUnmount() { this.grown.disconnect(); }

  /* What is typed beside it changes nothing here. */
  shouldComponentUpdate(next: Props) { return (Object.keys(next) as (keyof Props)[]).some((name) => next[name] !== this.props[name]); }

  getSnapshotBeforeUpdate() { return isAtEnd(this.flow.current!); }

  componentDidUpdate(before: Props, _: unknown, atEnd: boolean) {
    const other = this.of(before) !== this.of(this.props);
    if (this.props.home) { if (other) this.flow.current!.scrollTop = 0; }
    else if (atEnd || other) this.toEnd();
  }

  render({ page, pane, state, channel, home }: Props) {
    const messages = channel ? state!.messages[channel.id] ?? [] : [];
    const label = channel ? `Messages, ${channel.kind === "dm" ? channel.name : "#" + channel.name}` : "Messages";
    return (
      <div class="flow" id={pane.id("flow")} role="log" aria-live="polite" aria-label={label} tabindex={0} data-testid="messages" ref={this.flow}
        onScroll={() => { this.atEnd = isAtEnd(this.flow.current!); }}>
        {home ? <Home page={page} pane={pane} state={state!} /> : !channel ? null : messages.length ? <Messages page={page} pane={pane} channel={channel.id} messages={messages} /> : <Empty channel={channel} />}
      </div>
    );
  }
}
