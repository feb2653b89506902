/* Where one writes. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Offer, OfferEntry } from "./completions";
import { Avatar } from "./message";
import type { Channel } from "./payload";
import type { Page } from "./page";
import type { Pane } from "./pane";
import { Stopped, wordsOf } from "./server";
import { draftOf, recall, remember } from "./kept";
import { ShortcutMenu } from "./shortcuts";

/* The text comes back when it could not be sent, to where it was written. */
const unsent = (pane: Pane, as: string, channel: string, text: string) => {
  if (as === pane.me && channel === pane.channel && !pane.writing.text) return pane.writing.takeUp(text);
  if (!recall(draftOf(as, channel))) remember(draftOf(as, channel), text);
};

/* Types what is written as the person in the pane. */
export const send = async (page: Page, pane: Pane) => {
  const { writing } = pane;
  const text = writing.text.trim();
  const [as, channel] = [pane.me, pane.channel];
  if (!text || !channel) return;
  writing.note(text);
  writing.takeUp("");
  writing.sends(text, () => page.draw());
  page.say(pane, text.startsWith("/") ? `Sent ${text}` : "");
  try {
    await page.server.post("type", { as, channel, text });
  } catch (error) {
    writing.sent = "";
    unsent(pane, as, channel, text);
    page.say(pane, error instanceof Stopped ? "Not sent: the demo has stopped. Your text is still here." : wordsOf(error), true);
  }
};

const boxOf = (pane: Pane) => document.getElementById(pane.id("say")) as HTMLTextAreaElement;

const take = (page: Page, pane: Pane, entry: OfferEntry) => {
  pane.writing.set(entry.text, entry.caret);
  pane.writing.open = true;
  page.draw();
  boxOf(pane).focus();
  boxOf(pane).setSelectionRange(entry.caret, entry.caret);
  pane.writing.caret = entry.caret;
  page.draw();
  return true;
};

const move = (page: Page, pane: Pane, by: number) => {
  const offer = pane.writing.offers();
  const [active, count] = [pane.writing.activeOf(offer), offer.entries.length];
  pane.writing.active = active < 0 && by < 0 ? count - 1 : (active + by + count) % count;
  page.draw();
  return true;
};

const hide = (page: Page, pane: Pane) => {
  pane.writing.open = false;
  page.draw();
  return true;
};

const walk = (page: Page, pane: Pane, by: number) => {
  pane.writing.walk(by);
  page.draw();
  return true;
};

/* Enter completes while an entry is picked or a word is unfinished; otherwise it sends. */
const enterTakes = (offer: Offer, active: number) => {
  if (offer.reminder || !offer.entries.length) return undefined;
  return offer.entries[active] ?? (offer.whole ? undefined : offer.entries[0]);
};

/* Whether a key did something: then it does not do its ordinary thing as well. */
const onKey = (page: Page, pane: Pane, key: string): boolean => {
  const { writing } = pane;
  const offer = writing.offers();
  const active = writing.activeOf(offer);
  const open = writing.open && offer.entries.length > 0;
  const choosable = open && !offer.reminder;
  switch (key) {
    case "Tab": return choosable && take(page, pane, offer.entries[Math.max(active, 0)]!);
    case "ArrowDown": return writing.at >= 0 ? walk(page, pane, -1) : choosable && move(page, pane, 1);
    case "ArrowUp": return writing.at >= 0 || writing.text === "" ? walk(page, pane, 1) : choosable && move(page, pane, -1);
    case "Escape": return open && hide(page, pane);
    case "Enter": {
      writing.entered = true;
      const entry = open ? enterTakes(offer, active) : undefined;
      entry ? take(page, pane, entry) : void send(page, pane);
      return true;
    }
    default: return false;
  }
};

/* The keyboard may go to the list itself, to scroll it; it works there as it does from the composer. */
const onListKey = (page: Page, pane: Pane, key: string): boolean => {
  const offer = pane.writing.offers();
  if (offer.reminder) return false;
  switch (key) {
    case "ArrowDown": return move(page, pane, 1);
    case "ArrowUp": return move(page, pane, -1);
    case "Enter": return take(page, pane, offer.entries[Math.max(pane.writing.activeOf(offer), 0)]!);
    case "Escape": boxOf(pane).focus(); return hide(page, pane);
    default: return false;
  }
};

const countWords = ({ entries, people, reminder }: Offer) => {
  if (!entries.length || reminder) return "";
  return `${entries.length} ${people ? "to mention" : entries.length === 1 ? "command" : "commands"}. Arrow keys choose, Enter takes it.`;
};

