/* The page: the bar with the people, the guide, and below them the conversations with the vendor beside them. */
import type { ComponentChildren } from "preact";
import { Composer } from "./composer";
import { drawn } from "./emoji";
import { Flow } from "./flow";
import { GuideBack, GuideBar } from "./guidebar";
import { HereContext } from "./here";
import { Avatar } from "./message";
import { Dialogs } from "./modal";
import type { Persona } from "./payload";
import type { Page, Stage } from "./page";
import type { Pane } from "./pane";
import { grouped, Side, SIGN } from "./side";
import { Thread } from "./threads";
import { unmarked } from "./text";
import { Vendor } from "./vendor";

const PersonaButton = ({ page, persona }: { page: Page; persona: Persona }) => {
  const person = page.pane.here.people.get(persona.id);
  const shown = page.paneOf(persona.id);
  const be = () => (shown && page.several ? (page.turnTo(shown), page.focusTalk(shown)) : void page.become(page.pane, persona.id).catch(() => {}));
  return (
    <button type="button" class="persona" aria-pressed={Boolean(shown)} data-testid={"persona-" + persona.id} title={persona.hint} onClick={be}>
      <Avatar person={person} />
      <span><b>{person?.name.split(" ")[0] || persona.id}</b><small>{persona.role}</small></span>
      {persona.unread > 0 && !shown && <span class="badge" title={`${persona.unread} unread`}>{persona.unread}</span>}
    </button>
  );
};

/* What came for somebody who isn't on the screen, in one line that leads there. */
const News = ({ page }: { page: Page }) => {
  const { toast } = page;
  const person = toast && page.pane.here.people.get(toast.person);
  return (
    <div class="news" role="status">{toast && person && (
      <button type="button" class="news-one" data-testid="news" onClick={() => void page.go(toast.person, toast.news.channel).then((pane) => (toast.news.thread ? page.openThread(pane, toast.news.thread) : page.focusTalk(pane))).catch(() => {})}>
        <Avatar person={person} /><span><b>{person.name.split(" ")[0]}</b> {toast.news.where}: {drawn(unmarked(toast.news.text, page.pane.here))}</span>
      </button>
    )}</div>
  );
};

const Bar = ({ page }: { page: Page }) => (
  <header class="top">
    <h1 class="brand"><span class="brand-mark" aria-hidden="true" /><span><b id="team">{page.state?.team ?? "Acme workspace"}</b> <i>simulated</i></span></h1>
    <News page={page} />
    <div class="personas" id="personas" role="group" aria-label="Who you are" data-testid="personas">
      {page.state?.personas.map((p) => <PersonaButton key={p.id} page={page} persona={p} />)}
    </div>
    {page.fits > 1 && page.state && <button type="button" class="beside" aria-pressed={page.several} data-testid="side-by-side" title="See what two people see at the same moment"
      onClick={() => (page.several ? page.alone((pane) => pane !== page.pane) : void page.beside().catch(() => {}))}>Side by side</button>}
    <GuideBack page={page} />
  </header>
);

const StoppedNote = ({ page }: { page: Page }) => (
  <p class="stopped" id="stopped" role="alert" data-testid="stopped" hidden={!page.lost}>{page.lost && <>
    <b>The demo has stopped.</b>{" "}
    {page.again ? <>Start it again in your terminal, for example with <code>{page.again}</code>.</> : "Start it again as you did before."}
    {" "}This page picks up by itself and keeps what you've typed.
  </>}</p>
);

const Tabs = ({ page }: { page: Page }) => {
  const tab = (stage: Stage, words: string, fresh = false) => (
    <button type="button" class={fresh ? "fresh" : ""} data-pane={stage} data-testid={"tab-" + stage} aria-pressed={page.stage === stage} onClick={() => page.show(stage)}>{words}</button>
  );
  return (
    <div class="tabs" id="tabs" role="group" aria-label="What to show">
      {tab("side", "Channels")}{tab("talk", "Conversation")}{tab("vendor", page.vendor.before?.name || (page.vendor.before || !page.hasVendor ? "Vendor" : "SE Ranking"), page.vendor.marks.size > 0)}
    </div>
  );
};

const TOPICS = { channel: "Everyone in the channel sees what's posted", private: "A private channel", dm: "A direct message, just between the two of you" };

const PartTabs = ({ page, pane }: { page: Page; pane: Pane }) => {
  const tab = (part: Pane["part"], words: string) => <button type="button" data-part={part} data-testid={"part-" + part} aria-pressed={pane.part === part} onClick={() => page.part(pane, part)}>{words}</button>;
  const hidden = !pane.isBot(pane.shown) || !(pane.state?.hasHome || pane.state?.home);
  return <div class="talk-tabs" id={pane.id("talk-tabs")} role="group" aria-label="Part of the app" hidden={hidden}>{tab("messages", "Messages")}{tab("home", "Home")}</div>;
};

