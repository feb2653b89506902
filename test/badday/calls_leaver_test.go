package badday

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/sim/vendorsim"
)

// leaving is what it needs to ask about somebody who leaves and holds one seat, and to see it gone.
func leaving() map[string]int {
	return map[string]int{
		"apps.connections.open":               2, // recycled within seven hours
		"chat.postMessage":                    3, // the card, the admin's message of it, and what came of it
		"chat.update":                         5, // each of the two as it is read, voted on and done
		"conversations.history":               1, // whether the card stands, where it showed the second vote before that was promised to be shown
		"conversations.open":                  1,
		"users.info":                          4,
		"users.lookupByEmail":                 3,  // whose the address is now
		"usergroups.users.list":               85, // who is in the group, every five minutes
		"vendor " + string(vendorsim.List):    5,
		"vendor " + string(vendorsim.Details): 2,
		"vendor " + string(vendorsim.Owned):   2,
		"vendor " + string(vendorsim.Shared):  1,
		"vendor " + string(vendorsim.Delete):  1,
	}
}

// TestCallsOfALeaver counts every call from somebody's deactivation until what they held was seen gone.
func TestCallsOfALeaver(t *testing.T) {
	onADay(t, demo.Config, func(d *busyDay) {
		d.N.Vendor.AddAccount(vendorsim.Account{Email: "dave@acme.example", FirstName: "Dave", Type: "client"})
		d.Pass(time.Minute)
		began := d.calls()
		d.N.Slack.Deactivate("U0DAVE", true)
		d.Pass(5 * time.Minute)
		l, err := d.App.Store.Leaving(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, leavers.Open, l.State)
		cards := d.N.Slack.Messages("C0APPROVE")
		require.Len(t, cards, 1)
		for _, who := range []string{"U0ERIN", "U0BOB"} {
			d.heard(d.N.Slack.Click(who, cards[0].Channel, cards[0].TS, "Take back"))
		}
		d.Pass(7 * time.Hour)
		l, err = d.App.Store.Leaving(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, leavers.Closed, l.State, "%+v", l)
		d.frugal(t, began, leaving())
	})
}
