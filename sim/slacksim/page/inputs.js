"use strict";
/* Block Kit elements that hold a value. Each maker answers {el, read}: `read` gives the
   element's entry of Slack's view state, {type, value | selected_…}. `kept` is such an entry
   from an earlier drawing: values survive an update of the view. `changed` runs on a change, and
   `ask(text)` asks the app for the options of a menu that has none of its own (picker.js). */

const optionKey = (option) => option.value;
const allOptions = (element) => element.options || (element.option_groups || []).flatMap((group) => group.options);

const entry = (type, field, value) => ({ type, [field]: value });

const textMaker = (inputType, attributes = () => ({})) => (element, kept, changed, name) => {
  const long = element.type === "plain_text_input" && element.multiline;
  const el = h(long ? "textarea" : "input", {
    ...name, type: long ? undefined : inputType, rows: long ? "3" : undefined,
    placeholder: textOf(element.placeholder), value: (kept ? kept.value : element.initial_value) ?? "",
    minlength: element.min_length, maxlength: element.max_length, ...attributes(element), on: { change: changed },
  });
  return { el, read: () => entry(element.type, "value", el.value === "" ? null : el.value) };
};

const pickerMaker = (inputType, field, initial) => (element, kept, changed, name) => {
  const el = h("input", { ...name, type: inputType, value: (kept ? kept[field] : element[initial]) ?? "", on: { change: changed } });
  return { el, read: () => entry(element.type, field, el.value || null) };
};

/* A drop-down over [{key, label}]; `toEntry` turns the chosen key into the state's value. */
const dropDown = (element, choices, chosen, field, toEntry, changed, name) => {
  const el = h("select", { ...name, on: { change: changed } },
    h("option", { value: "" }, textOf(element.placeholder) || "Choose…"),
    choices.map(({ key, label }) => h("option", { value: key, selected: key === chosen }, label)));
  return { el, read: () => entry(element.type, field, el.value ? toEntry(el.value) : null) };
};

const staticSelect = (element, kept, changed, name) => {
  const options = allOptions(element);
  const chosen = (kept ? kept.selected_option : element.initial_option)?.value;
  return dropDown(element, options.map((o) => ({ key: optionKey(o), label: textOf(o.text) })), chosen, "selected_option",
    (key) => options.find((o) => optionKey(o) === key), changed, name);
};

const peopleSelect = (element, kept, changed, name) => {
  const people = [...World.people.values()].filter((p) => !p.bot).map((p) => ({ key: p.id, label: p.name }));
  return dropDown(element, people, kept ? kept.selected_user : element.initial_user, "selected_user", (key) => key, changed, name);
};

const channelSelect = (field, initial) => (element, kept, changed, name) => {
  const channels = [...World.channels.values()].filter((c) => c.kind !== "dm").map((c) => ({ key: c.id, label: "#" + c.name }));
  return dropDown(element, channels, kept ? kept[field] : element[initial], field, (key) => key, changed, name);
};

/* Checkboxes, radio buttons and multi-selects are all a list of ticks; a long list gets a filter. */
const ticks = (inputType, choices, chosen, changed, name, most = Infinity) => {
  const group = "tick-" + Math.random().toString(36).slice(2);
  /* What is full takes no more: the boxes that are empty wait until one is emptied. */
  const bound = () => {
    const full = rows.filter(({ box }) => box.checked).length >= most;
    rows.forEach(({ box }) => { box.disabled = full && !box.checked; });
  };
  const rows = choices.map(({ key, label, more }) => {
    const box = h("input", { type: inputType, name: group, value: key, checked: chosen.includes(key), on: { change: (event) => { bound(); changed(event); } } });
    return { box, row: h("label", { class: "tick" }, box, h("span", {}, label, more && h("small", {}, more))) };
  });
  const filter = choices.length > 8 && h("input", {
    type: "search", class: "tick-filter", placeholder: "Find…", "aria-label": "Filter the options",
    on: { input: (event) => rows.forEach(({ row }) => { row.hidden = !row.textContent.toLowerCase().includes(event.target.value.toLowerCase()); }) },
  });
  bound();
  const el = h("div", { class: choices.length > 8 ? "ticks ticks-long" : "ticks", role: inputType === "radio" ? "radiogroup" : "group", ...name }, filter, rows.map(({ row }) => row));
  return { el, picked: () => rows.filter(({ box }) => box.checked).map(({ box }) => box.value) };
};

