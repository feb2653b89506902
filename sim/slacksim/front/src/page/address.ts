/* Who is shown where, as the page's address says it: #U0ALICE/C0GENERAL+U0BOB/C0APPROVE. A reload, the back button and a copy
   of the address in another tab lead to the same people in the same conversations. */

export type Place = { person: string; channel: string; thread?: string };

export const writeAddress = (places: Place[]) => "#" + places.map((p) => `${p.person}/${p.channel}${p.thread ? "/" + p.thread : ""}`).join("+");

export const readAddress = (hash: string): Place[] => hash.replace(/^#/, "").split("+").flatMap((one) => {
  const found = /^([UW]\w+)(?:\/([CGD]\w+)(?:\/([\d.]+))?)?$/.exec(one);
  return found ? [{ person: found[1]!, channel: found[2] ?? "", thread: found[3] ?? "" }] : [];
});
