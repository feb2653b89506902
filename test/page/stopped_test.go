package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

// overlap is whether two marked elements cover each other somewhere.
const overlap = `(([a, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)(
	[%q, %q].map((mark) => document.querySelector('[data-testid="' + mark + '"]').getBoundingClientRect()))`

// saysThatTheDemoHasStopped: in plain words, with the way to start it again, beside everything
// else; nothing that was typed is lost, and the page goes on by itself when the demo is back.
func saysThatTheDemoHasStopped(t *testing.T, b *browser.Browser) {
	v := visitDemo(t, b, 390, 800)
	v.Write("composer", "/access status")
	v.stop()
	v.Says(browser.Mark("stopped"), "The demo has stopped. Start it again in your terminal, for example with go run . demo.")
	v.Holds(`document.querySelector('[data-testid="stopped"]').getAttribute("role") === "alert"`)
	v.Holds("!" + fmt.Sprintf(overlap, "stopped", "send"))
	v.Holds("!" + fmt.Sprintf(overlap, "stopped", "composer"))
	v.Write("composer", kb.Enter)
	v.Says(browser.Mark("composer-note"), "Not sent: the demo has stopped. Your text is still here.")
	v.Holds(`document.querySelector('[data-testid="composer"]').value === "/access status"`)
	require.NotContains(t, v.Text(chromedp.CSS("body")), "Failed to fetch")

	runningDemo(t, strings.TrimPrefix(v.address, "http://"))
	v.Holds(`document.querySelector('[data-testid="stopped"]').hidden`)
	v.Says(browser.Mark("guide-text"), "You're Alice")
	v.Holds(`document.querySelector('[data-testid="composer-note"]').textContent === ""`)
	v.Holds(`document.querySelector('.fresh') === null`) // nothing happened at the vendor meanwhile
	v.Write("composer", kb.Enter)
	v.Holds(`document.querySelector('[data-testid="ephemeral"]') !== null`)
}
