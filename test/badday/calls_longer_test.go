package badday

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
)

// longerLives is what so many lives need in which something is given for two hours, goes on for two more, and is taken back.
func longerLives(lives int) map[string]int {
	return map[string]int{
		// Two cards, two messages to who may decide, what came of each, the word before each end, and that it is gone.
		"chat.postMessage": 9 * lives,
		// Who decided and what came of it, as in two ordinary lives; what is asked meanwhile and what came of that, on the
		// card and on the word before the end; and on both of them that it is over, and on the card that it is gone.
		"chat.update":           12 * lives,
		"conversations.open":    len(crowd) + 1,
		"users.info":            10 * lives, // as in two ordinary lives
		"users.lookupByEmail":   lives,
		"usergroups.users.list": 52 * lives, // who is in the group, every five minutes
		"apps.connections.open": 2 * lives,  // two connections, recycled every five hours
		// Nothing is asked of the vendor for what goes on: as in an ordinary life, and before and after the deletion.
		"vendor " + string(vendorsim.Create):  lives,
		"vendor " + string(vendorsim.Delete):  lives,
		"vendor " + string(vendorsim.List):    7 * lives,
		"vendor " + string(vendorsim.Details): lives, // what is to go, and whether it owns websites
		"vendor " + string(vendorsim.Owned):   lives,
	}
}

// TestCallsOfLongerLives counts every call of lives in which something is extended and ends.
func TestCallsOfLongerLives(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const lives = 8
	onADay(t, demo.Config, func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		for n := range lives {
			first := int64(2*n + 1)
			who := crowd[n%2]
			d.heard(d.N.Slack.Type(who, "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example Pat for=2h because they help", n)))
			d.Pass(5 * time.Minute)
			d.approve()
			d.Pass(100 * time.Minute)
			d.heard(d.N.Slack.Type(who, "C0GENERAL", fmt.Sprintf("/access extend %d for=2h because it takes longer", first)))
			d.Pass(5 * time.Minute)
			d.approve()
			d.Pass(150 * time.Minute)
			r, err := d.App.Desk.Request(t.Context(), first)
			require.NoError(t, err)
			require.Equal(t, approvals.Ended, r.State, "%+v", r)
			require.True(t, slices.ContainsFunc(r.Longer, func(l approvals.Longer) bool { return l.State == approvals.Done }))
		}
		d.frugal(t, began, longerLives(lives))
	})
}
