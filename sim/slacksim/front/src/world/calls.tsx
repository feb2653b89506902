/* Every call, each in a sentence that unfolds to the bytes. */
import { useState } from "preact/hooks";
import { clock, type Line, type Part, type Whole, type World } from "./world";

const NEIGHBOURS: Record<string, string> = { slack: "Slack", seranking: "SE Ranking", semrush: "Semrush" };

/* JSON is easier to read with its lines apart, and a form with each field on one of its own; anything else stays as it came. */
const pretty = (body: string): string => {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { /* no JSON */ }
  if (!/^[\w.%]+=[^\s]*$/.test(body)) return body;
  return [...new URLSearchParams(body)].map(([name, value]) => `${name} = ${pretty(value)}`).join("\n");
};

const Bytes = ({ name, part }: { name: string; part: Part }) => {
  const [apart, setApart] = useState(true);
  if (!part.header.length && !part.body) return null;
  const neat = pretty(part.body);
  return <>
    <div class="bytes-head"><h3>{name}</h3>{neat !== part.body && <button type="button" class="plain" aria-pressed={!apart} onClick={() => setApart(!apart)}>As it came</button>}</div>
    <pre tabindex={0} role="group" aria-label={name}>{[...part.header, ...(part.header.length && part.body ? [""] : []), apart ? neat : part.body].filter((line, i) => line !== "" || i).join("\n")}{part.more ? `\n… and ${part.more} bytes more` : ""}</pre>
  </>;
};

const Unfolded = ({ whole, line }: { whole: Whole; line: Line }) => (
  <div class="bytes" data-testid="call-bytes">
    {whole.url && <p class="first"><code>{whole.method} {whole.url}</code></p>}
    {whole.link > 0 && <p class="first">Connection {whole.link}</p>}
    <Bytes name={line.kind === "frame" ? "The frame" : "What was asked"} part={whole.ask} />
    {line.kind === "http" && <p class="first">{whole.cut ? "The connection was cut." : `Answered with ${whole.status} after ${whole.took_ms} ms.`}</p>}
    <Bytes name="What was answered" part={whole.answer} />
  </div>
);

const Call = ({ world, line }: { world: World; line: Line }) => {
  const [whole, setWhole] = useState<Whole | string>();
  const unfold = (open: boolean) => {
    if (open && typeof whole !== "object") void world.get<Whole>("calls/" + line.n).then(setWhole, (error: Error) => setWhole(error.message));
  };
  return (
    <li class={"call" + (line.wrong ? " wrong" : "")} data-testid="call" data-neighbour={line.neighbour} data-n={line.n}>
      {line.kind === "hand" ? <p class="sentence"><Meta line={line} />{line.say}</p> : (
        <details onToggle={(event) => unfold(event.currentTarget.open)}>
          <summary><span class="sentence"><Meta line={line} />{line.say}</span></summary>
          {typeof whole === "string" ? <p>{whole}</p> : whole && <Unfolded whole={whole} line={line} />}
        </details>
      )}
    </li>
  );
};

const Meta = ({ line }: { line: Line }) => (
  <span class="meta">
    <time>{clock(line.at)}</time>
    <span class={"tag " + line.neighbour}>{NEIGHBOURS[line.neighbour] ?? line.neighbour}</span>
    <code>{line.method}</code>
    {line.wrong && <span class="bad">{line.cut ? "cut" : line.status}</span>}
  </span>
);

export const Calls = ({ world }: { world: World }) => (
  <section class="column" tabindex={0} id="calls" aria-label="Calls" data-testid="calls" data-alone={world.shown === "calls"}>
    <h2>Every call</h2>
    <p class="about">Between Usher, Slack and the vendors, the latest first. Open one to see the bytes: only tokens, keys and passwords are taken out.</p>
    <form class="row" onSubmit={(event) => event.preventDefault()}>
      <label>With <select data-testid="filter-neighbour" value={world.filter.neighbour} onChange={(event) => world.choose({ neighbour: event.currentTarget.value })}>
        <option value="">everybody</option>
        {Object.entries(NEIGHBOURS).map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select></label>
      <label>About request <input data-testid="filter-request" inputmode="numeric" size={4} placeholder="any" value={world.filter.request} onInput={(event) => world.choose({ request: event.currentTarget.value.replace(/\D/g, "") })} /></label>
      <label class="check"><input type="checkbox" data-testid="filter-wrong" checked={world.filter.wrong} onChange={(event) => world.choose({ wrong: event.currentTarget.checked })} /> Only what went wrong</label>
    </form>
    {world.lines.length
      ? <ol class="lines" data-testid="lines">{world.lines.map((line) => <Call key={line.n} world={world} line={line} />)}</ol>
      : <p class="nothing">Nothing like that yet.</p>}
  </section>
);
