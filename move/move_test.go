package move

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/conform"
	usherdb "github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

var (
	ctx   = context.Background()
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	life  = store.Life{ID: "a-life"}
	ways  = map[string][2]func(testing.TB) Place{"file to file": {folder, folder}, "file to database": {folder, database}, "database to file": {database, folder}}
	steps = []string{"load", "shut", "settle"}
)

func folder(t testing.TB) Place { return Place{dir: filepath.Join(t.TempDir(), "data")} }

func database(t testing.TB) Place {
	return Place{database: apiclient.Secret(postgres.Database(t, ""))}
}

// open starts on a place as an Usher does.
func open(p Place) (store.Store, error) {
	if p.database != "" {
		s, err := usherdb.Open(ctx, p.database, usherdb.Options{Life: life, Random: rand.NewChaCha8([32]byte{})})
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	s, err := bolt.Open(p.dir, bolt.Options{Life: life, Random: rand.NewChaCha8([32]byte{})})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// started is open where it must be possible, and its end.
func started(t testing.TB, p Place, fn func(s store.Store)) {
	t.Helper()
	s, err := open(p)
	require.NoError(t, err)
	fn(s)
	require.NoError(t, s.Close())
}

func full(t testing.TB, p Place) {
	t.Helper()
	started(t, p, func(s store.Store) { conform.Full(t, s) })
}

// next is the number that the next request gets.
func next(t testing.TB, s store.Store) (n int64) {
	t.Helper()
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) (err error) { n, err = tx.Next(); return err }))
	return n
}

// refused holds that no Usher starts on a place.
func refused(t testing.TB, p Place) {
	t.Helper()
	_, err := open(p)
	var closed *cargo.Closed
	require.ErrorAs(t, err, &closed, p)
}

// tally is all there is in a place.
func tally(t testing.TB, p Place) (out cargo.Tally) {
	t.Helper()
	e, err := p.reach(ctx, usherdb.Looking)
	require.NoError(t, err)
	require.NoError(t, e.Unload(ctx, out.Through(nil)))
	require.NoError(t, e.Release())
	return out
}

var errKilled = errors.New("killed")

// moves runs the command, up to a step: killed after it; "": to its end.
func moves(from, to Place, until string) (string, error) {
	var out bytes.Buffer
	m := &mover{from: from, to: to, out: &out, now: noon, after: func(step string) error {
		if step == until {
			return errKilled
		}
		return nil
	}}
	err := m.run(ctx, false)
	return out.String(), err
}

func both(t *testing.T, fn func(t *testing.T, from, to Place)) { each(t, ways, fn) }

func each(t *testing.T, ways map[string][2]func(testing.TB) Place, fn func(t *testing.T, from, to Place)) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) { fn(t, way[0](t), way[1](t)) })
	}
}

// TestAMoveTakesEverythingAlong: what is owed is owed under its key, with its claim and its note; the life is the same, numbers
// go on, and the log says that it moved.
func TestAMoveTakesEverythingAlong(t *testing.T) {
	ways := maps.Clone(ways)
	ways["database to database"] = [2]func(testing.TB) Place{database, database}
	each(t, ways, func(t *testing.T, from, to Place) {
		full(t, from)
		was, number := tally(t, from), int64(0)
		started(t, from, func(s store.Store) { number = next(t, s) })
		said, err := moves(from, to, "")
		require.NoError(t, err)
		require.Contains(t, said, fmt.Sprintf("moved: %d requests, %d promises, %d audit entries, %d receipts and %d notes, from %s to %s",
			was.Count(cargo.Request), was.Count(cargo.Promise), was.Count(cargo.Entry), was.Count(cargo.Receipt), was.Count(cargo.Meta)+was.Count(cargo.Shelf), from, to))
		refused(t, from)
		left := tally(t, from)
		require.NoError(t, left.Same(&was), "the source stays")
		started(t, to, func(s store.Store) {
			require.NoError(t, s.Check(ctx))
			is, err := s.Life(ctx)
			require.NoError(t, err)
			require.Equal(t, "a-life", is.ID)
			owed, err := s.Intents(ctx, approvals.DeedKey(2))
			require.NoError(t, err)
			require.JSONEq(t, `{"tried": true, "before": "1 < 2 & 3"}`, string(owed[0].Note))
			for key, claimed := range map[string]time.Time{approvals.DeedKey(2): noon.Add(time.Minute), approvals.DeedKey(6): {}} {
				in, err := s.Claim(ctx, key, noon.Add(time.Hour))
				require.NoError(t, err)
				require.Equal(t, claimed, in.Claimed, "who had begun looks first, and nobody else does: nothing was lost")
			}
			require.Equal(t, number, next(t, s))
			last := ""
			require.NoError(t, s.AuditLines(ctx, was.Count(cargo.Entry)+1, func(_ int64, line []byte) error { last += string(line); return nil }))
			require.Contains(t, last, `"what":"database moved","surface":"command line","detail":{"from":"`+from.String()+`","to":"`+to.String()+`"}`)
		})
		said, err = moves(from, to, "")
		require.NoError(t, err)
		require.Contains(t, said, "already")
	})
}

