package bolt

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/conform"
)

// full makes a file with something in every bucket.
func full(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := Open(dir, Options{Life: Life{ID: "a-life", Since: noon}, Random: rand.NewChaCha8([32]byte{})})
	require.NoError(t, err)
	conform.Full(t, s)
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.db.View(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			k, _ := tx.Bucket(b).Cursor().First()
			require.NotNil(t, k, "conform.Full must put something into the bucket %s, or it isn't shown that it moves", b)
		}
		return nil
	}))
	require.NoError(t, s.Close())
	return dir
}

// reach is a berth in a folder.
func reach(t testing.TB, dir string) *Berth {
	t.Helper()
	b, err := Reach(ctx, dir)
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Release() })
	return b
}

func alike(t testing.TB, a, b *Berth) {
	t.Helper()
	require.NoError(t, a.db.View(func(x *bbolt.Tx) error {
		return b.db.View(func(y *bbolt.Tx) error { return sameTree(ctx, x.Cursor().Bucket(), y.Cursor().Bucket()) })
	}))
}

// TestNothingOfAFileStaysBehind: what one file gives makes another that is the same, bucket for bucket and index for index.
func TestNothingOfAFileStaysBehind(t *testing.T) {
	from, to := reach(t, full(t)), reach(t, filepath.Join(t.TempDir(), "data"))
	var gave, has cargo.Tally
	kept, err := to.Load(ctx, cargo.Loading{At: noon, Held: func(pour cargo.Pour) error { return pour(ctx, has.Through(nil)) },
		Pour: func(ctx context.Context, put cargo.Put) error { return from.Unload(ctx, gave.Through(put)) }})
	require.NoError(t, err)
	require.Empty(t, kept)
	require.NoError(t, has.Same(&gave))
	require.EqualValues(t, 10, gave.Count(cargo.Request))
	alike(t, from, to)
	require.NoError(t, to.Check(ctx))
	s, err := to.Standing(ctx)
	require.NoError(t, err)
	require.Equal(t, "a-life", s.Life)
	require.False(t, s.Empty)
}

// TestATallyNoticesWhatIsMissingOrElse of every kind of thing.
func TestATallyNoticesWhatIsMissingOrElse(t *testing.T) {
	from := reach(t, full(t))
	var all cargo.Tally
	require.NoError(t, from.Unload(ctx, all.Through(nil)))
	for _, kind := range cargo.Kinds {
		for _, alter := range []func(*cargo.Item) bool{
			func(i *cargo.Item) bool { return false },
			func(i *cargo.Item) bool { i.N++; i.Line = append(bytes.Clone(i.Line), ' '); return true },
		} {
			var other cargo.Tally
			done := false
			err := from.Unload(ctx, func(i cargo.Item) error {
				if i.Kind == kind && !done {
					if done = true; !alter(&i) {
						return nil
					}
				}
				return other.Through(nil)(i)
			})
			require.True(t, done, kind)
			require.Error(t, errors.Join(err, other.Same(&all)), kind)
		}
	}
}

// TestWhatFailsToLoadLeavesWhatWasThere, at every thing that comes.
func TestWhatFailsToLoadLeavesWhatWasThere(t *testing.T) {
	from, dir := reach(t, full(t)), t.TempDir()
	stop := errors.New("stop")
	for at := 0; ; at++ {
		to, n := reach(t, dir), 0
		_, err := to.Load(ctx, cargo.Loading{At: noon, Mark: &cargo.Closed{Move: "m"}, Held: func(cargo.Pour) error { return stop },
			Pour: func(ctx context.Context, put cargo.Put) error {
				return from.Unload(ctx, func(i cargo.Item) error {
					if n++; n > at {
						return stop
					}
					return put(i)
				})
			}})
		require.ErrorIs(t, err, stop)
		require.NoError(t, to.Release())
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left)
		if n <= at {
			return
		}
	}
}

// TestAClosedFileIsReadAndNotDecidedIn, and a restoring opens it.
func TestAClosedFileIsReadAndNotDecidedIn(t *testing.T) {
	dir := full(t)
	b := reach(t, dir)
	mark := cargo.Closed{Move: "m", Moved: true, From: "data", To: "postgres://db:5432/usher", At: noon, By: "os:ada"}
	require.NoError(t, b.Shut(ctx, mark))
	require.NoError(t, b.Release())
	_, err := Open(dir, Options{})
	var closed *cargo.Closed
	require.ErrorAs(t, err, &closed)
	require.Equal(t, mark, *closed)
	require.EqualError(t, err, "this database moved to postgres://db:5432/usher at 2026-11-23T12:00:00Z (by os:ada), so nothing is decided here any more: start Usher on that one, or bring it back here with `usher migrate`")
	s, err := OpenReadOnly(dir)
	require.NoError(t, err)
	var copied bytes.Buffer
	require.NoError(t, s.Backup(ctx, &copied))
	require.NoError(t, s.Close())
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.NoError(t, os.WriteFile(file, copied.Bytes(), 0o600))
	_, err = Restore(ctx, file, dir, Restoring{At: noon, By: "os:ada"})
	require.NoError(t, err)
	require.NoError(t, open(t, dir, Options{}).Check(ctx))
}

// TestAnArrivalIsAuditedOnce, by whoever opens the file next.
func TestAnArrivalIsAuditedOnce(t *testing.T) {
	dir := full(t)
	b := reach(t, dir)
	mark := cargo.Closed{Move: "m", From: "postgres://db:5432/usher", To: "data", At: noon, By: "os:ada"}
	require.NoError(t, b.Shut(ctx, mark))
	require.NoError(t, b.Settle(ctx, mark.Arrived()))
	require.NoError(t, b.Release())
	for range 2 {
		s, err := Open(dir, Options{})
		require.NoError(t, err)
		var last []string
		require.NoError(t, s.AuditLines(ctx, 0, func(_ int64, line []byte) error {
			if bytes.Contains(line, []byte(`"database moved"`)) {
				last = append(last, string(line))
			}
			return nil
		}))
		require.Len(t, last, 1)
		require.Contains(t, last[0], `"actor":"os:ada","what":"database moved","surface":"command line","detail":{"from":"postgres://db:5432/usher","to":"data"}`)
		require.NoError(t, s.Check(ctx))
		require.NoError(t, s.Close())
	}
}

// TestNumbersThatWerePassedOverStaySo, also behind the last request.
func TestNumbersThatWerePassedOverStaySo(t *testing.T) {
	dir, file := full(t), filepath.Join(t.TempDir(), "usher.backup")
	s := open(t, dir, Options{})
	var copied bytes.Buffer
	require.NoError(t, s.Backup(ctx, &copied))
	require.NoError(t, os.WriteFile(file, copied.Bytes(), 0o600))
	other := t.TempDir()
	_, err := Restore(ctx, file, other, Restoring{At: noon, By: "os:ada", Next: 500})
	require.NoError(t, err)
	from, to := reach(t, other), reach(t, t.TempDir())
	_, err = to.Load(ctx, cargo.Loading{At: noon, Pour: from.Unload, Held: func(cargo.Pour) error { return nil }})
	require.NoError(t, err)
	alike(t, from, to)
	require.NoError(t, to.db.View(func(tx *bbolt.Tx) error {
		next, err := (&txn{tx: tx}).Next()
		require.EqualValues(t, 500, next)
		return err
	}))
}
