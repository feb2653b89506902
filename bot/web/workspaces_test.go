package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestASearchThroughWorkspacesGoesOnWhereItWasCutShort: an organization may have more workspaces than Slack
// answers questions a minute. What each said is remembered, so that the search comes to an end.
func TestASearchThroughWorkspacesGoesOnWhereItWasCutShort(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Behave(slacksim.Manners{OrgWide: true})
		for _, id := range []string{"A", "B", "C"} {
			w.AddGroup(slacksim.Group{ID: "S0" + id, Team: "T0" + id, Users: []string{bob}})
		}
		w.Plan(slacksim.Fault{Method: methodGroup, Kind: slacksim.RetryAfter, Delay: 20 * time.Second, Skip: 3})
		_, err := w.people.Group(t.Context(), "S0C")
		require.Equal(t, Limited, FaultOf(err), "not found is not nowhere")
		w.Pass(20 * time.Second)
		members, err := w.people.Group(t.Context(), "S0C")
		require.NoError(t, err)
		require.Equal(t, []approvals.PersonID{bob}, members)
		require.Len(t, w.CallsOf(methodGroup), 5, "the first three are not asked again")
	})
}

// TestTheWorkspacesAreReadWhole: page by page, again after a while, and what does not fit is not believed.
func TestTheWorkspacesAreReadWhole(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Behave(slacksim.Manners{OrgWide: true})
		for i := range teamsPage {
			w.AddGroup(slacksim.Group{ID: fmt.Sprintf("S0N%03d", i), Team: fmt.Sprintf("T0N%03d", i)})
		}
		for _, kind := range []slacksim.Kind{slacksim.NoID, slacksim.Torn} {
			w.FailNext(methodTeams, slacksim.AfterEffect, kind)
			_, err := w.slack.workspaces(t.Context())
			require.Equal(t, Unknown, FaultOf(err), kind)
		}
		all, err := w.slack.workspaces(t.Context())
		require.NoError(t, err)
		require.Len(t, all, teamsPage+1)

		w.AddGroup(slacksim.Group{ID: "S0NEW", Team: "T0NEW"})
		all, _ = w.slack.workspaces(t.Context())
		require.NotContains(t, all, "T0NEW")
		w.Pass(workspacesFor)
		all, _ = w.slack.workspaces(t.Context())
		require.Contains(t, all, "T0NEW")
	})
}

// TestAWorkspaceThatSlackContradictsIsAskedAnew: listed as ours, and then refused. Nobody is judged by that.
func TestAWorkspaceThatSlackContradictsIsAskedAnew(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Behave(slacksim.Manners{OrgWide: true})
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Team: "T0FAR", Users: []string{bob, erin}})
		w.FailNext(methodTeams, slacksim.AfterEffect, slacksim.OtherID)
		_, err := w.people.Group(t.Context(), "S0LEADS")
		require.Equal(t, Unknown, FaultOf(err))
		members, err := w.people.Group(t.Context(), "S0LEADS")
		require.NoError(t, err)
		require.Equal(t, []approvals.PersonID{bob, erin}, members)
	})
}
