/* Shortcuts: those that are used anywhere stand beside the composer, those for a message in its corner. */
import type { Page } from "./page";
import type { Pane } from "./pane";
import type { Shortcut } from "./payload";

type Props = { page: Page; pane: Pane; type: Shortcut["type"]; label: string; where: object; mark: string };

export const ShortcutMenu = ({ page, pane, type, label, where, mark }: Props) => {
  const all = (pane.state?.shortcuts ?? []).filter((s) => s.type === type);
  if (!all.length) return null;
  const use = (shortcut: Shortcut) => (event: Event) => {
    (event.target as HTMLElement).closest("details")!.open = false;
    page.server.post("shortcut", { as: pane.me, shortcut: shortcut.callback_id, ...where }).catch(page.fail(pane));
  };
  return (
    <details class={"shortcuts shortcuts-" + type}>
      <summary aria-label={label} title={label} data-testid={"shortcuts-" + type}>{mark}</summary>
      <div class="overflow-list">{all.map((s) => <button key={s.callback_id} type="button" title={s.description} data-testid={"shortcut-" + s.callback_id} onClick={use(s)}>{s.name}</button>)}</div>
    </details>
  );
};

/* A menu closes when somebody presses elsewhere. */
export const closeMenusElsewhere = () => document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details.shortcuts[open]")) if (!open.contains(event.target as Node)) open.open = false;
});
