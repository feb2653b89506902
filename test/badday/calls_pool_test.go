package badday

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
)

// poolLives is what so many requests for shares need that wait beside each other, from the first yes to the last, ten minutes
// apart: each yes is shown on its own card, and what it leaves on those that wait yet and on the tasks there are.
func poolLives(lives int) map[string]int {
	cards, tasks := lives*(lives-1)/2, lives*(lives-1)/2
	return map[string]int{
		"chat.postMessage":      3 * lives,                   // the task, where the cards are and to whose it is, and the one to who asked
		"chat.update":           4*lives + 2*cards + 2*tasks, // that it's approved and that it runs; each in the channel and by direct message
		"conversations.history": 4 * lives,                   // that the cards still stand
		"conversations.open":    len(crowd) + 2,              // who asked, and whose tasks they are
		"users.info":            4 * lives,
		"usergroups.users.list": 2*lives + 2,
		"apps.connections.open": 2,
	}
}

// TestCallsOfAPool counts every call of some requests for shares of one pool: what is left is drawn anew where it is shown, once
// for each yes.
func TestCallsOfAPool(t *testing.T) {
	const lives = 6
	onADay(t, demo.Offered(), func(d *busyDay) {
		d.Pass(time.Minute)
		for i := range lives {
			d.heard(d.N.Slack.Type(crowd[i%len(crowd)], "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example Pat keywords=%d app=semrush because they start", i, 100+i)))
		}
		d.Pass(5 * time.Minute)
		began := d.calls()
		for range lives {
			m := d.waiting()[0]
			d.heard(d.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve"))
			d.Pass(10 * time.Minute)
		}
		d.frugal(t, began, poolLives(lives))
		require.Contains(t, fmt.Sprint(d.N.Slack.Messages("C0APPROVE")), "→ 615, 4,385 left", "what all of them come to")
	})
}
