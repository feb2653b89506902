/* What Usher keeps, growing. */
import { moment, type Kept, type World } from "./world";

const Requests = ({ kept }: { kept: Kept }) => <>
  <h3>Requests <span class="count">{kept.requests.length}</span></h3>
  {kept.requests.length ? <ul>{kept.requests.map((r) => (
    <li class="thing" key={r.number} data-testid="request" data-state={r.state}><p><b>#{r.number}</b> {r.what}{r.for ? ` for ${r.for}` : ""} <span class="tag">{r.state}</span></p><small>{r.by}, {moment(r.asked)}</small></li>
  ))}</ul> : <p class="nothing">Nobody has asked for anything yet.</p>}
</>;

const Promises = ({ kept }: { kept: Kept }) => <>
  <h3>Promises <span class="count">{kept.owed}</span></h3>
  <p class="about">What Usher still has to do, each card and each reading counted. A promise is written down together with what calls for it, so no crash loses any, and is gone from here once it's kept.</p>
  <ul>{kept.promises.map((p) => (
    <li class="thing" key={p.key} data-testid="promise" data-key={p.key}>
      <p>{p.say}{p.claimed && <span class="tag">being done</span>}</p>
      <small><code>{p.key}</code> · {p.due ? moment(p.due) : "at once"}{p.tries ? ` · tried ${p.tries} times` : ""}{p.why ? ` · ${p.why}` : ""}</small>
    </li>
  ))}</ul>
</>;

const Audit = ({ audit }: { audit: Kept["audit"] }) => <>
  <h3>Audit log <span class="count">{audit.entries}</span></h3>
  <p class={audit.broken ? "bad-line" : "good-line"} data-testid="verified">{audit.broken ? `Not as it was written: ${audit.broken}` : audit.entries ? "✓ Every entry was checked against the one before it." : "Nothing is written yet."}</p>
  <ol>{audit.latest.map((e) => (
    <li class="thing" key={e.seq} data-testid="entry">
      <p><b>{e.seq}</b> {e.what}{e.request ? ` · #${e.request}` : ""}{e.after && e.after !== e.before ? <span class="tag">{e.before ? `${e.before} → ` : ""}{e.after}</span> : null}</p>
      <small>{e.by}, {moment(e.at)} · <code title={`${e.prev || "nothing"} → ${e.hash}`}>{e.prev.slice(0, 8) || "start"} → {e.hash.slice(0, 8)}</code> ✓</small>
    </li>
  ))}</ol>
</>;

export const Store = ({ world }: { world: World }) => (
  <section class="column" tabindex={0} id="store" aria-label="What Usher keeps" data-testid="store" data-alone={world.shown === "store"}>
    <h2>What Usher keeps</h2>
    {world.kept?.silent && <p class="bad-line">{world.kept.silent}</p>}
    {world.kept && <><Requests kept={world.kept} /><Promises kept={world.kept} /><Audit audit={world.kept.audit} /></>}
  </section>
);
