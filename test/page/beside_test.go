package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/usherbot/usher/sim/browser"
)

// in selects something marked in one of the panes, which are counted from 0.
func in(pane int, mark string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf(`[data-pane-no="%d"] `, pane)) + browser.Mark(mark)
}

// sideBySide is two people in one window: what Alice asks comes to Bob while one looks, and what Bob decides to Alice; each has
// their own conversation and forms. The address remembers who is where; a narrow window shows one of them.
func sideBySide(t *testing.T, b *browser.Browser) {
	v := visitDemo(t, b, 1440, 900)
	v.Click("side-by-side")
	v.Says(in(1, "talk-title"), "access-approvals")
	v.Holds(`document.querySelector('[data-pane-no="1"] [data-testid="pane-person"]').value === "U0BOB"`)
	v.picture("two")
	v.guide("You're Alice, on the left.")
	v.guide("to send it")
	v.Says(in(0, "ephemeral"), "#1")
	v.Says(in(1, "message"), "Alice Ames asks")
	v.Says(browser.Mark("guide-text"), "You're Bob, on the right. Read the card")
	v.Holds(`document.querySelector('[data-pane-no="1"] [data-testid="button-Approve"].point-here') !== null`)
	v.picture("card")
	v.eachTheirOwn()
	v.Press(in(1, "button-Approve"))
	v.vendorHas("jane@acme.example", "just created")
	v.Says(in(1, "message"), "Approved by @Bob Baker")
	v.guide("Usher has told Alice")
	v.Says(in(0, "message"), "Jane's SE Ranking seat is ready (#1)")
	v.picture("told")
	v.remembers()
}

// eachTheirOwn: a form takes the pane of whoever opened it, and nobody else's; what is being written stays.
func (v *visit) eachTheirOwn() {
	v.t.Helper()
	v.Press(in(1, "button-Deny"))
	v.Says(in(1, "modal"), "#1")
	v.picture("form")
	v.WriteIn(in(0, "composer"), "Thanks, Bob")
	v.Holds(`document.querySelector('[data-pane-no="1"] [data-testid="modal"]').open`)
	v.WriteIn(in(1, "modal")+` textarea`, "Not")
	v.Do(chromedp.KeyEvent(kb.Escape))
	v.Holds(`!document.querySelector('[data-testid="modal"]')`)
	v.Holds(`document.querySelector('[data-pane-no="0"] [data-testid="composer"]').value === "Thanks, Bob"`)
}

// remembers: a reload, another tab and the back button come to the same people; a narrow window keeps whoever is at work.
func (v *visit) remembers() {
	v.t.Helper()
	const told = `[0, 1].map((n) => document.querySelector('[data-pane-no="' + n + '"] [data-testid="talk-title"]')?.textContent).join()`
	const both = told + ` === "Usher,# access-approvals"`
	v.Do(chromedp.Reload())
	v.Holds(both)
	address := v.Tell(`location.href`)
	tab := v.Tab(address, "personas")
	tab.Size(1440, 900)
	tab.Holds(both)
	v.Holds(`(document.querySelector('[data-pane-no="1"] [data-testid="pane-person"]').focus(), true)`)
	v.Holds(fmt.Sprintf(`((el) => { el.value = "U0ADMIN"; el.dispatchEvent(new Event("change", { bubbles: true })); return true; })(document.querySelector(%q))`, in(1, "pane-person")))
	v.Says(in(1, "talk-title"), "seat-reports")
	v.Holds(`(history.back(), true)`)
	v.Holds(both)
	v.Size(390, 800)
	v.Holds(`document.querySelectorAll("[data-pane-no]").length === 1 && document.documentElement.scrollWidth <= 390`)
	v.picture("phone")
	v.Click("persona-U0ALICE")
	v.Says(browser.Mark("talk-title"), "Usher")
	v.Size(1440, 900)
	v.Holds(`document.querySelectorAll("[data-pane-no]").length === 2`)
	v.Click("side-by-side")
	v.Holds(`document.querySelectorAll("[data-pane-no]").length === 1`)
	v.Shows(browser.Mark("sidebar"))
	v.Shows(browser.Mark("beside-/break")) // the way to the other pages
}

// saysWhatIsNew: what comes for somebody who isn't on the screen is said in the bar, and leads there.
func saysWhatIsNew(t *testing.T, b *browser.Browser) {
	v := visitDemo(t, b, 1440, 900)
	v.types("/access create jane@acme.example Jane because she tracks rankings")
	v.Says(browser.Mark("news"), ": #1 · SE Ranking seat for jane@acme.example") // the card's, or of what Bob is told about it
	v.Shows(browser.Mark("persona-U0BOB") + " .badge")
	v.Holds(`document.title.startsWith("(")`)
	v.picture("news")
	v.Click("news")
	v.Holds(`document.body.dataset.me === "U0BOB"`)
	v.sees("she tracks rankings")
	v.Holds(`!document.querySelector('[data-testid="news"]')`)
}

// threeBeside is three people in one window that is wide enough: what Alice asks is before Bob while one looks, and what Carol has posted before her.
func threeBeside(t *testing.T, b *browser.Browser) {
	for _, theme := range []string{"light", "dark"} {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, 1600, 900)
			v.Theme(theme)
			v.Click("side-by-side")
			v.Says(in(1, "talk-title"), "access-approvals")
			v.Click("pane-more")
			v.Says(in(2, "talk-title"), "seat-reports")
			v.Hides(browser.Mark("pane-more")) // nobody has room for a fourth
			v.invites()
			v.Do(chromedp.Reload())
			v.Says(in(2, "talk-title"), "seat-reports")
			v.guide("You're Alice, on the left.")
			v.guide("to send it")
			v.Says(in(1, "message"), "Alice Ames asks")
			v.Says(browser.Mark("guide-text"), "You're Bob, in the middle.")
			v.Press(in(1, "button-Approve"))
			v.Says(in(1, "message"), "Approved by @Bob Baker")
			v.guide("Usher has told Alice")
			v.guide("The digest posts itself")
			v.guide("to send it")
			v.Says(in(2, "message"), "9 of 25 used")
			v.Holds(`document.documentElement.scrollWidth <= 1600`)
			v.picture("three")
			if *axeFile != "" {
				v.accessible(axeScript(t), "three")
				v.ringed("three")
			}
			v.Press(in(0, "pane-close"))
			v.Holds(`document.querySelectorAll("[data-pane-no]").length === 2`)
			v.Says(in(1, "talk-title"), "seat-reports")
		})
	}
}
