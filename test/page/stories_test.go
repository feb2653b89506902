package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/browser"
	"github.com/usherbot/usher/test/world"
)

// pointedAt is what the page offers next, in a word, and what it says: nothing else tells a newcomer what to do.
const pointedAt = `(() => {
	const seen = (selector) => [...document.querySelectorAll(selector)].find((el) => el.checkVisibility());
	const says = document.getElementById("guide-say").innerText, at = document.querySelector('[data-testid="story-at"]')?.innerText;
	const point = seen(".point-here"), act = seen('[data-testid="guide-action"]'), dialog = seen("dialog[open]");
	const what = seen('[data-testid="confirm-yes"]') ? "confirm" : says.startsWith("That was") ? "over" : point?.matches("textarea, input") ? "write" :
		act && !dialog ? "act" : point ? "point" : "wait";
	return [what, at, says, point?.dataset.testid, act?.innerText].join(" | ");
})()`

// follow is how a newcomer does it, who knows nothing but what the page points at.
var follow = map[string]string{
	"confirm": `(document.querySelector('[data-testid="confirm-yes"]').click(), true)`,
	"act":     `(document.querySelector('[data-testid="guide-action"]')?.click(), true)`,
	"point":   `(document.querySelector(".point-here")?.click(), true)`,
	"write":   `((el) => { el.focus(); document.execCommand("insertText", false, "We're buying more seats next month. Please ask again then."); return true; })(document.querySelector(".point-here"))`,
	"wait":    `true`,
}

// livesThrough does what the page points at until the story is over, and looks at each step.
func (v *visit) livesThrough(s stories.Story) (said string) {
	v.t.Helper()
	at := ""
	for began := time.Now(); ; {
		now := v.Tell(pointedAt)
		what, rest, _ := strings.Cut(now, " | ")
		if step, _, _ := strings.Cut(rest, " | "); step != at {
			at = step
			v.picture(fmt.Sprintf("%s %s", s.Name, at))
		}
		if what == "over" {
			return rest
		}
		v.Holds(follow[what])
		v.Soon(pointedAt + fmt.Sprintf(" !== %q", now))
		require.Less(v.t, time.Since(began), world.Patience, "the story stands still: %s", now)
	}
}

// livesThroughStories is a newcomer who chooses each of the seven from the list and does what the page points at, at a desk, on a phone, by day
// and by night: each comes to its end, with what it has promised done once.
func livesThroughStories(t *testing.T, b *browser.Browser) {
	for width, theme := range map[int]string{1280: "light", 390: "dark"} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.Theme(theme)
			list := stories.All(stories.Scene{Now: time.Now()})
			if width == 390 {
				list[4], list[5] = list[5], list[4] // Bob has a task of whoever has left by then, and the app without an API is Carol's
			}
			for _, s := range list {
				v.choosesStory(s)
				said := v.livesThrough(s)
				require.Contains(t, said, s.Title)
				if s.Left != "" {
					require.Contains(t, said, "One of two is gone")
					require.Contains(t, said, "Counted in SE Ranking: ")
					require.Regexp(t, "is (Bob|Carol)'s to take back by hand", said)
				}
				if n := len(s.Deeds); n > 0 {
					require.Contains(t, said, fmt.Sprintf("promised %d · done %d · doubled 0 · lost 0", n, n))
				}
				v.tellsTheSteps(s, width)
			}
			v.Holds(`document.querySelector('[data-testid="story-leaver"]').disabled`)
			v.Says(browser.Mark("story-leaver"), "Priya has left already.")
			v.Click("story-stop")
			v.Holds(`!document.querySelector('[data-testid="story-at"]')`)
			v.Says(browser.Mark("stories-open"), "Stories")
		})
	}
}

// choosesStory chooses one of the seven.
func (v *visit) choosesStory(s stories.Story) {
	v.t.Helper()
	v.Holds(`(document.querySelector('[data-testid="stories"]') !== null || (document.querySelector('[data-testid="stories-open"]').click(), false))`)
	v.Holds(`document.querySelectorAll(".story").length === 7`)
	v.picture(s.Name + " chosen")
	v.Click("story-" + s.Name)
	v.Says(browser.Mark("stories-open"), s.Title)
}

// tellsTheSteps unfolds what was done, and closes nothing.
func (v *visit) tellsTheSteps(s stories.Story, width int) {
	v.t.Helper()
	v.Click("stories-open")
	v.Holds(fmt.Sprintf(`document.querySelectorAll('.story-steps > li[data-done="true"]').length === %d`, len(s.Steps)))
	v.Holds(`!document.querySelector(".story-steps ul li:not(.seen)")`)
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
	v.picture(s.Name + " told")
}
