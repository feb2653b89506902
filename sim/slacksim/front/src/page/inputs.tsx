/* Block Kit elements that hold a value. Each is told what an earlier drawing of it held, puts its entry of Slack's view state
   wherever that changes, and says so where somebody changed it. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useState } from "preact/hooks";
import { useHere } from "./here";
import { Picker } from "./picker";
import type { Element, Entry, Menu, Option } from "./payload";
import { wordsOf } from "./server";
import { textObject, textOf } from "./text";

/* What an element's control is called, by tests and by screen readers. */
export type Named = { id: string } & Partial<Record<"data-testid" | "data-action-id" | "aria-label" | "aria-labelledby" | "aria-describedby", string>> & { "aria-invalid"?: "true" };

export type InputProps = {
  element: Element;
  kept: Entry | undefined;
  put: (entry: Entry) => void;
  changed: (entry: Entry) => void; // somebody changed it, and it has been put
  name: Named;
  attach: (file: File) => Promise<unknown[]>;
  suggest?: (text: string) => Promise<Menu>; // asks the app for the options of a menu that has none of its own
};

export const allOptions = (element: Menu) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

export const entryOf = (element: Element, field: string, value: unknown): Entry => ({ type: element.type, [field]: value });

/* An entry is put when it first stands there, and whenever it differs. */
export const usePut = (entry: Entry, put: (entry: Entry) => void) => useLayoutEffect(() => put(entry), [JSON.stringify(entry)]);

const TYPES: Record<string, "email" | "url" | "number" | "date" | "time"> = { email_text_input: "email", url_text_input: "url", number_input: "number", datepicker: "date", timepicker: "time" };
const FIELDS: Record<string, string> = { datepicker: "selected_date", timepicker: "selected_time" };
const INITIAL: Record<string, `initial_${string}`> = { datepicker: "initial_date", timepicker: "initial_time" };

const TextInput = ({ element, kept, put, changed, name }: InputProps) => {
  const field = FIELDS[element.type] ?? "value";
  const [text, write] = useState(String((kept ? kept[field] : element[INITIAL[element.type] ?? "initial_value"]) ?? ""));
  const entry = (value: string) => entryOf(element, field, value === "" ? null : value);
  usePut(entry(text), put);
  const props = {
    ...name, value: text, placeholder: textOf(element.placeholder) || undefined, minlength: element.min_length, maxlength: element.max_length,
    onInput: (e: Event) => { const { value } = e.target as HTMLInputElement; write(value); put(entry(value)); },
    onChange: (e: Event) => { const { value } = e.target as HTMLInputElement; write(value); put(entry(value)); changed(entry(value)); },
  };
  if (element.type === "plain_text_input" && element.multiline) return <textarea {...props} rows={3} />;
  const bounds = element.type === "number_input" ? { min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? "any" : "1" } : {};
  return <input {...props} {...bounds} type={(TYPES[element.type] ?? "text") as "text"} />;
};

type Choice = { key: string; label: ComponentChildren; words: string; more?: ComponentChildren };

/* A drop-down; `valueOf` turns the chosen key into the entry's value. */
const DropDown = ({ element, put, changed, name, choices, begun, field, valueOf }: InputProps & { choices: Choice[]; begun: string | undefined; field: string; valueOf: (key: string) => unknown }) => {
  const [key, choose] = useState(begun ?? "");
  const there = choices.some((c) => c.key === key) ? key : "";
  const entry = (chosen: string) => entryOf(element, field, chosen ? valueOf(chosen) ?? null : null);
  usePut(entry(there), put);
  const pick = (e: Event) => { const { value } = e.target as HTMLSelectElement; choose(value); put(entry(value)); changed(entry(value)); };
  return (
    <select {...name} value={there} onChange={pick}>
      <option value="">{textOf(element.placeholder) || "Choose…"}</option>
      {choices.map((c) => <option key={c.key} value={c.key}>{c.words}</option>)}
    </select>
  );
};

const asChoice = (o: Option): Choice => ({ key: o.value, label: textObject(o.text), words: textOf(o.text), more: o.description && textObject(o.description) });
const named = (id: string, words: string): Choice => ({ key: id, label: words, words });

