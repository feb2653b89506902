package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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
	"github.com/usherbot/usher/test/postgres"
)

// staying are the tables that no move takes along, and why.
var staying = map[string]string{
	"pace":  "whose turn it is means nothing where nobody calls",
	"locks": "nobody is at work on anything while everything moves",
	"nodes": "nobody runs while everything moves",
}

// full makes a database with something in every table that moves.
func full(t testing.TB) (url string) {
	t.Helper()
	url = postgres.Database(t, "")
	s, err := Open(ctx, apiclient.Secret(url), Options{Random: rand.NewChaCha8([32]byte{})})
	require.NoError(t, err)
	conform.Full(t, s)
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.Close())
	for _, table := range tables(t, url) {
		if staying[table] == "" {
			require.NotEqual(t, "0", postgres.Value(t, url, "select count(*)::text from usher."+table), "conform.Full must put something into the table %s, or it isn't shown that it moves", table)
		}
	}
	return url
}

func tables(t testing.TB, url string) []string {
	return strings.Fields(postgres.Value(t, url, "select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = 'usher'::regnamespace and relkind in ('r', 'p', 'S')"))
}

// contents is every row of every table that moves, but whose claims there are: who held one has ended.
func contents(t testing.TB, url string) string {
	out := ""
	for _, table := range tables(t, url) {
		row, of := "to_jsonb(r)", "usher."+table
		switch {
		case staying[table] != "":
			continue
		case table == "revision":
			of = "(select last_value, is_called from usher.revision)"
		case table == "intents":
			row = "to_jsonb(r) - 'owner' - 'token' - 'lease_until'"
		}
		out += table + "\n" + postgres.Value(t, url, fmt.Sprintf("select string_agg((%s)::text, E'\\n' order by (%s)::text) from %s r", row, row, of)) + "\n"
	}
	return out
}

func reach(t testing.TB, url string, use Use) *Berth {
	t.Helper()
	b, err := Reach(ctx, apiclient.Secret(url), use)
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Release() })
	return b
}

// holding is a loading that compares what it made with what it was made of.
func holding(t testing.TB, from cargo.Pour) cargo.Loading {
	var gave, has cargo.Tally
	return cargo.Loading{At: noon, Pour: func(ctx context.Context, put cargo.Put) error { return from(ctx, gave.Through(put)) },
		Held: func(pour cargo.Pour) error { return errors.Join(pour(ctx, has.Through(nil)), has.Same(&gave)) }}
}

// TestNothingOfADatabaseStaysBehind: a database makes a file, and that a database again, which is the same, table for table.
func TestNothingOfADatabaseStaysBehind(t *testing.T) {
	url := full(t)
	from, dir := reach(t, url, Leaving), t.TempDir()
	file, err := bolt.Reach(ctx, dir)
	require.NoError(t, err)
	_, err = file.Load(ctx, holding(t, from.Unload))
	require.NoError(t, err)
	require.NoError(t, file.Check(ctx), "all that a file is held to")
	require.NoError(t, from.Release())
	other := postgres.Database(t, "")
	to := reach(t, other, Arriving)
	_, err = to.Load(ctx, holding(t, file.Unload))
	require.NoError(t, err)
	require.NoError(t, file.Release())
	require.Equal(t, contents(t, url), contents(t, other))
	s := open(t, other, Options{})
	require.NoError(t, s.Check(ctx))
	verify(t, s)
	n, err := ask(s, "anew")
	require.NoError(t, err)
	require.EqualValues(t, 12, n, "numbers go on")
}

// TestADatabaseIsWholeOrUntouched whatever fails while it is loaded, one thing after another.
func TestADatabaseIsWholeOrUntouched(t *testing.T) {
	url, empty := full(t), postgres.Database(t, "")
	from := reach(t, url, Leaving)
	stop := errors.New("stop")
	for _, at := range []int{0, 1, 3, 4, 20, 30, 70, 90, 100} {
		to, n := reach(t, empty, Arriving), 0
		_, err := to.Load(ctx, cargo.Loading{At: noon, Held: func(cargo.Pour) error { return stop }, Pour: func(ctx context.Context, put cargo.Put) error {
			return from.Unload(ctx, func(i cargo.Item) error {
				if n++; n > at {
					return stop
				}
				return put(i)
			})
		}})
		require.ErrorIs(t, err, stop)
		require.NoError(t, to.Release())
		require.Equal(t, "true", postgres.Value(t, empty, "select (to_regnamespace('usher') is null)::text"), "after %d things", at)
	}
}

// TestWhoHoldsADatabaseKeepsOthersOut from deciding and from delivering, until it is let go.
func TestWhoHoldsADatabaseKeepsOthersOut(t *testing.T) {
	url := full(t)
	s := open(t, url, Options{})
	for _, use := range []Use{Leaving, Arriving} {
		b := reach(t, url, use)
		within, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		require.Error(t, s.Promise(within, outbox.Promise("tell/held", noon)))
		cancel()
		require.NoError(t, b.Release())
	}
	require.Equal(t, "0", postgres.Value(t, url, "select count(*)::text from usher.intents where key = 'tell/held'"))
	_, err := ask(s, "held")
	require.NoError(t, err)
}

