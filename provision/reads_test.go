package provision_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/values"
)

// readFaults is what becomes of one answer to a read.
var readFaults = []struct {
	name string
	vendorsim.Fault
}{
	{"cut", vendorsim.Fault{Kind: vendorsim.Cut}},
	{"500", vendorsim.Fault{Kind: vendorsim.Status, Status: 500}},
	{"html 200", vendorsim.Fault{Kind: vendorsim.HTML}},
	{"html 502", vendorsim.Fault{Kind: vendorsim.HTML, Status: 502}},
	{"garbage", vendorsim.Fault{Kind: vendorsim.Garbage}},
	{"truncated", vendorsim.Fault{Kind: vendorsim.Truncated}},
	{"slow", vendorsim.Fault{Kind: vendorsim.Slow, Delay: 20 * time.Second}},
	{"slower than a client waits", vendorsim.Fault{Kind: vendorsim.Slow, Delay: 50 * time.Second}},
	{"slower than anybody waits", vendorsim.Fault{Kind: vendorsim.Slow, Delay: 5 * time.Minute}},
	{"a wrong id", vendorsim.Fault{Kind: vendorsim.WrongID}},
	{"429", vendorsim.Fault{Kind: vendorsim.RateLimited}},
	{"429 with a wait", vendorsim.Fault{Kind: vendorsim.RateLimited, RetryAfter: "7"}},
}

// TestEveryReadOfADeedUnderEveryFault is the fault table of the vendor's reads: each read that a deed
// makes, before its write and after it, meets each fault once; the deed still happens exactly once and
// is told exactly once. Which reads a deed makes is seen in a life without faults.
func TestEveryReadOfADeedUnderEveryFault(t *testing.T) {
	row := 0
	for _, path := range []string{"/v1", "/legacy"} {
		t.Run(path, func(t *testing.T) {
			met := map[vendorsim.Op]bool{}
			for _, action := range values.Verbs() {
				times := map[vendorsim.Op]int{}
				for _, op := range readsOf(t, path, action) {
					met[op] = true
					times[op]++
					for _, f := range readFaults {
						if f.Kind == vendorsim.WrongID && op != vendorsim.Details && op != vendorsim.List {
							continue // no other read names accounts
						}
						if row++; !pace.Plays(row, 5) {
							continue
						}
						fault := f.Fault
						fault.Match = vendorsim.Match{Op: op, Nth: times[op]}
						t.Run(fmt.Sprintf("%s/%s %d/%s", action, op, times[op], f.name), func(t *testing.T) {
							t.Parallel()
							inWorld(t, path, func(w *world) { happensOnce(w, action, fault) })
						})
					}
				}
			}
			for _, op := range []vendorsim.Op{vendorsim.List, vendorsim.Details, vendorsim.Shared, vendorsim.Owned, vendorsim.Sites} {
				require.True(t, met[op], "no deed reads %s", op)
			}
		})
	}
}

// readsOf are the reads of a deed to which nothing happens, in order; the first finds the dialect.
func readsOf(t *testing.T, path string, action approvals.Action) (ops []vendorsim.Op) {
	t.Run(fmt.Sprintf("%s/undisturbed", action), func(t *testing.T) {
		inWorld(t, path, func(w *world) {
			n := w.approve(action, w.wishes()[action])
			require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
			for _, c := range w.vendor.Calls() {
				if !c.Op.Writes() {
					ops = append(ops, c.Op)
				}
			}
		})
	})
	require.NotEmpty(t, ops)
	return ops
}

// happensOnce carries out a deed that meets one fault.
func happensOnce(w *world, action approvals.Action, fault vendorsim.Fault) {
	w.t.Helper()
	require.NoError(w.t, w.vendor.Plan(fault))
	n := w.approve(action, w.wishes()[action])
	r := w.settle(n, 10*time.Minute)
	require.Equal(w.t, approvals.Done, r.State, "%v", r.Outcome)
	require.Empty(w.t, w.vendor.Faults(), "the fault was met")
	require.Len(w.t, w.vendor.Effects(), 1)
	require.Equal(w.t, 1, effects(w, writeOps[action]))
	pass(10 * time.Minute)
	require.Len(w.t, w.vendor.Effects(), 1, "and not again later")
	require.Equal(w.t, []string{approvals.TellKey(n, approvals.Done, 1)}, w.told)
}
