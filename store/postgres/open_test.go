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

// TestNothingGoesOverTheNetworkInTheClear unless the address says that it may: the library would try without TLS where a server has
// none. This machine itself is no network.
func TestNothingGoesOverTheNetworkInTheClear(t *testing.T) {
	for url, clear := range map[string]bool{
		"postgres://u:p@db.example/usher":                   false,
		"postgres://u:p@10.0.0.7:6432/usher":                false,
		"postgres://u:p@one.example,two.example/usher":      false,
		"postgres://u:p@db.example/usher?sslmode=verify-ca": false,
		"postgres://u:p@db.example/usher?sslmode=require":   false,
		"postgres://u:p@db.example/usher?sslmode=prefer":    true,
		"postgres://u:p@db.example/usher?sslmode=disable":   true,
		"postgres://u:p@localhost/usher":                    true,
		"postgres://u:p@127.0.0.1/usher":                    true,
		"postgres://u:p@[::1]/usher":                        true,
		"postgres:///usher?host=/var/run/postgresql":        true,
	} {
		config, err := configOf(apiclient.Secret(url), 1)
		require.NoError(t, err, url)
		is := config.ConnConfig.TLSConfig == nil
		for _, f := range config.ConnConfig.Fallbacks {
			is = is || f.TLSConfig == nil
		}
		require.Equal(t, clear, is, url)
	}
}

// TestAServerWithoutTLS is not asked in the clear, and the sentence says what to do about it.
func TestAServerWithoutTLS(t *testing.T) {
	url := strings.Replace(postgres.Database(t, ""), "?sslmode=disable", "?sslmode=require", 1)
	_, err := Open(ctx, apiclient.Secret(url), Options{})
	require.ErrorContains(t, err, "has no TLS, and without it the password would go over the network in the clear")
}

// TestADatabaseIsReadBesideWhoRunsOnIt, and also where it can only be read; what is opened so keeps nothing.
func TestADatabaseIsReadBesideWhoRunsOnIt(t *testing.T) {
	url := postgres.Database(t, "")
	_, err := OpenReadOnly(ctx, apiclient.Secret(url))
	require.ErrorIs(t, err, ErrEmpty)
	runs := open(t, url, Options{})
	_, err = ask(runs, "key")
	require.NoError(t, err)
	postgres.Exec(t, url, "do $$ begin execute 'alter database ' || current_database() || ' set default_transaction_read_only = on'; end $$")
	s, err := OpenReadOnly(ctx, apiclient.Secret(url))
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	r, err := s.Keyed(ctx, "key")
	require.NoError(t, err)
	require.EqualValues(t, 1, r.Number)
	require.NoError(t, s.Check(ctx))
	_, err = ask(s, "another")
	require.ErrorIs(t, err, errReading)
}
