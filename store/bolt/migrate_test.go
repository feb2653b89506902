package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// The steps of these tests are made up, so that they can fail: above the present schema, one writes every
// request anew with a colour, the next adds an index of them.

// above is the ladder up to the present schema with more steps on it.
func above(steps ...func(*bbolt.Tx) error) ladder { return append(slices.Clone(migrations), steps...) }

func colour(tx *bbolt.Tx) error {
	b := tx.Bucket(bRequests)
	anew := map[string][]byte{}
	err := b.ForEach(func(k, v []byte) error {
		var fields map[string]any
		if err := json.Unmarshal(v, &fields); err != nil {
			return err
		}
		fields["colour"] = "blue"
		raw, err := json.Marshal(fields)
		anew[string(k)] = raw
		return err
	})
	for k, v := range anew {
		err = errors.Join(err, b.Put([]byte(k), v))
	}
	return err
}

func indexColours(tx *bbolt.Tx) error {
	index, err := tx.CreateBucket([]byte("colours"))
	if err != nil {
		return err
	}
	return tx.Bucket(bRequests).ForEach(func(k, _ []byte) error { return index.Put(append(prefix("blue"), k...), nil) })
}

// aReleasedFile is a folder with a copy of the present schema's database, in which requests are in every state.
func aReleasedFile(t *testing.T) (dir string) {
	dir = t.TempDir()
	raw, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("schema-%d.db", Version)))
	require.NoError(t, err)
	return folderWith(t, dir, raw)
}

func folderWith(t *testing.T, dir string, raw []byte) string {
	require.NoError(t, os.WriteFile(filepath.Join(dir, File), raw, 0o600))
	return dir
}

func fileIn(t *testing.T, dir string) []byte {
	raw, err := os.ReadFile(filepath.Join(dir, File))
	require.NoError(t, err)
	return raw
}

// standing is what of the made-up schemas is in a file: its number, coloured requests, rows of the index (-1:
// there is none).
type standing struct{ schema, coloured, indexed int }

func standingOf(t *testing.T, tx *bbolt.Tx) (s standing) {
	var err error
	s.schema, err = versionOf(tx, 99)
	require.NoError(t, err)
	require.NoError(t, tx.Bucket(bRequests).ForEach(func(_, v []byte) error {
		var fields map[string]any
		err := json.Unmarshal(v, &fields)
		if fields["colour"] == "blue" {
			s.coloured++
		}
		return err
	}))
	s.indexed = -1
	if b := tx.Bucket([]byte("colours")); b != nil {
		s.indexed = b.Stats().KeyN
	}
	return s
}

func standingIn(t *testing.T, dir string) (s standing) {
	db, err := bbolt.Open(filepath.Join(dir, File), 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	require.NoError(t, db.View(func(tx *bbolt.Tx) error { s = standingOf(t, tx); return nil }))
	require.NoError(t, db.Close())
	return s
}

var quiet = slog.New(slog.DiscardHandler)

func TestThisProgramsSchemaIsTheTopOfItsLadder(t *testing.T) {
	require.Equal(t, Version, migrations.top())
}

// TestAFileClimbsStepByStep, each in one transaction with its number, and every request goes on from where it stood.
func TestAFileClimbsStepByStep(t *testing.T) {
	dir := aReleasedFile(t)
	var images []standing
	seen := func(step func(*bbolt.Tx) error) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			images = append(images, standingIn(t, folderWith(t, t.TempDir(), fileIn(t, dir))))
			err := step(tx)
			images = append(images, standingIn(t, folderWith(t, t.TempDir(), fileIn(t, dir))))
			return err
		}
	}
	s := open(t, dir, Options{steps: above(seen(colour), seen(indexColours))})
	none, half, all := standing{Version, 0, -1}, standing{Version + 1, len(stages), -1}, standing{Version + 2, len(stages), len(stages)}
	require.Equal(t, []standing{none, none, half, half}, images, "on disk before each step, and before its commit")
	require.NoError(t, s.view(ctx, func(tx *bbolt.Tx) error { require.Equal(t, all, standingOf(t, tx)); return nil }))
	require.NoError(t, s.Check(ctx))
	isInEveryState(t, s)
	carryOn(t, deskOn(s, 1))
	require.NoError(t, s.Check(ctx))
}

// TestACurrentFileIsNotClimbed: no step is taken twice.
func TestACurrentFileIsNotClimbed(t *testing.T) {
	dir := aReleasedFile(t)
	s, err := Open(dir, Options{Log: quiet, steps: above(colour, indexColours)})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	never := func(*bbolt.Tx) error { t.Error("it was taken again"); return nil }
	open(t, dir, Options{steps: above(never, never)})
}

