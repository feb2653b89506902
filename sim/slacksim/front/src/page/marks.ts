/* What differs from the picture of the vendor before is marked for a while, so that one sees deeds happen. */
import type { VendorAccount, VendorView } from "./payload";

export type Word = "new" | "shared" | "changed" | "removed";
export type Mark = { word: Word; account?: VendorAccount; until: number };

export const MARK_FOR = 12000;

export class Marks {
  before: VendorView | null = null;
  marks = new Map<number, Mark>();
  seats = -1; // in use in the picture before; -1: there was none

  /* Takes the next picture; what happened since the last one is marked. */
  take(now: VendorView, at = Date.now()) {
    const old = new Map((this.before?.accounts ?? []).map((a) => [a.id, a]));
    const until = at + MARK_FOR;
    if (this.before) {
      for (const account of now.accounts) {
        const word = changeOf(old.get(account.id), account);
        if (word) this.marks.set(account.id, { word, until });
      }
      for (const account of this.before.accounts) {
        if (!now.accounts.some((b) => b.id === account.id)) this.marks.set(account.id, { word: "removed", account, until });
      }
    }
    this.seats = this.before ? this.before.seats.used : -1;
    this.before = now;
    this.drop(at);
  }

  /* Takes away what has been marked for long enough. */
  drop(at = Date.now()) {
    for (const [id, mark] of this.marks) if (mark.until <= at) this.marks.delete(id);
  }

  /* What is there now may be another vendor: nothing is marked as having happened meanwhile. */
  forget() {
    this.before = null;
    this.seats = -1;
    this.marks.clear();
  }
}

const changeOf = (was: VendorAccount | undefined, is: VendorAccount): Word | null => {
  if (!was) return "new";
  if (JSON.stringify(was) === JSON.stringify(is)) return null;
  return was.sites.length < is.sites.length ? "shared" : "changed";
};
