package browser

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// blink is how long a press may be on its way to the page before it counts as gone past; then it is only looked for again.
const blink = 2 * time.Second

// aim gives where to press the selected element once nothing is over it, and notes from then on whether it was
// pressed; or says that it was. What a page draws between aiming and pressing moves what is under the pointer: a press that would meet
// something else then meets nothing, since nobody meant that.
const aim = `(() => {
	const selector = %q;
	if (window.pressedAt?.selector === selector && window.pressedAt.hit) return { hit: true };
	const el = [...document.querySelectorAll(selector)].find((el) => el.checkVisibility());
	if (!el) return null;
	el.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
	const box = el.getBoundingClientRect();
	const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
	const top = document.elementFromPoint(x, y);
	if (!top || !(el.contains(top) || top.contains(el) && top.closest("label")?.control === el)) return null;
	if (!window.pressedAt) for (const kind of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) document.addEventListener(kind, (e) => {
		const at = window.pressedAt;
		if (at.hit || !e.isTrusted && kind !== "click") return;
		if (e.target.closest?.(at.selector)) at.hit = kind === "click";
		else if (e.isTrusted && !e.target.closest?.("label")?.control?.matches(at.selector)) { e.preventDefault(); e.stopImmediatePropagation(); }
	}, { capture: true });
	window.pressedAt = { selector, hit: false };
	return { x, y };
})()`

// Click presses the marked element once it can be reached, and again when the press went past it.
func (r *Reader) Click(id string) { r.t.Helper(); r.Press(Mark(id)) }

// Press presses the selected element like Click.
func (r *Reader) Press(selector chromedp.CSS) {
	r.t.Helper()
	r.Holds("(window.pressedAt && (window.pressedAt.hit = false, window.pressedAt.selector = null), true)")
	for began := time.Now(); ; {
		spot := await[struct {
			X, Y float64
			Hit  bool
		}](r, fmt.Sprintf(aim, selector))
		if spot.Hit {
			return
		}
		r.Do(chromedp.MouseClickXY(spot.X, spot.Y))
		if r.Soon("window.pressedAt.hit") {
			return
		}
		require.Less(r.t, time.Since(began), patience, "every press went past %s", selector)
	}
}

// Write types into the marked element; chromedp's package kb has the keys that are not letters.
func (r *Reader) Write(id, text string) { r.t.Helper(); r.WriteIn(Mark(id), text) }

// WriteIn types into the selected element like Write.
func (r *Reader) WriteIn(selector chromedp.CSS, text string) {
	r.t.Helper()
	r.goTo(selector)
	for line := range strings.SplitAfterSeq(text, kb.Enter) {
		typed := strings.TrimSuffix(line, kb.Enter)
		if typed != "" {
			r.Do(chromedp.KeyEvent(typed))
		}
		if typed != line {
			r.enter()
		}
	}
}

// enter presses Enter as one stroke, of which a page may keep what comes of it from being written. chromedp's own is two: what the second
// writes, a page that took the first for its own can't help.
func (r *Reader) enter() {
	r.t.Helper()
	for _, stroke := range []input.DispatchKeyEventParams{
		{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: kb.Enter, UnmodifiedText: kb.Enter, WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13},
		{Type: input.DispatchKeyEventTypeKeyUp, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13},
	} {
		r.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, stroke)
			return err
		}))
	}
}

// Paste puts text into the marked element at once, as from a clipboard.
func (r *Reader) Paste(id, text string) {
	r.t.Helper()
	r.goTo(Mark(id))
	r.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// Set chooses a value in the marked element, as a person does with a menu or a date.
func (r *Reader) Set(id, value string) {
	r.t.Helper()
	r.Holds(fmt.Sprintf(`(() => { const el = document.querySelector(%q); if (!el?.checkVisibility()) return false;
		el.value = %q; el.dispatchEvent(new Event("input", { bubbles: true })); el.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`, Mark(id), value))
}

// goTo puts the keyboard into the selected element.
func (r *Reader) goTo(selector chromedp.CSS) {
	r.t.Helper()
	r.Holds(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((el) => el.checkVisibility() && (el.focus(), el === document.activeElement))`, selector))
}
