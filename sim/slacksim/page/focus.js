"use strict";
/* Where the keyboard is. What is drawn anew must not drop it on the page: it goes to the same thing
   again, or to what stands around it, and never to a like button of another card. */

const Focus = { el: null, trail: [], opener: [] };

const marked = (el) => (el.dataset.testid ? `[data-testid="${CSS.escape(el.dataset.testid)}"]` : "");

/* Selectors of where the focus may go instead, the nearest first. */
const trailOf = (el) => {
  const message = el.closest(".message");
  if (message) {
    const place = `[data-channel="${CSS.escape(message.dataset.channel)}"][data-ts="${CSS.escape(message.dataset.ts)}"]`;
    return [marked(el) && `${place} ${marked(el)}`, place].filter(Boolean);
  }
  const around = el.closest("dialog") ? "dialog " : "";
  return marked(el) ? [around + marked(el)] : [];
};

const canTake = (el) => Boolean(el) && el.isConnected && el.checkVisibility({ visibilityProperty: true }) && !el.disabled;

const focusOn = (el) => {
  if (canTake(el)) el.focus({ preventScroll: true });
  return document.activeElement === el;
};

const focusTalk = () => focusOn(byId("flow"));

const focusIsNowhere = () => !document.activeElement || document.activeElement === document.body;

/* Puts the focus back when what had it is gone from the screen. */
const mendFocus = () => {
  if (!Focus.el || !focusIsNowhere()) return;
  if (canTake(Focus.el)) return focusOn(Focus.el);
  const next = [...Focus.trail, ...Focus.opener].map((selector) => document.querySelector(selector)).find(canTake);
  return next ? focusOn(next) : focusTalk();
};

/* A form remembers where it was opened from, for when that is no longer there. */
const noteOpener = () => { if (!Focus.el?.closest("dialog")) Focus.opener = Focus.trail; };

const watchFocus = () => {
  document.addEventListener("focusin", (event) => {
    Object.assign(Focus, { el: event.target, trail: trailOf(event.target) });
    if (!event.target.closest("dialog")) Focus.opener = [];
  });
  document.addEventListener("pointerdown", () => setTimeout(() => { if (focusIsNowhere() && canTake(Focus.el)) Focus.el = null; })); // somebody let go of it themselves
};
