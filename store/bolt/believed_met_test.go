package bolt

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// provenOne is the folder of a database with requests and a log, which was proven and closed in order.
func provenOne(t *testing.T) (dir string) {
	dir = t.TempDir()
	s := starts(t, dir, Options{})
	for i := range 99 {
		_, err := ask(s, string(rune('a'+i)), "p"+string(rune('a'+i))+"@acme.example")
		require.NoError(t, err)
	}
	writes(t, s, 300)
	require.NoError(t, s.Close())
	require.True(t, noted(dir))
	return dir
}

// TestWhatWasMetIsNotVouchedFor: whichever way a damaged page is met, an end in order leaves no note, and the next start says what is so.
func TestWhatWasMetIsNotVouchedFor(t *testing.T) {
	for name, meets := range map[string]func(t *testing.T, s *Store){
		"in the log": func(t *testing.T, s *Store) {
			require.ErrorContains(t, s.VerifyLog(ctx), "restore a backup with `usher restore`")
		},
		"by who reads": func(t *testing.T, s *Store) {
			_, err := s.Requests(ctx, approvals.Filter{All: true}, 1000)
			require.ErrorIs(t, err, ErrDamaged)
		},
		"by who writes": func(t *testing.T, s *Store) {
			err := s.Update(ctx, func(tx approvals.Tx) error { _, err := tx.Request(30); return err })
			require.ErrorIs(t, err, errPanic)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, words := provenOne(t), `"number":30,`
			if name == "in the log" {
				words = `asked 30"`
			}
			spoils(t, dir, words, func(page []byte) { clear(page) })
			s := open(t, dir, Options{})
			require.True(t, s.believes.Load())
			meets(t, s)
			require.NoError(t, s.Close())
			require.False(t, noted(dir))
			_, err := Open(dir, Options{})
			require.ErrorIs(t, err, ErrDamaged)
		})
	}
}

// TestNobodyIsBelievedForEver: after ten lives that were too short to prove what they believed, one proves it first.
func TestNobodyIsBelievedForEver(t *testing.T) {
	dir := provenOne(t)
	for i := range 2 * (mostBeliefs + 1) {
		s := starts(t, dir, Options{})
		require.Equal(t, i%(mostBeliefs+1) != mostBeliefs, s.believes.Load(), i)
		require.NoError(t, s.Close())
	}
}

// TestTheSumGoesOnAfterAStartThatNotes: one that has many entries to verify notes how far it came, and goes on from there.
func TestTheSumGoesOnAfterAStartThatNotes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	writes(t, s, 600) // nobody has verified them
	require.NoError(t, s.Close())
	for life := range int64(3) {
		s = starts(t, dir, Options{})
		require.GreaterOrEqual(t, verifiedTo(t, s), 600+life*1000-499)
		for range 10 {
			writes(t, s, 100)
		}
		require.GreaterOrEqual(t, verifiedTo(t, s), 600+(life+1)*1000-499, "it goes on")
		require.NoError(t, s.view(ctx, func(tx *bbolt.Tx) error { _, err := s.verified(ctx, tx); return err }))
		require.NoError(t, s.Close())
	}
}

// TestWhatIsCompactedIsProven: a start that gives back what is free believes nothing of the file.
func TestWhatIsCompactedIsProven(t *testing.T) {
	dir := provenOne(t)
	raw, err := bbolt.Open(filepath.Join(dir, File), 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, raw.Update(func(tx *bbolt.Tx) error { // bbolt lets the file grow by sixteen megabytes
		return tx.Bucket(bMeta).Put([]byte("learned/x"), make([]byte, 1<<20))
	}))
	require.NoError(t, raw.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bMeta).Delete([]byte("learned/x")) }))
	require.NoError(t, raw.Close())
	spoils(t, dir, `"number":30,`, func(page []byte) { clear(page) })
	_, err = Open(dir, Options{})
	require.ErrorIs(t, err, ErrDamaged)
	require.False(t, noted(dir))
}
