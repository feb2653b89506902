/* The page as a whole. One snapshot of what each person on the screen may see comes from the server; each change there brings
   another. Nothing is kept here but where one looks. */
import { readAddress, writeAddress, type Place } from "./address";
import { Focus, focusOn } from "./focus";
import { forgetForms, recall, remember } from "./kept";
import { Marks, MARK_FOR } from "./marks";
import { Pane, type Part } from "./pane";
import type { Confirm, News, State, VendorView } from "./payload";
import { listen } from "../stream";
import { Refused, Server, Stopped, wordsOf } from "./server";

export type Stage = "side" | "talk" | "vendor"; // what a phone shows
export type Toast = { person: string; news: News };

/* How wide a window must be for so many people side by side. */
const WIDTHS = [0, 1100, 1560];

const UNSEEN = 5000; // how old what nobody looks at may be
const TOAST_FOR = 60_000; // it covers nothing

export class Page {
  server = new Server();
  focus = new Focus();
  panes: Pane[] = [new Pane(0)];
  active = 0;
  stage: Stage = "talk";
  vendor = new Marks();
  hasVendor = true;
  lost = false; // the demo isn't there
  again = ""; // what starts it again
  toast: Toast | null = null;
  guide = { hidden: false, folded: false, later: "", stories: false, doing: false };
  fits = 1; // how many people the window has room for
  private places = new Map<string, string>(); // where each person looked last
  private unread = new Map<string, number>();
  private moved = false; // somebody went elsewhere, and what is there is still on its way
  private drawing = false;
  private drawAgain = false;
  private asked = 0;
  private newest: Promise<void> = Promise.resolve();
  private later: ReturnType<typeof setTimeout> | undefined;
  private toastEnds: ReturnType<typeof setTimeout> | undefined;

  /* `paint` draws the page as it is by now. */
  constructor(private paint: () => void) {
    this.server.lost = () => this.loseContact();
    const shown = readAddress(location.hash);
    this.panes = (shown.length ? shown : [{ person: recall("as"), channel: "" }]).slice(0, WIDTHS.length).map((place, no) => this.paneAt(no, place));
  }

  private paneAt(no: number, place: Place) {
    const pane = new Pane(no);
    pane.me = place.person;
    pane.wanted = place.channel;
    pane.wantedThread = place.thread ?? "";
    return pane;
  }

  /* Those that the window has room for. Where it has room for one alone, that is whoever was at work. */
  get visible(): Pane[] {
    if (this.fits === 1) return [this.pane];
    return this.panes.slice(0, this.fits);
  }
  get several() { return this.visible.length > 1; }
  get pane(): Pane { return this.panes[Math.min(this.active, this.panes.length - 1)]!; }
  get state(): State | null { return this.pane.state; }

  /* The pane that shows this person; undefined: none does. */
  paneOf(person: string) { return this.visible.find((p) => p.me === person); }

  /* Drawing moves the focus, which may want something drawn in its turn: that comes after. */
  draw() {
    if (!this.lost && this.visible.some((p) => p.inTransit)) return;
    this.drawAgain = this.drawing;
    if (this.drawing) return;
    this.drawing = true;
    try {
      do { this.drawAgain = false; this.paint(); } while (this.drawAgain);
    } finally {
      this.drawing = false;
    }
    for (const pane of this.visible) this.markRead(pane);
    this.focus.mend();
  }

  resize(width: number) {
    this.fits = WIDTHS.filter((least) => width >= least).length;
    this.draw();
  }

  show(stage: Stage) {
    this.stage = stage;
    this.draw();
  }

  say(pane: Pane, words: string, bad = false) {
    pane.say(words, bad);
    this.draw();
  }

  fail = (pane: Pane) => (error: unknown) => this.say(pane, wordsOf(error), true);

  /* Whoever the keyboard or the pointer is at is at work. */
  turnTo(pane: Pane) {
    if (this.pane === pane) return;
    this.active = this.panes.indexOf(pane);
    this.draw();
  }

  open(pane: Pane, channel: string) {
    pane.settle(channel, this.places);
    pane.part = "messages";
    pane.say("");
    this.stage = "talk";
    this.turnTo(pane);
    this.writeAddress(true);
    this.draw();
  }

  /* Leads to a message, and puts the keyboard there. */
  openMessage(pane: Pane, channel: string, ts: string) {
    this.open(pane, channel);
    const parent = pane.state?.messages[channel]?.find((m) => m.replies?.some((reply) => reply.ts === ts));
    if (parent) return this.openThread(pane, parent.ts);
    focusOn(document.querySelector(`${pane.selector} [data-channel="${channel}"][data-ts="${ts}"]`));
  }

