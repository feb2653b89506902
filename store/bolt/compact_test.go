package bolt

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// pruned is a file from which nine tenths were taken away, closed: some requests and many snapshots of
// all sizes, of which few are left.
func pruned(t testing.TB, dir string, opt Options) {
	t.Helper()
	opt.Log = slog.New(slog.DiscardHandler)
	s, err := Open(dir, opt)
	require.NoError(t, err)
	for i := range 20 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
	}
	chance := rand.New(rand.NewPCG(1, 1))
	for range 10 {
		require.NoError(t, s.update(ctx, func(x *txn) error {
			for range 400 {
				what := make([]byte, 100+chance.IntN(1500))
				if err := x.put(bReports, fmt.Appendf(nil, "old/%08x", chance.Uint32()), what); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	require.NoError(t, s.update(ctx, func(x *txn) error {
		var keys [][]byte
		c := x.tx.Bucket(bReports).Cursor()
		for k, _ := c.Seek([]byte("old/")); k != nil && bytes.HasPrefix(k, []byte("old/")); k, _ = c.Next() {
			keys = append(keys, bytes.Clone(k))
		}
		for i, k := range keys {
			if i%12 == 0 {
				continue
			}
			if err := x.delete(bReports, k); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, s.Close())
}

// sized is the size of the file in a folder.
func sized(t testing.TB, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, File))
	require.NoError(t, err)
	return info.Size()
}

// payload is how many bytes of keys and values are in the buckets at the top, and in those inside them.
func payload(t testing.TB, s *Store) (n int64) {
	t.Helper()
	var add func(b *bbolt.Bucket) error
	add = func(b *bbolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			n += int64(len(k) + len(v))
			if v == nil {
				return add(b.Bucket(k))
			}
			return nil
		})
	}
	require.NoError(t, s.db.View(func(tx *bbolt.Tx) error { return add(tx.Cursor().Bucket()) }))
	return n
}

// copyOfFile is the database of a folder as it stands, opened to compare with later.
func copyOfFile(t *testing.T, dir string) *bbolt.DB {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, File))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "as it was")
	require.NoError(t, os.WriteFile(path, raw, 0o600))
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func requireSame(t *testing.T, was *bbolt.DB, s *Store) {
	t.Helper()
	require.NoError(t, was.View(func(a *bbolt.Tx) error {
		return s.db.View(func(b *bbolt.Tx) error { return sameTree(ctx, a.Cursor().Bucket(), b.Cursor().Bucket()) })
	}))
}

// TestAStartGivesBackWhatIsFree: of a file that is nine tenths free, the next start leaves what is in it and
// little more, and everything in it is as it was: its name, its log, what promises are at, what a restore left.
func TestAStartGivesBackWhatIsFree(t *testing.T) {
	first := t.TempDir()
	s := open(t, first, Options{})
	_, err := ask(s, "before", "before@acme.example")
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = Restore(ctx, backedUp(t, s), dir, Restoring{At: noon, By: "U0BOB", Next: 7})
	require.NoError(t, err)

	opt := Options{Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), Life: Life{ID: "a", Since: noon}}
	unsigned := opt
	unsigned.Key = nil
	pruned(t, dir, unsigned)
	before, was := sized(t, dir), copyOfFile(t, dir)
	s = open(t, dir, unsigned)
	after, live := sized(t, dir), payload(t, s)
	t.Logf("%d kB, of which %d kB live: %d kB after the start", before/1000, live/1000, after/1000)
	require.Greater(t, before, 9*live)
	require.LessOrEqual(t, 10*after, 16*live, "no more than 1.6 times what is in it")
	requireSame(t, was, s)
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.VerifyLog(ctx))
	n, err := ask(s, "after", "after@acme.example")
	require.NoError(t, err)
	require.EqualValues(t, 27, n, "numbers go on, past those that the restore passed over")
	require.NoError(t, s.Close())
	info, err := os.Stat(filepath.Join(dir, File))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, File), filepath.Join(dir, File) + markProven}, left)
}

