package toyapp

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/control"
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
		require.Contains(t, card.Text, "Not needed here: 4 Show jane@acme.example the way to the vault")
		require.Contains(t, card.Text, "3 Take a photo of jane@acme.example — depends on an answer above")
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

// TestATaskIsHandedOnAndEndsWithAReason: put back, taken, handed over, and given up; started again it goes on where it was.
func TestATaskIsHandedOnAndEndsWithAReason(t *testing.T) {
	inOffice(t, func(o office) {
		o.asks("admit jane@acme.example app=office because she joins")
		press := func(who, button string) {
			m := o.message("C0APPROVE", "task/1")
			o.N.Slack.Click(who, m.Channel, m.TS, button).Wait()
			o.Pass(5 * time.Second)
		}
		press("U0ALICE", "Put back")
		require.Equal(t, approvals.PersonID("U0BOB"), o.request().Task.Owner, "who may not do it changes nothing")
		press("U0BOB", "Put back")
		require.Contains(t, o.message("C0APPROVE", "task/1").Text, "needs somebody")
		require.Contains(t, o.message("U0BOB", "task/1/U0BOB").Text, "put back")
		require.Contains(t, o.Answered("U0DAVE", "tasks"), "nobody's · 0 of 4 steps done")
		require.Contains(t, o.Answered("U0ALICE", "tasks"), "There's no task for you")
		press("U0DAVE", "Take it")
		require.Contains(t, o.Answered("U0DAVE", "tasks"), "yours · 0 of 4 steps done")
		press("U0DAVE", "Hand over")
		o.fills("U0DAVE", map[string]any{view.FieldWho: "U0ERIN"})
		require.Contains(t, o.message("U0ERIN", "task/1/U0ERIN").Text, "yours, due")
		require.Contains(t, o.message("U0DAVE", "task/1/U0DAVE").Text, "with <@U0ERIN> now")
		o.N.Slack.OpenHome("U0ERIN").Wait()
		o.Pass(5 * time.Second)
		home, _ := o.N.Slack.Home("U0ERIN")
		require.Contains(t, slacksim.ViewText(home), "Your tasks")
		press("U0ERIN", "Any step")
		o.fills("U0ERIN", map[string]any{view.FieldStep: "1", view.FieldWhat: "done", view.FieldFile: []any{map[string]any{"id": "F0BADGE", "name": "badge.png", "size": 900, "permalink": "https://files.example/F0BADGE"}}})
		require.Equal(t, &approvals.Attached{ID: "F0BADGE", Name: "badge.png", Size: 900, Link: "https://files.example/F0BADGE"}, o.request().Task.Steps[0].Tick.File)
		o.chooses("U0ERIN", 1, "Undo")
		require.Nil(t, o.request().Task.Steps[0].Tick)
		o.chooses("U0ERIN", 1, "Done")
		press("U0ERIN", "Could not be done")
		o.fills("U0ERIN", map[string]any{view.FieldWords: "the printer is gone"})
		require.Equal(t, approvals.Failed, o.request().State)
		require.Contains(t, o.message("U0ALICE", "tell/1/requester/failed").Text, "the printer is gone")
		admin := o.message("U0ADMIN", "admin/1/U0ADMIN")
		o.N.Slack.Click("U0ADMIN", admin.Channel, admin.TS, "Try again").Wait()
		o.Pass(10 * time.Second)
		r := o.request()
		require.Equal(t, approvals.Running, r.State)
		require.NotEmpty(t, r.Task.Owner)
		require.NotNil(t, r.Task.Steps[0].Tick, "what was ticked stays so")
	})
}

// TestATaskAtTheCommandLine: listed and ticked there; a tick there and one in Slack at once is one tick.
func TestATaskAtTheCommandLine(t *testing.T) {
	inOffice(t, func(o office) {
		o.asks("admit jane@acme.example app=office because she joins")
		s := &control.Server{Desk: o.App.Desk, Store: o.App.Store, Now: time.Now, Log: slog.New(slog.DiscardHandler), Who: func(*http.Request) (approvals.Actor, bool) { return approvals.OSUser("root"), true }}
		ask := func(method, path, body string) (int, string) {
			out := httptest.NewRecorder()
			s.Handler().ServeHTTP(out, httptest.NewRequest(method, path, strings.NewReader(body)))
			o.Pass(3 * time.Second)
			return out.Code, out.Body.String()
		}
		code, out := ask("GET", "/v1/tasks", "")
		require.Equal(t, http.StatusOK, code, out)
		require.Contains(t, out, `"number":1`)
		require.Contains(t, out, `"key":"photo","do":"Has jane@acme.example a photo on file?","state":"open"`)
		m := o.message("C0APPROVE", "task/1")
		click := o.N.Slack.Choose("U0BOB", m.Channel, m.TS, "step-1", "Done")
		code, out = ask("POST", "/v1/requests/1/steps", `{"step":"badge"}`)
		click.Wait()
		by := o.request().Task.Steps[0].Tick.By
		if by == "U0BOB" {
			require.Contains(t, out, "was ticked by")
		} else {
			require.Equal(t, http.StatusOK, code, out)
		}
		_, out = ask("POST", "/v1/requests/1/steps", `{"step":"photo","answer":"yes"}`)
		require.Contains(t, out, "2 of 3 steps of #1 are done.")
		_, out = ask("POST", "/v1/requests/1/steps", `{"step":"nowhere"}`)
		require.Contains(t, out, "has no step")
		_, out = ask("POST", "/v1/requests/1/steps", `{"step":"5","note":"given at the door"}`)
		require.Contains(t, out, "#1 is done. I'll tell")
		require.Equal(t, approvals.Done, o.request().State)
		_, out = ask("GET", "/v1/tasks", "")
		require.Contains(t, out, `"tasks":[]`)
		_, out = ask("POST", "/v1/requests/1/steps", `{"step":"1","skip":true}`)
		require.Contains(t, out, "it's done. Nothing is left to decide here.")
	})
}

// TestATaskIsNeverLeftAlone: whoever goes away loses it to the next, and what is late is said, once for its occasion.
func TestATaskIsNeverLeftAlone(t *testing.T) {
	inOffice(t, func(o office) {
		o.asks("admit jane@acme.example app=office because she joins")
		o.Answered("U0BOB", "away until=2000-01-09")
		o.Pass(10 * time.Second)
		require.Equal(t, approvals.PersonID("U0DAVE"), o.request().Task.Owner)
		o.Crash()
		o.Start()
		o.N.Slack.Deactivate("U0DAVE", true)
		o.Pass(10 * time.Second)
		r := o.request()
		require.True(t, r.Task.Stand)
		require.Contains(t, o.message("C0APPROVE", "task/1").Text, "No owner of The office can do it right now, so it's with an admin.")
		o.Pass(time.Until(r.Task.Due) + time.Minute)
		require.Contains(t, o.message(string(r.Task.Owner), "overdue/1/1/"+string(r.Task.Owner)).Text, "your task was due")
	})
}
