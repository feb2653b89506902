"use strict";
/* Building elements. Nothing on this page is ever made from a string of HTML:
   text from people and from the app reaches the document as text nodes only. */

const h = (tag, props = {}, ...kids) => {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, run] of Object.entries(value)) el.addEventListener(event, run);
    } else if (name === "class") el.className = value;
    else if (name === "value" || name === "checked" || name === "selected") el[name] = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...kids.flat(Infinity).filter((kid) => kid !== undefined && kid !== null && kid !== false));
  return el;
};

/* A node that is made again only when the facts it shows have changed. */
const nodesKept = new Map();
const keep = (key, facts, make) => {
  const print = JSON.stringify(facts);
  if (nodesKept.get(key)?.print !== print) nodesKept.set(key, { print, el: make() });
  return nodesKept.get(key).el;
};

/* Puts nodes into a container. What stays is not touched: it keeps the focus and the pointer's
   target, and a screen reader is told only of what is new. */
const place = (container, nodes) => {
  const wanted = new Set(nodes);
  for (const old of [...container.childNodes]) if (!wanted.has(old)) old.remove();
  nodes.forEach((node, i) => { if (container.childNodes[i] !== node) container.insertBefore(node, container.childNodes[i] || null); });
};

/* One element by its id; the ids are those of index.html. */
const byId = (id) => document.getElementById(id);

/* Only these may become an address; anything else stays text. */
const safeHref = (address) => (/^(https?:\/\/|mailto:)/i.test(address) ? address : null);

/* A link to a message of this workspace leads there on this page. */
const insideLink = (href, label, channel, ts) => h("a", { href, "data-testid": "message-link", on: { click: (event) => {
  event.preventDefault();
  App.open(channel);
  document.querySelector(`[data-channel="${channel}"][data-ts="${ts}"]`)?.focus();
} } }, label);

const link = (address, label) => {
  const href = safeHref(address);
  if (!href) return label === address ? label : `${label} (${address})`;
  const inside = /\/archives\/([CGD][A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(href);
  if (inside && World.channels.has(inside[1])) return insideLink(href, label, inside[1], `${inside[2]}.${inside[3]}`);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
};

/* The page's calls. An answer that is not ok becomes an Error with the server's words; where no
   answer comes at all, the demo has stopped. */
const call = async (path, body) => {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, window: Window.name }),
  };
  const response = await fetch(path, options).catch(() => {
    loseContact();
    throw Object.assign(new Error("That didn’t go through: the demo has stopped."), { stopped: true });
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.error || `the workspace answered ${response.status}`), { status: response.status });
  return answer;
};
