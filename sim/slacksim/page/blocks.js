"use strict";
/* Block Kit, drawn. `ctx` says where the blocks stand:
     act(press)   what to do when an element is pressed; press = {block_id, action_id, value, state, label}
     warn(block_id, action_id)  the sentence beside an element whose press failed, or ""
     inputs       Map "block_id action_id" -> {el, read}, filled while drawing (views read it on submit)
     kept         state of an earlier drawing, or {}
     errors       {block_id: sentence} of a refused submission
     suggest(block_id, action_id, text)  what the app offers in a menu (views) */

const confirmThen = async (element, run) => {
  if (!element.confirm || (await askConfirm(element.confirm))) run();
};

const warning = (ctx, block, element) => {
  const words = ctx.warn?.(block.block_id, element.action_id);
  return words && h("span", { class: "warn", role: "status", "data-testid": "warning", title: words }, h("span", { "aria-hidden": "true" }, "⚠"), " ", words);
};

const buttonElement = (element, block, ctx) => {
  const label = textOf(element.text);
  const style = ["primary", "danger"].includes(element.style) ? " " + element.style : "";
  const press = () => ctx.act({ block_id: block.block_id, action_id: element.action_id, value: element.value || "", label });
  const button = h("button", {
    type: "button", class: "block-button" + style, "aria-label": element.accessibility_label,
    "data-testid": "button-" + label, "data-action-id": element.action_id, "data-block-id": block.block_id,
    on: { click: () => { if (safeHref(element.url || "")) window.open(element.url, "_blank", "noopener"); confirmThen(element, press); } },
  }, label);
  return h("span", { class: "element" }, button, warning(ctx, block, element));
};

const overflowElement = (element, block, ctx) => {
  const pick = (option) => confirmThen(element, () => ctx.act({
    block_id: block.block_id, action_id: element.action_id, value: option.value, label: textOf(option.text),
    state: { type: "overflow", selected_option: option },
  }));
  return h("details", { class: "overflow" }, h("summary", { "aria-label": "More actions", "data-action-id": element.action_id, "data-block-id": block.block_id }, "⋯"),
    h("div", { class: "overflow-list" }, element.options.map((option) =>
      h("button", { type: "button", "data-testid": "button-" + textOf(option.text), on: { click: (e) => { e.target.closest("details").open = false; pick(option); } } }, textOf(option.text)))));
};

/* An element outside an input block acts as soon as it changes. */
const liveInput = (element, block, ctx) => {
  const key = `${block.block_id} ${element.action_id}`;
  const made = makeInput(element, ctx.kept?.[block.block_id]?.[element.action_id],
    () => confirmThen(element, () => ctx.act({ block_id: block.block_id, action_id: element.action_id, value: "", state: made.read(), label: "" })),
    { "aria-label": textOf(element.placeholder) || element.action_id, "data-action-id": element.action_id });
  if (!made) return unknown(element.type);
  ctx.inputs?.set(key, { block_id: block.block_id, action_id: element.action_id, ...made });
  return h("span", { class: "element" }, made.el, warning(ctx, block, element));
};

const imageElement = (element) => h("span", { class: "picture", role: "img", "aria-label": element.alt_text, title: element.alt_text }, "▧");

const drawElement = (element, block, ctx) => {
  if (element.type === "button" || element.type === "workflow_button") return buttonElement(element, block, ctx);
  if (element.type === "overflow") return overflowElement(element, block, ctx);
  if (element.type === "image") return imageElement(element);
  return liveInput(element, block, ctx);
};

const unknown = (type) => h("span", { class: "unknown" }, `(this page can’t show “${type}”)`);

const sectionBlock = (block, ctx) => h("div", { class: "section" },
  h("div", { class: "section-main" },
    block.text && h("div", { class: "section-text" }, textObject(block.text)),
    block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, textObject(field))))),
  block.accessory && h("div", { class: "accessory" }, drawElement(block.accessory, block, ctx)));

/* An input block: label, element, hint and the error of a refused submission, tied together for readers. */
const inputBlock = (block, ctx) => {
  const element = block.element;
  const id = `f-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "_") + "-" + Math.random().toString(36).slice(2, 7);
  const error = ctx.errors?.[block.block_id];
  const changed = () => {
    if (block.dispatch_action) ctx.act({ block_id: block.block_id, action_id: element.action_id, value: "", state: made.read(), label: "" });
  };
  const made = makeInput(element, ctx.kept?.[block.block_id]?.[element.action_id], changed, {
    id, "data-testid": "field-" + block.block_id, "data-action-id": element.action_id, "aria-labelledby": id + "-l",
    "aria-describedby": id + "-d", "aria-invalid": error ? "true" : undefined,
  }, (text) => ctx.suggest(block.block_id, element.action_id, text));
  if (!made) return unknown(element.type);
  ctx.inputs?.set(`${block.block_id} ${element.action_id}`, { block_id: block.block_id, action_id: element.action_id, optional: Boolean(block.optional), ...made });
  return h("div", { class: "field" + (error ? " field-wrong" : ""), "data-block-id": block.block_id },
    h("label", { id: id + "-l", for: id }, textOf(block.label), block.optional && h("span", { class: "optional" }, " optional")),
    made.el,
    h("div", { id: id + "-d" },
      error && h("p", { class: "field-error", role: "alert", "data-testid": "error-" + block.block_id }, plain(error)),
      block.hint && h("p", { class: "hint" }, textOf(block.hint))));
};

const BLOCKS = {
  section: sectionBlock,
  divider: () => h("hr"),
  header: (block) => h("h3", { class: "block-header" }, textOf(block.text)),
  context: (block, ctx) => h("div", { class: "context" }, block.elements.map((e) => (e.type === "image" ? imageElement(e, ctx) : h("span", {}, textObject(e))))),
  actions: (block, ctx) => h("div", { class: "actions" }, block.elements.map((e) => drawElement(e, block, ctx))),
  image: (block) => h("figure", { class: "image" }, h("div", { role: "img", "aria-label": block.alt_text }, "▧ " + block.alt_text), block.title && h("figcaption", {}, textOf(block.title))),
  rich_text: (block) => h("div", { class: "rich" }, richText(block)),
  table: tableBlock,
  data_table: dataTableBlock,
  data_visualization: dataVisualizationBlock,
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  input: inputBlock,
};

const drawBlocks = (blocks, ctx) => blocks.map((block) => {
  const draw = Object.hasOwn(BLOCKS, block.type) && BLOCKS[block.type];
  return h("div", { class: "block block-" + block.type }, draw ? draw(block, ctx) : unknown(block.type));
});
