/* What one window keeps when its page is loaded anew: who is on the screen, where that person was,
   what they had begun to write. A browser that keeps nothing loses only that. */

export const recall = (key: string) => {
  try { return sessionStorage.getItem(key) || ""; } catch { return ""; }
};

export const remember = (key: string, value: string) => {
  try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* it is full, or not allowed */ }
};

const newName = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");

const reloaded = () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined)?.type === "reload";

/* A page that is loaded anew gives its former self time to let go. */
const letGo = () => (reloaded() ? 3000 : 400);

const holdName = (name: string) => new Promise<boolean>((resolve) => {
  if (!navigator.locks) return resolve(true); // over plain http from another machine
  navigator.locks.request("window " + name, { signal: AbortSignal.timeout(letGo()) }, () => {
    resolve(true);
    return new Promise(() => {}); // held for as long as the page is there
  }).catch(() => resolve(false));
});

/* Forms belong to the window that opened them, by the name it gave itself. A duplicated tab has a copy
   of the name: whoever holds the lock on it keeps it, the other takes a new one. */
export const nameWindow = async () => {
  const kept = recall("window");
  const name = kept && (await holdName(kept)) ? kept : newName();
  if (name !== kept) void holdName(name);
  remember("window", name);
  return name;
};

export const draftOf = (person: string, channel: string) => `draft ${person} ${channel}`;
export const placeOf = (person: string) => "place " + person;
export const formOf = (view: string) => "form " + view;

/* What was written into forms that are no longer open is forgotten. */
export const forgetForms = (open: string[]) => {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("form ") && !open.includes(key.slice(5))) sessionStorage.removeItem(key);
  } catch { /* nothing is kept */ }
};
