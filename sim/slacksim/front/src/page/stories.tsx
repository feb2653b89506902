/* The stories to choose from, and the steps of the one that is told: what was done, and what was seen then. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Page } from "./page";
import type { Story, StoryNow, StoryStep } from "./payload";

const OneStory = ({ page, story, now }: { page: Page; story: Story; now: boolean }) => (
  <li>
    <button type="button" class="story" data-testid={"story-" + story.name} disabled={Boolean(story.not)} aria-current={now ? "true" : undefined} onClick={() => page.tell({ begin: story.name })}>
      <b>{story.told > 0 && <span class="story-told">✓<span class="unseen"> seen: </span></span>}{story.title}</b>
      <small>{story.not || story.why}</small>
    </button>
  </li>
);

const OneStep = ({ step, no, at }: { step: StoryStep; no: number; at: number }) => (
  <li class={no < at ? "done" : no === at ? "now" : ""} aria-current={no === at ? "step" : undefined} data-testid={"story-step-" + no} data-done={no < at}>
    <span class="story-mark" aria-hidden="true">{no < at ? "✓" : no + 1}</span>
    <div>
      <p>{no < at && <span class="unseen">Done: </span>}{step.say}</p>
      {no <= at && step.sees.length > 0 && <ul>{step.sees.map((sight) => <li key={sight.say} class={sight.seen ? "seen" : ""}><span aria-hidden="true">{sight.seen ? "✓" : "·"}</span><span>{sight.seen && <span class="unseen">Seen: </span>}{sight.say}</span></li>)}</ul>}
    </div>
  </li>
);

const Steps = ({ now }: { now: StoryNow }) => <ol class="story-steps" aria-label={now.title}>{now.steps.map((step, no) => <OneStep key={no} step={step} no={no} at={now.at} />)}</ol>;

/* What unfolds them: it says which story it is, and how far. */
export const StoriesButton = ({ page }: { page: Page }) => {
  const telling = page.state?.stories;
  if (!telling) return null;
  const { now } = telling;
  return (
    <button type="button" class={"stories-open" + (now ? " telling" : "")} aria-expanded={page.guide.stories} aria-controls="stories" data-testid="stories-open"
      onClick={() => { page.guide.stories = !page.guide.stories; page.draw(); }}>
      {now ? <><b>{now.title}</b> <span data-testid="story-at">{now.next ? `${now.at + 1} of ${now.steps.length}` : "✓"}</span></> : "Stories"}
    </button>
  );
};

/* What stands below the edge of a box that scrolls; its size changes with the window, and what is in it with the story. */
const useBelow = () => {
  const box = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(false);
  const look = () => { const el = box.current; if (el) setBelow(el.scrollHeight - el.clientHeight - el.scrollTop > 8); };
  useLayoutEffect(look);
  useLayoutEffect(() => {
    const sized = new ResizeObserver(look);
    sized.observe(box.current!);
    return () => sized.disconnect();
  }, []);
  const onward = () => box.current?.scrollBy({ top: box.current.clientHeight * 0.8, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  return { box, below, look, onward };
};

const Unfolded = ({ page, now, all }: { page: Page; now: StoryNow | null; all: Story[] }) => {
  const { box, below, look, onward } = useBelow();
  useLayoutEffect(() => box.current?.querySelector(".story-steps .now")?.scrollIntoView({ block: "nearest" }), [now?.name, now?.at]);
  return (
    <section class={"stories" + (below ? " more-below" : "")} id="stories" aria-label="Stories" data-testid="stories"><div class="stories-in" ref={box} onScroll={look} tabindex={0} role="group" aria-label="Stories and steps">
      {now && <Steps now={now} />}
      {now && <p class="story-leave"><button type="button" class="light" data-testid="story-stop" onClick={() => page.tell({ begin: "" })}>Leave this story</button> or choose another:</p>}
      <ul class="story-list">{all.map((story) => <OneStory key={story.name} page={page} story={story} now={story.name === now?.name} />)}</ul>
    </div>
      <button type="button" class="stories-more" data-testid="stories-more" hidden={!below} onClick={onward}>More below</button>
    </section>
  );
};

export const Stories = ({ page }: { page: Page }) => {
  const telling = page.state?.stories;
  return telling && page.guide.stories && !page.lost ? <Unfolded page={page} now={telling.now} all={telling.all} /> : null;
};
