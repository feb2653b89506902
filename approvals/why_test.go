package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhoeverActsHasARight holds every event to its answer: what a person or the time decides names the
// policy and the right to it; what follows by itself gives none.
func TestWhoeverActsHasARight(t *testing.T) {
	rule := "policy seats (9f3c), step 1 of 1: "
	for _, row := range []struct {
		e    Event
		want []string
	}{
		{vote("U0BOB", true), []string{"U0BOB said yes", rule + "1 of 1 said yes"}},
		{Overridden{By: "os:root", Reason: "fire"}, []string{rule + "overridden by os:root", "reason: fire"}},
		{CanceledBy{By: "U0ALICE"}, []string{"U0BOB said yes", rule + "1 of 1 said yes", "U0ALICE asked for it, and may take back their own request while it is undecided"}},
		{TimeUp{}, []string{"U0BOB said yes", rule + "1 of 1 said yes", "its time was up 2026-11-30T12:00:00Z by the policy"}},
		{TooLate{}, []string{"U0BOB said yes", rule + "1 of 1 said yes", "it could be tried again until 2026-12-07T12:00:00Z: as long after the decision as the policy gives for deciding"}},
		{AdminSays{By: "U0ADMIN"}, []string{"U0BOB said yes", rule + "1 of 1 said yes", "U0ADMIN is an admin by slack.admins"}},
		{RetriedBy{By: "os:root"}, []string{"U0BOB said yes", rule + "1 of 1 said yes", "os:root sat at the machine that runs Usher"}},
		{Opened{}, nil}, {Begun{}, nil}, {Happened{}, nil}, {Refused{}, nil}, {Lost{}, nil}, {Resumed{}, nil},
	} {
		r := pendingRequest()
		r.Rule.Hash = "9f3c"
		r.Votes = []Vote{{By: "U0BOB", Yes: true}}
		require.Equal(t, row.want, why(r, row.e), row.e.what())
	}
	r := pendingRequest()
	r.Rule.Hash, r.Override, r.DecidedBy = "9f3c", "fire", "os:root"
	require.Equal(t, []string{rule + "overridden by os:root", "reason: fire", "U0ADMIN is an admin by slack.admins"}, why(r, RetriedBy{By: "U0ADMIN"}))
}
