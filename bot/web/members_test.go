package web

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestWhoIsAMemberIsKnownWithoutAsking: whoever a reading of everybody showed, for a day, and whoever was looked up; guests, programs and
// who has left never are, nor who changed since.
func TestWhoIsAMemberIsKnownWithoutAsking(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.AddUser(slacksim.User{ID: "U0GUEST", Name: "guest", Guest: true})
		w.Deactivate(dave, true)
		require.False(t, w.people.IsMember(bob), "nobody was read yet")
		_, err := w.people.Everybody(t.Context())
		require.NoError(t, err)
		calls := len(w.CallsOf(methodUser))
		require.True(t, w.people.IsMember(bob))
		for _, id := range []approvals.PersonID{"U0GUEST", dave, slackbot, "U0NOBODY"} {
			require.False(t, w.people.IsMember(id), id)
		}
		require.Len(t, w.CallsOf(methodUser), calls)

		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: false}))
		require.False(t, w.people.IsMember(bob), "Slack has said that they're none any more")
		_, err = w.people.Everybody(t.Context()) // which shows them as they were: Slack's list may be behind its events
		require.NoError(t, err)
		require.False(t, w.people.IsMember(bob), "what was heard is known better")
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: true}))
		_, err = w.people.Person(t.Context(), bob)
		require.NoError(t, err)
		require.True(t, w.people.IsMember(bob), "looked up since")

		w.Pass(memberFor)
		require.False(t, w.people.IsMember(bob), "for a day, and no longer")
	})
}

// TestAPageFromBeforeAChangeMakesNobodyAMember: what was asked before Slack told of a change says nothing after it.
func TestAPageFromBeforeAChangeMakesNobodyAMember(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Plan(slacksim.Fault{Method: methodUsers, Kind: slacksim.Slow, Delay: time.Second})
		read := make(chan error, 1)
		go func() {
			_, err := w.people.Everybody(context.Background())
			read <- err
		}()
		w.Pass(0)
		w.Deactivate(string(erin), true)
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: erin, Able: false}))
		w.Deactivate(string(erin), false)
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: erin, Able: true}))
		require.NoError(t, <-read)
		require.False(t, w.people.IsMember(erin) || w.people.IsMember(bob))
	})
}
