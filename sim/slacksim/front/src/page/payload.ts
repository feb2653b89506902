/* What the page's server says, as its Go types write it: page_state.go, page_vendor.go, page_guide.go, page_stories.go. */

export type Person = { id: string; name: string; handle: string; title: string; initials: string; color: string; bot?: boolean; left?: boolean };
export type News = { channel: string; thread?: string; where: string; text: string };
export type Persona = { id: string; role: string; hint: string; home: string; unread: number; newest?: News };
export type Channel = { id: string; name: string; kind: "channel" | "private" | "dm"; with?: string; topic?: string; unread: number; readOnly?: boolean };
export type Group = { id: string; handle: string };

export type Text = { type: "mrkdwn" | "plain_text"; text: string };
export type Confirm = { title?: Text; text: Text; confirm?: Text; deny?: Text; style?: string };
export type Option = { text: Text; value: string; description?: Text };
export type OptionGroup = { label?: Text; options: Option[] };
export type Menu = { options?: Option[]; option_groups?: OptionGroup[] };

export type Feedback = { text: Text; value: string; accessibility_label?: string };

/* An element of Block Kit, with the fields of every kind of it that this page draws. */
export type Element = Menu & {
  type: string;
  action_id: string;
  text?: Text;
  value?: string;
  url?: string;
  style?: string;
  accessibility_label?: string;
  confirm?: Confirm;
  placeholder?: Text;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  min_query_length?: number;
  max_selected_items?: number;
  max_files?: number;
  alt_text?: string;
  icon?: string;
  visible_to_user_ids?: string[];
  positive_button?: Feedback;
  negative_button?: Feedback;
} & { [initial in `initial_${string}`]?: unknown };

export type Leaf = {
  type: string;
  text?: string;
  style?: Record<string, boolean>;
  url?: string;
  user_id?: string;
  channel_id?: string;
  usergroup_id?: string;
  range?: string;
  name?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
};
export type RichPart = { type?: string; style?: string; indent?: number; elements?: (Leaf & RichPart)[] };

export type Cell = { type: string; text?: string; value?: string | number; elements?: RichPart[]; element?: Element };

export type Point = { label: string; value: number };
export type Series = { name: string; data: Point[] };
export type Chart = {
  type: "pie" | "bar" | "area" | "line";
  segments: Point[];
  series: Series[];
  axis_config: { categories: string[]; x_label?: string; y_label?: string };
};

/* A block, likewise. `text` is a text object everywhere but in a markdown block, where it is a string. */
export type Block = {
  type: string;
  block_id: string;
  text?: Text | string;
  fields?: Text[];
  accessory?: Element;
  elements?: (Element & Text & RichPart)[];
  element?: Element;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
  alt_text?: string;
  title?: Text | string;
  caption?: string;
  page_size?: number;
  row_header_column_index?: number;
  rows?: Cell[][];
  column_settings?: ({ align?: string } | undefined)[];
  chart?: Chart;
  level?: string;
  hero_image?: { alt_text?: string };
  subtitle?: Text;
  body?: Text;
  subtext?: Text;
  actions?: Element[];
  rich_text_title?: { elements?: RichPart[] };
  child_blocks?: Block[];
  width?: string;
  is_collapsible?: boolean;
  default_collapsed?: boolean;
  has_header_divider?: boolean;
  is_label_visible?: boolean;
  grid_lines?: string;
  title_url?: string;
  description?: Text;
  external_id?: string;
  status?: string;
  tasks?: Block[];
  details?: { elements?: RichPart[] };
  output?: { elements?: RichPart[] };
  sources?: { type: string; url?: string; text?: string }[];
};

/* What hangs on a message in Slack's older form. */
export type Attachment = {
  id: number;
  fallback: string;
  color?: string;
  pretext?: string;
  author_name?: string;
  author_link?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fields?: { title?: string; value?: string; short?: boolean }[];
  image_url?: string;
  thumb_url?: string;
  footer?: string;
  ts?: number | string;
  blocks?: Block[];
  actions?: unknown[];
};

export type Message = {
  ts: string;
  user: string;
  text: string;
  blocks?: Block[];
  attachments?: Attachment[];
  edited?: boolean;
  ephemeral?: boolean;
  warn?: Record<string, string>;
  files?: { name: string; size: number }[];
  thread?: string; // the ts of the message that a reply hangs on
  replies?: Message[];
  new?: number; // how many of them somebody who follows the thread hasn't seen
};

export type View = {
  id: string;
  view: { type: string; title?: Text; submit?: Text; close?: Text; blocks?: Block[] };
  errors?: Record<string, string>;
  note?: string;
};

export type Command = { command: string; verb: string; usage_hint: string; description: string };
export type Shortcut = { type: "global" | "message"; callback_id: string; name: string; description: string };
export type Members = { who: { id: string; in: boolean }[]; handle: string };
export type Manage = "deactivate" | "activate" | "add" | "remove";
export type Try = { label: string; as: string; command: string; does?: Manage; who?: string };

/* How far the guided round has come. */
export type Progress = {
  ask: string;
  decide: string;
  admin: string;
  approvals: string;
  reports: string;
  command: string;
  approve: string;
  report: string;
  more: Try[] | null;
  waiting: string;
  decided: boolean;
  elsewhere: boolean;
  account: string;
  told: string;
  toldIn: string;
  toldSeen: boolean;
  reported: boolean;
  asks: string;
  asksButton: string;
  asksSay: string;
};

export type Story = { name: string; title: string; why: string; told: number; not: string };
export type StoryNext = {
  as: string; // "": it happens beside the workspace
  channel: string;
  type: string;
  ts: string; // "": what is to be pressed isn't there yet
  press: string;
  block: string; // the menu in which they pick
  pick: string;
  fill: Record<string, string> | null;
  does: string; // what the button says that has it happen
  whom: string;
  late: boolean; // it's too late for it
  waits: string; // the deed is done, and this is still to be seen
};
export type StoryStep = { say: string; you: string; sees: { say: string; seen: boolean }[] };
export type StoryNow = Story & { at: number; steps: StoryStep[]; next: StoryNext | null; count: string; left: string };

/* The stories one can live through, and the one that is told. */
export type Telling = { all: Story[]; now: StoryNow | null };

/* All that one person may see. */
export type State = {
  team: string;
  again: string;
  me: string;
  personas: Persona[];
  people: Person[];
  groups: Group[] | null;
  channels: Channel[];
  messages: Record<string, Message[]>;
  views: View[];
  home: View | null;
  hasHome: boolean;
  commands: Command[];
  members?: Members;
  threads: { channel: string; ts: string; unread: number; latest: string }[];
  shortcuts: Shortcut[] | null;
  beside: { label: string; path: string }[] | null;
  guide: Progress | null;
  stories: Telling | null;
  now: number;
};

/* An entry of Slack's view state: {type, value | selected_…}. */
export type Entry = { type: string } & Record<string, unknown>;
export type Values = Record<string, Record<string, Entry>>;

/* What somebody did to an element. */
export type Press = { block_id: string; action_id: string; value: string; label: string; state?: unknown };

export type VendorAccount = { id: number; email: string; name: string; type: string; sites: string[]; blocked: boolean; details?: unknown };
export type VendorSite = { id: number; name: string; url: string };
export type VendorCall = { time: number; method: string; path: string; status: number; effect: string };

export type VendorView = {
  name: string;
  seats: { used: number; bought: number };
  accounts: VendorAccount[];
  sites: VendorSite[];
  calls: VendorCall[];
  more?: string; // the page where there is more of it
};