const Row = ({ entry, id, active, pick }: { entry: OfferEntry; id: string; active: boolean; pick: () => void }) => (
  <div id={id} class={"completion" + (active ? " active" : "") + (entry.handle ? " completion-person" : "")} role="option" aria-selected={active}
    data-testid={entry.mark} onMouseDown={(e) => e.preventDefault()} onClick={pick}>
    {entry.person && <Avatar person={entry.person} />}
    <span><b>{entry.title}</b> {entry.hint && <code>{entry.hint}</code>}</span>
    {entry.more && <small>{entry.more}</small>}
  </div>
);

const CARET_KEYS = ["ArrowLeft", "ArrowRight", "Home", "End"];

/* As tall as what is written in it; what is empty, or not on the screen, is as tall as one line. */
const grow = (box: HTMLTextAreaElement) => {
  box.style.height = "";
  box.scrollTop = 0;
  if (box.value && box.scrollHeight > box.clientHeight) box.style.height = Math.min(box.scrollHeight, 160) + "px";
};

/* What an empty composer says: as much of it as fits on its one line. */
const invitation = (channel: Channel, width: number) => {
  if (width < 360) return "Message";
  return `Message ${channel.kind === "dm" ? channel.name : "#" + channel.name}${width < 460 ? "" : " or type /"}`;
};

export const Composer = ({ page, pane, channel }: { page: Page; pane: Pane; channel: Channel | undefined }) => {
  const { writing } = pane;
  const box = useRef<HTMLTextAreaElement>(null), list = useRef<HTMLDivElement>(null);
  const offer = writing.offers();
  const active = writing.activeOf(offer);
  const open = writing.open && offer.entries.length > 0;
  const activeId = open && active >= 0 ? pane.id("completion-at-" + active) : undefined;
  useLayoutEffect(() => grow(box.current!), [writing.text]);
  useLayoutEffect(() => { list.current!.querySelector(".active")?.scrollIntoView({ block: "nearest" }); }, [active, open]);
  const look = () => { writing.caret = box.current!.selectionEnd === box.current!.selectionStart ? box.current!.selectionStart : 0; writing.open = true; page.draw(); };
  const hideUnlessIn = () => setTimeout(() => { if (writing.open && ![box.current, list.current].includes(document.activeElement as never)) hide(page, pane); }, 120);
  const stopIf = (did: boolean, event: Event) => { if (did) event.preventDefault(); };
  return (
    <form class="composer" id={pane.id("composer")} autocomplete="off" hidden={Boolean(channel?.readOnly)} onSubmit={(e) => { e.preventDefault(); void send(page, pane); }}>
      <div class="completions" id={pane.id("completions")} role="listbox" tabindex={0} aria-label={offer.people ? "People" : "Commands"} aria-activedescendant={activeId} data-testid="completions"
        hidden={!open} ref={list} onBlur={hideUnlessIn} onKeyDown={(e) => stopIf(onListKey(page, pane, e.key), e)}>
        {open && offer.entries.map((entry, i) => <Row key={entry.mark} entry={entry} id={pane.id("completion-at-" + i)} active={i === active} pick={() => take(page, pane, entry)} />)}
      </div>
      <div class="composer-box">
        <label class="unseen" for={pane.id("say")}>Message or command</label>
        <textarea id={pane.id("say")} rows={1} aria-autocomplete="list" aria-haspopup="listbox" aria-controls={pane.id("completions")} aria-activedescendant={activeId}
          spellcheck={false} data-testid="composer" ref={box} value={writing.text}
          placeholder={channel && invitation(channel, pane.here.width())}
          onInput={(e) => { writing.typed(e.currentTarget.value, e.currentTarget.selectionStart); page.draw(); }}
          onKeyDown={(e) => { if (!e.shiftKey && !e.isComposing) stopIf(onKey(page, pane, e.key), e); }}
          onKeyUp={(e) => { writing.entered = false; if (CARET_KEYS.includes(e.key)) look(); }}
          onBeforeInput={(e) => { if (writing.entered && (e as InputEvent).inputType === "insertLineBreak") e.preventDefault(); }}
          onClick={look} onFocus={look} onBlur={hideUnlessIn} />
        <span id={pane.id("shortcuts")}><ShortcutMenu page={page} pane={pane} type="global" label="Shortcuts" where={{}} mark="⚡" /></span>
        <button type="submit" class="send" id={pane.id("send")} aria-label="Send" data-testid="send"><span class="send-word">Send</span><span aria-hidden="true">↵</span></button>
      </div>
      <p class={"composer-note" + (pane.note.bad ? " bad" : "")} id={pane.id("composer-note")} role="status" aria-live="polite" data-testid="composer-note">{pane.note.words}</p>
      <p class="unseen" id={pane.id("completions-say")} role="status" aria-live="polite">{open ? countWords(offer) : ""}</p>
    </form>
  );
};
