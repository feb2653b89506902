import type { Bot, Break, Count, Jump, Way } from "./payload";

export interface Shown {
  state?: Break;
  count?: Count;
  busy: string; // what was pressed and isn't answered
  said: string; // of what was pressed last
  gone?: string; // why nobody answers
  uncounted?: string; // why nothing can be counted at the moment
}

type Press = (path: string, label: string) => void;

const time = (at: string) => new Date(at).toLocaleString("en-GB", { timeZone: "Europe/London", weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

const Number = ({ mark, label, says, n, bad }: { mark: string; label: string; says: string; n: number | undefined; bad?: boolean }) => (
  <div class={"number" + (bad ? (n ? " bad" : " good") : "")} data-testid={`count-${mark}`} data-n={n ?? ""}>
    <dd>{n ?? "–"}</dd><dt>{label}<small>{says}</small></dt>
  </div>
);

const Numbers = ({ count, uncounted }: { count?: Count | undefined; uncounted?: string | undefined }) => (
  <section aria-labelledby="counted">
    <h2 id="counted">What came of it</h2>
    <dl class="numbers">
      <Number mark="promised" label="promised" says="Requests approved since the demo began." n={count?.promised} />
      <Number mark="done" label="done" says="Of these, carried out." n={count?.done} />
      <Number mark="open" label="still owed" says="Of these, not done yet." n={count?.open} />
      <Number mark="doubled" label="doubled" says="Changes and messages that came once too often." n={count?.doubled} bad />
      <Number mark="lost" label="lost" says="Yeses that Slack acknowledged, and nothing came of." n={count?.lost} bad />
    </dl>
    {uncounted && <p class="note" data-testid="uncounted">{uncounted}</p>}
    {count?.wrong.map((say) => <p class="wrong" key={say}>{say}</p>)}
    {count && <p class="soft" data-testid="audit">Held against what others saw: {count.yeses === 1 ? "1 yes" : `${count.yeses} yeses`} that Slack had acknowledged, {so(count.effects, "change")} at the vendor, {so(count.messages, "message")}. Audit log: {count.audit}.</p>}
  </section>
);

const One = ({ path, one, shown, press }: { path: string; one: Way | Jump; shown: Shown; press: Press }) => (
  <li>
    <button type="button" data-testid={`press-${path}`} aria-disabled={shown.busy !== ""} aria-describedby={`says-${path}`}
      onClick={() => { if (!shown.busy) press(path, one.label); }}>{one.label}</button>
    <div id={`says-${path}`}>
      <p>{one.says}</p>
      {"expect" in one && <p class="soft">{one.expect}</p>}
    </div>
  </li>
);

const so = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;

const times = (n: number) => (n === 1 ? "once" : `${n} times`);

const how = ({ alive, down, lived, killed }: Bot) =>
  `${down ? "It was taken down. The others go on with what it had begun." : alive ? "It's there." : "It isn't there at the moment."} Life ${lived}${killed ? `, killed here ${times(killed)}` : ""}.`;

/* One of several bots: killed it comes back by itself, taken down once it's mended. */
const OneBot = ({ bot, shown, press }: { bot: Bot; shown: Shown; press: Press }) => {
  const name = `Bot ${bot.number}`;
  const deeds: [string, string][] = bot.down ? [["mend", "Mend"]] : [["kill", "Kill"], ["down", "Take down"]];
  return (
    <li data-testid={`bot-${bot.number}`} data-alive={bot.alive}>
      <div class="deeds">
        {deeds.map(([deed, label]) => (
          <button type="button" key={deed} data-testid={`press-bots/${bot.number}/${deed}`} aria-disabled={shown.busy !== ""} aria-label={`${label}: ${name}`}
            onClick={() => { if (!shown.busy) press(`bots/${bot.number}/${deed}`, `${label} ${name.toLowerCase()}`); }}>{label}</button>
        ))}
      </div>
      <div><p><b>{name}</b></p><p>{how(bot)}</p></div>
    </li>
  );
};

const Bots = ({ state, shown, press }: { state: Break; shown: Shown; press: Press }) => (
  <section aria-labelledby="bots">
    <h2 id="bots">The bots</h2>
    <p>They share one database ({state.database}). Whatever one had begun when it was killed, another goes on with a few seconds later.</p>
    <ul>{state.bots.map((bot) => <OneBot key={bot.number} bot={bot} shown={shown} press={press} />)}</ul>
  </section>
);

const bot = (state: Break) => {
  const lives = state.lived === 1 ? "Not killed yet." : `It's in life ${state.lived}; it was killed here ${times(state.killed)}.`;
  return `${state.alive ? "The bot is running and connected." : "The bot isn't there at the moment."} ${lives}${state.full ? " Its disk is full." : ""}`;
};

const broken = (state: Break) => [state.down && "The vendor is down: every change breaks off.", state.full && "The disk is full."].filter(Boolean);

export const App = ({ shown, press }: { shown: Shown; press: Press }) => (
  <main>
    <header>
      <h1>Break it yourself</h1>
      <p><a href="/">Back to the workspace</a></p>
    </header>
    {shown.gone && <p class="wrong" role="alert" data-testid="gone">{shown.gone}</p>}
    <p role="status" class="said" data-testid="said">{shown.said}</p>
    {shown.state && !shown.state.database && <p data-testid="bot">{bot(shown.state)}</p>}
    {shown.state && broken(shown.state).length > 0 && <p class="wrong" data-testid="broken">{broken(shown.state).join(" ")} It stays so until you mend everything.</p>}
    <Numbers count={shown.count} uncounted={shown.uncounted} />
    {shown.state && <>
      {shown.state.database && <Bots state={shown.state} shown={shown} press={press} />}
      <section aria-labelledby="ways">
        <h2 id="ways">Break</h2>
        <ul>{shown.state.ways.map((way) => <One key={way.name} path={way.name} one={way} shown={shown} press={press} />)}</ul>
      </section>
      <section aria-labelledby="jumps">
        <h2 id="jumps">Travel in time</h2>
        <p data-testid="now">It's {time(shown.state.now)} here{shown.state.ahead ? ", ahead of your clock" : ""}. A jump stops {shown.state.database ? "the bots" : "the bot"} cleanly, moves every clock, and starts {shown.state.database ? "them" : "it"} again.</p>
        <ul>{shown.state.jumps.map((jump) => <One key={jump.name} path={`jump/${jump.name}`} one={jump} shown={shown} press={press} />)}</ul>
      </section>
    </>}
  </main>
);
