package badday

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// inHiring is a world in which Bob has a task: to remove Jane from an app, of which its file leaves two steps.
func inHiring(t *testing.T, f func(d *busyDay)) {
	world.In(t, world.Of("a person's task").Config(), func(w *world.World) {
		d := &busyDay{World: w}
		w.Start()
		w.Answered("U0ALICE", "delete jane@acme.example app=hiring because she has left")
		w.Pass(5 * time.Second)
		w.N.Slack.Click("U0ERIN", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve").Wait()
		w.Pass(10 * time.Second)
		require.Equal(t, approvals.PersonID("U0BOB"), w.Request(1).Task.Owner)
		f(d)
		require.Empty(t, w.Logs.Take(), "errors that nobody announced")
		w.Check()
	})
}

// under is the next life, under another configuration.
func (d *busyDay) under(t *testing.T, yml string) {
	d.End()
	cfg, problems := config.Parse("usher.yml", []byte(yml))
	require.Empty(t, problems)
	d.Cfg = cfg
	d.Start()
}

// doesAll ticks what is left: Bob the removal, with a note, and whoever has it then what a second person confirms.
func (d *busyDay) doesAll(t *testing.T) {
	d.ticks("U0BOB", 1, 1)
	m := d.task(1)
	d.heard(d.N.Slack.Choose("U0BOB", m.Channel, m.TS, "step-2", "Done"))
	d.fillsIn(t, "U0BOB", map[string]any{view.FieldNote: "dropped in May"})
	d.ticks(string(d.Request(1).Task.Owner), 1, 3)
	require.Equal(t, approvals.Done, d.Request(1).State)
}

func (d *busyDay) fillsIn(t *testing.T, who string, fills map[string]any) slacksim.View {
	d.Pass(2 * time.Second)
	views := d.N.Slack.Views(who)
	require.NotEmpty(t, views, "a form stands open")
	d.heard(d.N.Slack.Submit(who, views[len(views)-1].ID, fills))
	d.Pass(10 * time.Second)
	if views = d.N.Slack.Views(who); len(views) == 0 {
		return slacksim.View{}
	}
	return views[len(views)-1]
}

// TestBadInputAppRemovedWithAnOpenTask: whoever has it goes on, in the words of then, to its end. An app that is gone has no owners:
// an admin confirms what was taken away.
func TestBadInputAppRemovedWithAnOpenTask(t *testing.T) {
	inHiring(t, func(d *busyDay) {
		before := d.Request(1)
		d.under(t, world.Config)
		require.Equal(t, before.TaskSteps(), d.Request(1).TaskSteps(), "nothing is lost")
		require.Contains(t, d.Answered("U0BOB", "tasks"), "yours · 0 of 3 steps done")
		d.doesAll(t)
		require.Equal(t, approvals.PersonID("U0ADMIN"), d.Request(1).Task.Owner)
		require.Contains(t, d.N.Slack.DM("U0ALICE")[0].Text, "#1")
	})
}

// TestBadInputStepsRemovedWithAnOpenTask: a step that the file has no more keeps its words, and is ticked as before.
func TestBadInputStepsRemovedWithAnOpenTask(t *testing.T) {
	inHiring(t, func(d *busyDay) {
		before := d.Request(1)
		yml := world.Of("a person's task").Config()
		require.Contains(t, yml, "        extension: {drop: true}\n")
		d.under(t, strings.Replace(yml, "        extension: {drop: true}\n", "        extension: {drop: true}\n        gone: {drop: true}\n        seat: {do: \"Give the seat to somebody else.\"}\n", 1))
		r := d.Request(1)
		require.Equal(t, before.TaskSteps()[0], r.TaskSteps()[0])
		require.EqualValues(t, "Give the seat to somebody else.", r.TaskSteps()[1].Do, "in the words of now")
		d.doesAll(t)
	})
}

// TestBadInputStepOfACanceledRequest: it changes nothing, and says how the request stands.
func TestBadInputStepOfACanceledRequest(t *testing.T) {
	inHiring(t, func(d *busyDay) {
		d.Answered("U0ALICE", "delete sam@acme.example app=hiring because he has left")
		d.Answered("U0ALICE", "cancel 2")
		for _, op := range []view.Op{view.OpDone, view.OpSkip, view.OpUndo, view.OpNote} {
			require.Contains(t, d.Hears("U0BOB", func() *slacksim.Delivery {
				value := fmt.Sprintf("%s/1/%s", view.ButtonValue(d.Request(2).Name()), op)
				return d.N.Slack.ClickForged("U0BOB", slacksim.Forged{Channel: "C0APPROVE", TS: "946684800.000001", ActionID: view.ActionStep, Value: value})
			}), "canceled", op)
		}
		require.Equal(t, approvals.Canceled, d.Request(2).State)
		require.Nil(t, d.Request(2).Task)
	})
}

// TestBadInputEvidence: what is too large, or leads nowhere, is said beside its field; what else was written stays in the form, and
// nothing is ticked.
func TestBadInputEvidence(t *testing.T) {
	inHiring(t, func(d *busyDay) {
		large := []any{map[string]any{"id": "F0LARGE", "name": "film.mov", "size": approvals.MostFile + 1, "permalink": "https://files.example/F0LARGE"}}
		m := d.task(1)
		d.heard(d.N.Slack.Choose("U0BOB", m.Channel, m.TS, "step-2", "Done"))
		v := d.fillsIn(t, "U0BOB", map[string]any{view.FieldNote: "dropped in May", view.FieldFile: large})
		require.Contains(t, v.Errors[view.FieldFile], "larger than 25 MB")
		for _, link := range []string{"nowhere", "ftp://files.example/1", "https://", "javascript:alert(1)"} {
			v = d.fillsIn(t, "U0BOB", map[string]any{view.FieldLink: link, view.FieldFile: []any{}})
			require.Contains(t, v.Errors[view.FieldLink], "leads nowhere", link)
		}
		require.Nil(t, d.Request(1).Task.Steps[1].Tick)
		require.Empty(t, d.fillsIn(t, "U0BOB", map[string]any{view.FieldLink: ""}))
		require.Equal(t, approvals.Evidence{Note: "dropped in May"}, d.Request(1).Task.Steps[1].Tick.Evidence, "what else was written stayed in the form")
	})
}
