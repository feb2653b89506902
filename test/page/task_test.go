package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/usherbot/usher/sim/browser"
)

// worksByHand is Alice, who asks for what no program can give, and Bob, who approves it and carries it out: a step by its menu, one
// that wants a note by a form, and Alice sees how far it is.
func worksByHand(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.types("/access create jane@acme.example Jane Smith role=user app=semrush because she plans the content")
			v.answered("#1")
			v.is("U0BOB", "C0APPROVE")
			v.picture("card")
			v.concludes("Approve", "Semrush user for jane@acme.example — ")
			v.sees("See that a seat is free")
			v.picture("task")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.chooses("step-1", "Done")
			v.sees("1 of ")
			v.picture("ticked")
			v.chooses("step-3", "Done")
			v.Says(browser.Mark("modal"), "Note")
			v.picture("note")
			v.WriteIn(browser.Mark("modal")+` textarea`, "She pays for none.")
			v.Click("modal-submit")
			v.sees("She pays for none.")
			v.picture("noted")
			v.is("U0ALICE", "C0GENERAL")
			v.opens("channel-D")
			v.sees("2 of ")
			v.picture("progress")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
		})
	}
}

// chooses opens the menu of a block and takes what it offers.
func (v *visit) chooses(block, choice string) {
	v.t.Helper()
	menu := chromedp.CSS(fmt.Sprintf(`details.overflow:has([data-block-id=%q])`, block))
	v.Press(menu + " summary")
	v.Press(menu + chromedp.CSS(fmt.Sprintf(` [data-testid=%q]`, "button-"+choice)))
}
