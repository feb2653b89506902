package postgres

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/postgres"
)

// with are the released steps and more, as a later version will have them.
func with(t *testing.T, more ...string) []string {
	steps, err := released()
	require.NoError(t, err)
	return append(steps, more...)
}

func reopen(url string, opt Options) error {
	s, err := Open(ctx, apiclient.Secret(url), opt)
	if err == nil {
		err = s.Close()
	}
	return err
}

// ask keeps a request, and says its number.
func ask(s *Store, key string) (n int64, err error) {
	err = s.Update(ctx, func(tx approvals.Tx) error {
		if n, err = tx.Keyed(key); n != 0 || err != nil {
			return err
		}
		if n, err = tx.Next(); err != nil {
			return err
		}
		if err := tx.Put(approvals.Request{Number: n, Requester: "U0ALICE", Origin: approvals.Origin{Key: key}, State: approvals.Pending}); err != nil {
			return err
		}
		return tx.Audit(approvals.Entry{Actor: "U0ALICE", What: "asked", Request: n})
	})
	return n, err
}

// latest is the schema that this program makes.
func latest(t testing.TB) int {
	t.Helper()
	steps, err := released()
	require.NoError(t, err)
	return len(steps)
}

// TestAnOlderProgramRefusesANewerSchema: one that starts, and one that was running when the newer came. Neither changes anything.
func TestAnOlderProgramRefusesANewerSchema(t *testing.T) {
	url := postgres.Database(t, "")
	running := open(t, url, Options{})
	_, err := ask(running, "before")
	require.NoError(t, err)
	require.NoError(t, running.Current(ctx))
	require.NoError(t, reopen(url, Options{steps: with(t, "create table usher.more (word text)")}))
	err = reopen(url, Options{})
	require.ErrorIs(t, err, ErrNewer)
	require.ErrorContains(t, err, fmt.Sprintf("written by a newer Usher (schema %d, and this one knows up to %d)", latest(t)+1, latest(t)))
	_, err = ask(running, "after")
	require.ErrorIs(t, err, ErrNewer)
	require.NotErrorIs(t, err, approvals.ErrUnknownOutcome)
	_, err = running.Keyed(ctx, "after")
	require.ErrorIs(t, err, approvals.ErrNoRequest)
	_, err = running.Request(ctx, 1)
	require.NoError(t, err, "it may still look")
	require.ErrorIs(t, running.Current(ctx), ErrNewer, "and says why it does no more")
}

// TestAMigrationThatFailsLeavesEverythingAsItWas, the steps before it included.
func TestAMigrationThatFailsLeavesEverythingAsItWas(t *testing.T) {
	url := postgres.Database(t, "")
	_, err := ask(open(t, url, Options{}), "before")
	require.NoError(t, err)
	broken := with(t, "create table usher.more (word text); drop table usher.seen", "select 1 / 0")
	require.ErrorIs(t, reopen(url, Options{steps: broken}), ErrMigration)
	require.Equal(t, strconv.Itoa(latest(t)), postgres.Value(t, url, "select schema::text from usher.gate"))
	require.Equal(t, "true", postgres.Value(t, url, "select (to_regclass('usher.more') is null)::text"))
	n, err := ask(open(t, url, Options{}), "before")
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	empty := postgres.Database(t, "")
	require.ErrorIs(t, reopen(empty, Options{steps: broken}), ErrMigration)
	require.Equal(t, "true", postgres.Value(t, empty, "select (to_regnamespace('usher') is null)::text"))
}

// TestProgramsThatStartAtOnceMakeOneSchema: one makes it, and the others wait for that.
func TestProgramsThatStartAtOnceMakeOneSchema(t *testing.T) {
	url := postgres.Database(t, "")
	var all sync.WaitGroup
	answers := make([]error, 6)
	for i := range answers {
		all.Go(func() { answers[i] = reopen(url, Options{}) })
	}
	all.Wait()
	for _, err := range answers {
		require.NoError(t, err)
	}
	require.Equal(t, "1", postgres.Value(t, url, "select count(*)::text from usher.gate"))
}

// TestADatabaseOfSomethingElseIsLeftAlone.
func TestADatabaseOfSomethingElseIsLeftAlone(t *testing.T) {
	for _, table := range []string{"create table accounts (id int)", "create schema usher; create table usher.gate (id int)", "create schema usher; create table usher.other (id int)",
		"create schema usher; create table usher.gate (program text, schema int); insert into usher.gate values ('another', 1)"} {
		url := postgres.Database(t, "")
		postgres.Exec(t, url+"&default_query_exec_mode=simple_protocol", table)
		require.ErrorIs(t, reopen(url, Options{}), ErrForeign, table)
		require.Equal(t, "1", postgres.Value(t, url, "select count(*)::text from pg_class where relkind = 'r' and relnamespace in (select oid from pg_namespace where nspname in ('public', 'usher'))"), "nothing was made")
	}
	prepared := postgres.Database(t, "")
	postgres.Exec(t, prepared, "create schema usher")
	require.NoError(t, reopen(prepared, Options{}), "a schema that somebody made for it")
}
