package slacksim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

// hears waits for so many envelopes and gives the newest.
func (a *tinyApp) hears(n int) tinyEnvelope {
	a.w.t.Helper()
	require.Eventually(a.w.t, func() bool { a.mu.Lock(); defer a.mu.Unlock(); return len(a.heard) == n }, soon, time.Millisecond)
	return a.last()
}

// written waits until the composer holds exactly this.
func written(r *browser.Reader, text string) {
	r.Holds(fmt.Sprintf(`document.querySelector('[data-testid="composer"]').value === %q`, text))
}

// hasFocus waits until a JavaScript expression is the element with the focus.
func hasFocus(r *browser.Reader, element string) {
	r.Holds(fmt.Sprintf(`document.activeElement !== document.body && document.activeElement === (%s)`, element))
}

const atMark = `document.querySelector('[data-testid=%q]')`

// card posts the tiny app's card in the approvals channel.
func (w *pageWorld) card() (ts string) {
	posted := w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(w.t, tinyCard)})
	return posted["ts"].(string)
}

func sendsACommandThatIsWholeByItself(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	r := openPage(t, b, w, 1280, 800)
	r.Write("composer", "/access"+kb.Enter)
	require.Empty(t, app.hears(1).Payload.Text)
	written(r, "")
	r.Write("composer", "/access "+kb.Enter)
	require.Empty(t, app.hears(2).Payload.Text)
	r.Write("composer", "/access cancel"+kb.Enter)
	require.Equal(t, "cancel", app.hears(3).Payload.Text)
	r.Write("composer", "/acc"+kb.Enter)
	written(r, "/access ")
}

func offersPeopleBehindAnAt(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	r := openPage(t, b, w, 1280, 800)
	r.Click("channel-C0GENERAL")
	r.Write("composer", "/access create lee@acme.example Lee because @")
	r.Says(browser.Mark("completions"), "Head of marketing")
	r.Holds(`document.querySelector('[data-testid="completions"]').getAttribute("role") === "listbox"`)
	for _, nobody := range []string{"U0GONE", "U0USHER", "USLACKBOT"} {
		r.Holds(fmt.Sprintf(`document.querySelector('[data-testid="person-%s"]') === null`, nobody))
	}
	r.Write("composer", "ba") // the beginning of a last name, too
	r.Holds(`document.querySelectorAll('.completion').length === 1`)
	r.Holds(`document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).dataset.testid === "person-U0BOB"`)
	r.Write("composer", kb.Enter)
	written(r, "/access create lee@acme.example Lee because @bob ")
	r.Write("composer", "and @l"+kb.Tab+"agree"+kb.Enter)
	require.Equal(t, "create <mailto:lee@acme.example|lee@acme.example> Lee because <@U0BOB|bob> and <!subteam^S0LEADS|@leads> agree", app.hears(1).Payload.Text)

	r.Write("composer", "hello @")
	r.Write("composer", kb.ArrowDown+kb.ArrowDown+kb.ArrowUp+kb.Enter)
	written(r, "hello @bob ")
	r.Write("composer", "@d"+kb.Escape+kb.Enter) // closed: the text goes as it is
	r.Says(browser.Mark("message"), "hello @Bob Baker @d")
	require.Contains(t, w.as("U0ALICE").Messages["C0GENERAL"][1].Text, "hello <@U0BOB> @d")
}

func sendsAPersonWrittenOut(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	r := openPage(t, b, w, 1280, 800)
	r.Write("composer", "thanks @bob"+kb.Enter)
	r.Says(browser.Mark("message"), "thanks @Bob Baker")
	r.Write("composer", "mail me at a@")
	r.Holds(`document.querySelector('[data-testid="completions"]').hidden`)
}

func keepsDrafts(t *testing.T, b *browser.Browser) {
	r := openPage(t, b, newPageWorld(t), 1280, 800)
	r.Click("channel-C0GENERAL")
	r.Write("composer", "from Alice")
	r.Click("channel-C0REPORTS")
	written(r, "")
	r.Write("composer", "a second one")
	r.Click("persona-U0BOB")
	r.Says(browser.Mark("talk-title"), "access-approvals")
	written(r, "")
	r.Click("channel-C0GENERAL")
	written(r, "")
	r.Write("composer", "from Bob")
	r.Do(chromedp.Reload())
	r.Says(browser.Mark("talk-title"), "general")
	written(r, "from Bob")
	r.Click("persona-U0ALICE")
	r.Click("channel-C0GENERAL")
	written(r, "from Alice")
	r.Click("channel-C0REPORTS")
	written(r, "a second one")
}

func keepsTheFocus(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	r := openPage(t, b, w, 1280, 800)
	r.Click("guide-hide")
	hasFocus(r, fmt.Sprintf(atMark, "guide-show"))
	r.Write("guide-show", kb.Enter)
	hasFocus(r, fmt.Sprintf(atMark, "guide-action"))
	r.Write("guide-action", kb.Enter)
	hasFocus(r, fmt.Sprintf(atMark, "composer"))
	r.Write("composer", kb.Enter)
	r.Says(browser.Mark("guide-text"), "A card is waiting for Bob")
	hasFocus(r, fmt.Sprintf(atMark, "composer"))
	r.Write("guide-action", kb.Enter) // Be Bob
	hasFocus(r, fmt.Sprintf(atMark, "messages"))
	first := w.as("U0BOB").Guide.Waiting
	w.card() // another, with a button like the first one's
	r.Holds(`document.querySelectorAll('[data-testid="button-Approve"]').length === 2`)
	r.WriteIn(chromedp.CSS(fmt.Sprintf(`[data-ts=%q] [data-testid="button-Approve"]`, first)), kb.Enter)
	r.Says(browser.Mark("message"), "done, by @Bob Baker")
	hasFocus(r, fmt.Sprintf(`document.querySelector('[data-ts=%q]')`, first))
}