// TestACrashAtAnyStepOfAMove leaves at most one end that an Usher starts on, and the same command again ends well.
func TestACrashAtAnyStepOfAMove(t *testing.T) {
	both(t, func(t *testing.T, from, to Place) {
		for _, step := range steps {
			full(t, from)
			_, err := moves(from, to, step)
			require.ErrorIs(t, err, errKilled)
			switch step {
			case "load":
				refused(t, to)
				// The source counts: what is decided there meanwhile comes along.
				started(t, from, func(s store.Store) {
					require.NoError(t, s.Promise(ctx, outbox.Promise("tell/9/requester/late", noon)))
				})
			case "shut":
				refused(t, from)
				refused(t, to)
			case "settle":
				refused(t, from)
			}
			_, err = moves(from, to, "")
			require.NoError(t, err)
			refused(t, from)
			started(t, to, func(s store.Store) {
				require.NoError(t, s.Check(ctx))
				late, err := s.Intents(ctx, "tell/9/requester/late")
				require.NoError(t, err)
				require.Len(t, late, map[string]int{"load": 1}[step])
			})
			way := ways[strings.ReplaceAll(t.Name()[strings.LastIndex(t.Name(), "/")+1:], "_", " ")]
			from, to = way[0](t), way[1](t)
		}
	})
}

// TestBackAndForth: home again, where the old state is kept beside; it takes along what was decided elsewhere.
func TestBackAndForth(t *testing.T) {
	both(t, func(t *testing.T, from, to Place) {
		full(t, from)
		_, err := moves(from, to, "")
		require.NoError(t, err)
		started(t, to, func(s store.Store) {
			require.NoError(t, s.Promise(ctx, outbox.Promise("tell/9/requester/elsewhere", noon)))
		})
		said, err := moves(to, from, "")
		require.NoError(t, err)
		require.Regexp(t, `What was in .* before is kept as .*before[-_]20261123[tT]120000[zZ]\.`, said)
		refused(t, to)
		started(t, from, func(s store.Store) {
			require.NoError(t, s.Check(ctx))
			owed, err := s.Intents(ctx, "tell/9/requester/elsewhere")
			require.NoError(t, err)
			require.Len(t, owed, 1)
		})
	})
}

// TestWhatStandsAgainstAMove: both ends stay as they are.
func TestWhatStandsAgainstAMove(t *testing.T) {
	both(t, func(t *testing.T, from, to Place) {
		_, err := moves(from, to, "")
		require.ErrorContains(t, err, "there's no database of Usher's in "+from.String())
		started(t, from, func(store.Store) {})
		_, err = moves(from, to, "")
		require.ErrorContains(t, err, "is empty; start Usher on "+to.String())
		full(t, from)
		full(t, to)
		was := tally(t, to)
		_, err = moves(from, to, "")
		require.ErrorContains(t, err, "nothing was moved: "+to.String()+" isn't empty: it has ")
		is := tally(t, to)
		require.NoError(t, is.Same(&was))
		started(t, from, func(s store.Store) { require.NoError(t, s.Check(ctx)) })
		started(t, to, func(s store.Store) { require.NoError(t, s.Check(ctx)) })
	})
}

