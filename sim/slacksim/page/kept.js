"use strict";
/* What one window keeps when its page is loaded anew: who is on the screen, where that person was,
   what they had begun to write. A browser that keeps nothing loses only that. */

const recall = (key) => {
  try { return sessionStorage.getItem(key) || ""; } catch { return ""; }
};

const remember = (key, value) => {
  try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* it is full, or not allowed */ }
};

const newName = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");

/* Forms belong to the window that opened them, by the name it gave itself. A duplicated tab has a copy
   of the name: whoever holds the lock on it keeps it, the other takes a new one. A page that is loaded
   anew gives its former self time to let go. */
const Window = { name: "" };

const letGo = () => (performance.getEntriesByType("navigation")[0]?.type === "reload" ? 3000 : 400);

const holdName = (name) => new Promise((resolve) => {
  if (!navigator.locks) return resolve(true); // over plain http from another machine
  navigator.locks.request("window " + name, { signal: AbortSignal.timeout(letGo()) }, () => {
    resolve(true);
    return new Promise(() => {}); // held for as long as the page is there
  }).catch(() => resolve(false));
});

const nameWindow = async () => {
  const name = recall("window");
  Window.name = name && (await holdName(name)) ? name : newName();
  if (Window.name !== name) holdName(Window.name);
  remember("window", Window.name);
};

/* What was written into forms that are no longer open is forgotten. */
const forgetForms = (open) => {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("form ") && !open.includes(key.slice(5))) sessionStorage.removeItem(key);
  } catch { /* nothing is kept */ }
};
