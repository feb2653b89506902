package slacksim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

// openPage opens the page of that world in a headless browser, once everybody's names are there.
func openPage(t *testing.T, b *browser.Browser, w *pageWorld, width, height int) *browser.Reader {
	t.Helper()
	return b.Open(t, w.http.URL, width, height, "persona-U0ALICE")
}

// TestBrowser lets people do with the page what it is there for, side by side and each in a window of their own.
func TestBrowser(t *testing.T) {
	b := browser.Start(t)
	for name, walk := range map[string]func(*testing.T, *browser.Browser){
		"walks the round by the guide alone": walksTheRoundByTheGuideAlone, "draws blocks and keeps text text": drawsBlocksAndKeepsTextText,
		"draws mrkdwn": drawsMrkdwn, "draws the other blocks": drawsTheOtherBlocks, "draws attachments": drawsAttachments, "presses thumbs and signs": pressesThumbsAndSigns, "fills in the rarer inputs": fillsInTheRarerInputs, "turns the pages of a table": turnsThePagesOfATable, "draws charts": drawsCharts, "forgets a person who is not here": forgetsAPersonWhoIsNotHere,
		"asks before what wants confirming": asksBeforeWhatWantsConfirming, "fills a form that is refused first": fillsAFormThatIsRefusedFirst,
		"warns beside a button that failed": warnsBesideAButtonThatFailed, "completes commands and remembers them": completesCommandsAndRemembersThem,
		"on a phone has three panes": onAPhoneHasThreePanes, "sends a command that is whole by itself": sendsACommandThatIsWholeByItself,
		"offers people behind an @": offersPeopleBehindAnAt, "sends a person written out": sendsAPersonWrittenOut, "keeps drafts": keepsDrafts,
		"keeps the focus": keepsTheFocus, "gives the focus back after a form": givesTheFocusBackAfterAForm,
		"keeps a form in its window": keepsAFormInItsWindow, "leaves room to read": leavesRoomToRead,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, b)
		})
	}
}

func walksTheRoundByTheGuideAlone(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	r := openPage(t, b, w, 1280, 800)

	r.Says(browser.Mark("guide-text"), "You're Alice")
	r.Click("guide-action")
	r.Says(browser.Mark("guide-text"), "Press Enter to send it")
	r.Write("composer", kb.Enter)
	r.Says(browser.Mark("ephemeral"), "Only visible to you")
	r.Says(browser.Mark("guide-text"), "A card is waiting for Bob in #access-approvals")
	r.Click("guide-action")
	r.Says(browser.Mark("talk-title"), "access-approvals")
	r.Says(browser.Mark("guide-text"), "You're Bob. Read the card, press Approve")
	r.Holds(`document.querySelector('[data-testid="button-Approve"].point-here') !== null`)
	r.Click("button-Approve")
	r.Says(browser.Mark("vendor-row")+`[data-mark="new"]`, "jane@acme.example")
	r.Says(browser.Mark("vendor-call"), "created jane@acme.example")
	r.Says(browser.Mark("vendor-seats"), "2 of 25 seats used")
	r.Says(browser.Mark("guide-text"), "jane@acme.example now has an SE Ranking seat, and Usher has told Alice")
	r.Click("guide-action")
	r.Says(browser.Mark("message"), "Jane's seat is ready")
	r.Says(browser.Mark("guide-text"), "Last stop: Carol")
	r.Click("guide-action")
	r.Says(browser.Mark("guide-text"), "The digest posts itself")
	r.Click("guide-action")
	r.Says(browser.Mark("guide-text"), "Press Enter to send it")
	r.Click("guide-action")
	r.Says(browser.Mark("message"), "Seats 2 of 25")
	r.Says(browser.Mark("guide-text"), "asked, approved, set up, told, reported")
}

func drawsBlocksAndKeepsTextText(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, b, w, 1280, 800)
	r.Click("persona-U0BOB")
	r.Says(browser.Mark("message"), "A seat for <b>Jane</b>")
	card := r.Text(browser.Mark("message"))
	for _, piece := range []string{"@Alice Ames asks", "“<img src=x onerror=boom()> & 2027-01-1", "🎉", "@leads in #access-approvals", "closes itself in 7 days"} {
		require.Contains(t, card, piece)
	}
	r.Holds(`document.querySelector('[data-testid="message"] img, [data-testid="message"] b b, [data-testid="message"] h3 b') === null`)
	r.Holds(`document.querySelector('[data-testid="button-Deny"]').classList.contains("danger")`)
}

