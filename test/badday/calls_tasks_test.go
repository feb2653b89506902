package badday

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// taskLives is what so many lives need in which a person carries something out in three steps, two of them ticked in a row.
func taskLives(lives int) map[string]int {
	return map[string]int{
		// The card, the message to who may decide, the task where the cards are and to whoever has it, how far it is to who asked,
		// and what came of it.
		"chat.postMessage": 6 * lives,
		// Who decided, on the card and on the message to who may; that it is somebody's, and each tick, on the card; each tick on
		// both messages of the task; the first two on one drawing to who asked, and what came of it.
		"chat.update":           14 * lives,
		"conversations.open":    3,
		"users.info":            7 * lives,
		"users.lookupByEmail":   lives,
		"usergroups.users.list": 7 * lives, // who is in the group, every five minutes
		"vendor list":           1,
	}
}

// TestCallsOfTasks counts every call of lives in which a person ticks steps: whoever asked has one message of it, which is drawn
// once for those that were ticked in a row.
func TestCallsOfTasks(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const lives = 8
	onADay(t, world.Of("a person's task").Config(), func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		for n := range lives {
			d.heard(d.N.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example Pat app=hiring because they help", n)))
			d.Pass(5 * time.Minute)
			card := d.waiting()[0]
			d.heard(d.N.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve"))
			d.Pass(5 * time.Minute)
			r, err := d.App.Desk.Request(context.Background(), int64(n+1))
			require.NoError(t, err)
			for step, wait := range []time.Duration{5 * time.Second, time.Minute, 25 * time.Minute} {
				_, err := d.App.Desk.Tick(context.Background(), r.Number, step, approvals.Tick{By: approvals.Actor(r.Task.Owner), Surface: "slack"}, time.Now())
				require.NoError(t, err)
				d.Pass(wait)
			}
		}
		d.frugal(t, began, taskLives(lives))
		drawn := 0
		for _, c := range d.N.Slack.Calls() {
			drawn += world.One(c.Method == "chat.update" && c.Args["channel"] == d.N.Slack.DMChannel("U0ALICE"))
		}
		require.Equal(t, 2*lives, drawn, "how far it is, drawn for two ticks at once and for the end")
	})
}
