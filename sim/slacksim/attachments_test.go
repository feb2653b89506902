package slacksim_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

// hung are two attachments: one of blocks, and one in the older form.
const hung = `[{"color":"danger","blocks":[{"type":"section","block_id":"seat","text":{"type":"mrkdwn","text":"The *last* seat"},
		"accessory":{"type":"button","action_id":"free","value":"7","text":{"type":"plain_text","text":"Free it"}}}]},
	{"pretext":"And by the way:","title":"The bill","title_link":"https://bills.example/7","text":"is *due*","footer":"Finance","ts":1800000000,
		"fields":[{"title":"Seats","value":"20","short":true},{"title":"Cost","value":"*400*","short":true}]}]`

func (w *pageWorld) hang(t *testing.T) string {
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "Two things", "attachments": blocks(t, hung)})
	return w.threads("U0BOB").Messages["C0APPROVE"][0].TS
}

// TestWhatHangsOnAMessage: attachments are numbered from 1 and say something where they can't be drawn, and an element in one is pressed as any:
// the payload says in which it stands.
func TestWhatHangsOnAMessage(t *testing.T) {
	w := newPageWorld(t)
	app := w.startApp()
	ts := w.hang(t)
	kept := w.sim.Messages("C0APPROVE")[0].Attachments
	require.Equal(t, []any{1, 2}, []any{kept[0]["id"], kept[1]["id"]})
	require.Equal(t, "[no preview available]", kept[0]["fallback"])
	status, _ := w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "seat", "action_id": "free"})
	require.Equal(t, http.StatusOK, status)
	heard := app.last().Payload
	require.Equal(t, "7", heard.Actions[0].Value)
	require.Equal(t, "message_attachment", heard.Container.Type)
	require.EqualValues(t, 1, heard.Container.AttachmentID)
	status, _ = w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "elsewhere", "action_id": "free"})
	require.Equal(t, http.StatusNotFound, status)
}

// drawsAttachments: both forms, under the text, with what they link to; a colour is a bar.
func drawsAttachments(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	w.hang(t)
	for _, width := range []int{1280, 390} {
		r := openPage(t, b, w, width, 800)
		r.Click("persona-U0BOB")
		r.Says(browser.Mark("attachment"), "The last seat")
		r.Is(`[...document.querySelectorAll('[data-testid="attachment"]')].map((a) => a.innerText.replace(/\s*\n\s*/g, "|")).join("#").replace(/\|15 Jan.*/, "")`,
			"The last seat|Free it#The bill|is due|Seats|20|Cost|400|Finance")
		r.Holds(`document.querySelector('[data-testid="attachment"] a').href === "https://bills.example/7"`)
		r.Holds(`getComputedStyle(document.querySelector('[data-testid="attachment"]')).borderLeftColor === "rgb(224, 30, 90)"`)
		r.Holds(`document.documentElement.scrollWidth <= innerWidth`)
	}
	r := openPage(t, b, w, 1280, 800)
	r.Click("persona-U0BOB")
	r.Click("button-Free it")
	require.Eventually(t, func() bool { app.mu.Lock(); defer app.mu.Unlock(); return len(app.heard) == 1 }, soon, time.Millisecond)
}
