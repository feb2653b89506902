/* What leads somebody through anything here: one line, what the page offers to do, and where the thing to press is. It speaks to
   whoever is on the screen. */
import { send } from "./composer";
import type { Page } from "./page";
import type { Pane } from "./pane";

/* What a step offers to do. `phone`: only where the vendor has a tab of its own. `light`: one of several, or none that must be. */
export type Act = { label: string; run: () => void; phone?: boolean; light?: boolean; hint?: string; mark?: string };
export type Step = { at: number; say: string; acts: Act[]; point?: string };

export class Leader {
  constructor(protected page: Page) {}

  protected first(id: string) { return (this.page.pane.here.people.get(id)?.name || id).split(" ")[0]!; }
  protected room(id: string) { return "#" + (this.page.pane.here.channels.get(id)?.name || id); }
  protected home(id: string) { return this.page.state?.personas.find((p) => p.id === id)?.home ?? ""; }

  /* Who somebody is, and on which side where there are several. */
  protected you(pane: Pane) {
    const last = this.page.visible.length - 1;
    const side = last === 0 ? "" : pane.no === 0 ? ", on the left" : pane.no === last ? ", on the right" : ", in the middle";
    return `You're ${this.first(pane.me)}${side}.`;
  }

  /* Goes somewhere as somebody; the keyboard is then in that conversation. */
  protected go(person: string, channel: string) {
    return () => void this.page.go(person, channel).then((pane) => this.page.focusTalk(pane)).catch(() => {});
  }
  protected be(person: string, channel: string): Act { return { label: `Be ${this.first(person)}`, run: this.go(person, channel) }; }
  protected seeVendor(): Act { return { label: "See SE Ranking", run: () => this.page.show("vendor"), phone: true }; }

  /* Writes a command where one may write; a draft that stood there is a press of arrow-up away. */
  protected fill(pane: Pane, text: string) {
    if (pane.shown?.readOnly) this.page.open(pane, (pane.state!.channels.find((c) => c.id === this.home(pane.me) && !c.readOnly) ?? pane.state!.channels.find((c) => !c.readOnly))?.id ?? "");
    this.page.turnTo(pane);
    this.page.show("talk");
    if (pane.part !== "messages") this.page.part(pane, "messages");
    pane.writing.note(pane.writing.text.trim());
    pane.writing.takeUp(text);
    this.page.draw();
    document.getElementById(pane.id("say"))?.focus();
    pane.writing.open = false;
    this.page.draw();
  }

  protected write(pane: Pane, at: number, say: string, text: string, then: string): Step {
    if (pane.writing.text.trim() !== text) return { at, say, acts: [{ label: "Write it for me", run: () => this.fill(pane, text) }] };
    return this.sendIt(pane, at, then);
  }

  protected sendIt(pane: Pane, at: number, say: string): Step {
    const run = () => { document.getElementById(pane.id("say"))?.focus(); void send(this.page, pane); };
    return { at, say, acts: [{ label: "Send it", run }], point: `${pane.selector} [data-testid="send"]` };
  }
}
