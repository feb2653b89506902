package badday

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// calls counts every call that left the program, by method; a vendor's by operation.
func (d *busyDay) calls() map[string]int {
	n := map[string]int{}
	for _, c := range d.N.Slack.Calls() {
		n[c.Method]++
	}
	for _, c := range d.N.Vendor.Calls() {
		n["vendor "+string(c.Op)]++
	}
	return n
}

// ordinaryLives is what so many lives half an hour apart need, from asking to the message.
func ordinaryLives(lives int) map[string]int {
	return map[string]int{
		"chat.postMessage":    3 * lives, // the card, the message to who may decide, and the one to who asked
		"chat.update":         3 * lives, // who decided, on the card and for who may decide, and what came of it
		"conversations.open":  len(crowd) + 1,
		"users.info":          5 * lives, // who asks, who may decide and whether they still can, who decides, and whether who asked is still there
		"users.lookupByEmail": lives,     // whom it is for
		// Who is in the group, every five minutes, and for nobody who asks or is told.
		"usergroups.users.list":              6 * lives,
		"apps.connections.open":              2 * 2, // two connections, recycled every five hours
		"vendor " + string(vendorsim.Create): lives,
		"vendor " + string(vendorsim.List):   4 * lives, // for the card, behind the click, before the deed, and after it
		"vendor " + string(vendorsim.Sites):  1,         // which dialect is spoken
	}
}

// live plays a life of half an hour, with something that happens before the asking and before the deciding.
func (d *busyDay) live(misfortune func()) {
	misfortune()
	d.heard(d.ask())
	d.Pass(5 * time.Minute)
	misfortune()
	d.approve()
	d.Pass(25 * time.Minute)
}

// mornings is how often it was time to look an app over, and everybody, since the day began.
func (d *busyDay) mornings() int { return int(time.Since(d.began)/(24*time.Hour)) + 1 }

// frugal holds the calls since began against what was needed: no method more than 1.1 times as often.
func (d *busyDay) frugal(t *testing.T, began, needed map[string]int) {
	total, must, after := 0, 0, d.calls()
	needed = maps.Clone(needed)
	needed["users.list"] += 2 * d.mornings() // who is there, when the app is looked over, and who has left
	needed["vendor "+string(vendorsim.List)] += d.mornings()
	for _, m := range d.N.Slack.Messages("C0REPORTS") {
		if !world.Filed(m) {
			continue
		}
		needed["files.getUploadURLExternal"] += 2 // a digest's workbook and its CSV, brought, shared as one, and found
		needed["upload"] += 2
		needed["files.completeUploadExternal"]++
		needed["conversations.replies"]++
	}
	for _, method := range slices.Sorted(maps.Keys(after)) {
		n := after[method] - began[method]
		total, must = total+n, must+needed[method]
		t.Logf("%-32s %4d, needed %4d", method, n, needed[method])
		require.LessOrEqual(t, float64(n), 1.1*float64(needed[method]), method)
	}
	t.Logf("%d calls in %d lives, %d needed: %.2f times", total, len(d.asked), must, float64(total)/float64(must))
}

// TestCallsOfOrdinaryLives counts every call of thirty lives and holds them against what they need.
func TestCallsOfOrdinaryLives(t *testing.T) {
	const lives = 30
	onADay(t, demo.Config, func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		for range lives {
			d.live(func() {})
		}
		d.complete()
		d.frugal(t, began, ordinaryLives(lives))
	})
}

// looksFor is how often one looks for a post that Slack never took in.
func looksFor(c slacksim.Call) int {
	if strings.HasPrefix(fmt.Sprint(c.Args["channel"]), "D") {
		return 7 + 5
	}
	return 4 + 5
}

// TestCallsOfABadDay does the same while Slack limits, fails, swallows answers and refreshes connections
// by turns. What a misfortune makes needed is one more call for each that came to nothing, one connection
// for each that was refreshed, and looks for each post of which nobody knows: one where it is there. Where
// it is not, four for a card before it is posted again, and seven for a direct message, which is waited for
// longer; then five over an hour, for it may turn up all the same. For the same reason an update of which
// nobody knows is made four times more.
func TestCallsOfABadDay(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const lives = 60
	methods := []string{"chat.postMessage", "chat.update"} // no one can ask or decide while Slack says nothing of them
	onADay(t, demo.Config, func(d *busyDay) {
		d.Pass(time.Minute)
		began, first, refreshed, turn := d.calls(), len(d.N.Slack.Calls()), 0, 0
		for range lives {
			d.live(func() {
				method := methods[turn%len(methods)]
				switch turn % 5 {
				case 0:
					d.N.Slack.RateLimit(method, 1, 20*time.Second)
				case 1:
					d.N.Slack.FailNext(method, slacksim.BeforeEffect, slacksim.Status500)
				case 2:
					d.N.Slack.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
				case 3:
					require.True(t, d.N.Slack.Refresh())
					refreshed++
				}
				turn++
			})
		}
		d.complete()
		needed := ordinaryLives(lives)
		needed["apps.connections.open"] = refreshed // more often than they grow old
		misfortunes := 0
		for _, c := range d.N.Slack.Calls()[first:] {
			switch {
			case !c.Applied && c.Outcome != "ok":
				needed[c.Method]++
				misfortunes++
				switch {
				case c.Outcome == "ratelimited":
				case c.Method == "chat.postMessage":
					needed["conversations.history"] += looksFor(c)
				case c.Method == "chat.update":
					needed["chat.update"] += 3 // the fourth is the one in place of the lost one
				}
			case c.Answer != "":
				needed["conversations.history"]++
				misfortunes++
			}
		}
		require.Greater(t, misfortunes, lives/2)
		t.Logf("%d misfortunes, %d refreshes", misfortunes, refreshed)
		d.frugal(t, began, needed)
	})
}
