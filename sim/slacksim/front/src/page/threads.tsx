/* Threads: what stands under a message that has replies, and the thread itself, beside the conversation or, where that is narrow, over it. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { clockTime, dayWords, tsDate } from "./dates";
import { draftOf, recall, remember } from "./kept";
import { Avatar, MessageView } from "./message";
import type { Channel, Message } from "./payload";
import type { Page } from "./page";
import type { Pane } from "./pane";
import { wordsOf } from "./server";

/* What is whispered there counts as no reply. */
const many = (replies: Message[]) => {
  const n = replies.filter((one) => !one.ephemeral).length;
  return `${n} ${n === 1 ? "reply" : "replies"}`;
};

/* The line under a message that has replies. */
export const Replies = ({ page, pane, message }: { page: Page; pane: Pane; message: Message }) => {
  const replies = message.replies;
  if (!replies?.length) return null;
  const at = tsDate(replies.at(-1)!.ts);
  const who = [...new Set(replies.map((r) => r.user))].slice(0, 4);
  return (
    <button type="button" class={"replies" + (message.new ? " fresh" : "")} data-testid="replies" onClick={() => page.openThread(pane, message.ts)}>
      <span class="replies-who" aria-hidden="true">{who.map((id) => <Avatar key={id} person={pane.here.people.get(id)} />)}</span>
      <b>{many(replies)}</b>
      {message.new ? <span class="badge" data-testid="replies-new">{message.new} new</span> : <small>Last {dayWords(at, pane.here.now)} at {clockTime(at)}</small>}
    </button>
  );
};

/* What stands over a reply that was sent to the channel too. */
export const Replied = ({ page, pane, thread }: { page: Page; pane: Pane; thread: string }) => (
  <p class="replied">replied to <button type="button" data-testid="replied-to" onClick={() => page.openThread(pane, thread)}>a thread</button></p>
);

const Write = ({ page, pane, channel, thread }: { page: Page; pane: Pane; channel: Channel; thread: string }) => {
  const box = useRef<HTMLTextAreaElement>(null), also = useRef<HTMLInputElement>(null);
  const draft = draftOf(pane.me, `${channel.id} ${thread}`);
  useLayoutEffect(() => { box.current!.value = recall(draft); }, [draft]);
  const write = (text: string, wide: boolean) => {
    remember(draft, text);
    if (!box.current) return; // another thread has been opened meanwhile
    box.current.value = text;
    also.current!.checked = wide;
  };
  /* What is on its way is in the box no more, and comes back where it didn't get through and nothing else was begun. */
  const send = async () => {
    const text = box.current!.value.trim(), wide = also.current!.checked;
    if (!text) return;
    write("", false);
    pane.threadNote = "";
    try {
      await page.server.post("type", { as: pane.me, channel: channel.id, text, thread, also: wide });
    } catch (error) {
      if (!recall(draft)) write(text, wide);
      pane.threadNote = wordsOf(error);
    }
    page.draw();
  };
  const onKey = (e: KeyboardEvent) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); void send(); } };
  return (
    <form class="thread-write" onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <label class="unseen" for={pane.id("reply")}>Reply</label>
      <textarea id={pane.id("reply")} rows={2} placeholder="Reply…" data-testid="reply" ref={box} onInput={(e) => remember(draft, e.currentTarget.value)} onKeyDown={onKey} />
      <div class="thread-do">
        <label class="tick"><input type="checkbox" data-testid="reply-also" ref={also} /><span>Also send to {channel.kind === "dm" ? channel.name : "#" + channel.name}</span></label>
        <button type="submit" class="send" aria-label="Send the reply" data-testid="reply-send"><span aria-hidden="true">↵</span></button>
      </div>
      <p class="composer-note bad" role="status">{pane.threadNote}</p>
    </form>
  );
};

export const Thread = ({ page, pane, channel, parent }: { page: Page; pane: Pane; channel: Channel; parent: Message }) => {
  const flow = useRef<HTMLDivElement>(null);
  const replies = parent.replies ?? [];
  const newest = replies.at(-1)?.ts;
  useLayoutEffect(() => { flow.current!.scrollTop = flow.current!.scrollHeight; }, [newest, parent.ts]);
  const close = () => page.closeThread(pane);
  return (
    <section class="thread" aria-label="Thread" data-testid="thread" onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); close(); } }}>
      <header class="thread-head"><h3>Thread</h3><small>{channel.kind === "dm" ? channel.name : "#" + channel.name}</small>
        <button type="button" class="thread-close" aria-label="Close the thread" data-testid="thread-close" onClick={close}>×</button></header>
      <div class="thread-flow" id={pane.id("thread-flow")} role="log" aria-label="Replies" tabindex={0} ref={flow}>
        <MessageView page={page} pane={pane} message={parent} channel={channel.id} joined={false} thread />
        {replies.length > 0 && <p class="thread-count"><span data-testid="thread-count">{many(replies)}</span></p>}
        {replies.map((reply) => <MessageView key={reply.ts} page={page} pane={pane} message={reply} channel={channel.id} joined={false} thread />)}
      </div>
      {channel.readOnly ? null : <Write page={page} pane={pane} channel={channel} thread={parent.ts} />}
    </section>
  );
};

/* The way to the threads that somebody follows: to the newest that has something new, or the newest. */
export const ThreadsButton = ({ page, pane }: { page: Page; pane: Pane }) => {
  const threads = pane.state?.threads ?? [];
  const next = threads.find((t) => t.unread) ?? threads[0];
  if (!next) return null;
  const unread = threads.reduce((n, t) => n + t.unread, 0);
  return (
    <ul><li><button type="button" class={"channel" + (unread ? " unread" : "")} data-testid="threads" data-unread={unread} onClick={() => { page.open(pane, next.channel); page.openThread(pane, next.ts); }}>
      <span class="sign" aria-hidden="true">↳</span><span class="channel-name">Threads</span>
      {unread > 0 && <span class="badge"><span class="unseen">unread: </span>{unread}</span>}
    </button></li></ul>
  );
};
