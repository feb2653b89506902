package badday

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// byHand is the demo's configuration with an app that Bob and Dave carry out within an hour.
var byHand = strings.Replace(demo.Config, "bundles:\n", "  hiring: {kind: manual, template: amazinghiring, owners: [U0BOB, U0DAVE], due: 1h}\nbundles:\n", 1)

// handedLives is what so many lives of a task need: it is given, ticked, late, handed over, and ended, two and a half hours in all.
func handedLives(lives int) map[string]int {
	return map[string]int{
		// The card, the message to who may decide, the task where the cards are and to each who has it, the reminder, and to who asked
		// how far it is, and what came of it.
		"chat.postMessage": 8 * lives,
		// Who decided, on the card and for who may decide; that it is begun, on the card; each of two ticks and that it is handed
		// over, on the card, on the two messages of the task and to who asked, and the end on the message of who had it first too.
		"chat.update": (2 + 1 + 3*4 + 5) * lives,
		// Whether the task's message still stands, after an hour, and the card.
		"conversations.history": 3 * lives,
		"conversations.open":    len(crowd) + 1,
		// Who asks, may decide, and decides; whose turn it is; who ticks, hands it over, and gets it; and whether who asked is there.
		"users.info":            9 * lives,
		"users.lookupByEmail":   lives,
		"usergroups.users.list": 29 * lives, // who is in the group, every five minutes
		"apps.connections.open": 2 * 3,      // two connections, recycled every five hours
		"views.open":            lives,
	}
}

// TestCallsOfATaskThatIsHandedOver counts every call of tasks that are late and handed over, from the asking to the last step.
func TestCallsOfATaskThatIsHandedOver(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const lives = 8
	onADay(t, byHand, func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		for i := range lives {
			n := int64(i + 1)
			d.heard(d.N.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example Pat app=hiring because they hire", n)))
			d.Pass(5 * time.Minute)
			for _, m := range d.waiting() {
				if world.KeyOf(m) == approvals.CardKey(n) {
					d.heard(d.N.Slack.Click("U0ERIN", m.Channel, m.TS, "Approve"))
				}
			}
			d.Pass(5 * time.Minute)
			r := d.Request(n)
			first, second := string(r.Task.Owner), map[approvals.PersonID]string{"U0BOB": "U0DAVE", "U0DAVE": "U0BOB"}[r.Task.Owner]
			d.ticks(first, n, 1)
			d.Pass(70 * time.Minute)
			m := d.task(n)
			d.heard(d.N.Slack.Click(first, m.Channel, m.TS, "Hand over"))
			d.Pass(time.Second)
			views := d.N.Slack.Views(first)
			require.NotEmpty(t, views)
			d.heard(d.N.Slack.Submit(first, views[len(views)-1].ID, map[string]any{view.FieldWho: second}))
			d.Pass(time.Minute)
			d.ticks(second, n, 2)
			d.ticks(second, n, 3)
			d.Pass(time.Hour)
			require.Equal(t, approvals.Done, d.Request(n).State)
		}
		d.frugal(t, began, handedLives(lives))
	})
}

// task is the message of a task where the cards are.
func (d *busyDay) task(n int64) (found slacksim.Message) {
	for _, m := range d.N.Slack.Messages("C0APPROVE") {
		if world.KeyOf(m) == approvals.TaskKey(n) {
			found = m
		}
	}
	return found
}

// ticks is Done beside a step that takes no words.
func (d *busyDay) ticks(who string, n int64, step int) {
	m := d.task(n)
	d.heard(d.N.Slack.Choose(who, m.Channel, m.TS, fmt.Sprintf("step-%d", step), "Done"))
	d.Pass(time.Minute)
}
