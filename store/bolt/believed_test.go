package bolt

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// starts opens a database as a program does: it verifies the log, too.
func starts(t *testing.T, dir string, opt Options) *Store {
	t.Helper()
	s := open(t, dir, opt)
	require.NoError(t, s.VerifyLog(ctx))
	return s
}

// killed ends it as SIGKILL does: nothing is written any more, and the lock is gone.
func killed(t *testing.T, s *Store) {
	t.Helper()
	require.NoError(t, s.db.Close())
}

// noted reports whether the folder says that its database was proven.
func noted(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, File) + markProven)
	return err == nil
}

func proves(t *testing.T, s *Store) {
	t.Helper()
	proven, err := s.ProveRest(ctx)
	require.NoError(t, err)
	require.True(t, proven)
}

// writes adds entries to the log, many to a commit.
func writes(t *testing.T, s *Store, n int) {
	t.Helper()
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		for i := range n {
			if err := tx.Audit(approvals.Entry{Actor: "U0ALICE", What: fmt.Sprintf("asked %d", i)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestAFileThatWasProvenIsBelieved by the start after a kill, and proven behind; whoever is killed before that's done proves it first.
func TestAFileThatWasProvenIsBelieved(t *testing.T) {
	dir := t.TempDir()
	s := starts(t, dir, Options{})
	require.False(t, s.believes.Load(), "there was nothing to believe")
	require.True(t, noted(dir))
	writes(t, s, 10)
	killed(t, s)

	s = starts(t, dir, Options{})
	require.True(t, s.believes.Load())
	require.False(t, noted(dir), "taken away before it's believed")
	proves(t, s)
	require.True(t, noted(dir))
	require.False(t, s.believes.Load())
	killed(t, s)

	s = starts(t, dir, Options{})
	require.True(t, s.believes.Load())
	killed(t, s) // before it's proven

	s = starts(t, dir, Options{})
	require.False(t, s.believes.Load(), "perhaps it died of what it believed")
	require.True(t, noted(dir))
	require.NoError(t, s.Close())

	s = starts(t, dir, Options{})
	require.True(t, s.believes.Load())
	require.NoError(t, s.Close(), "in order, so nothing was amiss")
	require.True(t, noted(dir))
}

// TestAnotherFileIsNotBelieved: not a copy in its place, nor an earlier state of it, nor anything that only reads it or has read the note.
func TestAnotherFileIsNotBelieved(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, File)
	s := starts(t, dir, Options{})
	early, err := os.ReadFile(path)
	require.NoError(t, err)
	writes(t, s, 3)
	require.NoError(t, s.Close())
	s = starts(t, dir, Options{})
	proves(t, s) // the note names the later transaction by now
	killed(t, s)

	note, err := os.ReadFile(path + markProven)
	require.NoError(t, err)
	late, err := os.ReadFile(path)
	require.NoError(t, err)
	reader, err := OpenReadOnly(dir)
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	require.True(t, noted(dir), "who only reads leaves it")

	for name, puts := range map[string]func(){
		"a copy": func() {
			require.NoError(t, os.WriteFile(path+".copied", late, 0o600))
			require.NoError(t, os.Rename(path+".copied", path))
		},
		"an earlier state": func() { require.NoError(t, os.WriteFile(path, early, 0o600)) },
		"a note that says nothing": func() {
			require.NoError(t, os.WriteFile(path+markProven, note[:len(note)/2], 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path+markProven, note, 0o600))
			puts()
			s := open(t, dir, Options{})
			require.False(t, s.believes.Load())
			killed(t, s)
			require.False(t, noted(dir))
		})
	}
}

// TestWhatIsFoundBehindIsWhatTheNextStartRefuses: a page that leads astray leaves no note. An entry that somebody has changed is found before
// anything is written after it, believed or not.
func TestWhatIsFoundBehindIsWhatTheNextStartRefuses(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	lives := func(t *testing.T) (dir string) {
		dir = t.TempDir()
		s := starts(t, dir, Options{Key: key})
		for i := range 99 {
			_, err := ask(s, fmt.Sprint(i), fmt.Sprintf("p%d@acme.example", i))
			require.NoError(t, err)
		}
		writes(t, s, 2*1000)
		require.NoError(t, s.Close())
		return dir
	}
	t.Run("a page", func(t *testing.T) { findsBehind(t, lives(t), key) })
	t.Run("a page that every start reads", func(t *testing.T) {
		dir := lives(t)
		path := filepath.Join(dir, File)
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		m, _, err := metaOf(bytes.NewReader(raw), 0)
		require.NoError(t, err)
		clear(raw[m.root*m.page:][:m.page])
		require.NoError(t, os.WriteFile(path, raw, 0o600))
		_, err = Open(dir, Options{Key: key})
		require.ErrorIs(t, err, ErrDamaged)
	})
	t.Run("an entry", func(t *testing.T) {
		dir := lives(t)
		raw, err := bbolt.Open(filepath.Join(dir, File), 0o600, nil)
		require.NoError(t, err)
		raw.AllocSize = growth // or more than half of it would be free
		require.NoError(t, raw.Update(func(tx *bbolt.Tx) error {
			line := bytes.Clone(tx.Bucket(bAudit).Get(number(3)))
			return tx.Bucket(bAudit).Put(number(3), bytes.Replace(line, []byte("U0ALICE"), []byte("U0CAROL"), 1))
		}))
		require.NoError(t, raw.Close())
		for range 2 {
			s := open(t, dir, Options{Key: key})
			require.ErrorIs(t, s.VerifyLog(ctx), store.ErrLog, "whoever could change one isn't believed about the log")
			killed(t, s)
			require.False(t, noted(dir))
		}
	})
}

// findsBehind has a page of a database lead astray that no start reads.
func findsBehind(t *testing.T, dir string, key ed25519.PrivateKey) {
	t.Helper()
	spoils(t, dir, `"p4@acme.example"`, func(page []byte) {
		binary.NativeEndian.PutUint32(page[8:], 1|1<<16) // a branch with one way to go: to itself
		binary.NativeEndian.PutUint32(page[12:], 0)
		binary.NativeEndian.PutUint64(page[16:], 16)
		binary.NativeEndian.PutUint64(page[24:], u64(page))
	})
	s := starts(t, dir, Options{Key: key})
	_, err := s.ProveRest(ctx)
	require.ErrorIs(t, err, ErrDamaged)
	require.ErrorContains(t, err, "restore a backup with `usher restore`")
	require.NoError(t, s.Close())
	require.False(t, noted(dir))
	_, err = Open(dir, Options{Key: key})
	require.ErrorIs(t, err, ErrDamaged)
}

// spoils has something done to each leaf that holds these words.
func spoils(t *testing.T, dir, words string, spoil func(page []byte)) {
	t.Helper()
	path := filepath.Join(dir, File)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	const page = 4096
	found := 0
	for id := 2; id < len(raw)/page; id++ {
		if p := raw[id*page:][:page]; u64(p) == uint64(id) && u16(p[8:]) == flagLeaf && bytes.Contains(p, []byte(words)) {
			spoil(p)
			found++
		}
	}
	require.Positive(t, found)
	require.NoError(t, os.WriteFile(path, raw, 0o600))
}

// verifiedTo is the entry up to which the log is noted to be verified.
func verifiedTo(t *testing.T, s *Store) int64 {
	t.Helper()
	var note struct{ Seq int64 }
	require.NoError(t, s.view(ctx, func(tx *bbolt.Tx) error {
		raw := tx.Bucket(bMeta).Get(kVerified)
		if raw == nil {
			return nil
		}
		return json.Unmarshal(raw, &note)
	}))
	return note.Seq
}

// TestTheSumGoesOnAsTheLogIsWritten: however many entries a life wrote, the next start verifies few, also where a commit was kept or wasn't,
// and nobody knows which.
func TestTheSumGoesOnAsTheLogIsWritten(t *testing.T) {
	for _, point := range []string{"", "before commit", "after commit"} {
		t.Run("failing "+point, func(t *testing.T) {
			s, arm := failing(t, cmp.Or(point, "never"))
			require.NoError(t, s.VerifyLog(ctx))
			for i := range 30 {
				if point != "" && i == 10 {
					arm()
					err := s.Update(ctx, func(tx approvals.Tx) error { return tx.Audit(approvals.Entry{Actor: "U0BOB", What: "asked"}) })
					require.ErrorIs(t, err, approvals.ErrUnknownOutcome)
				}
				writes(t, s, 70)
			}
			require.Greater(t, verifiedTo(t, s), int64(1500))
			head, err := s.Head(ctx)
			require.NoError(t, err)
			require.GreaterOrEqual(t, head.Seq, int64(2100))
			require.NoError(t, s.view(ctx, func(tx *bbolt.Tx) error {
				run, err := s.verified(ctx, tx)
				require.NoError(t, err, "the sum is that of all lines")
				require.Equal(t, head, run.Head())
				return nil
			}))
			require.Equal(t, point != "after commit", noted(filepath.Dir(s.path)), "a file that had to be opened anew is proven first")
		})
	}
}

// TestAProofGivesWayToWhoWrites: where the file grows too much meanwhile it's proven another time, and an orderly end leaves it believed.
func TestAProofGivesWayToWhoWrites(t *testing.T) {
	dir := t.TempDir()
	s := starts(t, dir, Options{})
	writes(t, s, 5000)
	require.NoError(t, s.Close())
	s = starts(t, dir, Options{})
	require.True(t, s.believes.Load())
	require.ErrorIs(t, s.proveRest(ctx, -1), errGrows)
	require.NoError(t, s.proveRest(ctx, 0))
	s.wanted.Add(1)
	proven, err := s.ProveRest(ctx)
	require.NoError(t, err, "somebody waits for the file alone, and everybody behind them")
	require.False(t, proven)
	require.True(t, s.believes.Load())
	s.wanted.Add(-1)
	s.mapped = 1
	require.ErrorIs(t, s.proveRest(ctx, 0), errGrows, "nor does bbolt wait for it to map more")
	s.mapped = 0
	proves(t, s)
}
