package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// asksForSeveral is somebody who asks for a bundle, and then for several people in one line, and a lead who opens one of them on the card, then
// decides them together, and asks for colleagues by the form.
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
			v.concludes("Approve all", "more in one go — done")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("done")
			v.is("U0BOB", "C0GENERAL")
			v.types("/access request")
			v.Says(browser.Mark("modal"), "Who is it for?")
			v.ticks("Several addresses")
			v.drawn("An e-mail address and a name a line")
			v.picture("form")
			asksForColleagues(v, width)
		})
	}
}

// asksForColleagues is somebody who picks several of them in the form that is open, and sends it.
func asksForColleagues(v *visit, width int) {
	v.ticks("Colleagues")
	v.drawn("Pick one or several")
	v.ticks("Erin Ek")
	v.drawn("first:U0ERIN")
	v.ticks("Carol Chen")
	v.drawn("Their names")
	v.Holds(`[...document.querySelectorAll('[data-testid="modal"] textarea')].some((t) => t.value.includes("Erin Ek") && t.value.includes("Carol Chen"))`)
	v.picture("colleagues")
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	v.fills("names:", " Lund")
	v.picture("names")
	v.fills("reason", "They join the launch")
	v.Click("modal-submit")
	v.answered("2 requests sent")
	v.picture("colleagues asked")
}

// asksForABundle is somebody who picks one in the form, and a lead who approves it with one click.
func asksForABundle(v *visit, width int) {
	v.is("U0ALICE", "C0GENERAL")
	v.types("/access request")
	v.Says(browser.Mark("modal"), "Who is it for?")
	v.fills("reason", "The launch is near")
	v.selects("app", "SEO starter (bundle)")
	v.drawn("is approved as one and set up one thing after another")
	v.Says(browser.Mark("modal"), "Share websites in SE Ranking")
	v.ticks("An address outside")
	v.drawn("E-mail address")
	v.fills("email", "lee@acme.example")
	v.fills("first", "Lee")
	v.fills("last", "Long")
	v.Holds(`document.querySelector('[data-testid="field-reason"]').value === "The launch is near"`)
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	v.picture("bundle form")
	v.Click("modal-submit")
	v.answered("They're on one card and approved as one")
	v.picture("bundle asked")
	v.is("U0BOB", "C0APPROVE")
	v.sees("SEO starter for lee@acme.example")
	v.sees("Open #2")
	v.picture("bundle waiting")
	v.concludes("Approve", "SEO starter for lee@acme.example — done")
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	v.picture("bundle done")
}
