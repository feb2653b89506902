package page

import (
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// TestPageReady says how long a demo's page took from the first byte asked for until one could read and press, as the browser itself counts, and how much
// it had to load for that. Nobody is held to the time, which is the machine's; sim/slacksim holds the page to its weight.
//
//	go test ./test/page -run PageReady -v
func TestPageReady(t *testing.T) {
	b := browser.Start(t)
	for _, name := range []string{"first", "again"} {
		t.Run(name, func(t *testing.T) {
			v := visitDemo(t, b, 1280, 800)
			v.Holds(`performance.getEntriesByName("ready").length === 1`)
			t.Log(v.Tell(`((page, ready) => "ready after " + Math.round(ready.startTime) + " ms, of which " + Math.round(page.responseEnd) + " ms to load " +
				page.decodedBodySize + " bytes")(performance.getEntriesByType("navigation")[0], performance.getEntriesByName("ready")[0])`))
		})
	}
}
