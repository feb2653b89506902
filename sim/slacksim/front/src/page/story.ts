/* A story under way: what somebody does next in it. The server says how far it has come, from what really happened; this says it for
   whoever is on the screen, and points there. Whatever one does instead stays as it is, and so does the story. */
import { Leader, type Act, type Step } from "./leader";
import type { Pane } from "./pane";
import type { Page } from "./page";
import type { StoryNext, StoryNow } from "./payload";
import { textOf } from "./text";

class Telling extends Leader {
  constructor(page: Page, private now: StoryNow) { super(page); }

  private get at() { return this.now.at; }
  private get say() { return this.now.steps[this.at]!.say; }
  private to(pane: Pane) { return `${this.you(pane)} ${this.now.steps[this.at]!.you}`; }
  private tell(say: string, acts: Act[], point?: string): Step { return { at: this.at, say, acts, point }; }
  private does(label: string): Act { return { label, run: () => this.page.tell({ do: this.at }) }; }

  /* The button of the conversation, or of the person, that leads where somebody has to be. */
  private goes(next: StoryNext, pane: Pane | undefined): Step {
    const name = this.page.pane.here.people.get(next.as)?.name.split(" ")[0] ?? next.as;
    if (!pane) return this.tell(this.say, [{ ...this.be(next.as, next.channel), label: `Be ${name}` }], `[data-testid="persona-${next.as}"]`);
    const dm = pane.state?.channels.find((c) => c.id === next.channel)?.kind === "dm";
    return this.tell(this.to(pane), [{ label: dm ? "Open Usher" : `Open ${this.room(next.channel)}`, run: this.go(next.as, next.channel) }], `${this.side(pane)} [data-testid="channel-${next.channel}"]`);
  }
  private side(pane: Pane) { return this.page.several ? pane.selector : ".side"; }

  /* The form that opens after a press: first what is to be written, then what sends it. */
  private fills(pane: Pane, next: StoryNext): Step | undefined {
    const block = pane.form?.view.blocks?.find((b) => next.fill && textOf(b.label) in next.fill);
    if (!block) return undefined;
    const field = `[data-testid="modal"] [data-testid="field-${block.block_id}"]`;
    const written = document.querySelector<HTMLInputElement>(field)?.value;
    return this.tell(`${this.to(pane)} Press ${textOf(pane.form!.view.submit)} when you've written it.`, [], written ? `[data-testid="modal-submit"]` : field);
  }

  private presses(pane: Pane, next: StoryNext): Step {
    const card = `${pane.selector} [data-channel="${next.channel}"][data-ts="${next.ts}"]`;
    const say = this.to(pane);
    if (!next.pick) return this.tell(`${say} Press ${next.press}.`, [], `${card} [data-testid="button-${next.press}"]`);
    const menu = `summary[data-block-id="${next.block}"]`, open = `${card} details[open]:has(> ${menu})`;
    return this.tell(`${say} Choose ${next.pick} in the menu beside it.`, [], document.querySelector(open) ? `${open} [data-testid="button-${next.pick}"]` : `${card} ${menu}`);
  }

  private writes(pane: Pane, next: StoryNext): Step {
    if (pane.writing.sent === next.type) return this.tell(`${this.you(pane)} It's sent.`, []);
    const { say, acts, point } = this.write(pane, this.at, this.to(pane), next.type, "Press Enter to send it.");
    return this.tell(say, acts, point);
  }

  private happens(next: StoryNext, pane: Pane | undefined): Step {
    const step = this.tell(pane ? this.to(pane) : this.say, this.page.guide.doing ? [] : [this.does(next.does)]);
    if (!next.whom) return step;
    const button = `[data-testid="deactivate-${next.whom}"]`;
    return { ...step, point: document.querySelector(button)?.checkVisibility() ? button : `[data-testid="member-${next.whom}"]` };
  }

  /* There is nothing to press: it's still on its way, or somebody has done something else with it. */
  private lacks(pane: Pane): Step {
    const { name, title } = this.now;
    const not = this.page.state!.stories!.all.find((s) => s.name === name)?.not;
    const say = `${this.you(pane)} What to press isn't here yet. If it doesn't come, something else was done with it: `;
    if (not) return this.tell(`${say}choose another story.`, [{ label: "Leave this story", run: () => this.page.tell({ begin: "" }), mark: "story-leave", light: true }]);
    return this.tell(`${say}begin “${title}” again.`, [this.again()]);
  }
  private again(): Act { return { label: "Begin it again", run: () => this.page.tell({ begin: this.now.name }), mark: "story-again", light: true }; }

  private over(): Step {
    const { title, why, count, left } = this.now;
    const rest = this.page.state!.stories!.all;
    const next = rest.find((s, i) => i > rest.findIndex((one) => one.name === this.now.name) && !s.not) ?? rest.find((s) => !s.told && !s.not);
    const acts: Act[] = next ? [{ label: next.title, run: () => this.page.tell({ begin: next.name }), hint: next.why, mark: "story-next" }] : [];
    return this.tell(`That was “${title}”. ${left || why}${count ? ` Counted${left ? " in SE Ranking" : ""}: ${count}.` : ""}`, [...acts, { label: "Stop here", run: () => this.page.tell({ begin: "" }), mark: "story-leave", light: true }]);
  }

  step(): Step {
    const { next } = this.now;
    if (!next) return this.over();
    if (next.late) return this.tell("It's too late to kill Usher in the middle: SE Ranking has answered, and the card says done. Do it again, and kill it sooner.", [{ ...this.again(), label: "Do it again" }]);
    if (next.waits) return this.tell(`${this.say} Coming next: ${next.waits}`, []);
    const pane = next.as ? this.page.paneOf(next.as) : undefined;
    if (next.as && (!pane || (next.channel && pane.channel !== next.channel))) return this.goes(next, pane);
    if (next.does) return this.happens(next, pane);
    if (next.type) return this.writes(pane!, next);
    const form = this.fills(pane!, next);
    if (form) return form;
    return next.ts ? this.presses(pane!, next) : this.lacks(pane!);
  }
}

/* What comes next in the story that is told; null: none is. */
export const storyStep = (page: Page): Step | null => {
  const now = page.state?.stories?.now;
  return now && !page.lost ? new Telling(page, now).step() : null;
};
