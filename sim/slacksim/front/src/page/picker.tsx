/* An external select: what one types is sent to the app, and what it offers can be picked. Of a menu for many the picked
   stand above it, each with a way to take it out. */
import { Component, createRef } from "preact";
import { entryOf, type InputProps } from "./inputs";
import type { Entry, Menu, Option, OptionGroup } from "./payload";
import { wordsOf } from "./server";
import { textOf } from "./text";

const SEARCH_PAUSE = 180; // ms without a key before the app is asked

type Props = InputProps & { many: boolean };
type Held = { text: string; chosen: Option[]; menu: Menu | null; open: boolean; active: number; trouble: string };

export class Picker extends Component<Props, Held> {
  private box = createRef<HTMLInputElement>();
  private list = createRef<HTMLDivElement>();
  private asked = 0;
  private of = ""; // what the menu was found for
  private pause: ReturnType<typeof setTimeout> | undefined;
  private listId = this.props.name.id + "-list";

  constructor(props: Props) {
    super(props);
    const begun = props.kept ? props.kept[this.field] : props.many ? props.element.initial_options : props.element.initial_option;
    const chosen = (props.many ? begun ?? [] : begun ? [begun] : []) as Option[];
    this.state = { text: "", chosen, menu: null, open: false, active: -1, trouble: "" };
  }

  componentDidMount() { this.props.put(this.entry(this.state.chosen)); }
  componentWillUnmount() { this.asked++; clearTimeout(this.pause); }

  /* All that is offered comes into sight above what stands still at the form's foot; where that is too much, what one types stays. */
  componentDidUpdate(_: Props, before: Held) {
    const { open, menu, active } = this.state;
    if (open && (!before.open || menu !== before.menu)) for (const el of [this.list.current, this.box.current]) el?.scrollIntoView({ block: "nearest" });
    if (open && active !== before.active && active >= 0) this.list.current?.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  private get field() { return this.props.many ? "selected_options" : "selected_option"; }
  private entry(chosen: Option[]): Entry { return entryOf(this.props.element, this.field, this.props.many ? chosen : chosen[0] ?? null); }

  private groups(): OptionGroup[] {
    const { menu, chosen } = this.state;
    const groups = menu?.option_groups ?? [{ options: menu?.options ?? [] }];
    return groups.map((group) => ({ ...group, options: group.options.filter((o) => !chosen.some((c) => c.value === o.value)) }));
  }
  private offered() { return this.groups().flatMap((group) => group.options); }

  private close = () => this.setState({ open: false, active: -1, trouble: "" });

  private choose(chosen: Option[], text = this.state.text) {
    this.setState({ chosen, text, open: false, active: -1 });
    this.props.put(this.entry(chosen));
    this.props.changed(this.entry(chosen));
  }

  private pick(option: Option) {
    this.of = "";
    this.setState({ menu: null });
    this.choose(this.props.many ? [...this.state.chosen, option] : [option], "");
  }

  private search = async () => {
    const mine = ++this.asked;
    const text = this.box.current?.value.trim() ?? "";
    if (text.length < (this.props.element.min_query_length ?? 3)) {
      this.of = "";
      return this.setState({ menu: null, open: false, active: -1 });
    }
    try {
      const menu = await this.props.suggest!(text);
      if (mine !== this.asked || document.activeElement !== this.box.current) return;
      this.of = text;
      this.setState({ menu, open: true, active: -1, trouble: "" });
    } catch (error) {
      if (mine === this.asked) this.setState({ menu: null, open: true, trouble: wordsOf(error) });
    }
  };

  /* The keyboard comes back: what was found for fewer letters stays until the app has said what there is by now. */
  private resume = () => {
    const text = this.box.current?.value.trim();
    if (!text) return;
    if (this.state.menu) this.setState({ open: true });
    if (this.of !== text) void this.search();
  };

  private mark(to: number) { this.setState({ active: Math.max(0, Math.min(to, this.offered().length - 1)) }); }

  /* Whether a key did something here. */
  private key(key: string, typed: string): boolean {
    const { open, active, chosen } = this.state;
    const offered = this.offered();
    switch (key) {
      case "ArrowDown": open ? this.mark(active + 1) : void this.search(); return true;
      case "ArrowUp": if (open) this.mark(active - 1); return true;
      case "Enter": { // what was found for fewer letters is not what they mean by now
        const option = offered[Math.max(active, 0)];
        if (open && option && this.of === typed.trim()) this.pick(option);
        return true;
      }
      case "Escape": if (open) this.close(); return open;
      case "Backspace": if (!typed && this.props.many && chosen.length) this.choose(chosen.slice(0, -1)); return !typed;
      default: return false;
    }
  }

  private onKey = (event: KeyboardEvent) => {
    if (event.isComposing || !this.key(event.key, (event.target as HTMLInputElement).value)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  private onInput = (event: Event) => {
    event.stopPropagation();
    this.setState({ text: (event.target as HTMLInputElement).value, active: -1 });
    clearTimeout(this.pause);
    this.pause = setTimeout(this.search, SEARCH_PAUSE);
  };

  private pills() {
    const { chosen } = this.state;
    return (
      <ul class="picked">{chosen.map((option) => (
        <li key={option.value} class="pill">
          <span>{textOf(option.text)}</span>
          <button type="button" aria-label={"Take out " + textOf(option.text)} data-testid={"out-" + option.value}
            onClick={() => { this.choose(chosen.filter((o) => o !== option)); this.box.current?.focus(); }}>×</button>
        </li>
      ))}</ul>
    );
  }

  private offers() {
    const { open, active, trouble } = this.state;
    const offered = this.offered();
    return (
      <div class="offers" role="listbox" id={this.listId} aria-label="Found" hidden={!open} ref={this.list}>
        {trouble && <p class="offers-head">{trouble}</p>}
        {!trouble && !offered.length && <p class="offers-head" role="presentation">Nothing found</p>}
        {!trouble && this.groups().map((group) => <>
          {group.label && offered.length > 0 && <p class="offers-head" role="presentation">{textOf(group.label)}</p>}
          {group.options.map((option) => {
            const i = offered.indexOf(option);
            return (
              <div key={option.value} class={"offer" + (i === active ? " active" : "")} role="option" id={`${this.listId}-${i}`} aria-selected={i === active}
                data-testid={"offer-" + option.value} onMouseDown={(e) => e.preventDefault()} onClick={() => this.pick(option)}>
                {textOf(option.text)}{option.description && <small>{textOf(option.description)}</small>}
              </div>
            );
          })}
        </>)}
      </div>
    );
  }

  render() {
    const { open, active, text, trouble } = this.state;
    const count = this.offered().length;
    return (
      <div class="picker">
        {this.pills()}
        <div class="picker-box">
          <input {...this.props.name} ref={this.box} type="search" autocomplete="off" list={undefined} role="combobox" aria-autocomplete="list" aria-expanded={open}
            aria-controls={this.listId} aria-activedescendant={open && active >= 0 ? `${this.listId}-${active}` : undefined}
            placeholder={textOf(this.props.element.placeholder) || "Search…"} value={text}
            onInput={this.onInput} onChange={(e) => e.stopPropagation() /* what is typed here is no value */} onClick={this.search} onFocus={this.resume} onKeyDown={this.onKey}
            onKeyPress={(e) => { if (e.key === "Enter") e.preventDefault(); } /* half of a key sends no form */}
            onBlur={() => { this.asked++; this.close(); }} />
          {this.offers()}
        </div>
        <p class="unseen" role="status" aria-live="polite">{open && !trouble ? (count ? `${count} found` : "Nothing found") : ""}</p>
      </div>
    );
  }
}
