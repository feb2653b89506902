package bolt

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
	latest := func(p approvals.PersonID, n int) (number int64) {
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			r, ok, err := tx.Latest(p, n)
			require.Equal(t, ok, r.Number != 0)
			require.True(t, !ok || r.Requester == p)
			number = r.Number
			return err
		}))
		return number
	}
	for n, want := range []int64{0, 7, 4, 1, 0} {
		require.Equal(t, want, latest("U0A", n), n)
	}
	require.EqualValues(t, 5, latest("U0AB", 2))
	require.EqualValues(t, 9, latest("U0B", 1))
	require.Zero(t, latest("U0", 1))
}

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
		list, err := tx.OpenOf("U0ME")
		require.Equal(t, []int64{41, 99}, numbers(list))
		return err
	}))
	for f, want := range map[approvals.Filter][]int64{
		{Of: "U0ME"}:                           {99, 42, 41},
		{Of: "U0ME", State: approvals.Pending}: {99, 41},
		{Of: "U0ME", Below: 99}:                {42, 41},
	} {
		list, err := s.Requests(ctx, f, 10)
		require.NoError(t, err)
		require.Equal(t, want, numbers(list))
	}
}

// TestAListIsReadPageByPage: each page goes on under the last, and no request is left out or told twice.
func TestAListIsReadPageByPage(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		for n := int64(1); n <= 300; n++ {
			state := []approvals.State{approvals.Pending, approvals.Running, approvals.Done}[n%3]
			if err := tx.Put(approvals.Request{Number: n, Requester: "U0ME", State: state, Asked: noon, Change: approvals.Change{Email: fmt.Sprint(n)}}); err != nil {
				return err
			}
		}
		return nil
	}))
	for f, want := range map[approvals.Filter]int{{}: 200, {State: approvals.Pending}: 100, {All: true}: 300, {Of: "U0ME"}: 200, {Of: "U0ME", All: true}: 300, {Of: "U0ME", State: approvals.Done}: 100} {
		last, got := int64(1000), 0
		for {
			page, err := s.Requests(ctx, f, 7)
			require.NoError(t, err)
			for _, r := range page {
				require.Less(t, r.Number, last, "newest first")
				last = r.Number
				got++
			}
			if f.Below = last; len(page) < 7 {
				break
			}
		}
		require.Equal(t, want, got, f)
	}
}
