/* Breaking the demo by hand: each way with what it does and what to expect, jumps in time, and what came of all that was promised. */
import "../page/styles/theme.css";
import "./break.css";
import { render } from "preact";
import { App, type Shown } from "./app";
import type { Break, Count } from "./payload";

const EVERY = 1500;
const root = document.getElementById("root")!;
const shown: Shown = { busy: "", said: "" };
const draw = () => render(<App shown={shown} press={press} />, root);

/* What the demo answers; what it refuses with is a sentence to be shown. */
const ask = async <T,>(path: string, post = false): Promise<T> => {
  const answer = await fetch(path, post ? { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" } : {});
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
};

const words = (error: unknown) => (error instanceof TypeError ? "The demo has stopped. Start it again in your terminal." : (error as Error).message);

const look = async () => {
  if (document.hidden) return; // a hundred tabs ask for nothing
  try {
    shown.state = await ask<Break>("/break/state");
    shown.gone = undefined;
    shown.count = await ask<Count>("/break/count");
    shown.uncounted = undefined;
  } catch (error) {
    if (error instanceof TypeError) shown.gone = words(error);
    else shown.uncounted = words(error);
  }
  draw();
};

const press = async (path: string, label: string) => {
  shown.busy = path;
  shown.said = `${label}: under way …`;
  draw();
  try {
    await ask(`/break/${path}`, true);
    shown.said = `${label}: done.`;
  } catch (error) {
    shown.said = `${label}: ${words(error)}`;
  }
  shown.busy = "";
  await look();
};

const watch = async () => {
  await look();
  setTimeout(() => void watch(), EVERY);
};

document.addEventListener("visibilitychange", () => void look());
draw();
void watch();
