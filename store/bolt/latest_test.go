package bolt

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestCountingOnePersonsReadsOnlyTheirs: however many others have asked and this one has asked before, counting
// what one person has open decodes what they have open: bytes of a request that nobody needs may be broken.
func TestCountingOnePersonsReadsOnlyTheirs(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	mine := map[int64]approvals.State{41: approvals.Pending, 42: approvals.Running, 99: approvals.Pending, 100: approvals.Canceled}
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		for n := int64(1); n <= 100; n++ {
			r := approvals.Request{Number: n, Requester: "U0OTHER", State: approvals.Pending, Asked: noon, Change: approvals.Change{Email: fmt.Sprint(n)}}
			if st, ok := mine[n]; ok {
				r.Requester, r.State = "U0ME", st
			}
			if err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, s.update(ctx, func(tx *txn) error {
		for n := int64(1); n <= 100; n++ {
			if st, ok := mine[n]; !ok || st.Terminal() {
				if err := tx.put(bRequests, number(n), []byte("not to be read")); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	numbers := func(list []approvals.Request) (out []int64) {
		for _, r := range list {
			out = append(out, r.Number)
		}
		return out
	}
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		n, err := tx.Waiting("U0ME")
		require.Equal(t, 2, n)
		return err
	}))
	for f, want := range map[approvals.Filter][]int64{
		{Of: "U0ME"}:                           {99, 42, 41},
		{Of: "U0ME", State: approvals.Pending}: {99, 41},
		{Of: "U0ME", Below: 99}:                {42, 41},
		{Of: "U0ME", State: approvals.Done}:    nil,
	} {
		list, err := s.Requests(ctx, f, 10)
		require.NoError(t, err)
		require.Equal(t, want, numbers(list))
	}
}