// TestAClosedDatabaseIsReadAndNotDecidedIn, neither by who opens it nor by who had it open.
func TestAClosedDatabaseIsReadAndNotDecidedIn(t *testing.T) {
	url := full(t)
	s := open(t, url, Options{})
	b := reach(t, url, Leaving)
	mark := cargo.Closed{Move: "m", Moved: true, From: b.name, To: "data", At: noon, By: "os:ada"}
	require.NoError(t, b.Shut(ctx, mark))
	require.NoError(t, b.Release())
	var closed *cargo.Closed
	_, err := ask(s, "late")
	require.ErrorAs(t, err, &closed)
	require.Equal(t, mark, *closed)
	_, err = s.Claim(ctx, approvals.CardKey(2), noon)
	require.ErrorAs(t, err, &closed)
	_, err = s.Request(ctx, 1)
	require.NoError(t, err)
	is, err := s.Closed(ctx)
	require.NoError(t, err)
	require.Equal(t, mark, *is)

	b = reach(t, url, Arriving)
	require.NoError(t, b.Settle(ctx, mark.Arrived()))
	_, err = ask(s, "again")
	require.NoError(t, err)
	require.Equal(t, "1", postgres.Value(t, url, `select jsonb_array_length(convert_from(value, 'UTF8')::jsonb)::text from usher.meta where name = 'arrived'`))
}

// TestAnArrivalIsAuditedOnce, and so is a restoring, by whoever opens the database next to decide in it.
func TestAnArrivalIsAuditedOnce(t *testing.T) {
	url := full(t)
	postgres.Exec(t, url, `insert into usher.meta values ('restored', '{"at":"2026-11-23T11:00:00Z","by":"os:ada","number":10}')`)
	b := reach(t, url, Arriving)
	require.NoError(t, b.Settle(ctx, cargo.Arrival{Move: "m", From: "data", To: b.name, At: noon, By: "os:ada"}))
	require.NoError(t, reopen(url, Options{}))
	for range 2 {
		require.NoError(t, reopen(url, Options{Life: store.Life{ID: "a-life"}}))
	}
	s := open(t, url, Options{})
	var told []string
	require.NoError(t, s.AuditLines(ctx, 0, func(_ int64, line []byte) error {
		var e approvals.Entry
		require.NoError(t, json.Unmarshal(line, &e))
		if strings.HasPrefix(e.What, "database") {
			told = append(told, e.What)
		}
		return nil
	}))
	require.Equal(t, []string{"database restored from a backup", "database moved"}, told)
	in, err := s.Claim(ctx, approvals.CardKey(4), noon.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, noon.Add(-time.Hour), in.Claimed, "what a restored database still owes may have been kept")
}

// TestABackupOfADatabaseIsAFile, whole and sealed as any, also while others write.
func TestABackupOfADatabaseIsAFile(t *testing.T) {
	url := full(t)
	s := open(t, url, Options{})
	path := filepath.Join(t.TempDir(), "usher.backup")
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, s.Backup(ctx, f))
	require.NoError(t, f.Close())
	held, err := bolt.VerifyBackup(ctx, path)
	require.NoError(t, err)
	require.EqualValues(t, 11, held.Number)
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "what it was made of is gone")
	gone, stop := context.WithCancel(ctx)
	stop()
	require.ErrorIs(t, s.Backup(gone, &bytes.Buffer{}), context.Canceled)
}

// TestWhatWasThereIsKeptInASchemaOfItsOwn where it is asked for.
func TestWhatWasThereIsKeptInASchemaOfItsOwn(t *testing.T) {
	url, other := full(t), full(t)
	was := contents(t, other)
	from, to := reach(t, url, Leaving), reach(t, other, Arriving)
	how := holding(t, from.Unload)
	how.Keep = true
	kept, err := to.Load(ctx, how)
	require.NoError(t, err)
	require.Equal(t, "usher_before_20261123t120000z", kept)
	require.NoError(t, from.Release())
	require.Equal(t, contents(t, url), contents(t, other))
	postgres.Exec(t, other, "drop schema usher cascade")
	postgres.Exec(t, other, "alter schema "+kept+" rename to usher")
	require.Equal(t, was, contents(t, other))
	require.NoError(t, open(t, other, Options{}).Check(ctx))
}

// TestWhyADatabaseIsNotReached in sentences, without the password.
func TestWhyADatabaseIsNotReached(t *testing.T) {
	url := full(t)
	postgres.Exec(t, url, "update usher.gate set schema = schema - 1")
	_, err := Reach(ctx, apiclient.Secret(url), Leaving)
	require.ErrorIs(t, err, ErrOlder)
	postgres.Exec(t, url, "update usher.gate set schema = 999")
	_, err = Reach(ctx, apiclient.Secret(url), Arriving)
	require.ErrorIs(t, err, ErrNewer)
	_, err = Reach(ctx, "postgres://usher:hunter2@127.0.0.1:1/usher", Looking)
	require.ErrorContains(t, err, "no PostgreSQL answers at 127.0.0.1:1")
	require.NotContains(t, err.Error(), "hunter2")
	require.Equal(t, "postgres://db.acme.example:5433/usher", Name("postgresql://ada:hunter2@db.acme.example:5433/usher?sslmode=disable"))
	foreign := postgres.Database(t, "")
	postgres.Exec(t, foreign, "create table accounts (id int)")
	for _, use := range []Use{Looking, Leaving, Arriving} {
		_, err = Reach(ctx, apiclient.Secret(foreign), use)
		require.ErrorIs(t, err, ErrForeign)
	}
}

// TestAllThatMovesIsDrawn: every table of the schema moves, or it is said why not.
func TestAllThatMovesIsDrawn(t *testing.T) {
	url := postgres.Database(t, "")
	require.NoError(t, reopen(url, Options{}))
	known := []string{"gate", "head", "revision"}
	for _, h := range holds {
		known = append(known, h.table)
	}
	for _, table := range tables(t, url) {
		require.NotEqual(t, slices.Contains(known, table), staying[table] != "", "the table %s moves (holds), or it stays and here stands why", table)
	}
}
