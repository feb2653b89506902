import "../page/styles/theme.css";
import "./world.css";
import { render } from "preact";
import { Calls } from "./calls";
import { Store } from "./store";
import { Vendors } from "./vendors";
import { World, type Part3 } from "./world";

const TABS: Record<Part3, string> = { vendors: "Vendors", calls: "Calls", store: "Kept" };

const App = ({ world }: { world: World }) => <>
  <header class="top">
    <h1>Beside the workspace <i>simulated</i></h1>
    <a href="/break">Break it yourself</a>
    <a href="/" data-testid="back">Back to the workspace</a>
    <div class="tabs" role="group" aria-label="What to show">
      {(Object.keys(TABS) as Part3[]).map((part) => <button key={part} type="button" data-testid={"tab-" + part} aria-pressed={world.shown === part} onClick={() => world.show(part)}>{TABS[part]}</button>)}
    </div>
  </header>
  <main>
    <p class="said" role="status" data-testid="said" hidden={!world.said}>{world.said}</p>
    <p class="said refused" role="alert" data-testid="refused" hidden={!world.trouble}>{world.trouble}</p>
    <div class="columns"><Vendors world={world} /><Calls world={world} /><Store world={world} /></div>
  </main>
</>;

const root = document.getElementById("root")!;
const world = new World(() => render(<App world={world} />, root));
world.show("calls");
world.listen();
