package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// asksForSeveral is somebody who asks for a bundle, and then for several people in one line, and a lead who opens one of them on the card, and then
// decides them together.
func asksForSeveral(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			asksForABundle(v, width)
			v.is("U0ALICE", "C0GENERAL")
			v.types("/access create jane@acme.example Jane Doe, sam@acme.example Sam, dave@acme.example Dave Diaz sites=103,104 because they audit both shops")
			v.answered("3 requests sent")
			v.picture("asked")
			v.is("U0BOB", "C0APPROVE")
			v.sees("Approve all")
			v.picture("waiting")
			v.Click("button-Open #4")
			v.sees("sam@acme.example")
			v.picture("one")
			v.Click("button-Approve all")
			v.sees("more in one go — done")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("done")
			v.is("U0BOB", "C0GENERAL")
			v.types("/access request")
			v.Says(browser.Mark("modal"), "Who is it for?")
			v.ticks("Several people")
			v.drawn("An e-mail address and a name a line")
			v.picture("form")
		})
	}
}

// asksForABundle is somebody who asks for one, and a lead who approves it with one click.
func asksForABundle(v *visit, width int) {
	v.is("U0ALICE", "C0GENERAL")
	v.types("/access bundle seo-starter lee@acme.example Lee Long because the launch is near")
	v.answered("They're on one card and approved as one")
	v.picture("bundle asked")
	v.is("U0BOB", "C0APPROVE")
	v.sees("SEO starter for lee@acme.example")
	v.sees("Open #2")
	v.picture("bundle waiting")
	v.Click("button-Approve")
	v.sees("SEO starter for lee@acme.example — done")
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	v.picture("bundle done")
}
