/* What stands beside the workspace, as it is now: asked for again whenever the stream of events says that it has changed. */
import { listen } from "../stream";

export interface Line { n: number; at: string; took_ms: number; neighbour: string; kind: "http" | "frame" | "hand"; in: boolean; method: string; status?: number; cut?: boolean; say: string; request?: number; wrong?: boolean }
export interface Part { header: string[]; body: string; more?: number }
export interface Whole { n: number; method: string; url: string; link: number; status: number; cut: boolean; took_ms: number; ask: Part; answer: Part }

export interface Account { id: number; email: string; first_name: string; last_name: string; type: string; is_blocked_by_limits: boolean; limits: { site: number; keyword: number }; shared_sites: number[]; owned_sites: number[] }
export interface Site { id: number; title: string; url: string; owner_id: number }
export interface Member { email: string; name: string; role: string; status: string }
export interface Vendors { seranking: { bought: number; accounts: Account[]; sites: Site[] }; semrush: { bought: number; units: number; members: Member[] } }

export interface Kept {
  silent?: string;
  requests: { number: number; state: string; what: string; for?: string; by: string; asked: string }[];
  promises: { key: string; say: string; due?: string; claimed?: string; tries?: number; why?: string }[];
  owed: number;
  audit: { entries: number; broken?: string; latest: { seq: number; at: string; what: string; by: string; request?: number; before?: string; after?: string; prev: string; hash: string }[] };
}

export interface Filter { neighbour: string; request: string; wrong: boolean }
export type Part3 = "vendors" | "calls" | "store";

const STOPPED = "The demo has stopped. Start it again in your terminal: this page picks up by itself.";

export class World {
  vendors?: Vendors;
  lines: Line[] = [];
  kept?: Kept;
  filter: Filter = { neighbour: "", request: "", wrong: false };
  shown: Part3 = "calls"; // on a phone, where one stands alone
  said = "";
  refused = "";
  lost = false;
  looking = false; // Usher was told to, and that isn't answered yet
  private due = new Set<Part3>();
  private busy = false;

  constructor(private readonly draw: () => void) {}

  show(part: Part3) { this.shown = part; this.draw(); }

  choose(filter: Partial<Filter>) {
    Object.assign(this.filter, filter);
    this.draw();
    this.ask("calls");
  }

  /* Something is asked for once at a time; what changed meanwhile is asked for after that. */
  ask(...parts: Part3[]) {
    for (const part of parts) this.due.add(part);
    if (!this.busy) void this.askAll();
  }

  private async askAll() {
    this.busy = true;
    while (this.due.size) {
      const parts = [...this.due];
      this.due.clear();
      try {
        for (const part of parts) await this.read(part);
        this.lost = false;
      } catch { this.lost = true; }
      this.draw();
    }
    this.busy = false;
  }

  private async read(part: Part3) {
    if (part === "vendors") this.vendors = await this.get<Vendors>("vendors");
    if (part === "store") this.kept = await this.get<Kept>("store");
    if (part !== "calls") return;
    const { neighbour, request, wrong } = this.filter;
    const query = new URLSearchParams({ neighbour, request, wrong: wrong ? "1" : "" });
    this.lines = (await this.get<{ calls: Line[] }>("calls?" + query)).calls.reverse();
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch("/world/" + path);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer as T;
  }

  /* Something is done by hand; what came of it is said in words. */
  act(deed: string, body: object) { return this.post("vendors/" + deed, body); }

  /* Usher is begun again at its next look, which takes a moment. */
  async look() {
    if (this.looking) return;
    this.looking = true;
    this.draw();
    await this.post("look", {});
    this.looking = false;
    this.draw();
  }

  private async post(path: string, body: object): Promise<boolean> {
    this.said = this.refused = "";
    try {
      const response = await fetch("/world/" + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const answer = await response.json();
      if (response.ok) this.said = answer.said;
      else this.refused = answer.error;
    } catch { this.refused = STOPPED; }
    this.draw();
    return !this.refused;
  }

  listen = () => {
    let store = -1;
    this.ask("vendors", "calls", "store");
    listen("/world/events", {
      heard: (data) => {
        const now = JSON.parse(data) as { calls?: boolean; vendors?: boolean; store: number };
        if (now.vendors) this.ask("vendors");
        if (now.calls) this.ask("calls");
        if (now.store !== store) this.ask("store");
        store = now.store;
      },
      lost: () => { this.lost = true; this.draw(); },
    });
  };

  get trouble() { return this.lost ? STOPPED : this.refused; }
}

export const clock = (at: string) => new Date(at).toLocaleTimeString("en-GB");
export const moment = (at: string) => new Date(at).toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
