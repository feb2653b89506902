package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// isHome becomes somebody who opens Usher's Home. Whoever it is already isn't pressed: the page would look into a conversation
// once more, and nothing on it tells when it has.
func (v *visit) isHome(person string) {
	v.t.Helper()
	if is := fmt.Sprintf(`document.body.dataset.me === %q`, person); v.Tell("document.body.dataset.me") != person {
		v.Click("persona-" + person)
		v.Holds(is)
	}
	v.opens("channel-D")
	v.Click("part-home")
	v.Says(browser.Mark("home"), "Need access to something?")
}

// atHome is an employee who asks for a time on their Home, a lead who approves on theirs, and what both then read there, and
// can press.
func atHome(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 900)
			v.isHome("U0ALICE")
			v.Says(browser.Mark("home"), "I haven't set anything up for you yet.")
			v.picture("new")
			v.Click("button-Ask for access")
			v.Says(browser.Mark("modal"), "What would you like?")
			v.ticks("For a time")
			v.drawn("For how long?")
			v.fills("while", "30d")
			v.fills("reason", "I track rankings")
			v.Click("modal-submit")
			v.Holds(`document.querySelector('[data-testid="modal"]') === null`)
			v.Says(browser.Mark("home"), "waiting for")
			v.picture("asked")
			v.isHome("U0BOB")
			v.Says(browser.Mark("home"), "I track rankings")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("to decide")
			v.Click("button-Approve")
			v.Says(browser.Mark("home"), "There's nothing for you to decide right now.")
			v.picture("decided")
			v.isHome("U0ALICE")
			v.Says(browser.Mark("home"), "a client seat for alice@acme.example")
			v.Says(browser.Mark("home"), "Given for a time")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("has it")
			v.Click("button-Extend")
			v.Says(browser.Mark("modal"), "How much longer?")
			v.picture("for longer")
			v.Click("modal-cancel")
			v.isHome("U0ADMIN")
			v.Says(browser.Mark("home"), "No request is in doubt, failed, stuck or past its end.")
			v.Says(browser.Mark("home"), "2 of 2 connections open")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("admin")
		})
	}
}
