package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/usherbot/usher/sim/browser"
)

// goesBeside opens the page about what stands beside the workspace, as the vendor's panel offers it.
func (v *visit) goesBeside(width int) {
	v.t.Helper()
	if width < 861 {
		v.Click("tab-vendor")
	}
	v.follows("world")
	v.Shows(browser.Mark("calls"))
}

// follows goes where a link leads. It isn't pressed as anything else is: nothing of this page would be left to say that it was.
func (v *visit) follows(link string) {
	v.t.Helper()
	v.Shows(browser.Mark(link))
	v.Do(chromedp.Navigate(v.address + v.Tell(fmt.Sprintf(`document.querySelector('[data-testid=%q]').getAttribute("href")`, link))))
}

// turns looks at one of the three parts, which on a phone stands alone.
func (v *visit) turns(part string, width int) {
	v.t.Helper()
	if width < 961 {
		v.Click("tab-" + part)
	}
	v.Shows(browser.Mark(part))
}

// theWorldBeside is somebody who asks for a seat, looks at what passed for it and at what is kept, changes the vendors by hand, and is told what can't
// be done: at a desk and on a phone, by day and by night.
func theWorldBeside(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.types("/access create jane@acme.example Jane because she starts on Monday")
			v.answered("#1")
			v.goesBeside(width)
			v.asksAbout(width)
			v.turns("vendors", width)
			v.changesVendors(width)
			v.turns("store", width)
			v.Says(browser.Mark("request"), "jane@acme.example")
			v.Says(browser.Mark("promise"), "#1")
			v.Says(browser.Mark("store"), "What Usher still has to do, each card and each reading counted.")
			v.Says(browser.Mark("verified"), "Every entry was checked")
			v.inBoth("store", width)
			v.follows("back")
			v.Shows(browser.Mark("composer"))
		})
	}
}

// asksAbout looks at what passed for one request, and unfolds a call.
func (v *visit) asksAbout(width int) {
	v.t.Helper()
	v.Says(browser.Mark("call"), "Alice typed “/access create jane@acme.example Jane because she starts on Monday”")
	v.inBoth("calls", width)
	v.Write("filter-request", "1")
	v.Holds(`[...document.querySelectorAll('[data-testid="call"]')].some((el) => el.innerText.includes("posted #1's card in #access-approvals")) &&
		![...document.querySelectorAll('[data-testid="call"]')].some((el) => el.dataset.neighbour === "semrush")`)
	v.Press(`[data-testid="call"] summary`)
	v.Says(browser.Mark("call-bytes"), "#1")
	v.inBoth("unfolded", width)
	v.Write("filter-request", kb.Backspace)
}

// changesVendors does something at each vendor, and is refused something.
func (v *visit) changesVendors(width int) {
	v.t.Helper()
	v.inBoth("vendors", width)
	v.Press(`[data-testid="account"][data-email="wei.chen@acme.example"] summary`)
	v.Press(`[data-testid="account"][data-email="wei.chen@acme.example"] [data-testid="press-block"]`)
	v.Says(browser.Mark("said"), "wei.chen@acme.example is blocked by limits")
	v.Press(`[data-testid="fold-add"] > summary`)
	v.WriteIn(`[data-testid="deed-add"] [name="email"]`, "dale@globex.example")
	v.WriteIn(`[data-testid="deed-add"] [name="first"]`, "Dale")
	v.Press(`[data-testid="deed-add"] .do`)
	v.Says(browser.Mark("refused"), "has an account already")
	v.inBoth("refused", width)
	v.Press(`[data-testid="member"][data-email="priya.nair@acme.example"] [data-testid="press-remove"]`)
	v.Says(browser.Mark("said"), "no longer in Semrush")
	v.Holds(`!document.querySelector('[data-email="priya.nair@acme.example"][data-testid="member"]')`)
	v.Press(`[data-testid="press-units"]`)
	v.Says(browser.Mark("units"), "0 API units left")
	v.turns("calls", width)
	v.Says(browser.Mark("call"), "By hand: Semrush has 0 units left.")
	v.hasUsherLook(width)
}

// hasUsherLook has Usher look at the vendors now, sees it read them, and what comes of it where people read.
func (v *visit) hasUsherLook(width int) {
	v.t.Helper()
	v.turns("vendors", width)
	v.Press(`[data-testid="look"]`)
	v.Says(browser.Mark("said"), "in London now, and Usher is reading SE Ranking's accounts and Semrush's units")
	v.Says(browser.Mark("look"), "Have Usher look now")
	v.inBoth("looks", width)
	v.turns("calls", width)
	v.Says(browser.Mark("call"), "Usher asked Semrush how many units are left: 0.")
	v.Says(browser.Mark("call"), "Usher posted")
	v.Holds(`[...document.querySelectorAll('[data-testid="call"]')].some((el) => el.innerText.includes("Semrush has no units left"))`)
}

// inBoth takes a picture by day and by night; nothing is wider than the screen.
func (v *visit) inBoth(name string, width int) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	if *picturesTo == "" {
		return
	}
	for _, theme := range []string{"dark", "light"} {
		v.Theme(theme)
		v.picture(name + "-" + theme)
	}
}

// looksBeside holds the page about what stands beside the workspace against axe-core, each part with something unfolded.
func (v *visit) looksBeside(axe string) {
	width := int(asNumber(v.Tell(`String(innerWidth)`)))
	v.types("/access create jane@acme.example Jane because she starts on Monday")
	v.answered("#1")
	v.goesBeside(width)
	v.Says(browser.Mark("call"), "posted #1's card")
	v.Press(`[data-testid="call"] summary`)
	v.Shows(browser.Mark("call-bytes"))
	v.accessible(axe, "world-calls")
	v.ringed("world-calls")
	v.turns("vendors", width)
	v.Press(`[data-testid="account"] summary`)
	v.Press(`[data-testid="fold-add"] > summary`)
	v.Press(`[data-testid="fold-sites"] > summary`)
	v.Press(`[data-testid="press-units"]`)
	v.Says(browser.Mark("said"), "0 units left")
	v.accessible(axe, "world-vendors")
	v.ringed("world-vendors")
	v.turns("store", width)
	v.Says(browser.Mark("verified"), "Every entry was checked")
	v.accessible(axe, "world-store")
	v.ringed("world-store")
}

// asNumber is a number that a page told.
func asNumber(s string) (n int64) {
	_, _ = fmt.Sscan(s, &n) // what is none is 0
	return n
}