  openThread(pane: Pane, ts: string) {
    pane.thread = ts;
    pane.threadNote = "";
    this.stage = "talk";
    this.turnTo(pane);
    this.writeAddress(true);
    this.draw();
    focusOn(document.getElementById(pane.id("reply"))) || focusOn(document.getElementById(pane.id("thread-flow")));
  }

  closeThread(pane: Pane) {
    const from = `${pane.selector} .flow [data-ts="${pane.thread}"]`;
    pane.thread = "";
    this.writeAddress(true);
    this.draw();
    focusOn(document.querySelector(`${from} .replies`)) || focusOn(document.querySelector(from));
  }

  part(pane: Pane, part: Part) {
    pane.part = part;
    if (part === "home") this.server.post("home", { as: pane.me }).catch(this.fail(pane));
    this.draw();
  }

  /* A pane becomes another person; `channel` says where to look, else the page chooses. Who is shown already changes places. */
  async become(pane: Pane, person: string, channel = "") {
    if (person === pane.me) return channel ? this.open(pane, channel) : undefined;
    const other = this.visible.find((p) => p !== pane && p.me === person);
    if (other) this.turnInto(other, pane.me, pane.channel);
    this.turnInto(pane, person, channel);
    remember("as", this.pane.me);
    this.stage = "talk";
    this.moved = true;
    await this.refresh();
  }

  private turnInto(pane: Pane, person: string, channel: string) {
    pane.me = person;
    pane.channel = "";
    pane.wanted = channel;
    pane.wantedThread = pane.thread = "";
    pane.part = "messages";
    pane.say("");
    pane.writing.takeUp("");
  }

  /* Where somebody is shown, or comes to be: in the pane at work, where there is none of theirs. */
  async go(person: string, channel = ""): Promise<Pane> {
    const pane = this.paneOf(person) ?? this.pane;
    this.turnTo(pane);
    await this.become(pane, person, channel);
    return pane;
  }

  /* Begins a story, leaves one, or has the thing happen that comes next in it: once, however often it's pressed. */
  tell(what: { begin: string } | { do: number }) {
    if ("begin" in what) this.guide.stories = false;
    this.guide.doing = true;
    this.server.post("story", what).then(this.refreshQuietly).catch(this.fail(this.pane)).finally(() => { this.guide.doing = false; this.draw(); });
    this.draw();
  }

  /* Asks whoever is in the pane whether they are sure. */
  confirm(pane: Pane, confirm: Confirm) {
    return new Promise<boolean>((resolve) => {
      const asking = { confirm, answer: (sure: boolean) => { pane.asking = pane.asking.filter((a) => a !== asking); this.draw(); resolve(sure); } };
      pane.asking.push(asking);
      this.draw();
    });
  }

  focusTalk(pane: Pane) { focusOn(document.getElementById(pane.id("flow"))); }

  /* Another person beside those on the screen: whoever has something new to see, or comes next. */
  async beside() {
    const free = (this.state?.personas ?? []).filter((p) => !this.panes.some((pane) => pane.me === p.id));
    const next = free.find((p) => p.id === this.state?.guide?.decide) ?? free.find((p) => p.unread) ?? free[0];
    if (!next || this.panes.length >= this.fits) return;
    this.panes.push(this.paneAt(this.panes.length, { person: next.id, channel: "" }));
    this.moved = true;
    await this.refresh();
  }

  /* Takes a pane away, or all but the one at work. */
  alone(gone: (pane: Pane) => boolean) {
    const kept = this.panes.filter((pane) => !gone(pane));
    const at = this.pane;
    this.panes = kept.map((pane, no) => this.renumbered(pane, no));
    this.active = Math.max(0, kept.indexOf(at));
    remember("as", this.pane.me);
    this.writeAddress(true);
    this.draw();
  }

  private renumbered(pane: Pane, no: number) {
    if (pane.no === no) return pane;
    const moved = this.paneAt(no, { person: pane.me, channel: pane.channel, thread: pane.thread });
    if (pane.state && !pane.inTransit) moved.learn(pane.state, this.places, (channel, ts) => this.openMessage(moved, channel, ts));
    return moved;
  }

  private get address() { return writeAddress(this.panes.map((p) => ({ person: p.me, channel: p.channel, thread: p.parent ? p.thread : "" }))); }

  /* A person's own doing can be taken back with the back button; what the page chose itself can't. */
  private writeAddress(done: boolean) {
    const address = this.address;
    if (address === location.hash || this.panes.some((p) => !p.channel)) return;
    history[done ? "pushState" : "replaceState"](null, "", address);
  }

