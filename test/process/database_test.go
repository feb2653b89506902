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
