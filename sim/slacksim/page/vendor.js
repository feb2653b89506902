"use strict";
/* The other side: the vendor's accounts as they are now. What differs from the picture
   before is marked, so that one sees deeds happen. */

const Vendor = { before: null, marks: new Map(), seats: -1 };

const MARK_FOR = 12000;
const MARK_WORDS = { new: "just created", shared: "website shared", changed: "just changed", removed: "just removed" };

/* Notes on accounts that came, went or changed since the last picture. */
const markChanges = (now) => {
  const old = new Map((Vendor.before?.accounts || []).map((a) => [a.id, a]));
  const fresh = new Map();
  if (Vendor.before) {
    for (const account of now.accounts) {
      const was = old.get(account.id);
      if (!was) fresh.set(account.id, "new");
      else if (JSON.stringify(was) !== JSON.stringify(account)) fresh.set(account.id, was.sites.length < account.sites.length ? "shared" : "changed");
    }
    const gone = Vendor.before.accounts.filter((a) => !now.accounts.some((b) => b.id === a.id));
    for (const account of gone) Vendor.marks.set(account.id, { word: "removed", account, until: Date.now() + MARK_FOR });
  }
  for (const [id, word] of fresh) Vendor.marks.set(id, { word, until: Date.now() + MARK_FOR });
  for (const [id, mark] of Vendor.marks) if (mark.until < Date.now()) Vendor.marks.delete(id);
  if (Vendor.marks.size) setTimeout(() => drawVendor(Vendor.before), MARK_FOR + 200);
};

const seatMeter = (seats) => {
  const { used, bought } = seats;
  const words = bought ? `${used} of ${bought} seats used` : `${used} seats used`;
  const pips = Array.from({ length: Math.min(bought || used, 60) }, (_, i) =>
    h("i", { class: i < used ? (Vendor.seats >= 0 && i >= Vendor.seats ? "used fresh" : "used") : "" }));
  const grid = h("div", { class: "pips", role: "img", "aria-label": words }, pips);
  grid.style.setProperty("--columns", Math.ceil(pips.length / Math.ceil(pips.length / 30)) || 1);
  return h("div", { class: "seats", "data-testid": "vendor-seats", "data-used": String(used), "data-bought": String(bought || 0) },
    h("p", {}, h("b", {}, String(used)), bought ? ` of ${bought} seats used` : " seats used"),
    grid);
};

const shownSites = (account) => {
  if (account.type === "user") return "sees every website";
  if (!account.sites.length) return "no website yet";
  return account.sites.slice(0, 3).join(", ") + (account.sites.length > 3 ? ` and ${account.sites.length - 3} more` : "");
};

const accountRow = (account, mark) => h("li", {
  class: "account" + (mark ? ` fresh fresh-${mark.word}` : ""), "data-testid": "vendor-row", "data-email": account.email, "data-mark": mark?.word || "",
  title: `id ${account.id}`,
},
h("p", { class: "account-who" }, h("b", {}, account.email),
  mark && h("span", { class: "mark" }, MARK_WORDS[mark.word])),
h("p", { class: "account-what" }, h("span", { class: "kind" }, account.type), account.blocked && h("span", { class: "blocked" }, "blocked by limits"), h("span", { class: "account-more" }, [account.name, shownSites(account)].filter(Boolean).join(" · "))));

const callRow = (one) => h("li", { class: one.effect ? "effect" : "", "data-testid": "vendor-call", "data-effect": one.effect || undefined },
  h("b", { title: new Date(one.time * 1000).toLocaleTimeString("en-GB") }, one.method), h("span", { class: "path", title: one.path }, h("bdi", {}, one.path.split("?")[0])), h("span", { class: one.status >= 400 || !one.status ? "bad" : "" }, String(one.status || "cut")), one.effect && h("em", {}, one.effect));

const siteList = (sites) => h("details", { class: "vendor-sites", open: byId("vendor").querySelector("details")?.open }, h("summary", { "data-testid": "vendor-sites" }, `Websites (${sites.length})`),
  h("ul", {}, sites.map((site) => h("li", {}, h("b", {}, site.name), h("span", {}, ` ${site.url && site.url !== site.name ? site.url + " · " : ""}id ${site.id}`)))));

const vendorParts = (now) => {
  const rows = [...now.accounts].sort((a, b) => b.id - a.id).map((a) => accountRow(a, Vendor.marks.get(a.id)));
  const gone = [...Vendor.marks.values()].filter((m) => m.account).map((m) => accountRow(m.account, m));
  return [
    h("div", { class: "vendor-head" }, h("h2", {}, now.name || "Vendor"), h("span", { class: "sim-tag" }, "simulated")),
    seatMeter(now.seats),
    h("h3", {}, "Accounts ", h("span", { class: "count" }, String(now.accounts.length))),
    h("div", { class: "vendor-scroll", tabindex: "0", role: "group", "aria-label": "Accounts and websites", "data-testid": "vendor-scroll" },
      h("ul", { class: "accounts", "data-testid": "vendor-accounts" }, gone, rows),
      siteList(now.sites)),
    h("h3", {}, "Latest API calls"),
    now.calls.length
      ? h("div", { class: "calls", tabindex: "0", role: "group", "aria-label": "Latest API calls", "data-testid": "vendor-calls" }, h("ol", {}, now.calls.slice(0, 12).map(callRow)))
      : h("p", { class: "nothing" }, "None yet."),
  ];
};
const drawVendor = (now) => {
  if (!now) return byId("vendor").replaceChildren(h("p", { class: "nothing" }, "There’s no vendor here."));
  markChanges(now);
  Vendor.before = now;
  const scrolled = () => [byId("vendor"), ...byId("vendor").querySelectorAll(".vendor-scroll, .calls")];
  const tops = scrolled().map((el) => el.scrollTop);
  byId("vendor").replaceChildren(...vendorParts(now));
  scrolled().forEach((el, i) => { el.scrollTop = tops[i] || 0; });
  mendFocus();
  Vendor.seats = now.seats.used;
  const tab = document.querySelector('.tabs [data-pane="vendor"]');
  tab.textContent = now.name || "Vendor";
  tab.classList.toggle("fresh", Vendor.marks.size > 0);
  if (Vendor.marks.size && matchMedia("(min-width: 861px)").matches) byId("vendor").querySelector(".fresh")?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
};