  /* The address has changed under the page: the back button, or somebody wrote another. */
  async goTo(hash: string) {
    const shown = readAddress(hash).slice(0, WIDTHS.length);
    if (!shown.length || hash === this.address) return;
    this.panes = shown.map((place, no) => {
      const pane = this.panes[no] ?? this.paneAt(no, place);
      if (pane.me !== place.person) this.turnInto(pane, place.person, place.channel);
      pane.wanted = place.channel;
      pane.wantedThread = place.thread ?? "";
      return pane;
    });
    await this.refresh();
  }

  /* Slack marks as read what is on the screen; so does this page. */
  private markRead(pane: Pane) {
    this.markThreadRead(pane);
    const channel = pane.shown;
    const newest = channel && pane.state!.messages[channel.id]?.at(-1);
    if (!channel?.unread || !newest || document.hidden || this.stage === "side" || pane.inTransit) return;
    const read = [pane.me, channel.id, newest.ts].join(" ");
    if (read === pane.readTo) return;
    pane.readTo = read;
    this.server.post("read", { as: pane.me, channel: channel.id, ts: newest.ts }).catch(() => {});
  }

  private markThreadRead(pane: Pane) {
    const { parent } = pane, newest = parent?.replies?.at(-1)?.ts;
    if (!parent?.new || !newest || document.hidden || this.stage !== "talk" || pane.inTransit || pane.threadRead === newest) return;
    pane.threadRead = newest;
    this.server.post("read", { as: pane.me, channel: pane.channel, thread: parent.ts, ts: newest }).catch(() => {});
  }

  /* Asks for the snapshots. An answer that a later question has overtaken is dropped, and that one is waited for. */
  refresh(): Promise<void> {
    return this.newest = this.ask(++this.asked);
  }

  private async ask(mine: number) {
    const panes = [...this.panes];
    const [vendor, ...states] = await Promise.all([this.server.get<VendorView | null>("/page/vendor"),
      ...panes.map((p) => this.server.get<State>(`/page/state?as=${encodeURIComponent(p.me)}&window=${this.server.window}`))]);
    if (mine !== this.asked) return this.newest;
    this.findContact();
    states.forEach((state, i) => this.learn(panes[i]!, state));
    forgetForms(states.flatMap((state) => state.views.map((v) => v.id)));
    this.lookAtVendor(vendor);
    this.hear(states[0]!);
    this.writeAddress(this.moved);
    this.moved = false;
    this.draw();
  }

  private learn(pane: Pane, state: State) {
    pane.learn(state, this.places, (channel, ts) => this.openMessage(pane, channel, ts));
    this.again = state.again;
  }

  private lookAtVendor(vendor: VendorView | null) {
    this.hasVendor = vendor !== null;
    if (!vendor || JSON.stringify(vendor) === JSON.stringify(this.vendor.before)) return;
    this.vendor.take(vendor);
    if (this.vendor.marks.size) setTimeout(() => { this.vendor.drop(); this.draw(); }, MARK_FOR + 200);
  }

  /* What comes for somebody who isn't on the screen is said in the bar. */
  private hear(state: State) {
    for (const persona of state.personas) {
      const before = this.unread.get(persona.id);
      this.unread.set(persona.id, persona.unread);
      if (before !== undefined && persona.unread > before && persona.newest && !this.paneOf(persona.id)) this.announce({ person: persona.id, news: persona.newest });
    }
    if (this.toast && this.paneOf(this.toast.person)) this.toast = null;
  }

  private announce(toast: Toast) {
    this.toast = toast;
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => { this.toast = null; this.draw(); }, TOAST_FOR);
  }

  private loseContact() {
    if (this.lost) return;
    this.lost = true;
    this.draw();
  }

  /* The vendor that is there now may be another: nothing is marked as having happened meanwhile. */
  private findContact() {
    if (!this.lost) return;
    this.lost = false;
    this.vendor.forget();
    this.unread.clear();
    for (const pane of this.panes) pane.say("");
  }

  /* A person remembered from another workspace is forgotten. */
  refreshQuietly = (): Promise<void> => this.refresh().catch((error) => {
    if (error instanceof Refused && error.status === 404 && this.panes.some((p) => p.me)) {
      remember("as", "");
      this.panes = [this.paneAt(0, { person: "", channel: "" })];
      this.active = 0;
      return this.refreshQuietly();
    }
    if (!(error instanceof Refused || error instanceof Stopped)) throw error; // a mistake of the page's own
    this.loseContact();
  });

  /* A window that nobody looks at asks for what is new once in a while, for its title, and at once when somebody does. */
  listen = () => {
    void this.refreshQuietly();
    listen("/page/events", { heard: () => this.hears(), lost: () => this.loseContact() });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) void this.refreshQuietly(); });
  };

  private hears() {
    if (!document.hidden || this.lost) return void this.refreshQuietly();
    this.later ??= setTimeout(() => { this.later = undefined; void this.refreshQuietly(); }, UNSEEN);
  }
}
