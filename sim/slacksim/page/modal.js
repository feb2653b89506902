"use strict";
/* Dialogs: the confirmation of a button, and the app's forms (views). Both are <dialog>s,
   so focus stays inside and Escape closes them. */

const askConfirm = (confirm) => new Promise((resolve) => {
  const done = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
  const style = confirm.style === "danger" ? "danger" : "primary";
  const dialog = h("dialog", { class: "modal modal-small", "data-testid": "confirm", "aria-label": textOf(confirm.title), on: { cancel: (e) => { e.preventDefault(); done(false); } } },
    h("div", { class: "modal-head" }, h("h2", {}, textOf(confirm.title))),
    h("div", { class: "modal-body" }, h("p", {}, textObject(confirm.text))),
    h("div", { class: "modal-foot" },
      h("button", { type: "button", class: "block-button", "data-testid": "confirm-no", on: { click: () => done(false) } }, textOf(confirm.deny) || "Cancel"),
      h("button", { type: "button", class: "block-button " + style, "data-testid": "confirm-yes", on: { click: () => done(true) } }, textOf(confirm.confirm) || "Yes")));
  byId("dialogs").append(dialog);
  dialog.showModal();
});

const Modal = { id: null, print: "", dialog: null, inputs: new Map(), as: "" };

/* The values of a form in Slack's shape: values[block_id][action_id]. */
const readValues = (inputs) => {
  const values = {};
  for (const { block_id, action_id, read } of inputs.values()) (values[block_id] ??= {})[action_id] = read();
  return values;
};

const isEmpty = (state) => Object.entries(state).every(([name, value]) => name === "type" || value === null || value.length === 0);

/* What Slack's client itself refuses before anything is sent: an empty required field. */
const missing = (inputs) => Object.fromEntries([...inputs.values()].filter((i) => i.optional === false && isEmpty(i.read()))
  .map((i) => [i.block_id, "Please complete this required field."]));

const submitModal = async (view) => {
  const errors = missing(Modal.inputs);
  if (Object.keys(errors).length) return redrawModal(view, errors);
  const values = formValues();
  Modal.dialog.classList.add("busy");
  try {
    await call("/page/submit", { as: World.me, view_id: view.id, values });
  } catch (error) {
    noteInModal(view, error);
  } finally {
    Modal.dialog?.classList.remove("busy");
  }
};

/* Words that stand in the form itself: a note under the composer would be behind it. */
const noteInModal = (view, error) => redrawModal({ ...view, note: error.stopped ? "The demo has stopped. Your text is still here." : error.message }, {});

const closeModal = (view) => call("/page/close", { as: World.me, view_id: view.id }).catch((error) => noteInModal(view, error));

const pressView = (view) => (press) => {
  const { block_id, action_id, state } = press;
  call("/page/click", { as: World.me, view_id: view.id, block_id, action_id, state, values: formValues() }).catch((error) => noteInModal(view, error));
};

/* What is filled in by now: the app hears of it with whatever it hears. Live elements have told theirs already. */
const formValues = () => readValues(new Map([...Modal.inputs].filter(([, input]) => input.optional !== undefined)));

const suggestIn = (view) => async (block_id, action_id, text) =>
  (await call("/page/suggest", { as: World.me, view_id: view.id, block_id, action_id, text, values: formValues() })).menu;

const keepForm = () => { if (Modal.id) remember("form " + Modal.id, JSON.stringify(readValues(Modal.inputs))); };
const keptForm = (view) => JSON.parse(recall("form " + view.id) || "{}");

const modalContent = (view, errors, kept) => {
  const { title, submit, close, blocks } = view.view;
  Modal.inputs = new Map();
  const ctx = { act: pressView(view), suggest: suggestIn(view), inputs: Modal.inputs, kept, errors };
  const body = drawBlocks(blocks || [], ctx);
  return h("form", { novalidate: true, on: { input: keepForm, change: keepForm, submit: (e) => { e.preventDefault(); submitModal(view); } } },
    h("div", { class: "modal-head" }, h("h2", { id: "modal-title" }, textOf(title)),
      h("button", { type: "button", class: "modal-x", "aria-label": "Close", "data-testid": "modal-x", on: { click: () => closeModal(view) } }, "×")),
    h("div", { class: "modal-body" }, view.note && h("p", { class: "modal-note", role: "alert", "data-testid": "modal-note" }, view.note), body),
    h("div", { class: "modal-foot" },
      h("button", { type: "button", class: "block-button", "data-testid": "modal-cancel", on: { click: () => closeModal(view) } }, textOf(close) || "Cancel"),
      submit && h("button", { type: "submit", class: "block-button primary", "data-testid": "modal-submit" }, textOf(submit))));
};

const redrawModal = (view, errors) => {
  const kept = readValues(Modal.inputs);
  Modal.dialog.replaceChildren(modalContent(view, errors, kept));
  const wrong = Modal.dialog.querySelector("[aria-invalid]");
  (wrong?.matches("input,select,textarea") ? wrong : wrong?.querySelector("input"))?.focus();
};

const openModal = (view) => {
  noteOpener();
  const dialog = h("dialog", { class: "modal", "data-testid": "modal", "aria-labelledby": "modal-title", on: { cancel: (e) => { e.preventDefault(); closeModal(view); } } });
  Object.assign(Modal, { id: view.id, dialog, inputs: new Map(), as: World.me });
  dialog.append(modalContent(view, view.errors || {}, keptForm(view)));
  byId("dialogs").append(dialog);
  dialog.showModal();
  dialog.querySelector(".modal-body input, .modal-body textarea, .modal-body select")?.focus();
};

const dropModal = () => {
  Modal.dialog?.close();
  Modal.dialog?.remove();
  Searches.clear();
  Adding.clear();
  Object.assign(Modal, { id: null, print: "", dialog: null, inputs: new Map() });
};

/* Shows the top view of this person's stack, or none. Values survive where block and action stay. */
const syncModal = (views) => {
  const view = views.filter((v) => v.view.type === "modal").at(-1);
  forgetForms(views.map((v) => v.id));
  const print = JSON.stringify(view || null);
  if (!view) return dropModal();
  if (view.id === Modal.id && Modal.as === World.me) {
    if (print !== Modal.print) redrawModal(view, view.errors || {});
  } else {
    dropModal();
    openModal(view);
  }
  Modal.print = print;
};
