package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestNamesAtTheCommandLine: an id stands alone only where Slack does not say whose it is, with its kind; two
// people of one name are told apart.
func TestNamesAtTheCommandLine(t *testing.T) {
	n := names{People: map[approvals.PersonID]string{"U0BOB": "Bob", "U0ALICE": "Alice", "U0ALIAS": "ALICE", "U0GONE": ""},
		Groups: map[approvals.GroupID]string{"S0LEADS": "@leads"}}
	say := approvals.Sayf("%v asks; %v, %v or %v in %v or %v, see %v until %v", approvals.PersonID("U0ALICE"), approvals.PersonID("U0BOB"),
		approvals.PersonID("U0GONE"), approvals.PersonID("U0NEVER"), approvals.GroupID("S0LEADS"), approvals.GroupID("S0OTHER"), approvals.ChannelID("C0APPROVE"), time.Unix(0, 0))
	require.Equal(t, "Alice (U0ALICE) asks; Bob, person U0GONE or person U0NEVER in @leads or group S0OTHER, see channel C0APPROVE until 1970-01-01 00:00 UTC", n.Plain(say))
}
