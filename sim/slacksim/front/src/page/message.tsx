/* One message. */
import { clockTime, tsDate } from "./dates";
import { Attachments } from "./attachments";
import { Blocks } from "./blocks";
import type { Around } from "./elements";
import { useHere } from "./here";
import type { Message, Person, Press } from "./payload";
import type { Page } from "./page";
import type { Pane } from "./pane";
import { ShortcutMenu } from "./shortcuts";
import { mrkdwn } from "./text";
import { Replied, Replies } from "./threads";
import { attach } from "./around";

export const Avatar = ({ person }: { person: Partial<Person> | undefined }) => (
  <span class={"avatar" + (person?.bot ? " avatar-bot" : "")} aria-hidden="true" style={person?.color ? { "--person": person.color } : undefined}>{person?.bot ? "" : person?.initials || "?"}</span>
);

/* What Slack's warning mark beside a button means. */
const WARNINGS = new Map([
  ["operation_timeout", "The app didn't answer within 3 seconds. Press again in a moment."],
  ["dispatch_failed", "The app isn't connected right now. Press again in a moment."],
]);

/* Sends a press once; until the answer is there the message shows itself as busy. */
const pressMessage = (page: Page, pane: Pane, message: Message, channel: string) => async (press: Press) => {
  const key = [message.ts, press.block_id, press.action_id].join(" ");
  if (pane.pressed.has(key)) return;
  pane.pressed.add(key);
  page.draw();
  const { block_id, action_id, state } = press;
  await page.server.post("click", { as: pane.me, channel, ts: message.ts, block_id, action_id, state }).catch(page.fail(pane));
  pane.pressed.delete(key);
  page.draw();
};

const Body = ({ page, pane, message, channel, place }: { page: Page; pane: Pane; message: Message; channel: string; place: string }) => {
  const around: Around = {
    act: pressMessage(page, pane, message, channel),
    warn: (action) => { const why = message.warn?.[action]; return why && (WARNINGS.get(why) ?? why); },
    ask: (confirm) => page.confirm(pane, confirm),
    attach: attach(page, pane),
    name: `${place}${pane.no}-${message.ts}`,
  };
  return <>
    {message.blocks?.length ? <Blocks blocks={message.blocks} around={around} /> : message.text && <div class="words">{mrkdwn(message.text)}</div>}
    {message.attachments && <Attachments attachments={message.attachments} around={around} />}
  </>;
};

/* `joined`: said by the same person within five minutes of the message before it. */
export const isJoined = (before: Message | undefined, message: Message) => Boolean(before) && before!.user === message.user && !before!.ephemeral && !message.ephemeral &&
  !message.blocks?.length && !message.attachments?.length && Number(message.ts) - Number(before!.ts) < 300;

export const MessageView = ({ page, pane, message, channel, joined, thread = false }: { page: Page; pane: Pane; message: Message; channel: string; joined: boolean; thread?: boolean }) => {
  const person: Partial<Person> = useHere().people.get(message.user) ?? { name: message.user, initials: "?" };
  const at = tsDate(message.ts);
  const busy = [...pane.pressed].some((key) => key.startsWith(message.ts + " "));
  return (
    <article class={"message" + (joined ? " joined" : "") + (message.ephemeral ? " ephemeral" : "") + (busy ? " busy" : "")}
      data-testid={(thread ? "thread-" : "") + (message.ephemeral ? "ephemeral" : "message")} data-ts={message.ts} data-channel={channel} tabindex={-1} aria-label={`${person.name}, ${clockTime(at)}`}>
      {!message.ephemeral && !thread && !message.replies?.length && <button type="button" class="reply-in" aria-label="Reply in a thread" title="Reply in a thread" data-testid="reply-in" onClick={() => page.openThread(pane, message.thread || message.ts)}>↳</button>}
      {!message.ephemeral && <ShortcutMenu page={page} pane={pane} type="message" label="Shortcuts for this message" where={{ channel, ts: message.ts }} mark="⋯" />}
      {joined ? <span class="gutter" aria-hidden="true">{clockTime(at)}</span> : <Avatar person={person} />}
      <div class="message-main">
        {message.ephemeral && <p class="only-you"><span aria-hidden="true">◐</span> Only visible to you</p>}
        {!joined && <p class="message-head"><b>{person.name}</b>{person.bot && <span class="app-tag">App</span>}
          <time datetime={at.toISOString()} title={at.toLocaleString("en-GB")}>{clockTime(at)}</time></p>}
        {!thread && message.thread && <Replied page={page} pane={pane} thread={message.thread} />}
        <Body page={page} pane={pane} message={message} channel={channel} place={thread ? "t" : "m"} />
        {message.files?.map((file) => <p class="file"><span aria-hidden="true">▤ </span><b>{file.name}</b>{` ${file.size} bytes`}</p>)}
        {message.edited && <span class="edited">(edited)</span>}
        {!thread && <Replies page={page} pane={pane} message={message} />}
      </div>
    </article>
  );
};
