"use strict";
/* An external select: what one types is sent to the app, and what it offers can be picked. Of a menu for many the picked
   stand above it, each with a way to take it out. `ask(text)` answers the app's options or groups of options. */

/* What is typed into each menu by now, what was found for it and which of that is marked: a form that is drawn anew takes
   none of it away, not even for a moment. */
const Searches = new Map();

const SEARCH_PAUSE = 180; // ms without a key before the app is asked

const menuMaker = (many) => (element, kept, changed, name, ask) => {
  const field = many ? "selected_options" : "selected_option";
  const begun = kept ? kept[field] : many ? element.initial_options : element.initial_option;
  const listId = name.id + "-list";
  const here = name["data-testid"];
  let chosen = many ? [...(begun || [])] : begun ? [begun] : [];
  let offered = [];
  let active = -1;
  let asked = 0;
  let pause;

  const pills = h("ul", { class: "picked" });
  const list = h("div", { class: "offers", role: "listbox", id: listId, "aria-label": "Found", hidden: true });
  const say = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const box = h("input", {
    ...name, type: "search", autocomplete: "off", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId,
    placeholder: textOf(element.placeholder) || "Search…", value: Searches.get(here)?.text || "",
  });

  const close = () => { list.hidden = true; active = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  /* All that is offered comes into sight above what stands still at the form's foot; where that is too much, what one types stays. */
  const show = () => [list, box].forEach((el) => el.scrollIntoView({ block: "nearest" }));
  const drawPills = () => pills.replaceChildren(...chosen.map((option) => h("li", { class: "pill" }, h("span", {}, textOf(option.text)),
    h("button", { type: "button", "aria-label": "Take out " + textOf(option.text), "data-testid": "out-" + option.value, on: { click: () => { put(chosen.filter((o) => o !== option)); box.focus(); } } }, "×"))));
  const put = (options) => {
    chosen = options;
    drawPills();
    close();
    changed();
  };
  const pick = (option) => {
    box.value = "";
    Searches.delete(here);
    put(many ? [...chosen.filter((o) => o.value !== option.value), option] : [option]);
  };
  const mark = (to) => {
    active = to;
    if (Searches.has(here)) Searches.get(here).active = to;
    [...list.querySelectorAll("[role=option]")].forEach((row, i) => {
      row.classList.toggle("active", i === active);
      row.setAttribute("aria-selected", String(i === active));
      if (i === active) { box.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    });
  };
  const drawOffers = (menu) => {
    const groups = menu?.option_groups || [{ options: menu?.options || [] }];
    offered = groups.flatMap((group) => group.options).filter((o) => !chosen.some((c) => c.value === o.value));
    const rows = groups.flatMap((group) => [group.label && h("p", { class: "offers-head", role: "presentation" }, textOf(group.label)),
      ...group.options.filter((o) => offered.includes(o)).map((option) => h("div", {
        class: "offer", role: "option", id: `${listId}-${offered.indexOf(option)}`, "aria-selected": "false", "data-testid": "offer-" + option.value,
        on: { mousedown: (e) => e.preventDefault(), click: () => pick(option) },
      }, textOf(option.text), option.description && h("small", {}, textOf(option.description))))]).filter(Boolean);
    list.replaceChildren(...(offered.length ? rows : [h("p", { class: "offers-head", role: "presentation" }, "Nothing found")]));
    say.textContent = offered.length ? `${offered.length} found` : "Nothing found";
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    active = -1;
    show();
  };
  const search = async () => {
    const mine = ++asked;
    const text = box.value.trim();
    if (text.length < (element.min_query_length ?? 3)) {
      if (Searches.has(here)) Searches.set(here, { text: box.value });
      return close();
    }
    try {
      const menu = await ask(text);
      if (mine !== asked || document.activeElement !== box) return;
      Searches.set(here, { text: box.value, menu, of: text });
      drawOffers(menu);
    } catch (error) {
      if (mine === asked) { list.replaceChildren(h("p", { class: "offers-head" }, error.message)); list.hidden = false; show(); }
    }
  };
  const resume = () => {
    if (!box.value.trim()) return;
    const { menu, of, active: marked = -1 } = Searches.get(here) || {};
    if (!menu) return search();
    drawOffers(menu);
    if (marked >= 0) mark(Math.min(marked, offered.length - 1));
    if (of !== box.value.trim()) search(); // until then what was found for fewer letters stays
  };
  const KEYS_OF_MENU = {
    ArrowDown: () => (list.hidden ? search() : mark(Math.min(active + 1, offered.length - 1))),
    ArrowUp: () => !list.hidden && mark(Math.max(active - 1, 0)),
    /* What was found for fewer letters is not what they mean by now. */
    Enter: () => { if (!list.hidden && offered.length && Searches.get(here)?.of === box.value.trim()) pick(offered[Math.max(active, 0)]); },
    Escape: () => close(),
    Backspace: () => { if (many && box.value === "" && chosen.length) put(chosen.slice(0, -1)); },
  };
  box.addEventListener("input", (event) => { event.stopPropagation(); Searches.set(here, { ...Searches.get(here), text: box.value, active: -1 }); clearTimeout(pause); pause = setTimeout(search, SEARCH_PAUSE); });
  box.addEventListener("change", (event) => event.stopPropagation()); // what is typed here is no value
  box.addEventListener("click", search);
  box.addEventListener("focus", resume); // the form was drawn anew under what was typed
  box.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(KEYS_OF_MENU, event.key) || event.isComposing || (event.key === "Escape" && list.hidden) || (event.key === "Backspace" && box.value)) return;
    event.preventDefault();
    event.stopPropagation();
    KEYS_OF_MENU[event.key]();
  });
  /* The key's second half comes to a box that was drawn in the middle of it: it sends no form. */
  box.addEventListener("keypress", (event) => { if (event.key === "Enter") event.preventDefault(); });
  box.addEventListener("blur", () => { asked++; close(); });
  drawPills();
  return { el: h("div", { class: "picker" }, pills, h("div", { class: "picker-box" }, box, list), say), read: () => entry(element.type, field, many ? chosen : chosen[0] || null) };
};

INPUTS.external_select = menuMaker(false);
INPUTS.multi_external_select = menuMaker(true);