// TestAStepThatFails leaves the file as it was, byte for byte, and says so; the program that wrote it goes on with it.
func TestAStepThatFails(t *testing.T) {
	late := func(step func(*bbolt.Tx) error) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return errors.Join(step(tx), errors.New("there is no green left")) }
	}
	dir := aReleasedFile(t)
	before := fileIn(t, dir)
	_, err := Open(dir, Options{Log: quiet, steps: above(late(colour), indexColours)})
	require.EqualError(t, err, "upgrade database "+filepath.Join(dir, File)+": "+fmt.Sprintf("from schema %d to %d: there is no green left; "+
		"nothing of that was kept, and the program that wrote schema %[1]d can still use the file", Version, Version+1))
	require.Equal(t, before, fileIn(t, dir))
	old, err := Open(dir, Options{Log: quiet})
	require.NoError(t, err)
	isInEveryState(t, old)
	require.NoError(t, old.Check(ctx))
	require.NoError(t, old.Close())

	_, err = Open(dir, Options{Log: quiet, steps: above(colour, late(indexColours))})
	require.ErrorContains(t, err, fmt.Sprintf("from schema %d to %d: there is no green left", Version+1, Version+2))
	require.Equal(t, standing{Version + 1, len(stages), -1}, standingIn(t, dir), "the step before it stands")
	s := open(t, dir, Options{steps: above(late(colour), indexColours)})
	require.NoError(t, s.view(ctx, func(tx *bbolt.Tx) error {
		require.Equal(t, standing{Version + 2, len(stages), len(stages)}, standingOf(t, tx))
		return nil
	}))
	isInEveryState(t, s)
}

// TestACrashWhileClimbing: from what a kill before, within or between the steps leaves on disk, the next start goes on, and
// takes only the steps that are not behind it.
func TestACrashWhileClimbing(t *testing.T) {
	dir := aReleasedFile(t)
	var images [][]byte
	filmed := func(step func(*bbolt.Tx) error) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			images = append(images, fileIn(t, dir))
			err := step(tx)
			images = append(images, fileIn(t, dir))
			return err
		}
	}
	s, err := Open(dir, Options{Log: quiet, steps: above(filmed(colour), filmed(indexColours))})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	images = append(images, fileIn(t, dir))
	for i, want := range [][2]int{{1, 1}, {1, 1}, {0, 1}, {0, 1}, {0, 0}} {
		var taken [2]int
		counted := func(n int, step func(*bbolt.Tx) error) func(*bbolt.Tx) error {
			return func(tx *bbolt.Tx) error { taken[n]++; return step(tx) }
		}
		s := open(t, folderWith(t, t.TempDir(), images[i]), Options{steps: above(counted(0, colour), counted(1, indexColours))})
		require.Equal(t, want, taken, "image %d", i)
		require.NoError(t, s.view(ctx, func(tx *bbolt.Tx) error {
			require.Equal(t, standing{Version + 2, len(stages), len(stages)}, standingOf(t, tx))
			return nil
		}))
		require.NoError(t, s.Check(ctx))
		isInEveryState(t, s)
	}
}

// TestANewerFileIsLeftAlone by every way of opening it, with a sentence that says what to do.
func TestANewerFileIsLeftAlone(t *testing.T) {
	dir := aReleasedFile(t)
	s, err := Open(dir, Options{Log: quiet, steps: above(colour, indexColours)})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	before := fileIn(t, dir)
	for name, try := range map[string]func() error{
		fmt.Sprintf("schema %d, this program knows %d", Version+2, Version+1): func() error { _, err := Open(dir, Options{Log: quiet, steps: above(colour)}); return err },
		fmt.Sprintf("schema %d, this program knows %d", Version+2, Version):   func() error { _, err := OpenReadOnly(dir); return err },
	} {
		err := try()
		require.ErrorIs(t, err, ErrNewer)
		require.EqualError(t, err, "database was written by a newer Usher ("+name+"): use the newer program, or restore a backup from before the upgrade")
		require.Equal(t, before, fileIn(t, dir))
	}
}

// without makes a file one of an earlier schema, which had no such bucket.
func without(t *testing.T, dir string, bucket []byte, schema string) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, File), 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(tx.DeleteBucket(bucket), tx.Bucket(bMeta).Put(kVersion, []byte(schema)))
	}))
	require.NoError(t, db.Close())
}

// TestWhomRequestsAreForIsIndexedAnew: in a file of before there was an index of that, it is found for each request.
func TestWhomRequestsAreForIsIndexedAnew(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	inEveryState(t, s)
	for n, p := range map[int64]approvals.PersonID{1: "U0ALICE", 5: "U0ALICE", 7: "U0BOB"} {
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			r, err := tx.Request(n)
			r.Change.Person = p
			return errors.Join(err, tx.Put(r))
		}))
	}
	require.NoError(t, s.Close())
	without(t, dir, bWhom, "3")

	s = open(t, dir, Options{})
	for p, want := range map[approvals.PersonID][]int64{"U0ALICE": {5, 1}, "U0BOB": {7}} {
		var numbers []int64
		list, err := s.Requests(ctx, approvals.Filter{For: p, All: true}, 10)
		require.NoError(t, err)
		for _, r := range list {
			numbers = append(numbers, r.Number)
		}
		require.Equal(t, want, numbers)
	}
	require.NoError(t, s.Check(ctx))
}

// TestWhatRequestsAreAboutIsIndexedAnew: in a file of before there was an index of that, it is found for each request that was carried out.
func TestWhatRequestsAreAboutIsIndexedAnew(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	inEveryState(t, s)
	about := func(s *Store) map[string]int {
		found := map[string]int{}
		for _, stage := range stages {
			list, err := s.Requests(ctx, approvals.Filter{About: stage.name + "@ACME.example"}, 10)
			require.NoError(t, err)
			found[stage.name] = len(list)
		}
		return found
	}
	before := about(s)
	require.Equal(t, []int{0, 0, 1, 1, 1}, []int{before["pending"], before["approved"], before["running"], before["done"], before["failed"]})
	require.NoError(t, s.Close())
	without(t, dir, bAbout, "6")

	s = open(t, dir, Options{})
	require.Equal(t, before, about(s))
	require.NoError(t, s.Check(ctx))
}
