/* The guide: what a newcomer does next. The server says how far the round has come (asked, decided, told, …); this says it in
   words, for whoever is on the screen. */
import { Leader, type Act, type Step } from "./leader";
import { manage } from "./members";
import type { Progress, Try } from "./payload";
import type { Page } from "./page";

export const ROUND = ["Ask", "Approve", "Watch", "Hear back", "Report"];

class Guide extends Leader {
  constructor(page: Page, private g: Progress) { super(page); }

  private ask(): Step {
    const { g } = this, pane = this.page.paneOf(g.ask);
    if (!pane) return { at: 0, say: `It starts with ${this.first(g.ask)}, who needs a seat for a new colleague.`, acts: [this.be(g.ask, "")] };
    return this.write(pane, 0, `${this.you(pane)} A new colleague needs an SE Ranking seat, so ask Usher for one.`, g.command, "Here's the request. Press Enter to send it.");
  }

  private decide(): Step {
    const { g } = this, room = this.room(g.approvals), pane = this.page.paneOf(g.decide);
    if (!pane) return { at: 1, say: `Request sent. A card is waiting for ${this.first(g.decide)} in ${room}.`, acts: [this.be(g.decide, g.approvals)] };
    if (pane.channel !== g.approvals) return { at: 1, say: `${this.you(pane)} A card is waiting for you in ${room}.`, acts: [{ label: `Open ${room}`, run: this.go(g.decide, g.approvals) }] };
    return { at: 1, say: `${this.you(pane)} Read the card${g.elsewhere ? ` and press ${g.approve}` : `, press ${g.approve}, and watch SE Ranking`}.`, acts: [],
      point: `${pane.selector} [data-channel="${g.approvals}"][data-ts="${g.waiting}"] [data-testid="button-${g.approve}"]` };
  }

  private watch(): Step {
    if (this.g.elsewhere) return { at: 2, say: `Decided. What no program can do is a task in ${this.room(this.g.approvals)}: its owner ticks the steps there.`, acts: [] };
    return { at: 2, say: "Decided. Whatever Usher changes in SE Ranking shows up there as it happens.", acts: [this.seeVendor()] };
  }

  private told(): Step {
    const { g } = this, who = this.first(g.ask);
    const say = g.account && !g.elsewhere ? `${g.account} now has an SE Ranking seat, and Usher has told ${who}.` : `Usher has sent ${who} a direct message about it.`;
    return { at: 3, say, acts: [{ label: this.page.paneOf(g.ask) ? "Open the message" : `Back to ${who}`, run: this.go(g.ask, g.toldIn) }, ...(g.elsewhere ? [] : [this.seeVendor()])] };
  }

  private report(): Step {
    const { g } = this, who = this.first(g.admin), pane = this.page.paneOf(g.admin);
    if (!pane) return { at: 4, say: `That's what ${this.first(g.ask)} hears. Last stop: ${who}, the admin, who gets a weekly digest of all seats.`, acts: [this.be(g.admin, g.reports)] };
    return this.write(pane, 4, `${this.you(pane)} The digest posts itself every week; this command posts it now.`, g.report, "Press Enter to send it.");
  }

  /* What Usher asks by itself comes before the round, until it is decided or put off. */
  private asked(): Step {
    const { g, page } = this;
    const may = [g.decide, g.admin];
    const away = (id: string) => page.paneOf(id)?.channel !== g.approvals;
    const who = page.several ? may.filter(away) : may.includes(page.pane.me) && away(page.pane.me) ? [page.pane.me] : may.filter((id) => id !== page.pane.me);
    const acts = who.map((id) => (page.paneOf(id) ? { label: `Open ${this.room(g.approvals)}`, run: this.go(id, g.approvals) } : this.be(id, g.approvals)));
    return { at: ROUND.length, say: g.asksSay, point: `[data-channel="${g.approvals}"][data-ts="${g.asks}"] [data-testid="button-${g.asksButton}"]`,
      acts: [...acts, { label: "Later", run: () => { page.guide.later = g.asks; page.draw(); }, mark: "guide-later", light: true }] };
  }

  private try(one: Try) {
    const at = one.does ? this.g.approvals : this.home(one.as);
    return () => void this.page.go(one.as, at).then((pane) => (one.does ? manage(this.page, pane, one.does, one.who ?? "") : this.fill(pane, one.command))).catch(() => {});
  }

  /* After the round: what else to try, and where a card waits meanwhile. */
  private last(): Step {
    const { g } = this, at = ROUND.length, more = g.more ?? [];
    const tries = more.map((one, i): Act => ({ label: one.label, run: this.try(one), hint: one.command, mark: "guide-try-" + i, light: true }));
    const asked = more.find((one) => one.command && this.page.paneOf(one.as)?.writing.text.trim() === one.command);
    if (asked) return this.sendIt(this.page.paneOf(asked.as)!, at, "Press Enter to send it and see what happens.");
    const who = this.first(g.decide);
    if (g.waiting && this.page.paneOf(g.decide)?.channel !== g.approvals) return { at, say: `A card is waiting for ${who}.`, acts: [this.be(g.decide, g.approvals), ...tries] };
    if (g.waiting) return { at, say: `Press ${g.approve}, or see what Deny asks. ${who}'s own requests are for ${this.first(g.admin)} to approve.`, acts: tries };
    return { at, say: "That's the whole round: asked, approved, set up, told, reported. More to try:", acts: tries };
  }

  step(): Step {
    const { g } = this;
    if (g.asks > g.waiting && g.asks > g.told && g.asks !== this.page.guide.later) return this.asked();
    if (g.reported && g.toldSeen) return this.last();
    if (g.toldSeen) return this.report();
    if (g.told) return this.told();
    if (g.waiting) return this.decide();
    if (g.decided) return this.watch();
    return this.ask();
  }
}

/* The next step; null: there is nothing to guide through, or nobody to say it to. */
export const guideStep = (page: Page): Step | null => {
  const progress = page.state?.guide;
  return progress && !page.lost ? new Guide(page, progress).step() : null;
};