// TestAStartSaysWhatItGivesBack, with the sizes, before it begins and when it is over; and a start that has
// nothing to give back, or too little, leaves the file alone and says nothing.
func TestAStartSaysWhatItGivesBack(t *testing.T) {
	dir := t.TempDir()
	pruned(t, dir, Options{})
	before := sized(t, dir)
	starts := func(opt Options) (lines []map[string]any) {
		var log bytes.Buffer
		opt.Log = slog.New(slog.NewJSONHandler(&log, nil))
		s, err := Open(dir, opt)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		for d := json.NewDecoder(&log); d.More(); {
			var line map[string]any
			require.NoError(t, d.Decode(&line))
			lines = append(lines, line)
		}
		return lines
	}
	require.Empty(t, starts(Options{Spare: before}))
	require.Equal(t, before, sized(t, dir))
	lines := starts(Options{})
	require.Len(t, lines, 2)
	require.Equal(t, "more than half of the database is free, making it smaller first", lines[0]["msg"])
	require.EqualValues(t, before, lines[0]["bytes"])
	require.Greater(t, lines[0]["free"], float64(before/2))
	require.Equal(t, "the database is smaller now", lines[1]["msg"])
	require.EqualValues(t, sized(t, dir), lines[1]["bytes"])
	require.EqualValues(t, before, lines[1]["before"])
	require.Empty(t, starts(Options{Spare: 1}), "one that is full has nothing to give back")
}

// TestWhatCannotBeCompactedIsLeft: a copy that breaks a rule, and a link, keep the file as it
// is, a start goes on with it and says why, and nothing half done is left.
func TestWhatCannotBeCompactedIsLeft(t *testing.T) {
	for name, row := range map[string]struct {
		prepare func(t *testing.T, dir string)
		says    string
	}{
		"a rule is broken": {func(t *testing.T, dir string) {
			s := open(t, dir, Options{Spare: 1 << 40})
			require.NoError(t, s.update(ctx, func(x *txn) error { return x.delete(bState, append(prefix("pending"), number(1)...)) }))
			require.NoError(t, s.Close())
		}, "is missing"},
		"it is a link": {func(t *testing.T, dir string) {
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			require.NoError(t, os.Rename(filepath.Join(dir, File), elsewhere))
			require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, File)))
		}, "is a link to the database"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			pruned(t, dir, Options{})
			row.prepare(t, dir)
			before := sized(t, dir)
			c, err := Compact(ctx, dir)
			require.ErrorContains(t, err, row.says)
			require.False(t, c.Placed)
			var log bytes.Buffer
			s, err := Open(dir, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
			require.NoError(t, err)
			require.Contains(t, log.String(), "level=WARN msg=\"the database couldn't be made smaller, going on with it as it is\"")
			require.Contains(t, log.String(), row.says)
			_, err = ask(s, "after", "after@acme.example")
			require.NoError(t, err)
			require.NoError(t, s.Close())
			require.Equal(t, before, sized(t, dir))
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, left, 1)
		})
	}
}

// TestCompactAtRest: the file comes back small, once; what an earlier one left half done goes, and
// while a bot has the file it is let be.
func TestCompactAtRest(t *testing.T) {
	dir := t.TempDir()
	pruned(t, dir, Options{})
	left := filepath.Join(dir, File+markCompact+"-123")
	require.NoError(t, os.WriteFile(left, []byte("half"), 0o600))
	was := copyOfFile(t, dir)
	c, err := Compact(ctx, dir)
	require.NoError(t, err)
	require.True(t, c.Placed)
	require.Equal(t, sized(t, dir), c.After.Bytes)
	require.Less(t, c.After.Bytes, c.Before.Bytes/5)
	require.NoFileExists(t, left)
	s := open(t, dir, Options{})
	requireSame(t, was, s)
	_, err = Compact(ctx, dir)
	require.ErrorIs(t, err, ErrLocked)
	require.NoError(t, s.Close())
	c, err = Compact(ctx, dir)
	require.NoError(t, err)
	require.False(t, c.Placed, "there is nothing to give back")
	_, err = Compact(ctx, t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
}

// TestACopyIsComparedWithTheFile: one that has more in it than the file is refused, though no rule of Check's is broken.
func TestACopyIsComparedWithTheFile(t *testing.T) {
	dir := t.TempDir()
	pruned(t, dir, Options{})
	old, err := openBolt(ctx, filepath.Join(dir, File), &bbolt.Options{}, false)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, old.Close()) })
	for name, prepare := range map[string]func(tx *bbolt.Tx) error{
		"":     func(*bbolt.Tx) error { return nil },
		"more": func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("more")); return err },
	} {
		fresh, err := NewFile(filepath.Join(t.TempDir(), "copy"), markCompact)
		require.NoError(t, err)
		db, err := boltOn(fresh.File, &bbolt.Options{})
		require.NoError(t, err)
		require.NoError(t, db.Update(prepare))
		_, err = condensed(ctx, old, dbFile{DB: db, file: fresh.File}, migrations)
		require.NoError(t, db.Close())
		if name == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "hold the copy against the database: at key ")
	}
}

