/* Dialogs: the confirmation of a button, and the app's forms (views). Where one person has the window, both take it, so that
   focus stays inside and Escape closes them; where several do, they take the pane of whoever they are for. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { attach } from "./around";
import { Blocks } from "./blocks";
import type { Around } from "./elements";
import { Form } from "./form";
import { HereContext } from "./here";
import { formOf, remember } from "./kept";
import type { Menu, Press, View } from "./payload";
import type { Page } from "./page";
import type { Asking, Pane } from "./pane";
import { Stopped, wordsOf } from "./server";
import { textObject, textOf } from "./text";

type Props = { mark: string; small?: boolean; label?: string; labelledBy?: string; whole: boolean; busy?: boolean; leave: () => void; opening?: () => void; children: ComponentChildren };

const Dialog = ({ mark, small, label, labelledBy, whole, busy, leave, opening, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const el = dialog.current!;
    opening?.();
    whole ? el.showModal() : el.show();
    return () => el.close();
  }, [whole]);
  return (
    <dialog class={"modal" + (small ? " modal-small" : "") + (busy ? " busy" : "") + (whole ? "" : " modal-beside")} data-testid={mark} aria-label={label} aria-labelledby={labelledBy} ref={dialog}
      aria-modal={whole ? undefined : "true"} onCancel={(e) => { if (e.target === e.currentTarget) { e.preventDefault(); leave(); } } /* a chooser of files has one, too */} onKeyDown={(e) => { if (!whole && e.key === "Escape") { e.preventDefault(); leave(); } }}>
      {children}
    </dialog>
  );
};

const Sure = ({ asking, whole }: { asking: Asking; whole: boolean }) => {
  const { confirm, answer } = asking;
  return (
    <Dialog mark="confirm" small label={textOf(confirm.title)} whole={whole} leave={() => answer(false)}>
      <div class="modal-head"><h2>{textOf(confirm.title)}</h2></div>
      <div class="modal-body"><p>{textObject(confirm.text)}</p></div>
      <div class="modal-foot">
        <button type="button" class="block-button" data-testid="confirm-no" onClick={() => answer(false)}>{textOf(confirm.deny) || "Cancel"}</button>
        <button type="button" class={"block-button " + (confirm.style === "danger" ? "danger" : "primary")} data-testid="confirm-yes" onClick={() => answer(true)}>{textOf(confirm.confirm) || "Yes"}</button>
      </div>
    </Dialog>
  );
};

type Refusal = { of: string; errors?: Record<string, string>; note?: string };

/* What somebody does with a form, and what the page itself says of it until the app says something else. */
const useForm = (page: Page, pane: Pane, view: View, print: string) => {
  const [refusal, refuse] = useState<Refusal>({ of: "" });
  const [busy, beBusy] = useState(false);
  const form = useMemo(() => new Form(pane.keptForm(view.id), (values) => remember(formOf(view.id), JSON.stringify(values))), [view.id]);
  const own = refusal.of === print ? refusal : undefined;
  const note = (error: unknown) => refuse({ of: print, note: error instanceof Stopped ? "The demo has stopped. Your text is still here." : wordsOf(error) });
  const post = <T,>(deed: string, more: object) => page.server.post<T>(deed, { as: pane.me, view_id: view.id, ...more });
  const submit = async () => {
    const errors = form.missing();
    if (Object.keys(errors).length) return refuse({ of: print, errors });
    refuse({ of: "" });
    beBusy(true);
    await post("submit", { values: form.values() }).catch(note);
    beBusy(false);
  };
  const around: Around = {
    act: ({ block_id, action_id, state }: Press) => void post("click", { block_id, action_id, state, values: form.values() }).catch(note),
    ask: (confirm) => page.confirm(pane, confirm),
    attach: attach(page, pane),
    suggest: async (block_id, action_id, text) => (await post<{ menu: Menu }>("suggest", { block_id, action_id, text, values: form.values() })).menu,
    form,
    errors: own?.errors ?? view.errors ?? {},
    name: `f${pane.no}-${view.id}`,
  };
  return { around, busy, submit, close: () => void post("close", {}).catch(note), note: own?.note ?? view.note };
};

const ViewForm = ({ page, pane, view, whole }: { page: Page; pane: Pane; view: View; whole: boolean }) => {
  const print = JSON.stringify(view);
  const { around, busy, submit, close, note } = useForm(page, pane, view, print);
  const body = useRef<HTMLDivElement>(null);
  const wrong = JSON.stringify(around.errors);
  useLayoutEffect(() => { body.current!.querySelector<HTMLElement>("input, textarea, select")?.focus(); }, []);
  useLayoutEffect(() => {
    const field = body.current!.querySelector<HTMLElement>("[aria-invalid]");
    (field?.matches("input,select,textarea") ? field : field?.querySelector("input"))?.focus();
  }, [wrong]);
  const { title, submit: send, close: leave, blocks } = view.view;
  const titleId = pane.id("modal-title");
  return (
    <Dialog mark="modal" labelledBy={titleId} whole={whole} busy={busy} leave={close} opening={() => page.focus.noteOpener()}>
      <form novalidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        <div class="modal-head">
          <h2 id={titleId}>{textOf(title)}</h2>
          <button type="button" class="modal-x" aria-label="Close" data-testid="modal-x" onClick={close}>×</button>
        </div>
        <div class="modal-body" ref={body}>
          {note && <p class="modal-note" role="alert" data-testid="modal-note">{note}</p>}
          <Blocks blocks={blocks ?? []} around={around} />
        </div>
        <div class="modal-foot">
          <button type="button" class="block-button" data-testid="modal-cancel" onClick={close}>{textOf(leave) || "Cancel"}</button>
          {send && <button type="submit" class="block-button primary" data-testid="modal-submit">{textOf(send)}</button>}
        </div>
      </form>
    </Dialog>
  );
};

/* The form and the questions that are before somebody. */
export const Dialogs = ({ page, pane, whole }: { page: Page; pane: Pane; whole: boolean }) => {
  const view = pane.form;
  return (
    <HereContext.Provider value={pane.here}>
      {view && <ViewForm key={pane.me + " " + view.id} page={page} pane={pane} view={view} whole={whole} />}
      {pane.asking.map((asking, i) => <Sure key={i} asking={asking} whole={whole} />)}
    </HereContext.Provider>
  );
};
