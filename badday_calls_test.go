package main

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

// calls counts every call that left the program, by method; a vendor's by operation.
func (d *busyDay) calls() map[string]int {
	n := map[string]int{}
	for _, c := range d.n.slack.Calls() {
		n[c.Method]++
	}
	for _, c := range d.n.vendor.Calls() {
		n["vendor "+string(c.Op)]++
	}
	return n
}

// TestCallsOfOrdinaryLives counts every call of thirty lives from asking to the message, and holds them
// against what they need: no method is called more than 1.1 times as often.
func TestCallsOfOrdinaryLives(t *testing.T) {
	const lives = 30
	onADay(t, demoConfig, func(d *busyDay) {
		d.pass(time.Minute)
		began := d.calls()
		for range lives {
			d.heard(d.ask())
			d.pass(5 * time.Minute)
			d.approve()
			d.pass(25 * time.Minute)
		}
		d.complete()
		needed := map[string]int{
			"chat.postMessage":                   2 * lives, // the card, and the message to who asked
			"chat.update":                        2 * lives, // who decided, and what came of it
			"conversations.open":                 len(crowd),
			"users.info":                         2 * lives, // who asks and who decides, each half an hour apart
			"apps.connections.open":              2 * 2,     // two connections, recycled every five hours
			"vendor " + string(vendorsim.Create): lives,
			"vendor " + string(vendorsim.List):   3 * lives, // for the card, before the deed, and after it
			"vendor " + string(vendorsim.Sites):  1,         // which dialect is spoken
		}
		total, must := 0, 0
		after := d.calls()
		for _, method := range slices.Sorted(maps.Keys(after)) {
			n := after[method] - began[method]
			total, must = total+n, must+needed[method]
			t.Logf("%-32s %4d, needed %4d", method, n, needed[method])
			require.LessOrEqual(t, float64(n), 1.1*float64(needed[method]), method)
		}
		t.Logf("%d calls in %d lives, %d needed: %.2f times", total, lives, must, float64(total)/float64(must))
	})
}
