package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
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
	return v.livesUntil(s, "")
}

// livesUntil is the same until one step of it comes, as in "3 of 4"; "": until it's over.
func (v *visit) livesUntil(s stories.Story, stop string) (said string) {
	v.t.Helper()
	at, since := "", time.Now()
	for {
		now := v.Tell(pointedAt)
		what, rest, _ := strings.Cut(now, " | ")
		if step, _, _ := strings.Cut(rest, " | "); step != at {
			at, since = step, time.Now()
			v.picture(fmt.Sprintf("%s %s", s.Name, at))
		}
		if what == "over" || at == stop {
			return rest
		}
		v.Holds(follow[what])
		v.Soon(pointedAt + fmt.Sprintf(" !== %q", now))
		require.Less(v.t, time.Since(since), world.Patience, "the story stands still: %s", now)
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

// comesTooLate is somebody who takes back what makes the vendor slow, so that nothing is left to be hit once Usher can be killed: the page says
// so, offers no kill, and begins the story again, which comes to its end then.
func comesTooLate(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			crash := stories.All(stories.Scene{Now: time.Now()})[3]
			v.choosesStory(crash)
			v.livesUntil(crash, "3 of 4")
			v.Do(chromedp.Navigate(v.address + "/break"))
			v.Click("press-mend")
			v.Says(browser.Mark("said"), "Mend everything: done.")
			v.Do(chromedp.Navigate(v.address))
			v.Says(browser.Mark("story-at"), "3 of 4")
			for late := false; !late; late = v.Soon(`document.getElementById("guide-say").innerText.startsWith("It's too late to kill Usher in the middle")`) {
				if what, rest, _ := strings.Cut(v.Tell(pointedAt), " | "); !strings.HasSuffix(rest, "Kill Usher now") { // which it offers until the card says done
					v.Holds(follow[what])
				}
			}
			v.Holds(`![...document.querySelectorAll("#guide-do button")].some((el) => el.innerText.includes("Kill"))`)
			v.Says(browser.Mark("story-again"), "Do it again")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.picture("too late")
			v.Click("story-again")
			v.Says(browser.Mark("story-at"), "1 of 4")
			require.Contains(t, v.livesThrough(crash), "promised 1 · done 1 · doubled 0 · lost 0")
		})
	}
}

// leavesRoom unfolds the stories in windows of several heights, with one under way too: the line to write in stays whole, and where the list goes on below,
// that is said until its end is in sight.
func leavesRoom(t *testing.T, b *browser.Browser) {
	for _, size := range [][2]int{{1280, 800}, {1280, 600}, {390, 800}, {390, 640}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, size[0], size[1])
			v.Click("stories-open")
			v.scrollsToTheLast("list")
			v.Click("story-seat")
			v.Click("stories-open")
			v.Says(browser.Mark("stories"), "Fifty more people become leads.")
			v.scrollsToTheLast("steps")
		})
	}
}

// inWindow is that something on the page is whole in the window, and in a box of it.
const inWindow = `((el, box) => { const a = el.getBoundingClientRect(), b = box.getBoundingClientRect(); return a.height > 0 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && b.bottom <= innerHeight + 1; })`

// scrollsToTheLast goes on below by the button that says there's more, until the last story stands there whole.
func (v *visit) scrollsToTheLast(name string) {
	v.t.Helper()
	v.Holds(inWindow + `(document.querySelector(".composer"), document.body)`)
	v.picture(name)
	last := inWindow + `([...document.querySelectorAll(".story")].at(-1), document.querySelector(".stories-in"))`
	more := `!document.querySelector('[data-testid="stories-more"]').hidden`
	v.Holds(fmt.Sprintf(`%s !== %s`, last, more))
	v.Holds(last + ` || (document.querySelector('[data-testid="stories-more"]').click(), false)`)
	v.Holds("!(" + more + ")")
	v.picture(name + " to its end")
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
