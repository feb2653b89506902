/* One person at the screen: who it is, where they look, and what they are writing. Several may stand side by side. */
import { commandEntries, mentionEntries, type Offer } from "./completions";
import { hereOf, NOWHERE, type Here } from "./here";
import { draftOf, formOf, placeOf, recall, remember } from "./kept";
import type { Channel, Confirm, Message, Persona, State, View } from "./payload";

export type Part = "messages" | "home";
export type Asking = { confirm: Confirm; answer: (sure: boolean) => void };

/* For how long something that was sent isn't offered to be sent again. */
const ON_ITS_WAY = 5000;

export class Pane {
  me = "";
  channel = ""; // empty while this person's conversations are still on their way: nothing is written anywhere
  wanted = ""; // where to look once they are there
  wantedThread = "";
  part: Part = "messages";
  thread = ""; // the ts of the message whose thread is open
  threadNote = "";
  state: State | null = null;
  here: Here = NOWHERE;
  note = { words: "", bad: false };
  asking: Asking[] = [];
  pressed = new Set<string>(); // what was pressed and isn't answered yet
  readTo = "";
  threadRead = "";
  writing = new Writing(this);

  constructor(readonly no: number) {}

  /* What stands there by now is another person's than the one that was asked for. */
  get inTransit() { return this.state !== null && this.state.me !== this.me; }

  get shown(): Channel | undefined { return this.state?.channels.find((c) => c.id === this.channel); }
  get parent(): Message | undefined { return this.thread ? this.state?.messages[this.channel]?.find((m) => m.ts === this.thread) : undefined; }
  get persona(): Persona | undefined { return this.state?.personas.find((p) => p.id === this.state!.me); }
  get botChannel(): Channel | undefined { return this.state?.channels.find((c) => c.kind === "dm" && this.here.people.get(c.with ?? "")?.bot); }
  get form(): View | undefined { return this.state?.views.filter((v) => v.view.type === "modal").at(-1); }
  isBot(channel: Channel | undefined) { return Boolean(channel && this.here.people.get(channel.with ?? "")?.bot); }

  say(words: string, bad = false) { this.note = { words, bad }; }

  /* Takes what the server says of this person; where they looked is gone on with. */
  learn(state: State, places: Map<string, string>, open: Here["open"]) {
    this.state = state;
    this.me = state.me;
    this.here = hereOf(state, () => document.getElementById(this.id("flow"))?.clientWidth || 600, open);
    const there = (id: string) => state.channels.some((c) => c.id === id);
    if (this.wanted && there(this.wanted)) {
      this.settle(this.wanted, places);
      this.thread = this.wantedThread;
    }
    else if (!there(this.channel)) this.settle(this.start(places), places);
    this.wanted = "";
  }

  /* A page that was loaded anew goes on where it was; somebody who comes in goes where something is new. */
  private start(places: Map<string, string>) {
    const state = this.state!;
    const kept = places.has(state.me) ? "" : recall(placeOf(state.me));
    if (state.channels.some((c) => c.id === kept)) return kept;
    const home = state.channels.find((c) => c.id === this.persona?.home);
    const dm = this.botChannel;
    const fresh = [dm, home].find((c) => c?.unread) ?? state.channels.find((c) => c.id === places.get(state.me));
    return (fresh ?? home ?? dm ?? state.channels[0])?.id ?? "";
  }

  /* Looks at a conversation, with what this person had begun to write there. */
  settle(channel: string, places: Map<string, string>) {
    if (channel !== this.channel) this.thread = "";
    this.channel = channel;
    places.set(this.me, channel);
    remember(placeOf(this.me), channel);
    this.writing.takeUp(recall(draftOf(this.me, channel)));
  }

  /* The ids of a first pane are those that the page always had. */
  id(name: string) { return this.no === 0 ? name : `${name}-${this.no + 1}`; }
  get selector() { return `[data-pane-no="${this.no}"]`; }

  keptForm(view: string) { return JSON.parse(recall(formOf(view)) || "{}"); }
}

/* What somebody writes: drafts that wait in their conversation, history by arrow-up, and what the page offers to complete it. */
export class Writing {
  text = "";
  caret = 0;
  at = -1; // in the history; -1: not in it
  active = -1; // of what is offered
  open = false;
  entered = false; // Enter is down
  sent = ""; // a moment ago: what comes of it is still on its way
  private history = new Map<string, string[]>();

  constructor(private pane: Pane) {}

  set(text: string, caret = text.length) {
    Object.assign(this, { text, caret, active: -1 });
    this.keep();
  }

  /* Somebody typed. */
  typed(text: string, caret: number) {
    Object.assign(this, { at: -1, open: true });
    this.set(text, caret);
  }

  takeUp(draft: string) {
    Object.assign(this, { at: -1, open: false });
    this.set(draft);
  }

  private keep() { if (this.pane.channel) remember(draftOf(this.pane.me, this.pane.channel), this.text); }

  private get mine() { return this.history.get(this.pane.me) ?? []; }

  note(text: string) {
    if (text) this.history.set(this.pane.me, [text, ...this.mine.filter((old) => old !== text)].slice(0, 50));
  }

  sends(text: string, then: () => void) {
    this.sent = text;
    setTimeout(() => { if (this.sent === text) { this.sent = ""; then(); } }, ON_ITS_WAY);
  }

  walk(by: number) {
    const at = Math.max(-1, Math.min(this.mine.length - 1, this.at + by));
    this.set(this.mine[at] ?? "");
    Object.assign(this, { at, open: false });
    return true;
  }

  offers(): Offer {
    const people = mentionEntries(this.text, this.caret, this.pane.here);
    return people.entries.length ? people : commandEntries(this.text, this.pane.state?.commands ?? []);
  }

  /* A person is taken with Enter at once; a command may be meant as it is. */
  activeOf(offer: Offer) {
    if (offer.reminder) return -1;
    const first = offer.people && !offer.whole ? 0 : -1;
    return Math.max(first, Math.min(this.active, offer.entries.length - 1));
  }
}
