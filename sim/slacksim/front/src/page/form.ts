/* What is filled into a view, in Slack's shape: values[block_id][action_id]. An input tells it what it holds as soon as that
   changes, so that whatever is sent next says so. */
import type { Entry, Values } from "./payload";

type Input = { block: string; action: string; entry: Entry; optional: boolean | undefined };

const isEmpty = (entry: Entry) => Object.entries(entry).every(([name, value]) => name === "type" || value === null || (value as { length: number }).length === 0);

export class Form {
  private inputs = new Map<string, Input>();

  /* `kept` is what an earlier drawing of the form held, and `save` keeps what this one does. */
  constructor(readonly kept: Values, private save: (values: Values) => void) {}

  /* `optional` is undefined for an element outside an input block, which has told what it holds already. */
  put(block: string, action: string, entry: Entry, optional: boolean | undefined) {
    this.inputs.set(block + " " + action, { block, action, entry, optional });
    this.save(this.read(() => true));
  }

  drop(block: string, action: string) { this.inputs.delete(block + " " + action); }

  /* What is filled in by now: the app hears of it with whatever it hears. */
  values() { return this.read((input) => input.optional !== undefined); }

  /* What Slack's client itself refuses before anything is sent: an empty required field. */
  missing(): Record<string, string> {
    const empty = [...this.inputs.values()].filter((input) => input.optional === false && isEmpty(input.entry));
    return Object.fromEntries(empty.map((input) => [input.block, "Please complete this required field."]));
  }

  private read(which: (input: Input) => boolean) {
    const values: Values = {};
    for (const input of this.inputs.values()) if (which(input)) (values[input.block] ??= {})[input.action] = input.entry;
    return values;
  }
}
