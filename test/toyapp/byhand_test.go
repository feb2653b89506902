package toyapp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// offices is the demo's configuration with an office beside SE Ranking, which Bob and Dave own.
var offices = strings.Replace(demo.Config, "bundles:\n", "  office:\n    kind: office\n    name: The office\n    owners: [U0BOB, U0DAVE]\nbundles:\n", 1)

func inOffice(t *testing.T, f func(o office)) {
	world.InScene(t, t, offices, func(w *world.World) {
		w.Start()
		f(office{t, w})
	}, ByHandKind())
}

func TestTheOfficeIsWhole(t *testing.T) { require.NoError(t, ByHand().Check()) }

// office is a world with an office in it.
type office struct {
	t *testing.T
	*world.World
}

// asks has Alice ask for something, and Erin approve it; what it became is there.
func (o office) asks(line string) approvals.Request {
	o.Answered("U0ALICE", line)
	o.Pass(5 * time.Second)
	list, err := o.App.Desk.Requests(o.t.Context(), approvals.Filter{All: true}, 1)
	require.NoError(o.t, err)
	card := o.message("C0APPROVE", approvals.CardKey(list[0].Number))
	o.N.Slack.Click("U0ERIN", "C0APPROVE", card.TS, "Approve").Wait()
	o.Pass(10 * time.Second)
	return o.request()
}

func (o office) request() approvals.Request {
	list, err := o.App.Desk.Requests(o.t.Context(), approvals.Filter{All: true}, 1)
	require.NoError(o.t, err)
	require.NotEmpty(o.t, list)
	return list[0]
}

// message is the one that keeps a promise, in a channel or a conversation.
func (o office) message(place, key string) (found slacksim.Message) {
	all := o.N.Slack.Messages(place)
	if strings.HasPrefix(place, "U") {
		all = o.N.Slack.DM(place)
	}
	n := 0
	for _, m := range all {
		if world.KeyOf(m) == key {
			found = m
			n++
		}
	}
	require.Equal(o.t, 1, n, "messages for %s", key)
	return found
}

// chooses presses the menu beside a step, counted from 1, on the card.
func (o office) chooses(who string, step int, option string) {
	m := o.message("C0APPROVE", approvals.TaskKey(o.request().Number))
	o.N.Slack.Choose(who, m.Channel, m.TS, fmt.Sprintf("step-%d", step), option).Wait()
	o.Pass(3 * time.Second)
}

// fills sends the form that stands open.
func (o office) fills(who string, values map[string]any) slacksim.Outcome {
	views := o.N.Slack.Views(who)
	require.NotEmpty(o.t, views, "a form stands open")
	d := o.N.Slack.Submit(who, views[len(views)-1].ID, values).Wait()
	o.Pass(3 * time.Second)
	return d
}

// TestATaskIsWalkedEndToEnd: approved, assigned, ticked in and out of order, and done by its last step alone.
func TestATaskIsWalkedEndToEnd(t *testing.T) {
	inOffice(t, func(o office) {
		r := o.asks("admit jane@acme.example app=office because she joins")
		require.Equal(t, approvals.Running, r.State)
		require.Equal(t, approvals.PersonID("U0BOB"), r.Task.Owner)
		card := o.message("C0APPROVE", "task/1")
		require.Contains(t, card.Text, "#1 · The office: admit jane@acme.example — <@U0BOB>'s, due")
		require.Contains(t, card.Text, "☐ 1 Print a badge for jane@acme.example")
		require.Contains(t, card.Text, "Where Badge office → Print (was called “New badge”)")
		require.Contains(t, card.Text, "4 Show jane@acme.example the way to the vault — not needed here")
		require.Contains(t, card.Text, "3 Take a photo of jane@acme.example — hangs on an answer above")
		own := o.message("U0BOB", "task/1/U0BOB")
		require.Contains(t, own.Text, "yours, due")

		o.chooses("U0BOB", 5, "Done")
		o.fills("U0BOB", map[string]any{view.FieldNote: "given"})
		require.Contains(t, o.N.Slack.Views("U0BOB")[0].Errors, view.FieldNote, "the last step waits for the others")
		o.N.Slack.CloseAllViews("U0BOB")
		o.chooses("U0BOB", 2, "No")
		o.chooses("U0DAVE", 1, "Done")
		require.Contains(t, o.message("C0APPROVE", "task/1").Text, "☑ 1 Print a badge for jane@acme.example — <@U0DAVE>")
		o.chooses("U0DAVE", 3, "Done")
		o.fills("U0DAVE", map[string]any{view.FieldLink: "nowhere"})
		require.Contains(t, o.N.Slack.Views("U0DAVE")[0].Errors[view.FieldLink], "leads nowhere")
		o.fills("U0DAVE", map[string]any{view.FieldLink: "https://photos.example/jane"})
		require.Empty(t, o.N.Slack.Views("U0DAVE"))
		require.Contains(t, o.Answered("U0ALICE", "status 1"), "3 of 4 steps done")
		o.chooses("U0BOB", 5, "Done")
		o.fills("U0BOB", map[string]any{view.FieldNote: "given"})
		r = o.request()
		require.Equal(t, approvals.Done, r.State)
		require.Contains(t, o.message("U0ALICE", "tell/1/requester/done").Text, "jane@acme.example can enter The office now (#1).")
		require.Empty(t, world.Buttons(o.message("C0APPROVE", "task/1")))
		require.Equal(t, "card", outbox.Kind(world.KeyOf(o.message("C0APPROVE", "card/1"))))
	})
}
