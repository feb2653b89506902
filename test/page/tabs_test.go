package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/usherbot/usher/sim/browser"
)

// manyTabs has more windows open at one demo than a browser has connections to an address: each loads, hears what happens, and goes on hearing
// it when the one goes that has had the stream.
func manyTabs(t *testing.T, b *browser.Browser) {
	v := visitDemo(t, b, 1280, 800)
	var tabs []*browser.Reader
	for range 9 {
		tabs = append(tabs, v.Tab(v.address, "persona-U0ALICE"))
	}
	v.types("/access create jane@acme.example Jane because she tracks rankings")
	for _, tab := range tabs {
		tab.Shows(browser.Mark("persona-U0BOB") + " .badge")
	}
	v.Do(chromedp.Navigate("about:blank"))
	tabs[0].Write("composer", "/access create sam@acme.example Sam because he joins the launch\n")
	for i, tab := range tabs {
		tab.Holds(fmt.Sprintf(`%d >= 0 && Number(document.querySelector('[data-testid="persona-U0BOB"] .badge')?.textContent) >= 3`, i))
	}
}
