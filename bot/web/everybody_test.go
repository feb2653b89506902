package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestEverybodyIsReadWhole: page by page, those who have left too; a limit is waited for, and a page that is lost makes it an error, for
// half of a workspace would say of the other half that nobody knows them.
func TestEverybodyIsReadWhole(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		for i := range everybodyPage {
			w.AddUser(slacksim.User{ID: fmt.Sprintf("U1MANY%d", i), Name: fmt.Sprint("many", i), Email: fmt.Sprintf("many%d@acme.example", i)})
		}
		w.Deactivate(dave, true)
		asked := len(w.CallsOf(methodUsers))
		all, err := w.people.Everybody(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, len(w.CallsOf(methodUsers))-asked)
		by := map[approvals.PersonID]approvals.Person{}
		for _, p := range all {
			require.NotContains(t, by, p.ID)
			by[p.ID] = p
		}
		require.Greater(t, len(by), everybodyPage)
		require.False(t, by[dave].Active)
		require.Equal(t, "dave@acme.example", by[dave].Email)
		require.True(t, by[erin].Active)

		w.Plan(slacksim.Fault{Method: methodUsers, Kind: slacksim.RetryAfter, Delay: 20 * time.Second})
		before := time.Now()
		again, err := w.people.Everybody(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, all, again)
		require.GreaterOrEqual(t, time.Since(before), 20*time.Second)
		for _, skip := range []int{0, 1} {
			w.Plan(slacksim.Fault{Method: methodUsers, Kind: slacksim.Torn, Skip: skip})
			_, err = w.people.Everybody(t.Context())
			require.Equal(t, Unknown, FaultOf(err))
		}
	})
}
