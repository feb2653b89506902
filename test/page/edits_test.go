package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// editsFirst is Bob, who changes what is asked before he says yes, and Alice, who reads what he changed: at a desk and on a phone.
func editsFirst(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.opens("channel-C0APPROVE")
			v.types(`/access create sam@acme.example Sam sites="Acme Shop" because he joins the launch team`)
			v.answered("#1")
			v.is("U0BOB", "C0APPROVE")
			v.sees("could be any of 2 websites")
			v.picture("card")
			v.Click("button-Edit")
			v.Says(browser.Mark("modal"), "I'm not sure which website “Acme Shop” is")
			v.picture("form")
			v.searches("f:sites", "shop", "offer-104", "shop.acme-europe.example")
			v.picks("f:sites", "103")
			v.Says(browser.Mark("modal"), "(#103)")
			v.fills("last", "Field")
			v.fills("reason", "The shop that launches first")
			v.ticks("For a time")
			v.Says(browser.Mark("modal"), "counted from when it's set up")
			v.fills("while", "60d")
			v.Holds(`document.querySelector('[data-testid="field-reason"]').value === "The shop that launches first"`)
			v.picture("filled")
			v.Click("modal-submit")
			v.Holds(`!document.querySelector('[data-testid="modal"]')`)
			v.answered("You changed #1")
			v.sees("“Acme Shop” → Acme Shop – shop.acme.example (#103)")
			v.sees("for good → for 60 days")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("edited")
			v.is("U0ALICE", "C0APPROVE")
			v.opens("channel-D")
			v.sees("Bob Baker changed it:")
			v.picture("told")
			v.is("U0BOB", "C0APPROVE")
			v.concludes("Approve", "— done")
			v.picture("done")
		})
	}
}
