package slacksim_test

import (
	"context"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// reader is a person at the page, in a headless browser. What the browser
// complains of (an error in a script, a breach of the content policy) fails the test.
type reader struct {
	t   *testing.T
	ctx context.Context
}

// openPage starts a browser on the page; the test is skipped where there is none.
func openPage(t *testing.T, w *pageWorld, width, height int) *reader {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no browser is installed: the page is not tried (chromium or google-chrome would do)")
	}
	fail := func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
				t.Errorf("the browser complains: %s", e.Entry.Text)
			}
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(width, height))
	allocator, endBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(endBrowser)
	ctx, endTab := chromedp.NewContext(allocator, chromedp.WithListener(fail))
	t.Cleanup(endTab)
	r := &reader{t: t, ctx: ctx}
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height)))) // the first call owns the browser: no deadline
	r.do(chromedp.Navigate(w.http.URL), chromedp.WaitVisible(hook("persona-U0ALICE")))          // who comes with the first snapshot
	return r
}

// hook is the element that the page marks for tests.
func hook(id string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf(`[data-testid=%q]`, id)) }

// do carries actions out, each of which waits for its element, for half a minute at most.
func (r *reader) do(actions ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, 30*time.Second)
	defer cancel()
	require.NoError(r.t, chromedp.Do(ctx, actions...))
}

func (r *reader) click(id string) {
	r.t.Helper()
	r.do(chromedp.Click(hook(id), chromedp.NodeVisible))
}

func (r *reader) write(id, text string) {
	r.t.Helper()
	r.do(chromedp.SendKeys(hook(id), text, chromedp.NodeVisible))
}

// holds waits until a condition in JavaScript is true.
func (r *reader) holds(condition string) {
	r.t.Helper()
	_, err := chromedp.Run(r.ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(20*time.Second)))
	if err != nil {
		body, _ := chromedp.Run(r.ctx, chromedp.Text(chromedp.CSS("body"))) // whatever can be had
		require.NoError(r.t, err, "never came true: %s\nthe page says:\n%s", condition, body)
	}
}

