package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// breaksIt presses on the page what breaks the demo, and sees what came of it counted; on a phone too.
func breaksIt(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := &visit{t: t}
			v.address, v.stop = runningDemo(t, "127.0.0.1:0")
			v.Reader = b.Open(t, v.address+"/break", width, 800, "press-kill")
			v.Says(browser.Mark("audit"), "whole")
			for _, what := range []string{"promised", "done", "open", "doubled", "lost"} {
				v.Holds(fmt.Sprintf(`document.querySelector('[data-testid="count-%s"]').dataset.n === "0"`, what))
			}
			v.Click("press-kill")
			v.Says(browser.Mark("said"), "Kill the bot: done.")
			v.Says(browser.Mark("bot"), "The bot is there and hears. It’s in life 2; it was killed here once.")
			v.Click("press-jump/end")
			v.Says(browser.Mark("said"), "The next end: Nobody has been given anything for a time yet")
			v.Click("press-jump/monday")
			v.Says(browser.Mark("said"), "Monday, 09:00: done.")
			v.Says(browser.Mark("now"), "Monday")
			v.Says(browser.Mark("now"), "ahead of your clock")
			v.picture("broken")
			v.Holds(`document.documentElement.scrollWidth <= innerWidth`)
			if *axeFile != "" {
				v.accessible(axeScript(t), "break")
				v.ringed("break")
			}
			v.stop()
			v.Says(browser.Mark("gone"), "The demo has stopped.")
		})
	}
}
