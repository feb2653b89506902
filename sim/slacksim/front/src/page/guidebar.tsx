/* The guide as it stands above the conversation: one line, with what to do next. Small windows begin with less of it. */
import { useLayoutEffect } from "preact/hooks";
import { focusOn } from "./focus";
import { guideStep, ROUND } from "./guide";
import type { Act, Step } from "./leader";
import type { Page } from "./page";
import { Stories, StoriesButton } from "./stories";
import { storyStep } from "./story";

const pointAt = (selector: string | undefined) => {
  const here = selector ? document.querySelector(selector) : null;
  for (const el of document.querySelectorAll(".point-here")) if (el !== here) el.classList.remove("point-here");
  here?.classList.add("point-here");
};

const Steps = ({ at }: { at: number }) => (
  <ol class="steps" id="steps" aria-hidden="true">{ROUND.map((word, i) => (
    <li key={word} class={i < at ? "done" : i === at ? "now" : ""}><span>{i < at ? "✓" : i + 1}</span>{word}</li>
  ))}</ol>
);

const ActButton = ({ page, one }: { page: Page; one: Act }) => (
  <button type="button" title={one.hint} class={one.phone ? "phone-only" : one.light ? "light" : ""} data-testid={one.mark || (one.phone ? "guide-vendor" : "guide-action")}
    onClick={() => { one.run(); page.draw(); }}>{one.label}</button>
);

const classesOf = (step: Step, folded: boolean, story: boolean) =>
  ["guide", folded && "folded", (story || step.at === ROUND.length) && "guide-over", step.acts.every((a) => a.phone || a.light) && "guide-idle"].filter(Boolean).join(" ");

const NONE: Step = { at: 0, say: "", acts: [] };

export const GuideBar = ({ page }: { page: Page }) => {
  const story = storyStep(page);
  const step = story ?? guideStep(page);
  const hidden = page.guide.hidden || (!step && page.state !== null);
  const { say, at, acts } = step ?? NONE;
  const now = page.state?.stories?.now;
  const words = story ? `Step ${Math.min(at + 1, now!.steps.length)} of ${now!.steps.length}` : at < ROUND.length ? `Step ${at + 1} of ${ROUND.length}` : "More to try";
  useLayoutEffect(() => pointAt(hidden ? undefined : step?.point));
  const hide = () => { page.guide.hidden = true; page.draw(); focusOn(document.getElementById("guide-back")); };
  const fold = () => { page.guide.folded = !page.guide.folded; page.draw(); };
  return <>
    <section class={classesOf(step ?? NONE, page.guide.folded, Boolean(story))} id="guide" data-testid="guide" data-step={at} aria-label="Guide" hidden={hidden}>
      <button type="button" class="guide-fold" id="guide-fold" aria-expanded={!page.guide.folded} aria-controls="guide-say guide-do" data-testid="guide-fold" onClick={fold}>
        <span class="unseen">Guide, </span>{words}
      </button>
      {story ? <StoriesButton page={page} /> : <Steps at={at} />}
      <p class="guide-say" id="guide-say" role="status" aria-live="polite" data-testid="guide-text">{say}</p>
      <div class="guide-do" id="guide-do">{acts.map((one) => <ActButton key={one.label + (one.mark ?? "")} page={page} one={one} />)}</div>
      {!story && <StoriesButton page={page} />}
      <button type="button" class="guide-close" id="guide-close" aria-label="Hide the guide" data-testid="guide-hide" onClick={hide}>×</button>
    </section>
    {!hidden && <Stories page={page} />}
  </>;
};

/* What brings a hidden guide back. */
export const GuideBack = ({ page }: { page: Page }) => {
  const show = () => {
    page.guide.hidden = false;
    page.draw();
    focusOn(document.querySelector("#guide-do button")) || focusOn(document.getElementById("guide-close"));
  };
  return <button type="button" class="guide-back" id="guide-back" data-testid="guide-show" hidden={!page.guide.hidden || !page.state?.guide || page.lost} onClick={show}>Show guide</button>;
};