// TestACopyThatDiffersIsNoCopy: in a value, a key more or less, a bucket for a value, a sequence number, at
// the top and inside.
func TestACopyThatDiffersIsNoCopy(t *testing.T) {
	filled := func(alter func(b *bbolt.Bucket) error) *bbolt.DB {
		db, err := bbolt.Open(filepath.Join(t.TempDir(), "db"), 0o600, nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
			top, err := tx.CreateBucket([]byte("top"))
			require.NoError(t, err)
			in, err := top.CreateBucket([]byte("in"))
			require.NoError(t, err)
			for _, b := range []*bbolt.Bucket{top, in} {
				require.NoError(t, b.Put([]byte("k"), []byte("v")))
				require.NoError(t, b.Put([]byte("empty"), nil))
			}
			return alter(in)
		}))
		return db
	}
	compare := func(a, b *bbolt.DB) error {
		return a.View(func(x *bbolt.Tx) error {
			return b.View(func(y *bbolt.Tx) error { return sameTree(ctx, x.Cursor().Bucket(), y.Cursor().Bucket()) })
		})
	}
	plain := filled(func(*bbolt.Bucket) error { return nil })
	require.NoError(t, compare(plain, filled(func(*bbolt.Bucket) error { return nil })))
	for name, alter := range map[string]func(b *bbolt.Bucket) error{
		"another value": func(b *bbolt.Bucket) error { return b.Put([]byte("k"), []byte("w")) },
		"a key more":    func(b *bbolt.Bucket) error { return b.Put([]byte("l"), nil) },
		"a key less":    func(b *bbolt.Bucket) error { return b.Delete([]byte("empty")) },
		"a sequence":    func(b *bbolt.Bucket) error { return b.SetSequence(3) },
		"a bucket for a value": func(b *bbolt.Bucket) error {
			require.NoError(t, b.Delete([]byte("empty")))
			_, err := b.CreateBucket([]byte("empty"))
			return err
		},
	} {
		other := filled(alter)
		require.ErrorContains(t, compare(plain, other), `in bucket "top": in bucket "in": `, name)
		require.Error(t, compare(other, plain), name)
	}
}

// BenchmarkCompact writes a file of 100,000 audit entries anew, and says how long the start before and after it takes.
func BenchmarkCompact(b *testing.B) {
	var before, after int64
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		s := open(b, dir, Options{})
		for i := range 100 {
			require.NoError(b, s.Update(ctx, func(tx approvals.Tx) error {
				for j := range 1000 {
					e := approvals.Entry{At: time.Unix(int64(1000*i+j), 0), Actor: "U0BOB", What: "voted yes", Surface: "slack", Before: approvals.Pending, After: approvals.Approved}
					if err := tx.Audit(e); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		require.NoError(b, s.Close())
		b.StartTimer()
		c, err := Compact(ctx, dir)
		require.NoError(b, err)
		before, after = c.Before.Bytes, c.After.Bytes
	}
	b.ReportMetric(float64(before)/1e6, "MB/before")
	b.ReportMetric(float64(after)/1e6, "MB/after")
}
