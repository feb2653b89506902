package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// somebodyLeaves is Carol, who deactivates Priya and puts Dave into @seo. Two leads take back what Priya has: her account goes by itself,
// and the rest is a task. One gives Dave what comes with @seo.
func somebodyLeaves(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.is("U0ADMIN", "C0APPROVE")
			v.manages("U0PRIYA", "deactivate")
			v.Says(browser.Mark("composer-note"), "Priya is deactivated.")
			v.manages("U0DAVE", "add")
			v.Says(browser.Mark("composer-note"), "Dave is in @seo now.")
			v.sees("It owns no websites.") // which it says once it has looked, and counts a yes from then on
			v.sees("Dave Diaz joined @seo")
			v.picture("asked")
			v.takesBack("1 of 2 said yes: @Carol Chen")
			v.picture("one of two")
			v.is("U0BOB", "C0APPROVE")
			v.takesBack("Priya Nair left — 1 done, 1 running")
			v.vendorHas("priya.nair@acme.example", "just removed")
			v.sees("Remove priya.nair@acme.example from Semrush — @Bob Baker's")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("taken back")
			v.concludes("Give it", "Dave Diaz joined @seo — done")
			v.vendorHas("dave@acme.example", "Acme Shop")
			v.picture("given")
		})
	}
}

// manages is Carol, who does something with a member.
func (v *visit) manages(person, does string) {
	v.t.Helper()
	v.Holds(`(Page.show("side"), true)`)
	v.Click("member-" + person)
	v.picture(does)
	v.Click(does + "-" + person)
}

// takesBack presses the button for all that somebody has who left, until a message says what came of it.
func (v *visit) takesBack(words string) {
	v.t.Helper()
	v.confirms("Take it all back", "Take all 2 back?", fmt.Sprintf(`[...document.querySelectorAll('[data-testid="message"]')].some((el) => el.innerText.includes(%q))`, words))
}
