package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/usherbot/usher/sim/browser"
)

// talksInThreads is Bob, who asks something in the thread of a card, and once more so that the channel reads it too; Usher privately offers him the
// buttons there. Alice, who is named on the card, sees that there's something new, and answers. A reload and the back button know of the thread.
func talksInThreads(t *testing.T, b *browser.Browser) {
	for width, theme := range map[int]string{1280: "light", 390: "dark"} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.Theme(theme)
			v.types("/access create jane@acme.example Jane Smith because she tracks rankings")
			v.answered("#1")
			v.is("U0BOB", "C0APPROVE")
			v.sees("Alice Ames asks")
			v.Press(`[data-testid="message"]:has([data-testid="button-Approve"]) [data-testid="reply-in"]`)
			v.replies("Does she need the shop too?", "1 reply")
			v.picture("asked")
			v.Click("reply-also")
			v.replies("Approved", "2 replies")
			v.Says(browser.Mark("message"), "replied to a thread")
			v.Says(browser.Mark("thread-ephemeral"), "Only visible to you")
			v.invites()
			v.picture("said to all")
			v.Write("reply", "/access status"+kb.Enter)
			v.Says(browser.Mark("thread"), "Commands don't work in threads.")
			v.Click("thread-close")
			v.Holds(`document.activeElement.dataset.testid === "replies"`)
			v.Says(browser.Mark("replies"), "replies")
			v.hearsOfTheThread(width)
		})
	}
}

// replies writes in the thread that is open, until so many are counted.
func (v *visit) replies(text, count string) {
	v.t.Helper()
	v.Write("reply", text+kb.Enter)
	v.Says(browser.Mark("thread-message"), text)
	v.Says(browser.Mark("thread"), count)
	v.Holds(`document.querySelector('[data-testid="reply"]').value === ""`)
}

// hearsOfTheThread is Alice.
func (v *visit) hearsOfTheThread(width int) {
	v.t.Helper()
	v.is("U0ALICE", "C0GENERAL")
	v.Holds(`(Page.show("side"), document.querySelector('[data-testid="threads"]')?.dataset.unread === "1")`)
	v.picture("something new")
	v.Click("threads")
	v.Says(browser.Mark("thread-message"), "Does she need the shop too?")
	v.Holds(`document.querySelector('[data-testid="threads"]')?.dataset.unread !== "1"`)
	v.Write("reply", "No")
	v.Do(chromedp.Reload())
	v.Says(browser.Mark("thread-message"), "Does she need the shop too?")
	v.Holds(`document.querySelector('[data-testid="reply"]').value === "No"`)
	v.Write("reply", ", that's all"+kb.Enter)
	v.Says(browser.Mark("thread-message"), "No, that's all")
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	v.picture("answered")
	if *axeFile != "" {
		v.accessible(axeScript(v.t), "thread")
		v.ringed("thread")
	}
	v.Do(chromedp.KeyEvent(kb.Escape))
	v.Holds(`!document.querySelector('[data-testid="thread"]')`)
	v.Holds(`(history.back(), true)`)
	v.Says(browser.Mark("thread"), "No, that's all")
}

// invites: what an empty composer says isn't cut, however narrow it is.
func (v *visit) invites() {
	v.t.Helper()
	v.Holds(`[...document.querySelectorAll('[data-testid="composer"]')].every((box) => {
		const paint = document.createElement("canvas").getContext("2d");
		paint.font = getComputedStyle(box).font;
		return box.placeholder && paint.measureText(box.placeholder).width <= box.clientWidth && box.scrollHeight <= box.clientHeight;
	})`)
}
