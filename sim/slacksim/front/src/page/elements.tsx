/* The elements that somebody presses. `Around` says where blocks stand, and what becomes of a press. */
import { useState } from "preact/hooks";
import { drawn } from "./emoji";
import { useHere } from "./here";
import { plain, safeHref, textOf } from "./text";
import type { Block, Confirm, Element, Feedback, Menu, Option, Press } from "./payload";
import type { Form } from "./form";

export type Around = {
  act: (press: Press) => void;
  ask: (confirm: Confirm) => Promise<boolean>; // whether they are sure
  attach: (file: File) => Promise<unknown[]>; // takes a file up to the workspace
  warn?: (action: string) => string | undefined; // the sentence beside an element whose press failed
  form?: Form; // in a view: what is filled in
  errors?: Record<string, string>; // of a refused submission, by block
  suggest?: (block: string, action: string, text: string) => Promise<Menu>; // what the app offers in a menu
  name: string; // unlike that of any other place: what begins the ids here
};

export const confirmThen = async (element: Element, around: Around, run: () => void) => {
  if (!element.confirm || (await around.ask(element.confirm))) run();
};

export const Warning = ({ element, around }: { element: Element; around: Around }) => {
  const words = around.warn?.(element.action_id);
  return words ? <span class="warn" role="status" data-testid="warning" title={words}><span aria-hidden="true">⚠</span> {words}</span> : null;
};

/* Elements stand under a key of all that they are: what looks like the one before and does something else is another. */
export const keyOf = (element: { type?: string; action_id?: string; value?: string }) => [element.type, element.action_id, element.value].join(" ");

export const ButtonElement = ({ element, block, around }: { element: Element; block: Block; around: Around }) => {
  const label = textOf(element.text);
  const style = ["primary", "danger"].includes(element.style ?? "") ? " " + element.style : "";
  const press = () => {
    if (safeHref(element.url || "")) window.open(element.url, "_blank", "noopener");
    void confirmThen(element, around, () => around.act({ block_id: block.block_id, action_id: element.action_id, value: element.value || "", label }));
  };
  return (
    <span class="element">
      <button type="button" class={"block-button" + style} aria-label={element.accessibility_label} data-testid={"button-" + label}
        data-action-id={element.action_id} data-block-id={block.block_id} onClick={press}>{drawn(label)}</button>
      <Warning element={element} around={around} />
    </span>
  );
};

const closeAround = (target: EventTarget | null) => { const details = (target as HTMLElement | null)?.closest("details"); if (details) details.open = false; };

export const OverflowElement = ({ element, block, around }: { element: Element; block: Block; around: Around }) => {
  const pick = (option: Option) => confirmThen(element, around, () => around.act({
    block_id: block.block_id, action_id: element.action_id, value: option.value, label: textOf(option.text), state: { type: "overflow", selected_option: option },
  }));
  return (
    <details class="overflow" onToggle={(e) => { if (e.currentTarget.open) e.currentTarget.querySelector(".overflow-list")!.scrollIntoView({ block: "nearest" }); }}>
      <summary aria-label="More actions" data-action-id={element.action_id} data-block-id={block.block_id}>⋯</summary>
      <div class="overflow-list">{(element.options ?? []).map((option) => (
        <button key={option.value} type="button" data-testid={"button-" + textOf(option.text)} onClick={(e) => { closeAround(e.target); void pick(option); }}>{textOf(option.text)}</button>
      ))}</div>
    </details>
  );
};

const TRASH = <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M2.5 4h11M6.5 4V2.5h3V4M4 4l.7 9.5h6.6L12 4M6.6 6.5v4.7M9.4 6.5v4.7" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round" /></svg>;

/* A button that is a sign; some are for certain people alone. */
export const IconButton = ({ element, block, around }: { element: Element; block: Block; around: Around }) => {
  const { me } = useHere();
  const label = textOf(element.text);
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(me)) return null;
  const press = () => void confirmThen(element, around, () => around.act({ block_id: block.block_id, action_id: element.action_id, value: element.value || "", label }));
  return (
    <span class="element">
      <button type="button" class="icon-button" title={label} aria-label={element.accessibility_label || label} data-testid={"button-" + label} data-action-id={element.action_id} data-block-id={block.block_id}
        onClick={press}>{element.icon === "trash" ? TRASH : label}</button>
      <Warning element={element} around={around} />
    </span>
  );
};

/* Good or bad: two thumbs. Which of them was pressed stays so, as Slack has it. */
export const FeedbackButtons = ({ element, block, around }: { element: Element; block: Block; around: Around }) => {
  const [chosen, choose] = useState("");
  const thumb = (one: Feedback | undefined, up: boolean) => {
    if (!one) return null;
    const label = textOf(one.text);
    const press = () => void confirmThen(element, around, () => {
      choose(one.value);
      around.act({ block_id: block.block_id, action_id: element.action_id, value: one.value, label, state: { type: "feedback_buttons", value: one.value } });
    });
    return <button type="button" class="icon-button" title={label} aria-label={one.accessibility_label || label} aria-pressed={chosen === one.value} data-testid={"button-" + label} data-action-id={element.action_id}
      data-block-id={block.block_id} onClick={press}><span aria-hidden="true">{drawn(up ? "👍" : "👎")}</span></button>;
  };
  return <span class="element">{thumb(element.positive_button, true)}{thumb(element.negative_button, false)}<Warning element={element} around={around} /></span>;
};

export const ImageElement = ({ words }: { words?: string }) => <span class="picture" role="img" aria-label={plain(words)} title={words}>▧</span>;

export const Unknown = ({ type }: { type: string }) => <span class="unknown">(this page can't show “{type}”)</span>;
