package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Where TestMain leaves for the tests of its package the address of the server, or why there is none.
const (
	atEnv   = "USHER_TEST_POSTGRES"
	noneEnv = "USHER_TEST_POSTGRES_NONE"
)

// Main runs the tests of a package with a server beside them. One whose address stands in USHER_TEST_POSTGRES already
// (postgres://user@host:port/database) is used as it is.
func Main(m *testing.M) int {
	if os.Getenv(atEnv) != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "usher-postgres-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := Make(dir)
	if errors.Is(err, ErrNone) {
		_ = os.Setenv(noneEnv, err.Error())
		return m.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = s.Kill() }()
	_ = os.Setenv(atEnv, s.URL("postgres"))
	return m.Run()
}

// Database is the address of a new database on the server of this package's tests, and skips the test where there is none.
// Where from is not empty, it begins as a copy of that database, which nobody may be connected to.
func Database(t testing.TB, from string) string {
	t.Helper()
	at := os.Getenv(atEnv)
	if at == "" {
		require.NotEmpty(t, os.Getenv(noneEnv), "the package's TestMain must call postgres.Main")
		t.Skip(os.Getenv(noneEnv))
	}
	return Create(t, at, from)
}

// Own is a server that one test has for itself; it is stopped when the test ends.
func Own(t testing.TB, settings ...string) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "usher-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	s, err := Make(dir, settings...)
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Kill()) })
	return s
}

// Follower is a standby of a server, which answers as one does until Promote.
func Follower(t testing.TB, s *Server) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "usher-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	by, err := s.Standby(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, by.Kill()) })
	return by
}

// Fall has a standby hear nothing more of the server that it follows, once it has all that is committed there by now.
func Fall(t testing.TB, behind, s *Server) {
	t.Helper()
	at := Value(t, s.URL("postgres"), "select pg_current_wal_lsn()::text")
	until(t, behind, "select (pg_last_wal_replay_lsn() >= '"+at+"')::text")
	Exec(t, behind.URL("postgres"), "alter system set primary_conninfo = ''")
	Exec(t, behind.URL("postgres"), "select pg_reload_conf()")
	until(t, behind, "select (not exists (select from pg_stat_wal_receiver))::text")
}

// Promote has a standby take over.
func Promote(t testing.TB, s *Server) {
	t.Helper()
	require.Equal(t, "true", Value(t, s.URL("postgres"), "select pg_promote()::text"))
}

// until asks until the answer is yes.
func until(t testing.TB, s *Server, sql string) {
	t.Helper()
	require.Eventually(t, func() bool { return Value(t, s.URL("postgres"), sql) == "true" }, time.Minute, 20*time.Millisecond, sql)
}

// Create makes a new database on the server of an address, and returns its address.
func Create(t testing.TB, at, from string) string {
	t.Helper()
	name := "t" + strings.ToLower(rand.Text())
	sql := "create database " + name
	if from != "" {
		u, err := url.Parse(from)
		require.NoError(t, err)
		sql += " template " + pgx.Identifier{strings.TrimPrefix(u.Path, "/")}.Sanitize()
	}
	Exec(t, at, sql)
	u, err := url.Parse(at)
	require.NoError(t, err)
	u.Path = "/" + name
	t.Cleanup(func() {
		if conn, err := pgx.Connect(context.Background(), at); err == nil {
			_, _ = conn.Exec(context.Background(), "drop database if exists "+name+" with (force)")
			_ = conn.Close(context.Background())
		}
	})
	return u.String()
}

// Exec runs a statement on a connection of its own.
func Exec(t testing.TB, at, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), at)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(context.Background(), sql, args...)
	require.NoError(t, err, sql)
}

// Value is the one value that a statement returns, as text.
func Value(t testing.TB, at, sql string, args ...any) (value string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), at)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	require.NoError(t, conn.QueryRow(context.Background(), sql, args...).Scan(&value), sql)
	return value
}
