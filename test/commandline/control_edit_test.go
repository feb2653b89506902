package commandline

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TestTheMachineDecidesWhatItHasSeen: what was edited is shown, and approved only by whoever has seen it as it is now, also past
// the policy; a no needs no look.
func TestTheMachineDecidesWhatItHasSeen(t *testing.T) {
	for _, past := range [][]string{nil, {"--override", "--reason", "urgent"}} {
		s := openStanding(t, 1)
		n := fmt.Sprint(s.ask(t, "jane@acme.example"))
		require.NotContains(t, s.usher(t, "show", n).Out, "Edited")
		for edition, first := range []string{"Janet", "Joan"} {
			_, err := s.desk.Edit(t.Context(), 1, approvals.Wanted{By: "U0BOB", Why: "her name", Form: first, Edition: edition, FirstName: first, Values: catalog.Values{}}, time.Now())
			require.NoError(t, err)
		}
		approve := append([]string{"approve", n}, past...)
		require.Contains(t, s.usher(t, approve...).Errors, "and you haven't seen it as it is now, so I haven't counted your yes. Please look at usher show 1, then approve it again.")
		require.NotEmpty(t, s.usher(t, "requests").Out)
		require.Contains(t, s.usher(t, approve...).Errors, "you haven't seen it as it is now", "a list doesn't show it")
		shown := s.usher(t, "show", n).Out
		for _, says := range []string{"Edited by Bob", "“her name”", "First name Janet → Joan"} {
			require.Contains(t, shown, says)
		}
		require.Contains(t, s.usher(t, approve...).Out, "#1 is approved")
		log := s.usher(t, "audit", "export").Out
		require.Contains(t, log, `"what":"edited"`)
		require.Contains(t, log, `"first name: Janet → Joan","reason: her name"`)
	}
}
