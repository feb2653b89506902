package commandline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/world"
)

// TestMovingToADatabaseAndBack by the commands of docs/operating.md: what has moved is read and not run on, backups of one engine are
// restored into the other, and nobody prints the password.
func TestMovingToADatabaseAndBack(t *testing.T) {
	server := postgres.Own(t)
	w := newOutset(t, slacksim.Options{})
	delete(w.env, config.AuditKeyName)
	w.env["SPARE"] = strings.Replace(server.URL("postgres"), "usher@", "usher:sw0rdfish@", 1)
	file := world.WriteConfig(t, w.config)
	db, err := bolt.Open(w.data, bolt.Options{Life: store.Life{ID: "a-life"}})
	require.NoError(t, err)
	askedIn(t, db)
	require.NoError(t, db.Close())
	does := func(code int, args ...string) world.Answer {
		t.Helper()
		a := world.Usher(t, w.env, append(args, "--data", w.data)...)
		require.Equal(t, code, a.Code, "%v: %s%s", args, a.Out, a.Errors)
		require.NotContains(t, a.Out+a.Errors, "sw0rdfish")
		return a
	}

	require.Contains(t, does(terminal.ExitDone, "migrate", "--from", w.data, "--to", "env:SPARE", "--dry-run").Out, "Nothing stands against it: 1 request, ")
	require.Contains(t, does(terminal.ExitWrong, "migrate", "--from", w.data, "--to", w.data).Errors, "expected two places")
	said := does(terminal.ExitDone, "migrate", "--from", w.data, "--to", "env:SPARE")
	require.Contains(t, said.Out, "moved: 1 request, ")
	require.NotContains(t, said.Out, "(ps)")

	moved := "this database moved to postgres://127.0.0.1:"
	for _, command := range [][]string{{"run", "--config", file}, {"approve", "1"}} {
		require.Contains(t, does(terminal.ExitFailed, command...).Errors, moved, command)
	}
	require.Contains(t, unwrapped(does(terminal.ExitFailed, "check", "--config", file).Out), "failed database "+moved)
	stale, fresh := filepath.Join(t.TempDir(), "stale"), filepath.Join(t.TempDir(), "fresh")
	for _, command := range [][]string{{"audit", "verify"}, {"audit", "export"}, {"backup", stale}} {
		require.Contains(t, does(terminal.ExitDone, command...).Errors, "note: "+moved, command)
	}

	w.env[config.DatabaseURLName] = w.env["SPARE"]
	require.Empty(t, does(terminal.ExitDone, "audit", "verify").Errors)
	does(terminal.ExitDone, "backup", fresh)
	require.Contains(t, does(terminal.ExitFailed, "restore", fresh).Errors, "With --replace what's there is put aside")
	postgres.Exec(t, server.URL("postgres"), "insert into usher.nodes values ('paused', 'v1.2.0', 2, now(), now() - interval '1 minute', now() - interval '45 seconds')")
	require.Regexp(t, `(?s)restored into postgres://127.*What was there is kept as the schema usher_before_\d{8}t\d{6}z.*hasn't ended in order \(version v1\.2\.0, .*It may only be paused: end it.*The next request will be #2\.`, does(terminal.ExitDone, "restore", fresh, "--replace").Out)
	require.Contains(t, does(terminal.ExitDone, "audit", "verify").Out, "ok: 1 entry")
	left, err := os.ReadDir(w.data)
	require.NoError(t, err)
	require.Len(t, left, 1, "but for the file that moved, nothing is in the folder")

	said = does(terminal.ExitDone, "migrate", "--from", w.env["SPARE"], "--to", w.data)
	require.Contains(t, said.Out, "note: while this ran, other accounts on this machine could see the password in --from (ps)")
	require.Contains(t, said.Out, "usher.db.before-")
	require.Contains(t, does(terminal.ExitFailed, "run", "--config", file).Errors, "this database moved to "+w.data+" on ")
	delete(w.env, config.DatabaseURLName)
	require.Empty(t, does(terminal.ExitDone, "audit", "verify").Errors)

	w.data = filepath.Join(t.TempDir(), "anew")
	require.Contains(t, does(terminal.ExitDone, "restore", stale).Out, "The next request will be #1002.")
	require.Empty(t, does(terminal.ExitDone, "audit", "verify").Errors, "a restored database has its own life")

	other := filepath.Join(t.TempDir(), "other")
	does(terminal.ExitDone, "migrate", "--from", w.data, "--to", other)
	require.Contains(t, does(terminal.ExitDone, "restore", fresh).Out, "What was there had moved to "+other+" on ")
}