// TestATargetThatWentAnotherWayIsNotReplaced, though it is of the same life and has moved: a copy of the source went on.
func TestATargetThatWentAnotherWayIsNotReplaced(t *testing.T) {
	from, to, other := folder(t), folder(t), folder(t)
	full(t, from)
	raw, err := os.ReadFile(filepath.Join(from.dir, bolt.File))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(to.dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(to.dir, bolt.File), raw, 0o600))
	for _, p := range []Place{from, to} {
		started(t, p, func(s store.Store) {
			require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
				return tx.Audit(approvals.Entry{At: noon, Actor: approvals.Usher, What: p.dir})
			}))
		})
	}
	_, err = moves(to, other, "")
	require.NoError(t, err)
	_, err = moves(from, to, "")
	require.ErrorContains(t, err, "its audit log isn't the beginning of that in "+from.String())
}

// TestWhileAnUsherRunsOnEitherEndNothingMoves, and nothing starts while it moves.
func TestWhileAnUsherRunsOnEitherEndNothingMoves(t *testing.T) {
	from, to := folder(t), folder(t)
	full(t, from)
	for _, p := range []Place{from, to} {
		s, err := open(p)
		require.NoError(t, err)
		_, err = moves(from, to, "")
		require.ErrorContains(t, err, "the bot has the database open: stop it first")
		require.NoError(t, s.Close())
	}
	server := database(t)
	started(t, server, func(store.Store) {
		_, err := moves(from, server, "")
		require.ErrorContains(t, err, "an Usher is at work on "+server.String()+": stop it everywhere first")
	})
	held, err := from.reach(ctx, usherdb.Leaving)
	require.NoError(t, err)
	_, err = open(from)
	require.ErrorIs(t, err, bolt.ErrLocked)
	require.NoError(t, held.Release())
}

// TestADryRunChangesNothing, and says what would be.
func TestADryRunChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, from, to Place) {
		full(t, from)
		var out bytes.Buffer
		require.NoError(t, Migrate(ctx, &out, terminal.Progress{}, from, to, true))
		require.Contains(t, out.String(), "Nothing stands against it: ")
		if to.database == "" {
			require.NoDirExists(t, to.dir)
		} else {
			require.Equal(t, "true", postgres.Value(t, to.database.Reveal(), "select (to_regnamespace('usher') is null)::text"))
		}
		started(t, from, func(s store.Store) {
			require.NoError(t, s.Promise(ctx, outbox.Promise("tell/9/requester/a", noon)))
		})
	})
}

// TestAPlaceIsReadWithoutItsPassword.
func TestAPlaceIsReadWithoutItsPassword(t *testing.T) {
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"SPARE": "postgres://usher:hunter2@db.acme.example/spare", "WRONG": "mysql://hunter2@db"}[name]
		return v, ok
	}
	for value, row := range map[string]struct{ says, err string }{
		"postgres://usher:hunter2@db.acme.example:5433/usher?sslmode=require": {says: "postgres://db.acme.example:5433/usher"},
		"env:SPARE":                  {says: "postgres://db.acme.example:5432/spare"},
		"env:NONE":                   {err: "NONE is not set in the environment; expected the address of a PostgreSQL database, for --to"},
		"env:WRONG":                  {err: "WRONG isn't an address of a PostgreSQL database"},
		"mysql://usher:hunter2@db/a": {err: "--to isn't an address of a PostgreSQL database"},
		"":                           {err: "--to is empty"},
		"/var/lib/usher":             {says: "/var/lib/usher on "},
	} {
		p, err := Read(env, "--to", value)
		if row.err != "" {
			require.ErrorContains(t, err, row.err, value)
			require.NotContains(t, err.Error(), "hunter2")
			continue
		}
		require.NoError(t, err)
		require.Contains(t, p.String(), row.says)
		require.NotContains(t, p.String(), "hunter2")
	}
}