func givesTheFocusBackAfterAForm(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	ts := w.card()
	r := openPage(t, b, w, 1280, 800)
	r.Click("persona-U0BOB")
	hasFocus(r, fmt.Sprintf(atMark, "persona-U0BOB"))
	r.Write("button-Deny", kb.Enter)
	hasFocus(r, fmt.Sprintf(atMark, "field-reason"))
	w.api("chat.update", map[string]any{"channel": "C0APPROVE", "ts": ts, "text": "#1 again", "blocks": blocks(t, tinyCard)})
	r.Write("field-reason", "too dear for now")
	r.Write("modal-submit", kb.Enter)
	r.Holds(`document.querySelector('[data-testid="modal"]') === null`)
	hasFocus(r, fmt.Sprintf(`document.querySelector('[data-ts=%q] [data-testid="button-Deny"]')`, ts))
}

// TestPageKeepsFormsApart: a form is on the screen of the window that it was opened from.
func TestPageKeepsFormsApart(t *testing.T) {
	w, _, ts := asked(t)
	deny := func(window string) {
		w.post("/page/click", map[string]any{"as": "U0BOB", "window": window, "channel": "C0APPROVE", "ts": ts, "block_id": "decide", "action_id": "deny"})
	}
	forms := func(window string) (ids []string) {
		_, _, body := w.get("/page/state?as=U0BOB&window=" + window)
		var state seen
		require.NoError(t, json.Unmarshal([]byte(body), &state))
		for _, v := range state.Views {
			ids = append(ids, v.ID)
		}
		return ids
	}
	deny("left")
	require.Eventually(t, func() bool { return len(forms("left")) == 1 }, soon, time.Millisecond)
	require.Empty(t, forms("right"))
	require.Empty(t, forms(""))
	deny("right")
	require.Eventually(t, func() bool { return len(forms("right")) == 1 }, soon, time.Millisecond)
	require.NotEqual(t, forms("left"), forms("right"))

	status, answer := w.post("/page/close", map[string]any{"as": "U0BOB", "window": "left", "view_id": forms("left")[0]})
	require.Equal(t, http.StatusOK, status, answer)
	require.Empty(t, forms("left"))
	require.Len(t, forms("right"), 1)
}

func keepsAFormInItsWindow(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	w.card()
	left := openPage(t, b, w, 1280, 800)
	left.Click("persona-U0BOB")
	left.Click("button-Deny")
	left.Write("field-reason", "half a sent")
	left.Set("field-kind", "idle")
	right := left.Tab(w.http.URL, "persona-U0ALICE")
	right.Click("persona-U0BOB")
	right.Says(browser.Mark("message"), "A seat for <b>Jane</b>")
	right.Holds(`document.querySelector('[data-testid="modal"]') === null`)

	left.Do(chromedp.Reload())
	left.Says(browser.Mark("modal"), "Deny #1")
	left.Holds(`document.querySelector('[data-testid="field-reason"]').value === "half a sent"`)
	left.Write("field-reason", "ence")
	left.Holds(`document.querySelector('[data-testid="field-reason"]').value === "half a sentence"`)

	name := left.Tell(`sessionStorage.getItem("window")`)
	right.Tell(fmt.Sprintf(`(sessionStorage.setItem("window", %q), "as a duplicated tab has it")`, name))
	right.Do(chromedp.Reload())
	right.Says(browser.Mark("message"), "A seat for <b>Jane</b>")
	right.Holds(`document.querySelector('[data-testid="modal"]') === null`)
	require.NotEqual(t, name, right.Tell(`sessionStorage.getItem("window")`))

	left.Click("modal-cancel")
	left.Holds(`document.querySelector('[data-testid="modal"]') === null`)
	left.Holds(`Object.keys(sessionStorage).every((key) => !key.startsWith("form "))`)
}

// leavesRoomToRead: the narrower or lower the window, the more of it is the conversation's.
func leavesRoomToRead(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	w.card()
	r := openPage(t, b, w, 1280, 800)
	r.Holds(`document.querySelector('[data-testid="guide-fold"]').checkVisibility() === false`)
	for _, window := range []struct {
		what          string
		width, height int
		least         int // CSS pixels of conversation
	}{{"1280 × 800 at 200 %", 640, 400, 200}, {"1366 × 650 at 200 %", 683, 325, 150}, {"a small phone", 320, 568, 300}, {"1280 × 1024 at 400 %", 320, 256, 110}} {
		r.Size(window.width, window.height)
		r.Holds(`document.querySelector('[data-testid="guide-fold"]').getAttribute("aria-expanded") === "false"`)
		r.Holds(fmt.Sprintf(`document.querySelector('[data-testid="messages"]').clientHeight >= %d || void (document.body.dataset.room = document.querySelector('[data-testid="messages"]').clientHeight)`, window.least))
		r.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, window.width))
		r.Click("guide-fold")
		r.Says(browser.Mark("guide-text"), "A card is waiting for Bob in #access-approvals")
		r.Holds(fmt.Sprintf(`(({ width, height }) => width > %d / 2 && height > 15)(document.querySelector('[data-testid="guide-text"]').getBoundingClientRect())`, window.width))
		r.Click("guide-fold")
	}
}
