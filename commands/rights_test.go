package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestAdminsOfTheFileAloneSeeNothing: whoever stands in slack.admins and is a guest, a bot or gone is shown what
// they would be shown without standing there; who cannot be looked up is shown nothing.
func TestAdminsOfTheFileAloneSeeNothing(t *testing.T) {
	for who, want := range map[approvals.PersonID]string{"U0GONE": "not_allowed: ", "U0GUEST": "not_allowed: ", "U0BOT": "not_allowed: ", "U0CAROL": ""} {
		w := newWorld(t)
		w.Desk.Admins = []approvals.PersonID{who}
		w.says("U0ALICE", "create jane@acme.example Jane because x")
		for _, typed := range []string{"accounts", "accounts blocked", "show ann@acme.example", "sites", "report weekly-seats", "status 1"} {
			said := w.says(who, typed)
			if want == "" {
				require.NotContains(t, said, "not_allowed", typed)
			} else {
				require.Contains(t, said, want, "%s types %s", who, typed)
			}
		}
		require.Equal(t, want == "", len(w.reports.shown) == 1, "reports posted for %s", who)
		require.NotContains(t, w.says("U0GUEST", ""), "*Report*")
		w.dir.down = true
		for _, typed := range []string{"accounts", "show ann@acme.example", "sites", "report weekly-seats", "status 1"} {
			require.Contains(t, w.says(who, typed), "cannot_tell: ", "%s types %s", who, typed)
		}
	}
}
