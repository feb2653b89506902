package seranking

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

// shelf is the shared set of account 7, replaced as a whole like the vendor's.
type shelf struct {
	ids   []int64
	takes string        // "object" or "array"; "": either
	late  time.Duration // before each answer
	keeps []int64       // refuses to let go
	deaf  bool          // an account of TypeUser: keeps no list
}

func (s *shelf) serve(v *vendor, at routes) {
	v.do(at.shared("GET", 7), func(seen) reply {
		b, _ := json.Marshal(append([]int64{}, s.ids...))
		return reply{status: 200, body: string(b), after: s.late}
	})
	v.do(at.shared("POST", 7), func(r seen) reply {
		var object struct {
			IDs []int64 `json:"site_ids"`
		}
		form := "object"
		if json.Unmarshal([]byte(r.body), &object) != nil {
			form = "array"
			require.NoError(v.t, json.Unmarshal([]byte(r.body), &object.IDs))
		}
		if s.takes != "" && s.takes != form {
			return status(422, fmt.Sprintf(`{"message":"expected an %s"}`, s.takes))
		}
		if !s.deaf {
			s.ids = set(append(object.IDs, s.keeps...))
		}
		return reply{status: 200, body: `{[]}`, after: s.late}
	})
}

func TestShareKeepsEarlierShares(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		s := &shelf{ids: []int64{39, 42}}
		s.serve(v, at)
		r, err := c.Share(t.Context(), 7, []int64{44, 42, 44})
		require.NoError(t, err)
		require.Equal(t, ShareResult{Before: []int64{39, 42}, After: []int64{39, 42, 44}, Missing: []int64{}, Remaining: []int64{}, Lost: []int64{}}, r)
		r, err = c.Unshare(t.Context(), 7, []int64{39, 99})
		require.NoError(t, err)
		require.Equal(t, []int64{42, 44}, r.After)
		require.Empty(t, r.Remaining)
		r, err = c.Unshare(t.Context(), 7, []int64{42, 44})
		require.NoError(t, err)
		require.Empty(t, r.After)
		require.Empty(t, s.ids)
		writes := v.asked(at.shared("POST", 7))
		want := []string{`{"site_ids":[39,42,44]}`, `{"site_ids":[42,44]}`, `{"site_ids":[]}`}
		if at.d == Legacy {
			want = []string{`[39,42,44]`, `[42,44]`, `[]`}
		}
		require.Equal(t, want, []string{writes[0].body, writes[1].body, writes[2].body})
	})
}

func TestShareOfWhatIsSharedWritesNothing(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		(&shelf{ids: []int64{39, 42}}).serve(v, at)
		r, err := c.Share(t.Context(), 7, []int64{42})
		require.NoError(t, err)
		require.Equal(t, r.Before, r.After)
		require.Empty(t, v.asked(at.shared("POST", 7)))
	})
}

func TestShareTellsWhatDidNotTake(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		(&shelf{deaf: true}).serve(v, at)
		r, err := c.Share(t.Context(), 7, []int64{39})
		require.NoError(t, err)
		require.Equal(t, []int64{39}, r.Missing)
		(&shelf{ids: []int64{39, 42}, keeps: []int64{39}}).serve(v, at)
		r, err = c.Unshare(t.Context(), 7, []int64{39})
		require.NoError(t, err)
		require.Equal(t, []int64{39}, r.Remaining)
		v.on(at.shared("GET", 7), ok(`[39]`), ok(`[44]`))
		delete(v.hooks, at.shared("GET", 7))
		r, err = c.Share(t.Context(), 7, []int64{44})
		require.NoError(t, err)
		require.Equal(t, []int64{39}, r.Lost)
		require.Empty(t, r.Missing)
	})
}

func TestShareTriesTheOtherFormOnce(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		s := &shelf{ids: []int64{39}, takes: at.pick("array", "object")}
		s.serve(v, at)
		r, err := c.Share(t.Context(), 7, []int64{44})
		require.NoError(t, err)
		require.Equal(t, []int64{39, 44}, r.After)
		require.Len(t, v.asked(at.shared("POST", 7)), 2)
		require.Contains(t, v.log.String(), "other form")
		s.takes = "neither"
		_, err = c.Share(t.Context(), 7, []int64{50})
		kind(t, apiclient.Rejected, err)
		require.Len(t, v.asked(at.shared("POST", 7)), 4)
		require.Equal(t, []int64{39, 44}, s.ids)
	})
}

func TestOtherRefusalsDoNotChangeTheForm(t *testing.T) {
	v := newVendor(t)
	v.on("GET users/7/shared-sites", ok(`[]`))
	v.on("POST users/7/shared-sites", status(403, `{"message":"No token"}`))
	_, err := v.client(Legacy).Share(t.Context(), 7, []int64{44})
	kind(t, apiclient.NotAllowed, err)
	require.Len(t, v.asked("POST users/7/shared-sites"), 1)
}

func TestShareWithoutAReadWritesNothing(t *testing.T) {
	v := newVendor(t)
	for _, bad := range []string{`{"message":"maintenance"}`, `null`, htmlPage} {
		v.on("GET users/7/shared-sites", ok(bad))
		_, err := v.client(Legacy).Share(t.Context(), 7, []int64{44})
		kind(t, apiclient.Temporary, err)
	}
	require.Empty(t, v.asked("POST users/7/shared-sites"), "writing on an unread set would un-share it")
}

func TestShareNotReadBackIsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		v.on("GET users/7/shared-sites", ok(`[39]`), cut(io.ErrUnexpectedEOF))
		v.on("POST users/7/shared-sites", ok(`[]`))
		r, err := v.client(Legacy).Share(t.Context(), 7, []int64{44})
		kind(t, apiclient.OutcomeUnknown, err)
		require.Equal(t, []int64{39}, r.Before)
		require.Nil(t, r.After)
		require.True(t, strings.HasPrefix(err.Error(), "share websites: outcome unknown: written, not read back: "), err)
	})
}

func TestSharesAtOnceLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		s := &shelf{ids: []int64{1}, late: 300 * time.Millisecond}
		s.serve(v, routes{Unified})
		c := v.client(Unified)
		var wg sync.WaitGroup
		for i := range int64(10) {
			wg.Go(func() {
				r, err := c.Share(t.Context(), 7, []int64{100 + i})
				require.NoError(t, err)
				require.Empty(t, r.Lost)
				require.Contains(t, r.After, 100+i)
			})
		}
		wg.Wait()
		require.Equal(t, []int64{1, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109}, slices.Sorted(slices.Values(s.ids)))
		require.Empty(t, c.accounts.held, "locks nobody holds are forgotten")
	})
}

func TestTheLockIsPerAccountAndEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		c := v.client(Legacy)
		v.on("DELETE users/8", ok(`[]`))
		lock, err := c.lock(t.Context(), "hold", 7)
		require.NoError(t, err)
		require.NoError(t, c.Delete(t.Context(), 8), "another account is free")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err = c.Delete(ctx, 7)
		kind(t, apiclient.Temporary, err)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Empty(t, v.asked("DELETE users/7"))
		lock.unlock()
		require.Empty(t, c.accounts.held)
	})
}

func TestShareRefusesImpossibleWebsites(t *testing.T) {
	v := newVendor(t)
	v.on("GET users/7/shared-sites", ok(`[39]`))
	_, err := v.client(Legacy).Share(t.Context(), 7, []int64{0})
	kind(t, apiclient.Rejected, err)
	require.Empty(t, v.asked("POST users/7/shared-sites"))
}
