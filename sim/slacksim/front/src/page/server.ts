/* The page's calls. An answer that is not ok becomes an Error with the server's words; where no answer comes at all, the
   demo has stopped. */

export class Refused extends Error {
  constructor(words: string, readonly status: number) { super(words); }
}

export class Stopped extends Error {
  constructor() { super("That didn't go through: the demo has stopped."); }
}

export class Server {
  window = ""; // the name that this window gave itself: forms belong to it
  lost = () => {}; // runs where no answer came

  get<T>(path: string) { return this.call<T>(path, {}); }

  post<T = unknown>(deed: string, body: object) {
    return this.call<T>("/page/" + deed, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...body, window: this.window }) });
  }

  private async call<T>(path: string, options: RequestInit): Promise<T> {
    const response = await fetch(path, options).catch(() => { this.lost(); throw new Stopped(); });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(answer?.error || `the workspace answered ${response.status}`, response.status);
    return answer as T;
  }
}

/* What went wrong, as it is said to people. */
export const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
