package web

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// leads are who is in the group that decides, as the directory says.
func (w *workspace) leads(t *testing.T) []approvals.PersonID {
	t.Helper()
	members, err := w.people.Group(t.Context(), "S0LEADS")
	require.NoError(t, err)
	return members
}

func TestGroups(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		require.Equal(t, []approvals.PersonID{bob, erin}, w.leads(t))
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{dave}})
		require.Len(t, w.leads(t), 2, "remembered")
		require.Len(t, w.CallsOf(methodGroup), 1)
		w.Pass(groupFor)
		require.Equal(t, []approvals.PersonID{dave}, w.leads(t))

		for range 2 { // as Slack says it, and as it is remembered
			_, err := w.people.Group(t.Context(), "S0NONE")
			require.ErrorIs(t, err, approvals.ErrNoGroup)
			members, err := approvals.Members(t.Context(), w.people, "S0NONE")
			require.NoError(t, err)
			require.Empty(t, members, "nobody decides as a member of a group that is gone")
		}
		require.Len(t, w.CallsOf(methodGroup), 3)
		require.Contains(t, w.Log.String(), "S0NONE")

		w.Pass(groupFor)
		w.RateLimit(methodGroup, 1, 30*time.Second)
		for range 2 {
			_, err := w.people.Group(t.Context(), "S0LEADS")
			require.Equal(t, Limited, FaultOf(err), "and then held back here, not asked")
		}
		w.Pass(30 * time.Second)
		require.Equal(t, []approvals.PersonID{dave}, w.leads(t))
		another := NewDirectory(w.slack)
		calls := len(w.CallsOf(methodGroup))
		members, err := another.Group(t.Context(), "S0LEADS")
		require.NoError(t, err)
		require.Equal(t, []approvals.PersonID{dave}, members)
		require.Len(t, w.CallsOf(methodGroup), calls, "all directories know it")
	})
}

// TestAGroupThatChangedIsNotBelieved: nothing that was asked before Slack told of the change is an answer after it, not even
// one that was on its way. What nobody asks about is passed over.
func TestAGroupThatChangedIsNotBelieved(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		require.Len(t, w.leads(t), 2)
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{dave}})
		for _, strange := range []approvals.GroupID{"", "S0OTHER", "<!channel>"} {
			w.slack.GroupChanged(strange)
		}
		require.Empty(t, w.slack.groups.turns)
		require.Len(t, w.leads(t), 2)
		w.slack.GroupChanged("S0LEADS")
		require.Equal(t, []approvals.PersonID{dave}, w.leads(t))

		w.Pass(groupFor)
		w.slack.groups.named = []approvals.GroupID{"S0LEADS"}
		w.Plan(slacksim.Fault{Method: methodGroup, Kind: slacksim.Slow, After: true, Delay: time.Second})
		early := make(chan []approvals.PersonID)
		go func() {
			members, _ := w.people.Group(context.WithoutCancel(t.Context()), "S0LEADS")
			early <- members
		}()
		w.Pass(time.Second / 2)
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{erin}})
		w.slack.GroupChanged("S0LEADS")
		require.Equal(t, []approvals.PersonID{erin}, w.leads(t), "the answer under way is another one's")
		require.Equal(t, []approvals.PersonID{dave}, <-early)
		require.Equal(t, []approvals.PersonID{erin}, w.leads(t), "and does not take the place of the later one")
	})
}

// TestGroupsAreReadBehind at the start, when they have changed, and every few minutes, so that nobody waits for it; what
// Slack can't say for a quarter of an hour is not known any more.
func TestGroupsAreReadBehind(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.slack.KeepGroups(ctx, []approvals.GroupID{"S0LEADS"}); close(done) }()
		calls := func() int { return len(w.CallsOf(methodGroup)) }
		w.Pass(time.Second)
		require.Equal(t, 1, calls())
		require.Len(t, w.leads(t), 2)
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{dave}})
		w.slack.GroupChanged("S0LEADS")
		w.Pass(time.Second)
		require.Equal(t, 2, calls())
		require.Equal(t, []approvals.PersonID{dave}, w.leads(t))
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Users: []string{erin}}) // and nobody tells
		w.Pass(groupAnew + groupRound)
		require.Equal(t, []approvals.PersonID{erin}, w.leads(t))
		require.Equal(t, 3, calls(), "nobody has waited")

		w.Plan(slacksim.Fault{Method: methodGroup, Kind: slacksim.Status500, Times: 1000})
		w.Pass(groupFor - groupRound)
		require.Equal(t, []approvals.PersonID{erin}, w.leads(t), "with the age it has")
		w.Pass(2 * groupRound)
		_, err := w.people.Group(t.Context(), "S0LEADS")
		require.Error(t, err)
		w.ClearFaults()
		w.Pass(2 * groupRound)
		before := calls()
		require.Equal(t, []approvals.PersonID{erin}, w.leads(t))
		require.Equal(t, before, calls())
		stop()
		<-done
	})
}
