package web

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestWhoChangedIsNotBelieved: whoever Slack says has left, or become a guest, is looked up anew by everybody, and whoever
// heeds it is told once; a status, a photo and what is known already is no news, however often it comes.
func TestWhoChangedIsNotBelieved(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		var told []string
		w.slack.Heed(func(_ context.Context, who string) error { told = append(told, who); return nil })
		other := NewDirectory(w.slack)
		full := func(d *Directory, id approvals.PersonID) bool {
			who, err := d.Person(t.Context(), id)
			require.NoError(t, err)
			return who.Full()
		}
		for _, d := range []*Directory{w.people, other} {
			require.True(t, full(d, bob))
			_, err := d.ByEmail(t.Context(), "bob@acme.example")
			require.NoError(t, err)
		}
		calls := len(w.CallsOf(methodUser))
		for range 100 {
			require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: true}))
			require.NoError(t, w.slack.PersonChanged(t.Context(), Change{}))
		}
		require.True(t, full(w.people, bob) && full(other, bob))
		require.Len(t, w.CallsOf(methodUser), calls, "a status makes nobody forget")
		require.Empty(t, told)

		w.Deactivate(string(bob), true)
		for range 3 {
			require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: false}))
		}
		require.False(t, full(w.people, bob) || full(other, bob), "both have forgotten them")
		who, err := w.people.ByEmail(t.Context(), "bob@acme.example")
		require.NoError(t, err)
		require.Empty(t, who.ID, "by their address too")
		require.Equal(t, []string{string(bob)}, told)
		w.Deactivate(string(bob), false)
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: true}))
		require.True(t, full(w.people, bob))
		require.Equal(t, []string{string(bob), string(bob)}, told)
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: "U0GUEST", Able: false}))
		require.Len(t, told, 3, "of whom nothing was known, it is news")
	})
}

// TestAnAnswerFromBeforeAChangeIsNotRemembered: what was asked before Slack told of it is no answer after it.
func TestAnAnswerFromBeforeAChangeIsNotRemembered(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Plan(slacksim.Fault{Method: methodUser, Kind: slacksim.Slow, Times: 1})
		asked := make(chan approvals.Person, 1)
		go func() {
			who, _ := w.people.Person(t.Context(), bob)
			asked <- who
		}()
		w.Pass(0)
		w.Deactivate(string(bob), true)
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: false}))
		who, err := w.people.Person(t.Context(), bob)
		require.NoError(t, err)
		require.False(t, who.Full())
		<-asked
		who, err = w.people.Person(t.Context(), bob)
		require.NoError(t, err)
		require.False(t, who.Full(), "the late answer is not remembered")
	})
}

// TestWhatALookUpShowedFirstIsNewsAllTheSame: a replica that was asked who somebody is, before it is told what another one died over, has
// told nobody of it; and what could not be kept is news when Slack says it again.
func TestWhatALookUpShowedFirstIsNewsAllTheSame(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		var told []string
		var full error
		w.slack.Heed(func(_ context.Context, who string) error { told = append(told, who); return full })
		for _, able := range []bool{false, true} {
			w.Deactivate(string(bob), !able)
			w.slack.ChangedElsewhere(string(bob))
			who, err := w.people.Person(t.Context(), bob)
			require.NoError(t, err)
			require.Equal(t, able, who.Full())
			told, full = nil, errors.New("no space left on device")
			require.ErrorIs(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: able}), full)
			full = nil
			for range 3 {
				require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: able}))
			}
			require.Equal(t, []string{string(bob), string(bob)}, told)
		}
	})
}

// TestWhoIsInAGroupNowIsNews where a reading behind finds others than the last one.
func TestWhoIsInAGroupNowIsNews(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		var told []string
		w.slack.Heed(func(_ context.Context, who string) error { told = append(told, who); return nil })
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go w.slack.KeepGroups(ctx, []approvals.GroupID{"S0LEADS"})
		w.Pass(3 * groupAnew)
		require.Empty(t, told)
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{dave}})
		w.Pass(2 * groupAnew)
		require.True(t, slices.Contains(told, "S0LEADS"))
		require.Len(t, told, 1)
	})
}

// TestWhoIsInAGroupNowIsNewsWhoeverReadsIt: somebody asked before the first reading behind, or before the one after a change.
func TestWhoIsInAGroupNowIsNewsWhoeverReadsIt(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		var told []string
		w.slack.Heed(func(_ context.Context, who string) error { told = append(told, who); return nil })
		require.Len(t, w.leads(t), 2)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go w.slack.KeepGroups(ctx, []approvals.GroupID{"S0LEADS"})
		w.Pass(time.Second)
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{dave}})
		w.slack.GroupChanged("S0LEADS")
		w.Pass(time.Second)
		require.Equal(t, []string{"S0LEADS"}, told, "read before anything was read behind")
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{erin}})
		w.Pass(groupAnew + groupRound) // Slack told of nothing
		require.Equal(t, []string{"S0LEADS", "S0LEADS"}, told)
		w.AddGroup(slacksim.Group{ID: "S0LEADS"})
		w.slack.groups.kept.drop("S0LEADS")
		require.Empty(t, w.leads(t))
		w.Pass(time.Second)
		require.Equal(t, []string{"S0LEADS", "S0LEADS", "S0LEADS"}, told, "whoever read it has woken who tells")
	})
}

// TestWhatAnotherReplicaHeardIsForgottenHereToo, of people and groups, and nobody is told of it a second time.
func TestWhatAnotherReplicaHeardIsForgottenHereToo(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		var told []string
		w.slack.Heed(func(_ context.Context, who string) error { told = append(told, who); return nil })
		who, err := w.people.Person(t.Context(), bob)
		require.NoError(t, err)
		require.True(t, who.Full())
		require.Len(t, w.leads(t), 2)
		w.Deactivate(string(bob), true)
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{dave}})
		w.slack.ChangedElsewhere(string(bob))
		w.slack.ChangedElsewhere("S0LEADS")
		w.slack.ChangedElsewhere("")
		who, err = w.people.Person(t.Context(), bob)
		require.NoError(t, err)
		require.False(t, who.Full())
		require.Len(t, w.leads(t), 1)
		require.NotContains(t, told, string(bob))
	})
}
