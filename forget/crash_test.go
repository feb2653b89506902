package forget

import (
	"crypto/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// TestThroughEveryCrash: killed at any commit, before it or behind it, a forgetting goes on at the next start, or by the same command, under
// the same pseudonym; it has one entry in the log, and nothing is left.
func TestThroughEveryCrash(t *testing.T) {
	for _, point := range []string{"before commit", "after commit"} {
		for _, by := range []string{"the next start", "the same command"} {
			t.Run(point+", "+by, func(t *testing.T) {
				for at, whole := 1, false; !whole; at++ {
					whole = crashedAt(t, point, at, by == "the next start")
				}
			})
		}
	}
}

// crashedAt kills a forgetting at its n-th commit, and has the next life go on; whole: it has no so many.
func crashedAt(t *testing.T, point string, n int, bytheStart bool) (whole bool) {
	dir := ramdisk.Folder(t)
	left := 1 << 30
	open := func() *bolt.Store {
		s, err := bolt.Open(dir, bolt.Options{Random: rand.Reader, Hook: func(p string) error {
			if p == point {
				left--
			}
			if left < 0 || left == 0 && p == point {
				left = -1
				return errKilled
			}
			return nil
		}})
		require.NoError(t, err)
		return s
	}
	s := open()
	lived(t, s)
	f := forgetter(s)
	found, err := f.Look(t.Context(), "U0XYZ")
	require.NoError(t, err)
	left = n
	_, err = f.Forget(t.Context(), found, "os:root", "command line")
	whole = err == nil
	left = 1 << 30
	require.NoError(t, s.Close())

	s = open()
	defer func() { require.NoError(t, s.Close()) }()
	f = forgetter(s)
	if bytheStart {
		_, err := f.Resume(t.Context())
		require.NoError(t, err)
	}
	if again, err := f.Look(t.Context(), "U0XYZ"); !bytheStart || !whole && n == 1 && point == "before commit" {
		require.NoError(t, err) // nothing of it was kept, or nobody has gone on yet
		if !again.None() {
			_, err = f.Forget(t.Context(), again, "os:root", "command line")
			require.NoError(t, err)
		}
	}
	requireNothingOf(t, whatIsKept(t, s))
	entries, called := 0, ""
	require.NoError(t, eachEntry(t.Context(), s, func(e approvals.Entry, _ []byte) error {
		if e.What == "person forgotten" {
			entries++
			called = string(e.Detail)
		}
		return nil
	}))
	require.Equal(t, 1, entries, "%s at %d", point, n)
	if n > 1 || point == "after commit" {
		require.Contains(t, called, found.Person.Called)
	}
	requireWhole(t, s)
	return whole
}

// TestTwoWhoForgetAtOnce: two processes that go on with the same forgetting, as replicas do that start together, end it once.
func TestTwoWhoForgetAtOnce(t *testing.T) {
	s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Random: rand.Reader})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	lived(t, s)
	f := forgetter(s)
	found, err := f.Look(t.Context(), "U0XYZ")
	require.NoError(t, err)
	require.NoError(t, f.note(t.Context(), func([]begun) []begun { return []begun{{Person: found.Person, By: "os:root"}} }))
	over := make(chan error)
	for range 3 {
		go func() {
			_, err := f.Resume(t.Context())
			over <- err
		}()
	}
	for range 3 {
		require.NoError(t, <-over)
	}
	requireNothingOf(t, whatIsKept(t, s))
	entries := 0
	require.NoError(t, eachEntry(t.Context(), s, func(e approvals.Entry, _ []byte) error {
		if e.What == "person forgotten" {
			entries++
		}
		return nil
	}))
	require.Equal(t, 1, entries)
	requireWhole(t, s)
}
