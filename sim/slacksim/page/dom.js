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

/* Puts nodes into a container, touching nothing where they stand there already: focus and
   the pointer's target survive. Where they do not, focus goes to the successor. */
const place = (container, nodes) => {
  if (nodes.length === container.childNodes.length && nodes.every((node, i) => node === container.childNodes[i])) return;
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  container.replaceChildren(...nodes);
  if (focused && !container.contains(document.activeElement)) container.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
};

/* One element by its id; the ids are those of index.html. */
const byId = (id) => document.getElementById(id);

/* Only these may become an address; anything else stays text. */
const safeHref = (address) => (/^(https?:\/\/|mailto:)/i.test(address) ? address : null);

const link = (address, label) => {
  const href = safeHref(address);
  if (!href) return label === address ? label : `${label} (${address})`;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
};

/* The page's calls. An answer that is not ok becomes an Error with the server's words. */
const call = async (path, body) => {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.error || `the workspace answered ${response.status}`), { status: response.status });
  return answer;
};
