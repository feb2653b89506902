package seranking

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// listed serves the accounts of these numbers, as they are at each call; after is told how many calls there were.
func listed(ids *[]int, after func(calls int)) func(seen) reply {
	calls := 0
	return func(s seen) reply {
		offset, _ := strconv.Atoi(s.query.Get("offset"))
		from := min(offset, len(*ids))
		var rows []string
		for _, id := range (*ids)[from:min(from+pageSize, len(*ids))] {
			rows = append(rows, accountsJSON(id, id))
		}
		answer := ok(fmt.Sprintf(`{"list":[%s],"all_count":"%d"}`, strings.Join(rows, ","), len(*ids)))
		calls++
		after(calls)
		return answer
	}
}

// TestAListThatChangesWhileItIsRead: accounts go, and come, between two pages, and none that stays is left out.
func TestAListThatChangesWhileItIsRead(t *testing.T) {
	for name, change := range map[string]func([]int) []int{
		"one goes":             func(ids []int) []int { return slices.Delete(ids, 5, 6) },
		"ten go":               func(ids []int) []int { return slices.Delete(ids, 5, 15) },
		"those to come go":     func(ids []int) []int { return slices.Delete(ids, 200, 220) },
		"as many as are read":  func(ids []int) []int { return slices.Delete(ids, 210, 250) },
		"one comes in front":   func(ids []int) []int { return slices.Insert(ids, 0, 900) },
		"one comes at the end": func(ids []int) []int { return append(ids, 900) },
	} {
		for when := 1; when <= 3; when++ {
			v := newVendor(t)
			var ids []int
			for id := range 250 {
				ids = append(ids, id+1)
			}
			v.do("GET users", listed(&ids, func(calls int) {
				if calls == when {
					ids = change(ids)
				}
			}))
			all, err := v.client(Legacy).ListAccounts(t.Context())
			require.NoError(t, err, name)
			for _, id := range ids {
				if id < 900 {
					require.True(t, slices.ContainsFunc(all, func(a Account) bool { return a.ID == int64(id) }), "%s after page %d: %d is not seen", name, when, id)
				}
			}
			require.LessOrEqual(t, len(v.calls), 6, name)
		}
	}
}

// TestAReadingGoesOnAtAMark: what a mark says is enough to go on with by a client that knows nothing else.
func TestAReadingGoesOnAtAMark(t *testing.T) {
	v := newVendor(t)
	v.do("GET users", paged(250, `,"all_count":"250"`))
	seen := 0
	for at := (&Mark{}); at != nil; {
		p, err := v.client(Legacy).AccountsPage(t.Context(), *at)
		require.NoError(t, err)
		require.Equal(t, 250, p.Total)
		seen, at = seen+len(p.Accounts), p.Next
	}
	require.Equal(t, 250+2, seen, "the last of each page is the first of the next")
	require.Len(t, v.calls, 3)
}
