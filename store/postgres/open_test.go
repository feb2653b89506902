package postgres

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/postgres"
)

// TestWhyADatabaseIsNotOpened: each trouble is a sentence that says what to do, and none has the password in it.
func TestWhyADatabaseIsNotOpened(t *testing.T) {
	url := postgres.Database(t, "")
	postgres.Exec(t, url, "do $$ begin create role guarded login password 'the right one'; exception when duplicate_object then null; end $$")
	frozen := postgres.Database(t, "")
	postgres.Exec(t, frozen, "do $$ begin execute 'alter database ' || current_database() || ' set default_transaction_read_only = on'; end $$")
	with := func(user string) string { return strings.Replace(url, "usher@", user+"@", 1) }
	missing := url[:strings.LastIndex(url, "/")] + "/t0nothere?sslmode=disable"
	for name, c := range map[string]struct{ url, says string }{
		"wrong password": {with("guarded:sw0rdfish"), "refuses the user or the password of USHER_DATABASE_URL"},
		"no database":    {strings.Replace(missing, "usher@", "usher:sw0rdfish@", 1), "there is no such database; have it made first (CREATE DATABASE)"},
		"nobody there":   {"postgres://usher:sw0rdfish@127.0.0.1:1/usher", "no PostgreSQL answers at 127.0.0.1:1"},
		"no address":     {"postgres://usher:sw0rdfish%zz@127.0.0.1/usher", "USHER_DATABASE_URL isn't an address of a PostgreSQL database"},
		"no port":        {"postgres://usher:sw0rdfish@127.0.0.1:port/usher", "USHER_DATABASE_URL isn't an address of a PostgreSQL database"},
		"may not":        {with("guarded:the%20right%20one"), "this user may not make the tables; let it own the database"},
		"read-only":      {frozen, "it is read-only, or a standby"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			_, err := Open(ctx, apiclient.Secret(c.url), Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			require.ErrorContains(t, err, c.says)
			for _, word := range []string{"sw0rdfish", "the right one", "the%20right"} {
				require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err)+log.String(), word)
			}
		})
	}
	_, err := Open(ctx, apiclient.Secret(url), Options{oldest: 99})
	require.ErrorIs(t, err, ErrOld)
	require.ErrorContains(t, err, "and this is ")
}

// TestADatabaseThatBecomesReadOnly is an error that keeps nothing, and is over when it is, without a start.
func TestADatabaseThatBecomesReadOnly(t *testing.T) {
	url := postgres.Database(t, "")
	s := open(t, url, Options{})
	turn := func(how string) {
		postgres.Exec(t, url, "do $$ begin execute 'alter database ' || current_database() || ' set default_transaction_read_only = "+how+"'; end $$")
		s.pool.Reset()
	}
	turn("on")
	_, err := ask(s, "key")
	require.Equal(t, "25006", code(err))
	require.NotErrorIs(t, err, approvals.ErrUnknownOutcome)
	_, err = s.Requests(ctx, approvals.Filter{All: true}, 10)
	require.NoError(t, err, "it can be read")
	// Whoever turns it back is on a connection of their own, which begins read-only too.
	postgres.Exec(t, url+"&default_transaction_read_only=off", "do $$ begin execute 'alter database ' || current_database() || ' reset default_transaction_read_only'; end $$")
	n, err := ask(s, "key")
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

// TestAServerThatIsStartedAgain, stopped in good order or killed: what was kept is there, meanwhile nothing is kept and nothing
// hangs, and the store goes on by itself.
func TestAServerThatIsStartedAgain(t *testing.T) {
	server := postgres.Own(t)
	s := open(t, server.URL("postgres"), Options{})
	var keys []string
	for i, end := range []func() error{server.Stop, server.Kill} {
		keys = append(keys, fmt.Sprint("key", i))
		_, err := ask(s, keys[i])
		require.NoError(t, err)
		require.NoError(t, end())
		_, err = ask(s, "nobody hears this")
		require.Error(t, err)
		require.NotErrorIs(t, err, approvals.ErrUnknownOutcome)
		_, err = s.Keyed(ctx, keys[i])
		require.Error(t, err)
		require.NotErrorIs(t, err, approvals.ErrNoRequest, "it could not be found out")
		require.NoError(t, server.Start())
	}
	once(t, server.URL("postgres"), keys...)
	_, err := ask(s, "last")
	require.NoError(t, err)
}
