//go:build linux

package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// fault is a spell of failing system calls: those of one name, or of any, from the n-th on.
type fault struct {
	name  string // "": any
	n     int
	spell int
	errno unix.Errno
}

const forEver = 1 << 30

func (f fault) String() string {
	return fmt.Sprintf("%d failing %q from the %d-th: %s", f.spell, f.name, f.n, f.errno.Error())
}

// TestEverySystemCallFailing lets each system call of the store's files fail, once and for ever, in
// whole lives of the program, between which the file is compacted. What people were told equals what the reopened file says; once it is
// well again everything goes on, and nothing was lost or done twice.
func TestEverySystemCallFailing(t *testing.T) {
	for name, errno := range map[string]unix.Errno{"EIO": unix.EIO, "ENOSPC": unix.ENOSPC} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			watched(t, func(t *testing.T, w *watcher) { everyCall(t, w, errno) })
		})
	}
}

func everyCall(t *testing.T, w *watcher, errno unix.Errno) {
	counts := map[string]int{}
	disturbed(t, w, fault{n: forEver, spell: 1}, counts)
	require.Greater(t, counts["fdatasync"], 30)
	require.Equal(t, 1, counts["renameat"], "the second life gave back what was free")
	rounds, stride, all := 0, howMuch().calls, 0
	try := func(name string, spell, upTo, stride int) {
		for n := 1; n <= upTo; n += stride {
			disturbed(t, w, fault{name: name, n: n, spell: spell, errno: errno}, nil)
			rounds++
		}
	}
	var each []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		try(name, 1, counts[name], stride)
		try(name, forEver, counts[name], 8*stride)
		all += counts[name]
		each = append(each, fmt.Sprintf("%s %d", name, counts[name]))
	}
	// The whole disk goes away: for a while, and for good.
	try("", 15, all, 4*stride)
	try("", forEver, all, 16*stride)
	t.Logf("%s: %d faulty lives; calls in a life: %s", errno, rounds, strings.Join(each, ", "))
}

// disturbed is two lives under a fault, and a third after it.
func disturbed(t *testing.T, w *watcher, f fault, counts map[string]int) {
	root := ramdisk.Folder(t)
	seen := 0
	w.on(root, func(c call) verdict {
		if counts != nil {
			counts[c.name]++
		}
		if f.name != "" && c.name != f.name {
			return carryOut
		}
		seen++
		return verdict{instead: seen >= f.n && seen < f.n+f.spell, errno: f.errno}
	})
	synctest.Test(t, func(t *testing.T) {
		dir, o, told, over := filepath.Join(root, "data"), newOutside(), answers{}, false
		step := func(a answers) {
			if maps.Copy(told, a); over {
				a.well(t, f.String()+", after it was over")
			}
			w.do(func() { over = seen >= f.n+f.spell-1 })
		}
		// While it cannot start, somebody starts it again.
		for range 20 {
			err := wholeLives(dir, o, wiring{hurried: true, pruned: true}, step)
			if err == nil || f.spell == forEver {
				break
			}
			require.NotContains(t, err.Error(), "panic", "%v", f)
		}
		w.on("", nil)
		recovered(t, f, dir, o, told)
	})
}

// recovered opens the file when nothing fails any more.
func recovered(t *testing.T, f fault, dir string, o *outside, told answers) {
	heard := slices.Clone(o.heard)
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err, "%v", f)
	require.NoError(t, s.Check(context.Background()), "%v", f)
	for _, p := range heard {
		require.NoError(t, holds(s, p), "%v", f)
	}
	for what, err := range told {
		require.NoError(t, truthful(s, what, err), "%v", f)
	}
	require.NoError(t, s.Close())
	l, err := begin(dir, o, wiring{})
	require.NoError(t, err, "%v", f)
	pass(8 * 24 * time.Hour)
	settledWell(t, l)
	require.NoError(t, l.end())
}

// truthful holds what people were told against the file. Told that it is so was held as a promise
// already; told that nobody knows, either is true; told no, it must not be there.
func truthful(s *bolt.Store, what string, err error) error {
	if err == nil || approvals.CodeOf(err) == approvals.Unsure || errors.Is(err, approvals.ErrUnknownOutcome) {
		return nil
	}
	verb, name, _ := strings.Cut(what, " ")
	if verb == "snapshot" {
		raw, err2 := s.Snapshot(context.Background(), "weekly")
		if err2 != nil || string(raw) == name {
			return fmt.Errorf("%s was refused (%w), the file has %q (%v)", what, err, raw, err2)
		}
		return nil
	}
	all, err2 := s.Requests(context.Background(), approvals.Filter{All: true}, 1000)
	if err2 != nil {
		return err2
	}
	for _, r := range all {
		_, voted := r.VoteOf(bob)
		there := map[string]bool{"ask": true, "approve": voted, "deny": voted, "cancel": r.State == approvals.Canceled}
		if r.Change.Email == email(name) && there[verb] {
			return fmt.Errorf("%s was refused (%w), the file has #%d %s", what, err, r.Number, r.State)
		}
	}
	return nil
}