// says waits until an element shows the text.
func (r *reader) says(selector chromedp.CSS, text string) {
	r.t.Helper()
	r.holds(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((el) => el.innerText.includes(%q))`, selector, text))
}

// is compares what a JavaScript expression gives.
func (r *reader) is(expression, want string) {
	r.t.Helper()
	got, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](expression))
	require.NoError(r.t, err, expression)
	require.Equal(r.t, want, got, expression)
}

func (r *reader) text(selector chromedp.CSS) string {
	r.t.Helper()
	text, err := chromedp.Run(r.ctx, chromedp.Text(selector))
	require.NoError(r.t, err)
	return text
}

func TestBrowserWalksTheRoundByTheGuideAlone(t *testing.T) {
	w := newPageWorld(t)
	w.startApp()
	r := openPage(t, w, 1280, 800)

	r.says(hook("guide-text"), "You are Alice")
	r.click("guide-action")
	r.says(hook("guide-text"), "Send it with Enter")
	r.write("composer", kb.Enter)
	r.says(hook("ephemeral"), "Only visible to you")
	r.says(hook("guide-text"), "A card waits for Bob in #access-approvals")
	r.click("guide-action")
	r.says(hook("talk-title"), "access-approvals")
	r.says(hook("guide-text"), "You are Bob. Read the card, press Approve")
	r.holds(`document.querySelector('[data-testid="button-Approve"].point-here') !== null`)
	r.click("button-Approve")
	r.says(hook("vendor-row")+`[data-mark="new"]`, "jane@acme.example")
	r.says(hook("vendor-call"), "created jane@acme.example")
	r.says(hook("vendor-seats"), "2 of 25 seats used")
	r.says(hook("guide-text"), "SE Ranking has a seat for jane@acme.example now, and Alice has been told")
	r.click("guide-action")
	r.says(hook("message"), "Jane's seat is ready")
	r.says(hook("guide-text"), "Last stop: Carol")
	r.click("guide-action")
	r.click("guide-action")
	r.click("guide-action")
	r.says(hook("message"), "Seats 2 of 25")
	r.says(hook("guide-text"), "Asked, decided, done, told, reported")
}

func TestBrowserDrawsBlocksAndKeepsTextText(t *testing.T) {
	w := newPageWorld(t)
	w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, w, 1280, 800)
	r.click("persona-U0BOB")
	r.says(hook("message"), "A seat for <b>Jane</b>")
	card := r.text(hook("message"))
	for _, piece := range []string{"@Alice Ames asks", "“<img src=x onerror=boom()> & 2027-01-1", "🎉", "@leads in #access-approvals", "closes itself in 7 days"} {
		require.Contains(t, card, piece)
	}
	r.holds(`document.querySelector('[data-testid="message"] img, [data-testid="message"] b b, [data-testid="message"] h3 b') === null`)
	r.holds(`document.querySelector('[data-testid="button-Deny"]').classList.contains("danger")`)
}

func TestBrowserDrawsMrkdwn(t *testing.T) {
	r := openPage(t, newPageWorld(t), 1280, 800)
	for text, want := range map[string]string{
		"*bold* _it_ ~gone~ `a*b*`":               `<strong>bold</strong> <em>it</em> <s>gone</s> <code>a*b*</code>`,
		"*_both_*":                                `<strong><em>both</em></strong>`,
		"2*3*4 snake_case_name a~b":               `2*3*4 snake_case_name a~b`,
		"* not bold * and *":                      `* not bold * and *`,
		"*a\nb*":                                  `*a<br>b*`,
		"&gt; said *so*\nafter":                   `<blockquote>said <strong>so</strong></blockquote>after`,
		"```*raw* <mailto:a@b.c|a@b.c>```":        `<pre>*raw* a@b.c</pre>`,
		"&lt;b&gt; &amp;lt; <b> </b>":             `&lt;b&gt; &amp;lt; b /b`,
		"<https://a.example/?a=1&amp;b=2|here>":   `<a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">here</a>`,
		"<javascript:alert(1)|here>":              `here (javascript:alert(1))`,
		"<data:text/html,x>":                      `data:text/html,x`,
		"<@U0BOB> <@U0NOBODY|old>":                `<span class="mention" title="Head of marketing">@Bob Baker</span> <span class="mention" title="U0NOBODY">@old</span>`,
		"<!subteam^S0LEADS> <#C0APPROVE|x>":       `<span class="mention">@leads</span> <span class="mention">#access-approvals</span>`,
		"<!here>":                                 `<span class="mention mention-all">@here</span>`,
		"<!date^x^{date}|some day>":               `some day`,
		":tada: :constructor: :nope: a:b:c":       `🎉 :constructor: :nope: a:b:c`,
		"never closed *bold <https://a.example\n": `never closed *bold &lt;https://a.example<br>`,
	} {
		r.is(fmt.Sprintf(`(() => { const el = h("div"); el.append(...mrkdwn(%q).flat(9)); return el.innerHTML; })()`, text), want)
	}
}