const StaticSelect = (props: InputProps) => {
  const options = allOptions(props.element);
  const begun = (props.kept ? props.kept.selected_option : props.element.initial_option) as Option | undefined;
  return <DropDown {...props} choices={options.map(asChoice)} begun={begun?.value} field="selected_option" valueOf={(key) => options.find((o) => o.value === key)} />;
};

const usePeople = () => [...useHere().people.values()].filter((p) => !p.bot).map((p) => named(p.id, p.name));

const PeopleSelect = (props: InputProps) => {
  const begun = (props.kept ? props.kept.selected_user : props.element.initial_user) as string | undefined;
  return <DropDown {...props} choices={usePeople()} begun={begun} field="selected_user" valueOf={(key) => key} />;
};

const ChannelSelect = (props: InputProps) => {
  const what = props.element.type === "channels_select" ? "channel" : "conversation";
  const channels = [...useHere().channels.values()].filter((c) => c.kind !== "dm").map((c) => named(c.id, "#" + c.name));
  const begun = (props.kept ? props.kept["selected_" + what] : props.element[`initial_${what}`]) as string | undefined;
  return <DropDown {...props} choices={channels} begun={begun} field={"selected_" + what} valueOf={(key) => key} />;
};

/* Checkboxes, radio buttons and multi-selects are all a list of ticks; a long list gets a filter. What is full takes no more:
   the boxes that are empty wait until one is emptied. */
const Ticks = ({ put, changed, name, kind, choices, begun, most = Infinity, entry }: InputProps & {
  kind: "checkbox" | "radio"; choices: Choice[]; begun: string[]; most?: number; entry: (keys: string[]) => Entry;
}) => {
  const [picked, pick] = useState(begun);
  const [sought, seek] = useState("");
  const group = useId();
  const keys = choices.map((c) => c.key).filter((key) => picked.includes(key));
  usePut(entry(keys), put);
  const tick = (key: string, on: boolean) => {
    const next = kind === "radio" ? [key] : choices.map((c) => c.key).filter((k) => (k === key ? on : keys.includes(k)));
    pick(next);
    put(entry(next));
    changed(entry(next));
  };
  const long = choices.length > 8;
  return (
    <div class={long ? "ticks ticks-long" : "ticks"} role={kind === "radio" ? "radiogroup" : "group"} {...name}>
      {long && <input type="search" class="tick-filter" placeholder="Find…" aria-label="Filter the options" onInput={(e) => seek(e.currentTarget.value.toLowerCase())} />}
      {choices.filter((c) => !long || c.words.toLowerCase().includes(sought)).map((c) => (
        <label key={c.key} class="tick">
          <input type={kind} name={group} value={c.key} checked={keys.includes(c.key)} disabled={keys.length >= most && !keys.includes(c.key)} onChange={(e) => tick(c.key, e.currentTarget.checked)} />
          <span>{c.label}{c.more && <small>{c.more}</small>}</span>
        </label>
      ))}
    </div>
  );
};

const TickOptions = (props: InputProps) => {
  const options = allOptions(props.element);
  const begun = ((props.kept ? props.kept.selected_options : props.element.initial_options) ?? []) as Option[];
  return <Ticks {...props} kind="checkbox" choices={options.map(asChoice)} begun={begun.map((o) => o.value)} most={props.element.max_selected_items}
    entry={(keys) => entryOf(props.element, "selected_options", options.filter((o) => keys.includes(o.value)))} />;
};

const Radio = (props: InputProps) => {
  const options = props.element.options ?? [];
  const begun = (props.kept ? props.kept.selected_option : props.element.initial_option) as Option | undefined;
  return <Ticks {...props} kind="radio" choices={options.map(asChoice)} begun={begun ? [begun.value] : []}
    entry={(keys) => entryOf(props.element, "selected_option", options.find((o) => o.value === keys[0]) ?? null)} />;
};

const ManyChannels = (props: InputProps) => {
  const field = props.element.type === "multi_channels_select" ? "channels" : "conversations";
  const channels = [...useHere().channels.values()].filter((c) => c.kind !== "dm").map((c) => named(c.id, "#" + c.name));
  const begun = ((props.kept ? props.kept["selected_" + field] : props.element[`initial_${field}`]) ?? []) as string[];
  return <Ticks {...props} kind="checkbox" choices={channels} begun={begun} most={props.element.max_selected_items} entry={(keys) => entryOf(props.element, "selected_" + field, keys)} />;
};

