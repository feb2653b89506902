package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	seats "github.com/usherbot/usher/test/values"
)

// askedTogether are three seats asked for in one line, one of them for Bob, and their card.
func (w *world) askedTogether() slacksim.Message {
	w.T.Helper()
	require.Contains(w.T, w.Typed(alice, "/access create jane@acme.example Jane, bob@acme.example Bob, sam@acme.example Sam because they join"), "3 requests sent, #1 to #3")
	list := w.Messages(cards)
	require.Len(w.T, list, 1, "one card for all of them")
	return list[0]
}

// TestAYesToAllIsAVoteOnEach: once, however often it is clicked or delivered, and none where somebody would gain from it.
func TestAYesToAllIsAVoteOnEach(t *testing.T) {
	inWorld(t, setup{need: 2, approvers: []string{bob, erin, dave}}, func(t *testing.T, w *world) {
		card := w.askedTogether()
		first := w.Click(bob, cards, card.TS, "Approve all")
		second := w.Click(bob, cards, card.TS, "Approve all")
		require.True(t, first.Wait().Acked)
		require.True(t, second.Wait().Acked)
		w.Redeliver(first)
		w.Pass(time.Second)
		for n, votes := range map[int64]int{1: 1, 2: 0, 3: 1} {
			require.Len(t, w.Request(n).Votes, votes, "votes on #%d", n)
			require.Equal(t, approvals.Pending, w.State(n))
		}
		require.Contains(t, w.Whispered(bob, 0), "#2 is for you")
		require.Empty(t, w.Clicked(erin, cards, card.TS, "Approve all"))
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, approvals.Pending, w.State(2), "it lacks a yes that Bob can't give")
		require.Equal(t, approvals.Done, w.State(3))
	})
}

// TestWhoMayDecideNoneOfThemChangesNothing: by either button, and hears why.
func TestWhoMayDecideNoneOfThemChangesNothing(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		card := w.askedTogether()
		updates := w.Applied("chat.update")
		require.Contains(t, w.Clicked(alice, cards, card.TS, "Approve all"), "You asked for #1 yourself")
		require.Contains(t, w.Clicked(dave, cards, card.TS, "Approve all"), "isn't yours to decide")
		require.Contains(t, w.Clicked(dave, cards, card.TS, "Deny all"), "isn't yours to decide")
		require.Empty(t, w.Views(dave), "no form for somebody who may not decide")
		require.Equal(t, updates, w.Applied("chat.update"), "nothing changed on the card")
		for n := range int64(3) {
			require.Empty(t, w.Request(n+1).Votes)
		}
	})
}

// TestAYesToAllIsForWhatTheCardShowed: one that was forged, or drawn when something else waited, is a yes to nothing.
func TestAYesToAllIsForWhatTheCardShowed(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		card := w.askedTogether()
		for _, block := range []string{"", "decide-all", "decide-all.0.0.0", "decide"} {
			w.ClickForged(erin, slacksim.Forged{Channel: cards, TS: card.TS, ActionID: view.ActionApproveAll, BlockID: block, Value: w.value(1)}).Wait()
			w.Pass(3 * time.Second) // a double click is one
		}
		w.Pass(time.Second)
		require.Contains(t, w.Whispered(erin, 0), "None of them could be decided with that button")
		for n := range int64(3) {
			require.Equal(t, approvals.Pending, w.State(n+1))
		}
		w.ClickForged(erin, slacksim.Forged{Channel: cards, TS: card.TS, ActionID: view.ActionApproveAll, BlockID: "decide-all.0.1.2", Value: w.value(1)}).Wait()
		w.Pass(time.Second)
		require.Equal(t, approvals.Pending, w.State(1), "it wasn't shown")
		require.Equal(t, approvals.Done, w.State(2))
		require.Equal(t, approvals.Pending, w.State(3), "another step was shown")
	})
}

// TestANoToAllIsANoToEachThatWaits: with one reason, said to who asked of each.
func TestANoToAllIsANoToEachThatWaits(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		card := w.askedTogether()
		_, err := w.Desk.Cancel(t.Context(), 3, alice, "test", time.Now())
		require.NoError(t, err)
		require.Empty(t, w.Clicked(erin, cards, card.TS, "Deny all"))
		require.Len(t, w.Views(erin), 1)
		out := w.Submit(erin, w.Views(erin)[0].ID, map[string]any{view.FieldReason: "not now"}).Wait()
		require.True(t, out.Acked)
		w.Pass(time.Second)
		require.Equal(t, []approvals.State{approvals.Denied, approvals.Denied, approvals.Canceled}, []approvals.State{w.State(1), w.State(2), w.State(3)})
	})
}

// TestAskedTogetherIsAllOrNone: what stands against one is said, by its place, and an envelope that comes again opens
// nothing twice.
func TestAskedTogetherIsAllOrNone(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		ask := func(key string, emails ...string) ([]approvals.Request, bool, error) {
			var asks []approvals.Ask
			for _, email := range emails {
				asks = append(asks, approvals.Ask{Origin: approvals.Origin{Key: key}, Requester: alice, App: w.Desk.Apps[0], Action: "create",
					Change: approvals.Change{Email: email, FirstName: "New", Values: seats.Of{Type: "client"}.Values()}})
			}
			return w.Desk.OpenTogether(t.Context(), asks, time.Now())
		}
		list, existing, err := ask("one", "a@acme.example", "b@acme.example")
		require.NoError(t, err)
		require.False(t, existing)
		require.Len(t, list, 2)
		again, existing, err := ask("one", "a@acme.example", "b@acme.example")
		require.NoError(t, err)
		require.True(t, existing)
		require.Equal(t, []int64{1, 2}, []int64{again[0].Number, again[1].Number})

		_, _, err = ask("two", "c@acme.example", "b@acme.example", "c@acme.example")
		var not *approvals.NotAll
		require.ErrorAs(t, err, &not)
		require.Len(t, not.Each, 2)
		require.Contains(t, not.Each[1].Say.Plain(), "#2 already asks for this")
		require.Contains(t, not.Each[2].Say.Plain(), "twice")
		_, err = w.Desk.Request(t.Context(), 3)
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), "nothing was kept")

		w.Desk.Limits.PerMinute = 10
		_, _, err = ask("three", "d@acme.example", "e@acme.example", "f@acme.example", "g@acme.example", "h@acme.example", "i@acme.example", "j@acme.example", "k@acme.example", "l@acme.example")
		require.Equal(t, approvals.Busy, approvals.CodeOf(err), "more than a person may ask in a minute")
		_, err = w.Desk.Request(t.Context(), 3)
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err))
	})
}

// TestSeveralThatTheirPolicyApprovesByItself are carried out as they are put on the table, one after another.
func TestSeveralThatTheirPolicyApprovesByItself(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		for i := range w.Desk.Policies {
			w.Desk.Policies[i].Auto, w.Desk.Policies[i].Approvers = true, nil
		}
		require.Contains(t, w.Typed(alice, "/access create jane@acme.example Jane, sam@acme.example Sam because they join"), "approves this by itself")
		w.Pass(time.Minute) // their one card changes while it is posted, and is tried again then
		require.Len(t, w.Messages(cards), 1)
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, approvals.Done, w.State(2))
	})
}