func TestBrowserDrawsTheOtherBlocks(t *testing.T) {
	r := openPage(t, newPageWorld(t), 1280, 800)
	for block, want := range map[string]string{
		`{"type":"table","rows":[[{"type":"raw_text","text":"Account"}],[{"type":"raw_text","text":"<i>a"}]]}`:                                       "Account\n<i>a",
		`{"type":"markdown","text":"# Title\n\n- one **two**\n- [x](javascript:y)"}`:                                                                 "Title\none two\nx (javascript:y)",
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"hi "},{"type":"user","user_id":"U0BOB"}]}]}`: "hi @Bob Baker",
		`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"elements":[{"type":"text","text":"<b>"}]}]}]}`:      "<b>",
		`{"type":"section","text":{"type":"plain_text","text":"*as is* &amp; :eyes:"}}`:                                                              "*as is* & 👀",
		`{"type":"constructor"}`: "(this page does not draw “constructor”)",
	} {
		r.is(fmt.Sprintf(`(() => { const el = h("div", {}, drawBlocks([%s], { act() {} })); document.body.append(el);
			const text = el.innerText.trim(); el.remove(); return text.replace(/\s*\n\s*/g, "\n"); })()`, block), want)
	}
}

func TestBrowserForgetsAPersonWhoIsNotHere(t *testing.T) {
	r := openPage(t, newPageWorld(t), 1280, 800)
	r.holds(`(sessionStorage.setItem("as", "U0ELSEWHERE"), true)`)
	r.do(chromedp.Reload())
	r.says(hook("guide-text"), "You are Alice")
	r.holds(`document.querySelector('[data-testid="offline"]').hidden`)
}

func TestBrowserAsksBeforeWhatWantsConfirming(t *testing.T) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, w, 1280, 800)
	r.click("persona-U0BOB")
	r.click("button-Go")
	r.says(hook("confirm"), "It cannot be undone.")
	r.click("confirm-no")
	r.holds(`document.querySelector('[data-testid="confirm"]') === null`)
	r.click("button-Go")
	r.click("confirm-yes")
	require.Eventually(t, func() bool { app.mu.Lock(); defer app.mu.Unlock(); return len(app.heard) == 1 }, soon, time.Millisecond)
	require.Equal(t, "decide", app.last().Payload.Actions[0].BlockID)
}

func TestBrowserFillsAFormThatIsRefusedFirst(t *testing.T) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, w, 1280, 800)
	r.click("persona-U0BOB")
	r.click("button-Deny")
	r.says(hook("modal"), "Deny #1")
	r.click("modal-submit")
	r.says(hook("error-reason"), "Please complete this required field.")
	r.write("field-reason", "no")
	r.do(chromedp.SetValue(hook("field-kind"), "idle"), chromedp.SetValue(hook("field-who"), "U0ERIN"), chromedp.Click(hook("field-boxes")+" input"))
	r.click("modal-submit")
	r.says(hook("error-reason"), "Say a little <more>.")
	r.holds(`document.querySelector('[data-testid="field-kind"]').value === "idle"`)
	r.write("field-reason", ", too dear")
	r.click("modal-submit")
	r.holds(`document.querySelector('[data-testid="modal"]') === null`)
	state := app.last().Payload.View.State.Values
	require.Equal(t, "no, too dear", state["reason"]["text"]["value"])
	require.Equal(t, "U0ERIN", state["who"]["who"]["selected_user"])
	require.Len(t, state["boxes"]["tick"]["selected_options"], 1)
}

func TestBrowserWarnsBesideAButtonThatFailed(t *testing.T) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, w, 1280, 800)
	r.click("persona-U0BOB")
	r.click("button-Approve")
	r.says(hook("warning"), "The app is not connected right now")
}

func TestBrowserCompletesCommandsAndRemembersThem(t *testing.T) {
	w := newPageWorld(t)
	app := w.startApp()
	r := openPage(t, w, 1280, 800)
	r.write("composer", "/acc")
	r.says(hook("completions"), "/access create EMAIL FIRST because …")
	r.write("composer", kb.ArrowDown+kb.ArrowDown+kb.ArrowDown+kb.Tab)
	r.holds(`document.querySelector('[data-testid="composer"]').value === "/access cancel "`)
	r.says(hook("completions"), "/access cancel N")
	r.write("composer", "7"+kb.Enter)
	r.says(hook("ephemeral"), "I don't know that.")
	require.Equal(t, "cancel 7", app.last().Payload.Text)
	r.write("composer", kb.ArrowUp)
	r.holds(`document.querySelector('[data-testid="composer"]').value === "/access cancel 7"`)
	r.write("composer", kb.ArrowDown+"/access cr"+kb.Enter)
	r.holds(`document.querySelector('[data-testid="composer"]').value === "/access create "`)
}

func TestBrowserOnAPhoneHasThreePanes(t *testing.T) {
	w := newPageWorld(t)
	r := openPage(t, w, 390, 780)
	shown := func(id string) { r.t.Helper(); r.do(chromedp.WaitVisible(hook(id))) }
	r.do(chromedp.WaitNotVisible(hook("vendor")), chromedp.WaitNotVisible(hook("sidebar")))
	r.click("tab-vendor")
	shown("vendor")
	r.do(chromedp.WaitNotVisible(hook("composer")))
	r.click("tab-side")
	r.click("channel-C0GENERAL")
	shown("composer")
	r.says(hook("talk-title"), "general")
	r.holds(`document.documentElement.scrollWidth <= 390`)
}
