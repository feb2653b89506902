/* The vendor's panel, for the page's scripts beside it. */
import { render } from "preact";
import { MARK_FOR, Marks } from "./marks";
import type { VendorView } from "./payload";
import { Vendor } from "./vendor";

const marks = new Marks();

const draw = (now: VendorView | null) => {
  const panel = document.getElementById("vendor")!;
  if (!now) return render(<p class="nothing">There’s no vendor here.</p>, panel);
  if (now === marks.before) marks.drop();
  else marks.take(now);
  if (marks.marks.size) setTimeout(() => draw(marks.before), MARK_FOR + 200);
  render(<Vendor now={now} marks={marks.marks} before={marks.seats} />, panel);
  const tab = document.querySelector('.tabs [data-pane="vendor"]')!;
  tab.textContent = now.name || "Vendor";
  tab.classList.toggle("fresh", marks.marks.size > 0);
};

Object.assign(globalThis, { Vendor: marks, drawVendor: draw });
