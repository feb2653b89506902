package process

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
)

// TestALifeOnADatabase is a request from asking to its end where everything is kept in PostgreSQL: a SIGKILL while the vendor has
// the deed in hand, the next start, which goes on with it once the killed one's lease is over, the commands, and the audit log in
// the end. The password is nowhere.
func TestALifeOnADatabase(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := buildPrograms(t)
	server := postgres.Own(t)
	const password = "s3cret-of-the-database"
	postgres.Exec(t, server.URL("postgres"), "create role guarded login superuser password '"+password+"'")
	w := newProcessWorld(t, bin, vendorsim.Unified)
	w.env[config.AuditKeyName] = strings.Repeat("a0b1c2d3", 8)
	w.env[config.DatabaseURLName] = strings.Replace(server.URL("postgres"), "usher@", "guarded:"+password+"@", 1)
	w.run()
	w.vendorFault(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Slow, When: vendorsim.After, Delay: time.Hour})
	w.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	w.clicks("U0BOB", 1, "Approve")
	w.eventually("the vendor has done it and not answered", func() bool { return w.effects(vendorsim.Create) == 1 })

	w.usher.kill()
	w.heal()
	w.run()
	w.shows(1, "— done", "<@U0BOB>")
	w.hears("U0ALICE", 1, "ready")
	for _, command := range [][]string{{"requests", "--all"}, {"audit", "verify"}, {"metrics"}, {"who", "app=seranking"}, {"tasks"}} {
		a := w.command(command...)
		require.Equal(t, terminal.ExitDone, a.Code, "%v: %s", command, a.Errors)
	}
	w.stop()
	require.Equal(t, 1, w.effects(""), "done once")
	require.Len(t, w.dm("U0ALICE"), 1)
	audited(w)
	require.NoFileExists(t, filepath.Join(w.data, "usher.db"))
	require.Equal(t, "0", postgres.Value(t, server.URL("postgres"), "select count(*)::text from usher.nodes"), "nobody has to wait for who ended in order")
	require.NotContains(t, w.logs.String(), password)
}

// TestADatabaseThatGoesAway: at a start it's waited for; while it is away, people are told that nothing was saved, and nothing is lost;
// when it's back, everything goes on without anybody's help.
func TestADatabaseThatGoesAway(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := buildPrograms(t)
	server := postgres.Own(t)
	w := newProcessWorld(t, bin, vendorsim.Unified)
	w.env[config.DatabaseURLName] = server.URL("postgres")
	require.NoError(t, server.Stop())
	w.usher = w.begin(w.logs, w.logs, "run", "--log-level", "debug")
	w.eventually("it waits", func() bool {
		return strings.Contains(w.logs.String(), "the database can't be reached; trying again for a while")
	})
	require.NoError(t, server.Start())
	w.eventually("it is connected", func() bool { return w.connections() > 0 })

	w.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	w.offers(1, "Approve", "Deny", "Edit", "Ask")
	require.NoError(t, server.Kill())
	w.acts("click", w.button("U0BOB", 1, "Approve"))
	w.sees("U0BOB", "I can't get at my database right now, so nothing was saved")
	out := w.acts("type", obj{"user": "U0ERIN", "channel": "C0GENERAL", "text": "/access create jack@acme.example Jack because he starts"})
	require.True(t, out.Acked)
	require.Contains(t, string(out.Payload), "I can't get at my database right now")
	require.NoError(t, server.Start())
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done", "<@U0BOB>")
	w.hears("U0ALICE", 1, "ready")
	w.stop()
	require.Equal(t, 1, w.effects(""))
	audit := w.command("audit", "verify")
	require.Equal(t, terminal.ExitDone, audit.Code, audit.Errors)
}

// TestADatabaseInTrouble: one that is slow, whose disk is full, and whose connection ends in the middle of a decision, before the COMMIT is heard
// or before it's answered. People are answered in time or told that nothing was saved, and each request is decided and done once.
func TestADatabaseInTrouble(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := buildPrograms(t)
	server := postgres.Own(t)
	w := newProcessWorld(t, bin, vendorsim.Unified)
	r := relayTo(t, server.Address())
	at := server.URL("postgres")
	w.env[config.DatabaseURLName] = r.through(at)
	w.run()
	asks := func(n int, who string) {
		w.types("U0ALICE", "/access create "+who+"@acme.example "+who+" because of a project")
		w.offers(n, "Approve", "Deny", "Edit", "Ask")
	}
	done := func(n int, by string) {
		w.shows(n, "— done", "<@"+by+">")
		w.hears("U0ALICE", n, "ready")
	}
	r.lags(30 * time.Millisecond)
	asks(1, "jane")
	w.clicks("U0BOB", 1, "Approve")
	done(1, "U0BOB")
	r.lags(0)

	full := []string{"create function public.full() returns trigger language plpgsql as $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$",
		"create trigger full_disk before insert on usher.audit for each row execute function public.full()"}
	asks(2, "jack")
	for _, sql := range full {
		postgres.Exec(t, at, sql)
	}
	w.acts("click", w.button("U0BOB", 2, "Approve"))
	w.sees("U0BOB", "I can't get at my database right now, so nothing was saved")
	out := w.acts("type", obj{"user": "U0ERIN", "channel": "C0GENERAL", "text": "/access create june@acme.example June because she starts"})
	require.True(t, out.Acked)
	require.Contains(t, string(out.Payload), "I can't get at my database right now")
	postgres.Exec(t, at, "drop trigger full_disk on usher.audit")
	w.clicks("U0ERIN", 2, "Approve") // Bob's would be a double click
	done(2, "U0ERIN")

	for i, heard := range []bool{false, true} {
		n := 3 + i
		asks(n, []string{"josh", "judy"}[i])
		r.cutsAt("approved", heard)
		w.clicks("U0BOB", n, "Approve")
		done(n, "U0BOB")
		require.True(t, r.wasCut())
	}
	w.stop()
	require.Equal(t, 4, w.effects(""))
	audit := w.command("audit", "verify")
	require.Equal(t, terminal.ExitDone, audit.Code, audit.Errors)
}
