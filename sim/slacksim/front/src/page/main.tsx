import "./styles/theme.css";
import "./styles/frame.css";
import "./styles/vendor.css";
import "./styles/message.css";
import "./styles/data.css";
import "./styles/form.css";
import "./styles/small.css";
import { render, type ComponentChildren } from "preact";
import { App } from "./app";
import { Blocks } from "./blocks";
import { HereContext } from "./here";
import { nameWindow } from "./kept";
import type { Block, Confirm } from "./payload";
import { Page, type Stage } from "./page";
import { closeMenusElsewhere } from "./shortcuts";
import { mrkdwn } from "./text";

const root = document.getElementById("root")!;

const page = new Page(() => {
  render(<App page={page} />, root);
  if (page.pane.state) document.body.dataset.me = page.pane.state.me;
  if (page.pane.state && !performance.getEntriesByName("ready").length) performance.mark("ready"); // one can read and press from here on
  const unread = page.state?.personas.reduce((all, p) => all + (page.paneOf(p.id) ? 0 : p.unread), 0) ?? 0;
  document.title = `${unread ? `(${unread}) ` : ""}${page.state?.team ?? "Acme workspace"} · simulated`;
});

/* Where the guide would take the room that the conversation needs. */
const small = matchMedia("(max-height: 520px), (max-width: 360px)");
const foldWhere = () => { page.guide.folded = small.matches; };

/* What a test, or somebody at the browser's console, may want of the page. */
const sketch = (what: ComponentChildren) => {
  const el = document.createElement("div");
  render(<HereContext.Provider value={page.pane.here}>{what}</HereContext.Provider>, el);
  return el;
};
Object.assign(globalThis, { Page: {
  show: (stage: Stage) => page.show(stage),
  write: (text: string) => { page.pane.writing.takeUp(text); page.draw(); },
  form: () => JSON.stringify(page.pane.form ?? null),
  ask: (confirm: Confirm) => void page.confirm(page.pane, confirm),
  again: () => { for (const pane of page.panes) if (pane.state) pane.state = structuredClone(pane.state); page.draw(); }, // as if the app had just drawn it all
  calm: () => { page.vendor.drop(Infinity); page.draw(); }, // as if the last change at the vendor had been a while ago
  mrkdwn: (text: string) => sketch(mrkdwn(text)),
  blocks: (blocks: Block[]) => sketch(<Blocks blocks={blocks} around={{ act() {}, ask: async () => true, attach: async () => [], name: "sketch" }} />),
} });

/* A story points at what comes next in a menu that was opened, or in a form that is being filled in, once the field itself has taken it. */
const drawStory = () => { if (page.state?.stories?.now) page.draw(); };
document.addEventListener("toggle", drawStory, true);
document.addEventListener("input", drawStory);

foldWhere();
small.addEventListener("change", () => { foldWhere(); page.draw(); });
page.resize(innerWidth);
addEventListener("resize", () => page.resize(innerWidth));
addEventListener("popstate", () => void page.goTo(location.hash).catch(() => {}));
page.focus.watch();
closeMenusElsewhere();
void nameWindow().then((name) => { page.server.window = name; page.listen(); });
