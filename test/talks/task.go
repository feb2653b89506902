package talks

import (
	"context"
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// tasksOf are the messages of a request's task where the cards are: of the one that takes it away, once there is one.
func (k *talk) tasksOf(n int64) []slacksim.Message {
	found := map[string][]slacksim.Message{}
	for _, m := range k.N.Slack.Messages("C0APPROVE") {
		if key := world.KeyOf(m); !m.Deleted {
			found[key] = append(found[key], m)
		}
	}
	if removal := found[approvals.RemovalKey(n)]; len(removal) > 0 {
		return removal
	}
	return found[approvals.TaskKey(n)]
}

// taskOf is the one message of a request's task where the cards are.
func (k *talk) taskOf(n int64) slacksim.Message {
	k.T.Helper()
	found := k.tasksOf(n)
	require.Len(k.T, found, 1, "%s: messages of the task", k.line)
	k.seen[found[0].Channel+found[0].TS] = true
	return found[0]
}

// task holds the message of a task to what it says, or to its buttons.
func (k *talk) task(n int64, verb, line string) {
	k.T.Helper()
	switch verb {
	case "lacks":
		require.Empty(k.T, k.tasksOf(n), k.line)
	case "says":
		k.holds(slacksim.PlainText(k.taskOf(n)), after(line, " says "))
	default:
		k.offers(k.taskOf(n), line)
	}
}

// chooses is a choice in the menu beside a step: OPTION of step N on task M. Where the message shows no such menu, it comes from
// somebody's phone that still does: OPTION of step N of request M; "of old request M" is a menu of the task before.
func (k *talk) chooses(id, what string) {
	k.T.Helper()
	option, where, _ := strings.Cut(what, " of step ")
	option = strings.Trim(option, `"`)
	f := strings.Fields(where)
	n := k.number(f[len(f)-1])
	if f[1] == "on" {
		m := k.taskOf(n)
		out := k.N.Slack.Choose(id, m.Channel, m.TS, "step-"+f[0], option).Wait()
		require.True(k.T, out.Acked, "%s: %s", k.line, out.Error)
		return
	}
	r, err := k.App.Desk.Request(context.Background(), n)
	require.NoError(k.T, err, k.line)
	forged := slacksim.Forged{Channel: "C0APPROVE", TS: k.cardOf(n).TS, ActionID: view.ActionStep,
		Value: fmt.Sprintf("%s/%s/%s", view.ButtonValue(r.Name()), f[0], strings.ToLower(option))}
	if r.Removing() && !strings.Contains(where, " old ") {
		forged.Value += "/" + approvals.Removes
	}
	out := k.N.Slack.ClickForged(id, forged).Wait()
	require.True(k.T, out.Acked, "%s: %s", k.line, out.Error)
}