func drawsMrkdwn(t *testing.T, b *browser.Browser) {
	r := openPage(t, b, newPageWorld(t), 1280, 800)
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
		":seat: :constructor: :nope: a:b:c":       `💺 :constructor: :nope: a:b:c`,
		"never closed *bold <https://a.example\n": `never closed *bold &lt;https://a.example<br>`,
	} {
		r.Is(fmt.Sprintf(`Page.mrkdwn(%q).innerHTML`, text), want)
	}
	r.Holds(`((el) => el.textContent === "done 🎉!" && el.querySelector(".emoji").style.backgroundImage.startsWith('url("data:image/svg+xml'))(Page.mrkdwn("done :tada:!"))`)
}

func drawsTheOtherBlocks(t *testing.T, b *browser.Browser) {
	r := openPage(t, b, newPageWorld(t), 1280, 800)
	for block, want := range map[string]string{
		`{"type":"table","rows":[[{"type":"raw_text","text":"Account"}],[{"type":"raw_text","text":"<i>a"}]]}`:                                                                                                                                                           "Account\n<i>a",
		`{"type":"markdown","text":"# Title\n\n- one **two**\n- [x](javascript:y)"}`:                                                                                                                                                                                     "Title\none two\nx (javascript:y)",
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"hi "},{"type":"user","user_id":"U0BOB"}]}]}`:                                                                                                                     "hi @Bob Baker",
		`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"elements":[{"type":"text","text":"<b>"}]}]}]}`:                                                                                                                          "<b>",
		`{"type":"section","text":{"type":"plain_text","text":"*as is* &amp; :eyes:"}}`:                                                                                                                                                                                  "*as is* & 👀",
		`{"type":"alert","level":"warning","text":{"type":"mrkdwn","text":"*Two* left"}}`:                                                                                                                                                                                "⚠\nwarning:\nTwo left",
		`{"type":"container","title":{"type":"plain_text","text":"More"},"child_blocks":[{"type":"divider"},{"type":"header","text":{"type":"plain_text","text":"In it"}}]}`:                                                                                             "More\nIn it",
		`{"type":"layout","label":"Both","rows":[{"items":[{"block":{"type":"section","text":{"type":"plain_text","text":"left"}}},{"block":{"type":"constructor"}}]}]}`:                                                                                                 "left\n(this page can't show “constructor”)",
		`{"type":"carousel","elements":[{"type":"card","title":{"type":"plain_text","text":"One"},"actions":[{"type":"button","text":{"type":"plain_text","text":"Take"}}]}]}`:                                                                                           "One\nTake",
		`{"type":"task_card","title":"Read the log","status":"complete","details":{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"40 lines"}]}]},"sources":[{"type":"url","url":"https://a.example/","text":"the log"}]}`: "Read the log done\n40 lines\nthe log",
		`{"type":"constructor"}`: "(this page can't show “constructor”)",
	} {
		r.Is(fmt.Sprintf(`(() => { const el = Page.blocks([%s]); document.body.append(el);
			const text = el.innerText.trim(); el.remove(); return text.replace(/\s*\n\s*/g, "\n"); })()`, block), want)
	}
}

// pressesThumbsAndSigns: a thumb that was pressed stays pressed, and a sign is called what it does.
func pressesThumbsAndSigns(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "Was that right?", "blocks": blocks(t, feedback)})
	r := openPage(t, b, w, 390, 780)
	r.Click("persona-U0BOB")
	r.Click("button-Good")
	r.Holds(`document.querySelector('[data-testid="button-Good"]').getAttribute("aria-pressed") === "true"`)
	r.Holds(`document.querySelector('[data-testid="button-Throw away"]').getAttribute("aria-label") === "Throw away"`)
	r.Click("button-Throw away")
	require.Eventually(t, func() bool { app.mu.Lock(); defer app.mu.Unlock(); return len(app.heard) == 2 }, soon, time.Millisecond)
	require.Equal(t, "away", app.last().Payload.Actions[0].Value)
}

// fillsInTheRarerInputs: a moment, rich text and several channels are drawn as what one can fill in.
func fillsInTheRarerInputs(t *testing.T, b *browser.Browser) {
	r := openPage(t, b, newPageWorld(t), 1280, 800)
	for element, want := range map[string]string{
		`{"type":"datetimepicker","action_id":"a","initial_date_time":1763802000}`:                                                   `input[type="datetime-local"]`,
		`{"type":"multi_channels_select","action_id":"a","initial_channels":["C0GENERAL"]}`:                                          `[value="C0GENERAL"]:checked`,
		`{"type":"multi_conversations_select","action_id":"a"}`:                                                                      `[value="C0GENERAL"]:not(:checked)`,
		`{"type":"rich_text_input","action_id":"a","initial_value":{"elements":[{"elements":[{"type":"text","text":"Dear all"}]}]}}`: `textarea`,
	} {
		r.Holds(fmt.Sprintf(`((el) => el.querySelector(%q)?.value !== undefined && el.querySelector(%q).value !== "")(Page.blocks([{"type":"input","block_id":"b","label":{"type":"plain_text","text":"L"},"element":%s}]))`, want, want, element))
	}
}

func forgetsAPersonWhoIsNotHere(t *testing.T, b *browser.Browser) {
	r := openPage(t, b, newPageWorld(t), 1280, 800)
	r.Holds(`(sessionStorage.setItem("as", "U0ELSEWHERE"), true)`)
	r.Do(chromedp.Reload())
	r.Says(browser.Mark("guide-text"), "You're Alice")
	r.Holds(`document.querySelector('[data-testid="stopped"]').hidden`)
}

func asksBeforeWhatWantsConfirming(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, b, w, 1280, 800)
	r.Click("persona-U0BOB")
	r.Click("button-Go")
	r.Says(browser.Mark("confirm"), "It cannot be undone.")
	r.Click("confirm-no")
	r.Holds(`document.querySelector('[data-testid="confirm"]') === null`)
	r.Click("button-Go")
	r.Click("confirm-yes")
	require.Eventually(t, func() bool { app.mu.Lock(); defer app.mu.Unlock(); return len(app.heard) == 1 }, soon, time.Millisecond)
	require.Equal(t, "decide", app.last().Payload.Actions[0].BlockID)
}

func fillsAFormThatIsRefusedFirst(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, b, w, 1280, 800)
	r.Click("persona-U0BOB")
	r.Click("button-Deny")
	r.Says(browser.Mark("modal"), "Deny #1")
	r.Click("modal-submit")
	r.Says(browser.Mark("error-reason"), "Please complete this required field.")
	r.Write("field-reason", "no")
	r.Set("field-kind", "idle")
	r.Set("field-who", "U0ERIN")
	r.Press(browser.Mark("field-boxes") + " input")
	r.Click("modal-submit")
	r.Says(browser.Mark("error-reason"), "Say a little <more>.")
	r.Holds(`document.querySelector('[data-testid="field-kind"]').value === "idle"`)
	r.Write("field-reason", ", too dear")
	r.Click("modal-submit")
	r.Holds(`document.querySelector('[data-testid="modal"]') === null`)
	state := app.last().Payload.View.State.Values
	require.Equal(t, "no, too dear", state["reason"]["text"]["value"])
	require.Equal(t, "U0ERIN", state["who"]["who"]["selected_user"])
	require.Len(t, state["boxes"]["tick"]["selected_options"], 1)
}

func warnsBesideAButtonThatFailed(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	r := openPage(t, b, w, 1280, 800)
	r.Click("persona-U0BOB")
	r.Click("button-Approve")
	r.Says(browser.Mark("warning"), "The app isn't connected right now")
}

func completesCommandsAndRemembersThem(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	r := openPage(t, b, w, 1280, 800)
	r.Write("composer", "/acc")
	r.Says(browser.Mark("completions"), "/access create EMAIL FIRST because …")
	r.Write("composer", kb.ArrowDown+kb.ArrowDown+kb.ArrowDown+kb.Tab)
	r.Holds(`document.querySelector('[data-testid="composer"]').value === "/access cancel "`)
	r.Says(browser.Mark("completions"), "/access cancel N")
	r.Write("composer", "7"+kb.Enter)
	r.Says(browser.Mark("ephemeral"), "I don't know that.")
	require.Equal(t, "cancel 7", app.last().Payload.Text)
	r.Write("composer", kb.ArrowUp)
	r.Holds(`document.querySelector('[data-testid="composer"]').value === "/access cancel 7"`)
	r.Write("composer", kb.ArrowDown+"/access cr"+kb.Enter)
	r.Holds(`document.querySelector('[data-testid="composer"]').value === "/access create "`)
}

func onAPhoneHasThreePanes(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	r := openPage(t, b, w, 390, 780)
	shown := func(id string) { t.Helper(); r.Shows(browser.Mark(id)) }
	r.Hides(browser.Mark("vendor"))
	r.Hides(browser.Mark("sidebar"))
	r.Click("tab-vendor")
	shown("vendor")
	r.Hides(browser.Mark("composer"))
	r.Click("tab-side")
	r.Click("channel-C0GENERAL")
	shown("composer")
	r.Says(browser.Mark("talk-title"), "general")
	r.Holds(`document.documentElement.scrollWidth <= 390`)
}
