"use strict";
/* Shortcuts: those that are used anywhere stand beside the composer, those for a message in its corner. */

const useShortcut = (shortcut, where) => call("/page/shortcut", { as: World.me, shortcut: shortcut.callback_id, ...where }).catch((error) => App.note(error.message, true));

const shortcutsOf = (type) => (App.state?.shortcuts || []).filter((s) => s.type === type);

const shortcutMenu = (type, label, where, mark) => {
  const all = shortcutsOf(type);
  return all.length > 0 && h("details", { class: "shortcuts shortcuts-" + type }, h("summary", { "aria-label": label, title: label, "data-testid": "shortcuts-" + type }, mark),
    h("div", { class: "overflow-list" }, all.map((s) => h("button", { type: "button", title: s.description, "data-testid": "shortcut-" + s.callback_id,
      on: { click: (e) => { e.target.closest("details").open = false; useShortcut(s, where); } } }, s.name))));
};

/* Drawn once the page knows which there are. */
const drawShortcuts = () => {
  const place = byId("shortcuts");
  if (place.childElementCount === 0) place.replaceChildren(...[shortcutMenu("global", "Shortcuts", {}, "⚡")].filter(Boolean));
};

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.shortcuts[open]")) if (!open.contains(event.target)) open.open = false;
});
