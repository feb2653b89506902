package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

func TestSpansOfTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Minute: "less than a minute", 30 * time.Second: "less than a minute", 12*time.Minute + time.Second: "12 min",
		2 * time.Hour: "2 h", 2*time.Hour + 5*time.Minute: "2 h 5 min", 24 * time.Hour: "1 d", 166 * time.Hour: "6 d 22 h"} {
		require.Equal(t, want, span(d))
	}
}

// TestWhoAskedIsListed: a person by name or id, and Usher where nobody did.
func TestWhoAskedIsListed(t *testing.T) {
	require.Equal(t, "person U0ALICE", Listing{}.row(approvals.Request{Requester: "U0ALICE"})[4])
	require.Equal(t, "Usher", Listing{}.row(approvals.Request{Occasion: &approvals.Occasion{Kind: approvals.OccasionLeft}})[4])
}

// TestWhoCanApproveAtWhichStep: who decides now, how many of them still, and where it is; one step is listed as ever.
func TestWhoCanApproveAtWhichStep(t *testing.T) {
	r := approvals.Request{Requester: "U0ALICE", Rule: approvals.Rule{Approvers: []string{"U0BOB", "U0ALICE"}, Need: 1}}
	require.Equal(t, "person U0BOB", Listing{}.deciders(r))
	r.Rule.Manager = &approvals.Managed{Of: "U0ALICE", By: "U0BOB"}
	require.Equal(t, "person U0BOB (manager)", Listing{}.deciders(r))
	r.Rule.Manager = nil
	r.Rule.Then = []approvals.Stage{{Approvers: []string{"U0DAVE", "U0BOB", "U0ERIN", "U0CAROL"}, Need: 2}}
	require.Equal(t, "step 1 of 2: person U0BOB", Listing{}.deciders(r))
	r.Tally = &approvals.Tally{Step: 1, Steps: [][]approvals.Actor{{"U0BOB"}, {"U0DAVE"}}}
	require.Equal(t, "step 2 of 2: person U0DAVE, person U0ERIN, person U0CAROL (1 of 2 yes)", Listing{}.deciders(r))
	r.Rule.EscalateTo, r.Raised = []string{"U0FRANK"}, []approvals.Raise{{Step: 1, At: time.Unix(0, 0)}}
	require.Equal(t, "step 2 of 2: person U0DAVE, person U0ERIN, person U0CAROL, person U0FRANK (1 of 2 yes) (escalated 2 h ago)", Listing{Now: time.Unix(7200, 0)}.deciders(r))
}
