/* Where something is drawn: for whom, in which conversation's pane, and the names that its mentions need. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Channel, Person, State } from "./payload";

export type Here = {
  me: string;
  people: Map<string, Person>;
  channels: Map<string, Channel>;
  groups: Map<string, string>;
  now: () => number; // the workspace's clock, in milliseconds; it may differ from the browser's
  width: () => number; // of the conversation, in pixels
  open: (channel: string, ts: string) => void; // leads to a message of this workspace
};

export const hereOf = (state: State, width: () => number, open: Here["open"]): Here => {
  const skew = state.now * 1000 - Date.now();
  return {
    me: state.me,
    people: new Map(state.people.map((p) => [p.id, p])),
    channels: new Map(state.channels.map((c) => [c.id, c])),
    groups: new Map((state.groups ?? []).map((g) => [g.id, g.handle])),
    now: () => Date.now() + skew,
    width,
    open,
  };
};

export const NOWHERE: Here = { me: "", people: new Map(), channels: new Map(), groups: new Map(), now: Date.now, width: () => 600, open: () => {} };

export const HereContext = createContext(NOWHERE);
export const useHere = () => useContext(HereContext);
