package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// asksFirst is Bob, who asks before he decides, and Alice, who answers where Usher has asked her: at a desk and on a phone.
func asksFirst(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.opens("channel-C0APPROVE")
			v.types("/access create sam@acme.example Sam because he joins the launch team")
			v.answered("#1")
			v.is("U0BOB", "C0APPROVE")
			v.Click("button-Ask")
			v.Says(browser.Mark("modal"), "Asking decides nothing")
			v.picture("ask")
			v.sends("Which websites does he need, and for how long?")
			v.sees("hasn't answered yet")
			v.picture("asked")
			v.is("U0ALICE", "C0APPROVE")
			v.opens("channel-D")
			v.sees("has a question")
			v.picture("question")
			v.Click("button-Answer")
			v.Says(browser.Mark("modal"), "Which websites does he need")
			v.picture("answer")
			v.sends("Only acme.example, until the end of March.")
			v.sees("You answered")
			v.picture("answered")
			v.is("U0BOB", "C0APPROVE")
			v.sees("Only acme.example, until the end of March.")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("card")
			v.concludes("Approve", "— done")
			v.picture("done")
		})
	}
}

// sends fills in the one field of the form that is open and sends it.
func (v *visit) sends(words string) {
	v.t.Helper()
	v.WriteIn(browser.Mark("modal")+` textarea`, words)
	v.Click("modal-submit")
	v.Holds(`!document.querySelector('[data-testid="modal"]')`)
}