const asChoice = (o) => ({ key: optionKey(o), label: textObject(o.text), more: o.description && textObject(o.description) });

const ticksMaker = (element, kept, changed, name) => {
  const options = allOptions(element);
  const start = (kept ? kept.selected_options : element.initial_options) || [];
  const list = ticks("checkbox", options.map(asChoice), start.map(optionKey), changed, name);
  return { el: list.el, read: () => entry(element.type, "selected_options", options.filter((o) => list.picked().includes(optionKey(o)))) };
};

const radioMaker = (element, kept, changed, name) => {
  const start = kept ? kept.selected_option : element.initial_option;
  const list = ticks("radio", element.options.map(asChoice), start ? [optionKey(start)] : [], changed, name);
  return { el: list.el, read: () => entry(element.type, "selected_option", element.options.find((o) => optionKey(o) === list.picked()[0]) || null) };
};

const multiPeople = (element, kept, changed, name) => {
  const people = [...World.people.values()].filter((p) => !p.bot).map((p) => ({ key: p.id, label: p.name }));
  const list = ticks("checkbox", people, (kept ? kept.selected_users : element.initial_users) || [], changed, name, element.max_selected_items);
  return { el: list.el, read: () => entry(element.type, "selected_users", list.picked()) };
};

/* A file goes up to Slack as soon as it is picked, before the form is sent. */
const attach = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return (await call("/page/attach", { as: World.me, name: file.name, content: btoa(letters) })).files;
};

/* What is on its way up from each field: a form that is drawn anew meanwhile goes on waiting for it. */
const Adding = new Map();

const fileMaker = (element, kept, changed, name) => {
  const here = name["data-testid"];
  let files = kept?.files ?? [];
  const most = element.max_files ?? 10;
  const names = () => files.map((f) => f.name).join(", ");
  const said = h("small", { class: "files", role: "status", "data-testid": "files" }, names());
  const wait = async (added) => {
    said.textContent = "Adding…";
    try {
      files = (await added).flat();
      said.textContent = names();
    } catch (error) {
      files = [];
      said.textContent = error.message;
    }
    if (!box.isConnected || Adding.get(here) !== added) return; // the field that took its place waits too, or another file was picked
    Adding.delete(here);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    changed();
  };
  const take = () => {
    if (!box.files.length) return;
    Adding.set(here, Promise.all([...box.files].slice(0, most).map(attach)));
    wait(Adding.get(here));
  };
  const box = h("input", { ...name, type: "file", multiple: most > 1, on: { change: take } });
  if (Adding.has(here)) wait(Adding.get(here));
  return { el: h("div", { class: "file-field" }, box, said), read: () => entry(element.type, "files", files) };
};

const INPUTS = {
  plain_text_input: textMaker("text"),
  email_text_input: textMaker("email"),
  url_text_input: textMaker("url"),
  number_input: textMaker("number", (e) => ({ min: e.min_value, max: e.max_value, step: e.is_decimal_allowed ? "any" : "1" })),
  static_select: staticSelect,
  multi_static_select: ticksMaker,
  checkboxes: ticksMaker,
  radio_buttons: radioMaker,
  users_select: peopleSelect,
  multi_users_select: multiPeople,
  channels_select: channelSelect("selected_channel", "initial_channel"),
  conversations_select: channelSelect("selected_conversation", "initial_conversation"),
  file_input: fileMaker,
  datepicker: pickerMaker("date", "selected_date", "initial_date"),
  timepicker: pickerMaker("time", "selected_time", "initial_time"),
};

/* A value-holding element, or null where the type is not one. */
const makeInput = (element, kept, changed, name, ask) => (Object.hasOwn(INPUTS, element.type) ? INPUTS[element.type](element, kept, changed, name, ask) : null);
