package bolt

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// names are what stands in a folder.
func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// atOnce calls each function at the same moment, as far as there is one.
func atOnce(fns ...func()) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for _, fn := range fns {
		all.Go(func() { <-start; fn() })
	}
	close(start)
	all.Wait()
}

// TestTwoOpensOfOneFreshFolder: of several that find no database one makes it, the others find it in use,
// and nothing is left beside it. The lock belongs to the open file, so these are as good as processes.
func TestTwoOpensOfOneFreshFolder(t *testing.T) {
	for range 150 {
		dir := filepath.Join(t.TempDir(), "data")
		var got [4]*Store
		var errs [4]error
		var fns []func()
		for i := range got {
			fns = append(fns, func() { got[i], errs[i] = Open(dir, Options{LockWait: time.Millisecond}) })
		}
		atOnce(fns...)
		up := 0
		for i, s := range got {
			if errs[i] != nil {
				require.ErrorIs(t, errs[i], ErrLocked)
				continue
			}
			up++
			require.NoError(t, standsAt(s.path, s.file))
		}
		require.Equal(t, 1, up)
		require.Equal(t, []string{File}, names(t, dir))
		for _, s := range got {
			if s != nil {
				require.NoError(t, s.Close())
			}
		}
	}
}

// TestWhoIsSweptAwayBeforeTheyLockGivesWay to whoever swept: their file stands at the path by then. Where none does it
// is an error.
func TestWhoIsSweptAwayBeforeTheyLockGivesWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	fresh, err := NewFile(path, markNew)
	require.NoError(t, err)
	require.NoError(t, os.Remove(fresh.Name()))
	err = fresh.Publish()
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.False(t, outrun(path, err))
	require.NoError(t, createIfMissing(path, Life{}))
	require.True(t, outrun(path, err))
	require.False(t, outrun(path, nil))
	require.NoError(t, fresh.Discard())
}

// TestAStartDuringARestoreRunsOnWhatStandsThere: whichever is first, a bot that starts holds the file that
// stands at the path, and what it acknowledges is in it.
func TestAStartDuringARestoreRunsOnWhatStandsThere(t *testing.T) {
	const tries, soon = 40, 50 * time.Millisecond
	source := open(t, t.TempDir(), Options{})
	_, err := ask(source, "k", "jane@acme.example")
	require.NoError(t, err)
	backup := backedUp(t, source)
	began, restored := 0, 0
	for i := range tries {
		dir := t.TempDir()
		if i%4 != 0 {
			require.NoError(t, open(t, dir, Options{}).Close())
		}
		var s *Store
		var opening, restoring error
		atOnce(
			func() { s, opening = Open(dir, Options{LockWait: soon}) },
			func() { _, restoring = Restore(ctx, backup, dir, Restoring{At: noon, By: "os:root", LockWait: soon}) })
		if restoring == nil {
			restored++
		}
		if opening != nil {
			require.ErrorIs(t, opening, ErrLocked)
			require.NoError(t, restoring, "one of them goes through")
			continue
		}
		began++
		require.NoError(t, standsAt(s.path, s.file), "try %d: restored: %v", i, restoring)
		n, err := ask(s, "after", "after@acme.example")
		require.NoError(t, err)
		require.NoError(t, s.Close())
		s = open(t, dir, Options{})
		r, err := s.Request(ctx, n)
		require.NoError(t, err, "what was acknowledged is there")
		require.Equal(t, "after@acme.example", r.Change.Email)
		require.NoError(t, s.Close())
		require.NotContains(t, names(t, dir), File+markNew)
	}
	t.Logf("%d tries: %d restored, %d began", tries, restored, began)
	require.NotZero(t, began)
	require.NotZero(t, restored)
}

// TestAFileReplacedWhileItsLockIsWaitedFor: who gets the lock of a file that does not stand there any more
// opens the one that does.
func TestAFileReplacedWhileItsLockIsWaitedFor(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	require.NoError(t, open(t, dir, Options{}).Close())
	s := open(t, other, Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	path := filepath.Join(dir, File)
	old, err := take(path, true, 0)
	require.NoError(t, err)
	stale, err := os.Open(path)
	require.NoError(t, err)
	defer stale.Close()
	require.NoError(t, os.Rename(filepath.Join(other, File), path))
	require.NoError(t, old.Close())
	require.ErrorIs(t, standsAt(path, stale), errReplaced, "it would have been taken for the database")
	s = open(t, dir, Options{})
	_, err = s.Request(ctx, 1)
	require.NoError(t, err)
}

// TestNothingThatStandsThereIsFollowedOrReplaced: not by the name a file is made under, and not by its own.
func TestNothingThatStandsThereIsFollowedOrReplaced(t *testing.T) {
	dir := t.TempDir()
	to, victim := filepath.Join(dir, "x"), filepath.Join(dir, "victim")
	require.NoError(t, os.WriteFile(victim, []byte("mine"), 0o600))
	for name, plant := range map[string]func() error{
		"a file":          func() error { return os.WriteFile(to, []byte("theirs"), 0o666) },
		"a link":          func() error { return os.Symlink(victim, to) },
		"a dangling link": func() error { return os.Symlink(filepath.Join(dir, "none"), to) },
	} {
		require.NoError(t, plant(), name)
		f, err := NewFile(to, ".part")
		require.NoError(t, err)
		info, err := f.Stat()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
		require.ErrorIs(t, f.Publish(), fs.ErrExist, name)
		require.NoError(t, f.Discard())
		require.ErrorIs(t, renameNoReplace(victim, to), fs.ErrExist, name)
		require.NoError(t, os.Remove(to))
	}
	raw, err := os.ReadFile(victim)
	require.NoError(t, err)
	require.Equal(t, "mine", string(raw))
	require.Equal(t, []string{"victim"}, names(t, dir))
}

// TestWhatWasLeftHalfDoneGoes: what nobody holds any more, of our names and our account; nothing else.
func TestWhatWasLeftHalfDoneGoes(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, File)
	alive, err := NewFile(to, markNew)
	require.NoError(t, err)
	dead, err := NewFile(to, markNew)
	require.NoError(t, err)
	require.NoError(t, dead.Close())
	for _, name := range []string{File + ".new", File + ".new-x1", File + ".newer", File + ".new-12.old", File + ".before-20261123T120000Z"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	require.NoError(t, os.Symlink(alive.Name(), filepath.Join(dir, File+".new-99")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, File+".new-98"), 0o700))
	swept, err := Sweep(to, markNew)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{dead.Name(), to + ".new"}, swept)
	require.Len(t, names(t, dir), 7)
	require.NoError(t, alive.Discard())
	swept, err = Sweep(to, markNew)
	require.NoError(t, err)
	require.Empty(t, swept)

	// A crash between the two names of a database leaves both.
	require.NoError(t, open(t, dir, Options{}).Close())
	require.NoError(t, os.Link(to, to+".new-77"))
	require.NoError(t, open(t, dir, Options{}).Close())
	require.NoFileExists(t, to+".new-77")
	require.FileExists(t, to)
}
