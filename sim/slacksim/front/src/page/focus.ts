/* Where the keyboard is. What is drawn anew must not drop it on the page: it goes to the same thing
   again, or to what stands around it, and never to a like button of another card. */

const marked = (el: HTMLElement) => (el.dataset.testid ? `[data-testid="${CSS.escape(el.dataset.testid)}"]` : "");

/* Selectors of where the focus may go instead, the nearest first. */
const trailOf = (el: HTMLElement): string[] => {
  const pane = el.closest<HTMLElement>("[data-pane-no]");
  const where = pane ? `[data-pane-no="${pane.dataset.paneNo}"] ` : "";
  const message = el.closest<HTMLElement>(".message");
  if (message) {
    const place = `${where}[data-channel="${CSS.escape(message.dataset.channel ?? "")}"][data-ts="${CSS.escape(message.dataset.ts ?? "")}"]`;
    return [marked(el) && `${place} ${marked(el)}`, place].filter(Boolean);
  }
  const around = el.closest("dialog") ? "dialog " : where;
  return marked(el) ? [around + marked(el)] : [];
};

const canTake = (el: Element | null | undefined): el is HTMLElement =>
  Boolean(el) && el!.isConnected && el!.checkVisibility({ visibilityProperty: true }) && !(el as HTMLButtonElement).disabled;

export const focusOn = (el: Element | null | undefined) => {
  if (canTake(el)) el.focus({ preventScroll: true });
  return document.activeElement === el;
};

const isNowhere = () => !document.activeElement || document.activeElement === document.body;

export class Focus {
  private el: HTMLElement | null = null;
  private trail: string[] = [];
  private opener: string[] = [];

  watch() {
    document.addEventListener("focusin", (event) => {
      this.el = event.target as HTMLElement;
      this.trail = trailOf(this.el);
      if (!this.el.closest("dialog")) this.opener = [];
    });
    document.addEventListener("pointerdown", () => setTimeout(() => { if (isNowhere() && canTake(this.el)) this.el = null; })); // somebody let go of it themselves
  }

  /* A form remembers where it was opened from, for when that is no longer there. */
  noteOpener() { if (!this.el?.closest("dialog")) this.opener = this.trail; }

  /* Puts the focus back when what had it is gone from the screen. */
  mend() {
    if (!this.el || !isNowhere()) return;
    if (canTake(this.el)) return void focusOn(this.el);
    const next = [...this.trail, ...this.opener].map((selector) => document.querySelector(selector)).find(canTake);
    focusOn(next ?? document.querySelector(".flow"));
  }
}
