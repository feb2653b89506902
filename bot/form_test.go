package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// garbled are the ways in which a form that is open can arrive so that it cannot be read, each with what is
// then said in it.
var garbled = map[string]struct {
	alter func(payload, view map[string]any)
	says  string
}{
	"fields as an empty list": {func(_, v map[string]any) { v["state"] = map[string]any{"values": []any{}} }, "what you wrote"},
	"fields as a text":        {func(_, v map[string]any) { v["state"] = map[string]any{"values": "x"} }, "what you wrote"},
	"no fields":               {func(_, v map[string]any) { v["state"] = map[string]any{} }, "what you wrote"},
	"no state":                {func(_, v map[string]any) { delete(v, "state") }, "what you wrote"},
	"state as a list":         {func(_, v map[string]any) { v["state"] = []any{7} }, "what you wrote"},
	"a field as a list":       {func(_, v map[string]any) { values(v)[view.FieldReason] = []any{} }, "what you wrote"},
	"an element as a number":  {func(_, v map[string]any) { values(v)[view.FieldReason] = map[string]any{view.FieldReason: 7} }, "what you wrote"},
	"a value of the wrong type": {func(_, v map[string]any) {
		values(v)[view.FieldReason] = map[string]any{view.FieldReason: map[string]any{"value": []any{"no"}}}
	}, "what you wrote"},
	"an empty value": {func(_, v map[string]any) {
		values(v)[view.FieldReason] = map[string]any{view.FieldReason: map[string]any{"value": nil}}
	}, "a few words"},
	"a value that nobody can see": {func(_, v map[string]any) {
		values(v)[view.FieldReason] = map[string]any{view.FieldReason: map[string]any{"value": " \u200b\u2060 "}}
	}, "a few words"},
	"another form's name":      {func(_, v map[string]any) { v["callback_id"] = "from the future" }, "another version"},
	"no name":                  {func(_, v map[string]any) { delete(v, "callback_id") }, "another version"},
	"a name of the wrong type": {func(_, v map[string]any) { v["callback_id"] = []any{} }, "another version"},
	"nothing borne":            {func(_, v map[string]any) { delete(v, "private_metadata") }, "another version"},
	"something strange borne":  {func(_, v map[string]any) { v["private_metadata"] = map[string]any{"n": 1} }, "another version"},
	"no view":                  {func(p, _ map[string]any) { delete(p, "view") }, "another version"},
	"a view as a list":         {func(p, _ map[string]any) { p["view"] = []any{} }, "another version"},
	"no person":                {func(p, _ map[string]any) { p["user"] = []any{} }, "I can't tell what that was"},
	"another workspace":        {func(p, _ map[string]any) { p["team"] = nil }, "a different Slack workspace"},
}

func values(view map[string]any) map[string]any {
	return view["state"].(map[string]any)["values"].(map[string]any)
}

// TestAFormThatCannotBeReadIsNeverClosedAsIfTaken: whatever of it cannot be read, it stays with a sentence,
// what was written stays where it can be sent again, and sent whole it counts.
func TestAFormThatCannotBeReadIsNeverClosedAsIfTaken(t *testing.T) {
	for name, row := range garbled {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				n, card := w.Asked("jane@acme.example")
				w.Clicked(bob, cards, card.TS, "Deny")
				out := w.Garbled(bob, "", func(p map[string]any) {
					view := copied(p["view"].(map[string]any))
					p["view"] = view
					row.alter(p, view)
				}).Wait()
				require.True(t, out.Acked, out.Error)
				w.Pass(time.Second)
				require.Len(t, w.Views(bob), 1, "it was closed as if it had been taken")
				v := w.Views(bob)[0]
				require.Empty(t, v.Warning)
				require.Contains(t, slacksim.ViewText(v)+fmt.Sprint(v.Errors), row.says)
				require.Equal(t, approvals.Pending, w.State(n))
				if len(v.Errors) == 0 {
					return // it says so in its place: the button opens a new one
				}
				require.True(t, w.Submit(bob, "", map[string]any{view.FieldReason: "No budget"}).Wait().Acked)
				w.Pass(time.Second)
				require.Empty(t, w.Views(bob))
				require.Equal(t, approvals.Denied, w.State(n))
			})
		})
	}
}

// copied is a JSON value of its own.
func copied(v map[string]any) (out map[string]any) {
	if err := json.Unmarshal(view.JSON(v), &out); err != nil {
		panic(err)
	}
	return out
}

// TestAFormWhoseAnswerIsLostIsNotClosedByItsRepetition: it was refused, the refusal did not get onto the
// wire, and Slack delivers the form again: a bare ack would close it.
func TestAFormWhoseAnswerIsLostIsNotClosedByItsRepetition(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		payload := view.JSON(map[string]any{"type": "view_submission", "user": map[string]any{"id": dave}, "team": map[string]any{"id": "T0ACME"}, "trigger_id": "1.2.3",
			"view": map[string]any{"callback_id": view.CallbackDeny, "private_metadata": w.value(1), "state": map[string]any{
				"values": map[string]any{view.FieldReason: map[string]any{view.FieldReason: map[string]any{"value": "No"}}}}}})
		w.bot.submit(&envelope{id: "e1", kind: "interactive", payload: payload, via: torn{}, heard: time.Now()})
		w.Pass(time.Second)
		acks := &ackbook{}
		w.bot.submit(&envelope{id: "e1", kind: "interactive", payload: payload, via: acks, heard: time.Now()})
		w.Pass(time.Second)
		require.Equal(t, 1, acks.n)
		require.Contains(t, acks.said(), "isn't yours to decide")
	})
}

// torn is a connection that takes no acks any more.
type torn struct{}

func (torn) AckCtx(context.Context, string, any) error { return errors.New("the line is cut") }

// TestAFormOfAnotherLifeDecidesNothing: the form for a reason was opened for a #1 that is gone.
func TestAFormOfAnotherLifeDecidesNothing(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Clicked(bob, cards, card.TS, "Deny")
		require.NoError(t, w.Store.Update(t.Context(), func(tx approvals.Tx) error {
			r, err := tx.Request(n)
			r.Nonce = "abcdefghij234567" // another #1
			return errors.Join(err, tx.Put(r))
		}))
		require.True(t, w.Submit(bob, "", map[string]any{view.FieldReason: "No"}).Wait().Acked)
		w.Pass(time.Second)
		require.Len(t, w.Views(bob), 1)
		require.Contains(t, slacksim.ViewText(w.Views(bob)[0]), "belongs to a different #1")
		require.Equal(t, approvals.Pending, w.State(n))
	})
}
