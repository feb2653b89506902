package badday

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// severalLives is what so many lines for ten people each need, half an hour apart, from asking to the messages.
func severalLives(lives int) map[string]int {
	const each = approvals.MostTogether
	return map[string]int{
		"chat.postMessage": lives * (2 + each), // the card, the message to who may decide, and one about each to who asked
		// Each yes on the card and for who may decide, each that was begun, and each that is done: of what happens at one
		// moment some is drawn one after the other, and some is drawn already, so that the card is only seen to stand.
		"chat.update":                        lives * 4 * each,
		"conversations.history":              lives * 4 * each,
		"conversations.open":                 len(crowd) + 1,
		"users.info":                         8 * lives,    // not much more than of one request: whoever was asked for a moment ago is known
		"users.lookupByEmail":                each * lives, // whom each is for
		"usergroups.users.list":              6 * lives,
		"apps.connections.open":              2,
		"vendor " + string(vendorsim.Create): each * lives,
		"vendor " + string(vendorsim.List):   (2 + 2*each) * lives, // for the card, behind the click, and before and after each deed
		"vendor " + string(vendorsim.Sites):  1,
	}
}

// TestCallsOfSeveralInOneGo counts every call of some lines for ten people and holds them against what they need: what is
// said of all of them is said once, and what is read for all of them is read once.
func TestCallsOfSeveralInOneGo(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const lives = 6
	onADay(t, demo.Config, func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		for life := range lives {
			var people []string
			for i := range approvals.MostTogether {
				people = append(people, fmt.Sprintf("p%d-%d@acme.example Pat", life, i))
			}
			d.asked = append(d.asked, people...)
			d.heard(d.N.Slack.Type(crowd[life%len(crowd)], "C0GENERAL", "/access create "+strings.Join(people, ", ")+" because they start"))
			d.Pass(5 * time.Minute)
			for _, m := range d.waiting() {
				d.heard(d.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve all"))
			}
			d.Pass(25 * time.Minute)
		}
		require.Empty(t, d.waiting())
		require.Len(t, d.N.Vendor.Effects(), lives*approvals.MostTogether)
		d.frugal(t, began, severalLives(lives))
	})
}

// TestCallsOfALine counts what it takes to wait for a seat: with whoever waits for it the vendor is asked every ten minutes
// at most, however many they are, and Slack hears nothing until there is something to say.
func TestCallsOfALine(t *testing.T) {
	const waiting, hours = 3, 6
	world.In(t, strings.Replace(demo.Config, "seats: 25", "seats: 1", 1), func(w *world.World) {
		d := &busyDay{World: w}
		w.N.Vendor.AddAccount(vendorsim.Account{Email: "last@globex.example", FirstName: "Last", Type: "client"})
		w.N.Vendor.SetSeats(1)
		w.Start()
		for range waiting {
			d.heard(d.ask())
		}
		d.Pass(time.Minute) // by then their cards say that no seat is free
		d.approve()
		d.Pass(30 * time.Minute)
		for n := range waiting {
			r, err := d.App.Desk.Request(context.Background(), int64(n+1))
			require.NoError(t, err)
			require.True(t, r.InLine(), "#%d stands in line: %s", r.Number, r.State)
		}
		began := d.calls()
		d.Pass(hours * time.Hour)
		require.Empty(t, d.N.Vendor.Effects())
		d.frugal(t, began, map[string]int{"vendor " + string(vendorsim.List): hours * 6, "apps.connections.open": 2 * 2,
			"usergroups.users.list": 12 * hours}) // who is in the group, whatever happens
	})
}
