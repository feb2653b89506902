//go:build linux

package bolt_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/bolt"
)

// mounted is a disk of its own, in memory, of so many kilobytes.
func mounted(t *testing.T, kilobytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("usher-test", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		t.Skipf("a disk cannot be mounted here (only root may): %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return dir
}

// kept reports whether what somebody asked or took back is in the file.
func kept(t *testing.T, s *bolt.Store, what string) bool {
	verb, name, _ := strings.Cut(what, " ")
	all, err := s.Requests(context.Background(), approvals.Filter{All: true}, 1000)
	require.NoError(t, err)
	return slices.ContainsFunc(all, func(r approvals.Request) bool {
		return r.Change.Email == email(name) && (verb == "ask" || r.State == approvals.Canceled)
	})
}

// TestADiskThatIsReallyFull: requests until there is no room, and some more; then there is room again.
func TestADiskThatIsReallyFull(t *testing.T) {
	disk := mounted(t, 160)
	dir := filepath.Join(disk, "data")
	synctest.Test(t, func(t *testing.T) {
		o, told := newOutside(), answers{}
		l, err := begin(dir, o, wiring{})
		require.NoError(t, err)
		full := 0
		for i := range 400 {
			name := fmt.Sprintf("p%d", i)
			n, err := l.ask(name)
			told["ask "+name] = err
			if err == nil {
				told["cancel "+name] = l.cancel(n)
			}
			l.wait()
			if err != nil || told["cancel "+name] != nil {
				full++
			}
			if full == 5 {
				break
			}
		}
		require.Equal(t, 5, full, "the disk was full")
		require.NoError(t, l.store.Check(l.ctx), "what is there can still be read")
		for what, err := range told {
			require.NoError(t, truthful(l.store, what, err))
			require.True(t, err != nil || kept(t, l.store, what), "%s was acknowledged and is not there", what)
		}
		require.NoError(t, unix.Mount("", disk, "", unix.MS_REMOUNT, "size=8m"))
		n, err := l.ask("after")
		require.NoError(t, err)
		require.NoError(t, l.cancel(n))
		require.NoError(t, l.end())
		t.Logf("full at the %d-th request", len(told)/2)
		recovered(t, fault{name: "a full disk"}, dir, o, told)
	})
}

// TestADiskThatCannotBeWritten: the program does not start, and says why.
func TestADiskThatCannotBeWritten(t *testing.T) {
	disk := mounted(t, 512)
	opt := bolt.Options{Log: slog.New(slog.DiscardHandler)}
	s, err := bolt.Open(filepath.Join(disk, "data"), opt)
	require.NoError(t, err)
	require.NoError(t, s.KeepSnapshot(context.Background(), "weekly", []byte("1")))
	require.NoError(t, s.Close())
	require.NoError(t, unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	_, err = bolt.Open(filepath.Join(disk, "data"), opt)
	require.ErrorContains(t, err, "usher.db: read-only file system")
	_, err = bolt.Open(filepath.Join(disk, "other"), opt)
	require.ErrorContains(t, err, "make data folder")
	require.NoError(t, unix.Mount("", disk, "", unix.MS_REMOUNT, ""))
	s, err = bolt.Open(filepath.Join(disk, "data"), opt)
	require.NoError(t, err)
	require.NoError(t, holds(s, said{What: "snapshot", Key: "1"}))
	require.NoError(t, s.Close())
}

// TestADiskTooFullToCompact: the start says so and goes on with the file as it is, and leaves the room that there
// was; the next one with room gives back what is free.
func TestADiskTooFullToCompact(t *testing.T) {
	disk := mounted(t, 1024)
	dir, full := filepath.Join(disk, "data"), filepath.Join(disk, "full")
	var log bytes.Buffer
	start := func(then func(s *bolt.Store)) (bytes int64) {
		log.Reset()
		s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Spare: 1})
		require.NoError(t, err)
		then(s)
		require.NoError(t, s.Check(context.Background()))
		require.NoError(t, s.Close())
		info, err := os.Stat(filepath.Join(dir, bolt.File))
		require.NoError(t, err)
		return info.Size()
	}
	keep := func(name string, bytes int) func(*bolt.Store) {
		return func(s *bolt.Store) {
			require.NoError(t, s.KeepSnapshot(context.Background(), name, make([]byte, bytes)))
		}
	}
	start(keep("kept", 100_000))
	start(keep("much", 300_000))
	before := start(keep("much", 1))
	var room unix.Statfs_t
	require.NoError(t, unix.Statfs(disk, &room))
	require.NoError(t, os.WriteFile(full, make([]byte, int64(room.Bavail)*room.Bsize-80_000), 0o600))
	require.NoError(t, unix.Statfs(disk, &room))
	was := room.Bavail
	require.Equal(t, before, start(keep("more", 1)))
	require.Contains(t, log.String(), "going on with it as it is\" path=")
	require.Contains(t, log.String(), "no space left on device")
	require.NoError(t, unix.Statfs(disk, &room))
	require.Equal(t, was, room.Bavail)
	require.NoError(t, os.Remove(full))
	require.Less(t, start(keep("more", 2)), before/2)
	require.Contains(t, log.String(), "the database is smaller now")
}
