package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/browser"
	"github.com/usherbot/usher/test/postgres"
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
			v.Says(browser.Mark("count-promised"), "Requests approved since the demo began.")
			v.picture("whole")
			v.Click("press-kill")
			v.Says(browser.Mark("said"), "Kill the bot: done.")
			v.Says(browser.Mark("bot"), "The bot is running and connected. It's in life 2; it was killed here once.")
			v.Click("press-ghost")
			v.Says(browser.Mark("said"), "Ghost the connections: done.")
			v.Click("press-limit")
			v.Says(browser.Mark("said"), "Rate-limit: done.")
			v.Click("press-vendor-down")
			v.Says(browser.Mark("broken"), "The vendor is down: every change breaks off. It stays so until you mend everything.")
			v.Click("press-mend")
			v.Says(browser.Mark("said"), "Mend everything: done.")
			v.Hides(browser.Mark("broken"))
			v.Click("press-jump/end")
			v.Says(browser.Mark("said"), "The next seat to expire: Nobody has been given anything for a time yet")
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

// breaksThree takes one of three bots down that share a database, kills another, and mends; on a phone too.
func breaksThree(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			server := postgres.Own(t)
			v := &visit{t: t}
			v.address, v.stop = settledDemo(t, demo.Setting{Addr: "127.0.0.1:0", Database: apiclient.Secret(postgres.Create(t, server.URL("postgres"), ""))})
			v.Reader = b.Open(t, v.address+"/break", width, 800, "bot-3")
			for n := 1; n <= 3; n++ {
				v.Says(browser.Mark(fmt.Sprintf("bot-%d", n)), "It's there. Life 1.")
			}
			v.Click("press-bots/2/down")
			v.Says(browser.Mark("said"), "Take down bot 2: done.")
			v.Says(browser.Mark("bot-2"), "It was taken down. The others go on with what it had begun. Life 1, killed here once.")
			v.Click("press-bots/3/kill")
			v.Says(browser.Mark("said"), "Kill bot 3: done.")
			v.Says(browser.Mark("bot-3"), "It's there. Life 2, killed here once.")
			v.Says(browser.Mark("audit"), "whole")
			v.picture("three")
			v.Holds(`document.documentElement.scrollWidth <= innerWidth`)
			if *axeFile != "" {
				v.accessible(axeScript(t), "three")
				v.ringed("three")
			}
			v.Click("press-bots/2/mend")
			v.Says(browser.Mark("bot-2"), "It's there. Life 2, killed here once.")
			v.Click("press-kill")
			v.Says(browser.Mark("said"), "Kill them all: done.")
			v.Says(browser.Mark("bot-1"), "It's there. Life 2, killed here once.")
			v.Click("press-database")
			v.Says(browser.Mark("said"), "Cut the database: done.")
			v.Says(browser.Mark("audit"), "whole")
			v.stop()
		})
	}
}
