package store

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

func TestTheLatestOfAPersonAreTheirsAndNewestFirst(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		for n := range int64(9) {
			who := []approvals.PersonID{"U0A", "U0AB", "U0B"}[n%3]
			state := []approvals.State{approvals.Canceled, approvals.Pending}[n%2]
			r := approvals.Request{Number: n + 1, Requester: who, State: state, Asked: noon, Change: approvals.Change{Email: fmt.Sprint(n)}}
			if err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	}))
	latest := func(p approvals.PersonID, limit int) (numbers []int64) {
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			list, err := tx.LatestOf(p, limit)
			numbers = nil
			for _, r := range list {
				require.Equal(t, p, r.Requester)
				numbers = append(numbers, r.Number)
			}
			return err
		}))
		return numbers
	}
	require.Equal(t, []int64{7, 4, 1}, latest("U0A", 10))
	require.Equal(t, []int64{8, 5}, latest("U0AB", 2))
	require.Equal(t, []int64{9}, latest("U0B", 1))
	require.Empty(t, latest("U0", 5))
}