const pad = (n: number) => String(n).padStart(2, "0");
const localTime = (seconds: number) => { const d = new Date(seconds * 1000); return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}T${pad(d.getHours())}:${pad(d.getMinutes())}`; };

/* A moment, in the zone of whoever picks it. */
const Moment = ({ element, kept, put, changed, name }: InputProps) => {
  const begun = (kept ? kept.selected_date_time : element.initial_date_time) as number | null | undefined;
  const [text, write] = useState(begun ? localTime(begun) : "");
  const entry = (value: string) => entryOf(element, "selected_date_time", value ? Date.parse(value) / 1000 : null);
  usePut(entry(text), put);
  return <input {...name} type="datetime-local" value={text} onChange={(e) => { const { value } = e.currentTarget; write(value); put(entry(value)); changed(entry(value)); }} />;
};

type Rich = { elements?: { elements?: { text?: string }[] }[] } | null | undefined;
const plainOf = (rich: Rich) => (rich?.elements ?? []).map((part) => (part.elements ?? []).map((leaf) => leaf.text ?? "").join("")).join("\n");
const richOf = (text: string) => (text ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] } : null);

/* Rich text is written here without its styles. */
const RichText = ({ element, kept, put, changed, name }: InputProps) => {
  const [text, write] = useState(plainOf((kept ? kept.rich_text_value : element.initial_value) as Rich));
  const entry = (value: string) => entryOf(element, "rich_text_value", richOf(value));
  usePut(entry(text), put);
  return <textarea {...name} rows={3} value={text} placeholder={textOf(element.placeholder) || undefined}
    onInput={(e) => { write(e.currentTarget.value); put(entry(e.currentTarget.value)); }} onChange={(e) => changed(entry(e.currentTarget.value))} />;
};

const ManyPeople = (props: InputProps) => {
  const begun = ((props.kept ? props.kept.selected_users : props.element.initial_users) ?? []) as string[];
  return <Ticks {...props} kind="checkbox" choices={usePeople()} begun={begun} most={props.element.max_selected_items} entry={(keys) => entryOf(props.element, "selected_users", keys)} />;
};

type Uploaded = { name: string };

/* A file goes up to Slack as soon as it is picked, before the form is sent. */
const FileInput = ({ element, kept, put, changed, name, attach }: InputProps) => {
  const [files, have] = useState((kept?.files ?? []) as Uploaded[]);
  const [said, say] = useState<string | null>(null);
  const most = element.max_files ?? 10;
  usePut(entryOf(element, "files", files), put);
  const take = async (picked: File[]) => {
    if (!picked.length) return;
    say("Adding…");
    try {
      const added = (await Promise.all(picked.slice(0, most).map(attach))).flat() as Uploaded[];
      have(added);
      say(null);
      put(entryOf(element, "files", added));
      changed(entryOf(element, "files", added));
    } catch (error) {
      have([]);
      say(wordsOf(error));
    }
  };
  return (
    <div class="file-field">
      <input {...name} type="file" multiple={most > 1} onChange={(e) => void take([...(e.currentTarget.files ?? [])])} />
      <small class="files" role="status" data-testid="files">{said ?? files.map((f) => f.name).join(", ")}</small>
    </div>
  );
};

const INPUTS = new Map<string, (props: InputProps) => JSX.Element>(Object.entries({
  plain_text_input: TextInput, email_text_input: TextInput, url_text_input: TextInput, number_input: TextInput, datepicker: TextInput, timepicker: TextInput,
  static_select: StaticSelect, multi_static_select: TickOptions, checkboxes: TickOptions, radio_buttons: Radio,
  users_select: PeopleSelect, multi_users_select: ManyPeople, channels_select: ChannelSelect, conversations_select: ChannelSelect,
  multi_channels_select: ManyChannels, multi_conversations_select: ManyChannels, datetimepicker: Moment, rich_text_input: RichText, file_input: FileInput,
  external_select: (props: InputProps) => <Picker {...props} many={false} />, multi_external_select: (props: InputProps) => <Picker {...props} many />,
}));

/* What draws an element that holds a value; undefined where its type is not one. */
export const inputFor = (type: string) => INPUTS.get(type);
