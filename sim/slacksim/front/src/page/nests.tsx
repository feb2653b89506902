/* The newer blocks: those that hold others (container, layout, carousel), and those that stand in them. */
import type { ComponentChildren } from "preact";
import { Blocks } from "./blocks";
import { ButtonElement, keyOf, type Around } from "./elements";
import { drawn } from "./emoji";
import type { Block, Text } from "./payload";
import { richText } from "./rich";
import { Link, textObject, textOf } from "./text";

const anyText = (text: Text | string | undefined) => (typeof text === "string" ? drawn(text) : textObject(text));

const LEVELS: Record<string, string> = { info: "ℹ", warning: "⚠", error: "⛔", success: "✓" };

/* How serious an alert is is said in a word, too, for who doesn't see its color. */
export const Alert = ({ block }: { block: Block }) => {
  const level = block.level ?? "default";
  return <div class={"alert alert-" + level} role="note">{LEVELS[level] && <span aria-hidden="true">{LEVELS[level]}</span>}<span>{LEVELS[level] && <span class="unseen">{level}: </span>}{anyText(block.text)}</span></div>;
};

const Picture = ({ image }: { image: { alt_text?: string } | undefined }) => (image ? <div class="card-picture" role="img" aria-label={image.alt_text}>▧ {image.alt_text}</div> : null);

export const Card = ({ block, around }: { block: Block; around: Around }) => (
  <div class="card" role="group" aria-label={textOf(block.title as Text | undefined) || "Card"}>
    <Picture image={block.hero_image} />
    {block.title && <p class="card-title">{anyText(block.title)}</p>}
    {block.subtitle && <p class="card-subtitle">{anyText(block.subtitle)}</p>}
    {block.body && <p>{anyText(block.body)}</p>}
    {block.subtext && <p class="card-subtitle">{anyText(block.subtext)}</p>}
    {block.actions && <div class="actions">{block.actions.map((e) => <ButtonElement key={keyOf(e)} element={e} block={block} around={around} />)}</div>}
  </div>
);

/* The cards stand in a row that one pushes along. */
export const Carousel = ({ block, around }: { block: Block; around: Around }) => (
  <div class="carousel" tabindex={0} role="group" aria-label="Cards">{((block.elements ?? []) as unknown as Block[]).map((card, i) => <Card key={card.block_id ?? i} block={card} around={around} />)}</div>
);

export const Container = ({ block, around }: { block: Block; around: Around }) => {
  const head = <>
    <span class="container-title">{block.rich_text_title ? richText(block.rich_text_title) : anyText(block.title)}</span>
    {block.subtitle && <span class="card-subtitle">{anyText(block.subtitle)}</span>}
  </>;
  const inside = <Blocks blocks={block.child_blocks ?? []} around={around} />;
  const wide = "container container-" + (block.width ?? "standard");
  if (!block.is_collapsible) return <div class={wide}><div class={"container-head" + (block.has_header_divider ? " divided" : "")}>{head}</div>{inside}</div>;
  return <Folded wide={wide} closed={Boolean(block.default_collapsed)} head={head} inside={inside} />;
};

/* Whether it is open is its reader's from then on: drawing it again takes nothing back. */
const Folded = ({ wide, closed, head, inside }: { wide: string; closed: boolean; head: ComponentChildren; inside: ComponentChildren }) => (
  <details class={wide} ref={(el) => { if (el && !el.dataset.begun) { el.dataset.begun = "true"; el.open = !closed; } }}><summary class="container-head">{head}</summary>{inside}</details>
);

const SHARES: Record<string, string> = { narrow: "1fr", standard: "2fr", wide: "3fr" };

/* Blocks side by side; where that is too narrow, one under the other. */
export const Layout = ({ block, around }: { block: Block; around: Around }) => (
  <div class={"layout grid-" + (block.grid_lines ?? "none")} role="group" aria-label={block.label as unknown as string}>
    {block.is_label_visible && <p class="layout-label">{drawn(String(block.label))}</p>}
    {((block.rows ?? []) as unknown as { items: { block: Block; width?: string; horizontal_alignment?: string }[] }[]).map((row) => (
      <div class="layout-row" style={{ "--shares": row.items.map((item) => SHARES[item.width ?? "standard"]).join(" ") }}>
        {row.items.map((item) => <div class={"layout-item align-" + (item.horizontal_alignment ?? "start")}><Blocks blocks={[item.block]} around={around} /></div>)}
      </div>
    ))}
  </div>
);

export const Video = ({ block }: { block: Block }) => (
  <figure class="image">
    <div role="img" aria-label={block.alt_text}>▶ {block.alt_text}</div>
    <figcaption>{block.title_url ? <Link address={block.title_url}>{textOf(block.title as Text)}</Link> : textOf(block.title as Text)}{block.description && <> · {textOf(block.description)}</>}</figcaption>
  </figure>
);

export const RemoteFile = ({ block }: { block: Block }) => <p class="file"><span aria-hidden="true">▤ </span><b>{block.external_id}</b> from another place</p>;

const STATES: Record<string, string> = { pending: "waiting", in_progress: "at work", complete: "done", error: "failed" };

/* What a task did and found stands under it, with where it comes from. */
export const Task = ({ block }: { block: Block }) => (
  <div class="task">
    <p><b>{drawn(String(block.title ?? ""))}</b> {block.status && <span class="app-tag">{STATES[block.status] ?? block.status}</span>}</p>
    {block.details && <div class="card-subtitle">{richText(block.details)}</div>}
    {block.output && richText(block.output)}
    {block.sources && <ul class="rich-list">{block.sources.map((source) => <li key={source.url}><Link address={source.url ?? ""}>{source.text || source.url}</Link></li>)}</ul>}
  </div>
);

export const Plan = ({ block }: { block: Block }) => (
  <div class="plan"><p class="card-title">{drawn(String(block.title ?? ""))}</p>{(block.tasks ?? []).map((task, i) => <Task key={i} block={task} />)}</div>
);