/* Whose pane it is, and which conversation, where several stand side by side and no sidebar has room. */
const Whose = ({ page, pane }: { page: Page; pane: Pane }) => {
  const { rooms, apps, people } = grouped(pane);
  const side = `pane ${pane.no + 1}`;
  const option = (c: Pane["shown"]) => c && <option key={c.id} value={c.id}>{(SIGN[c.kind] ? SIGN[c.kind] + " " : "") + c.name + (c.unread ? ` (${c.unread} new)` : "")}</option>;
  return (
    <div class="whose">
      <Avatar person={pane.here.people.get(pane.state?.me ?? "")} />
      <select aria-label={`Who is in ${side}`} data-testid="pane-person" value={pane.state?.me} onChange={(e) => void page.become(pane, e.currentTarget.value).catch(() => {})}>
        {pane.state?.personas.map((p) => <option key={p.id} value={p.id}>{pane.here.people.get(p.id)?.name ?? p.id}, {p.role.toLowerCase()}</option>)}
      </select>
      <select aria-label={`Conversation in ${side}`} data-testid="pane-channel" value={pane.channel} onChange={(e) => page.open(pane, e.currentTarget.value)}>{[...rooms, ...apps, ...people].map(option)}</select>
      {page.fits > page.panes.length && pane.no === page.panes.length - 1 && <button type="button" class="pane-more" aria-label="One more person" title="One more person" data-testid="pane-more" onClick={() => void page.beside().catch(() => {})}>+</button>}
      <button type="button" class="pane-close" aria-label={`Close ${side}`} title="Close" data-testid="pane-close" onClick={() => page.alone((one) => one === pane)}>×</button>
    </div>
  );
};

const Inert = ({ off, threaded, children }: { off: boolean; threaded: boolean; children: ComponentChildren }) => <div class={"talk-in" + (threaded ? " threaded" : "")} inert={off}>{children}</div>;

const Talk = ({ page, pane }: { page: Page; pane: Pane }) => {
  const channel = pane.shown;
  const parent = channel && pane.part === "messages" ? pane.parent : undefined;
  const home = pane.part === "home" && pane.isBot(channel);
  const dialogs = page.several && Boolean(pane.form || pane.asking.length);
  return (
    <HereContext.Provider value={pane.here}>
      <section class={"talk" + (page.several && page.pane === pane ? " talk-active" : "")} aria-labelledby={pane.id("talk-title")} data-pane-no={pane.no}
        onFocusCapture={() => page.turnTo(pane)} onPointerDownCapture={() => page.turnTo(pane)}>
        <Inert off={dialogs} threaded={Boolean(parent)}>
          {page.several && <Whose page={page} pane={pane} />}
          <header class="talk-head">
            <h2 id={pane.id("talk-title")} data-testid="talk-title">{channel && (channel.kind === "channel" ? "# " : "") + channel.name}</h2>
            <p id={pane.id("talk-topic")}>{channel && (channel.topic || TOPICS[channel.kind])}</p>
            <PartTabs page={page} pane={pane} />
          </header>
          <Flow page={page} pane={pane} state={pane.state} channel={channel} home={home} busy={[...pane.pressed].join()} />
          <p class="no-composer" id={pane.id("no-composer")} data-testid="no-composer" hidden={!channel?.readOnly}>Sending messages to this app has been turned off. Type <kbd>/access</kbd> in any channel.</p>
          <Composer page={page} pane={pane} channel={channel} />
          {parent && <Thread page={page} pane={pane} channel={channel!} parent={parent} />}
        </Inert>
        {page.several && <Dialogs page={page} pane={pane} whole={false} />}
      </section>
    </HereContext.Provider>
  );
};

const VendorPanel = ({ page }: { page: Page }) => (
  <section class="vendor" id="vendor" aria-label="The simulated vendor" data-testid="vendor">
    {page.vendor.before ? <Vendor now={page.vendor.before} marks={page.vendor.marks} before={page.vendor.seats} /> : page.state && !page.hasVendor && <p class="nothing">There's no vendor here.</p>}
  </section>
);

export const App = ({ page }: { page: Page }) => <>
  <Bar page={page} />
  <main class="page">
    <StoppedNote page={page} />
    <GuideBar page={page} />
    <Tabs page={page} />
    <div class={"stage" + (page.several ? ` stage-${page.visible.length}` : "")} id="stage" data-pane={page.stage}>
      {!page.several && <Side page={page} pane={page.pane} />}
      {page.visible.map((pane) => <Talk key={pane.no} page={page} pane={pane} />)}
      <VendorPanel page={page} />
    </div>
  </main>
  <div id="dialogs">{!page.several && <Dialogs page={page} pane={page.pane} whole />}</div>
</>;
