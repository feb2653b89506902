package process

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/store"
	database "github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/world"
)

// three are the demo's bots once all of them are as expected.
func (d *demoProcess) three(what string, are func(demo.Bot) bool) (all []demo.Bot) {
	d.t.Helper()
	require.True(d.t, world.Waited(world.Patience, func() bool {
		all = demoSays[demo.Break](d, "/break/state").Bots
		for _, b := range all {
			if !are(b) {
				return false
			}
		}
		return len(all) == 3
	}), "%s: %+v", what, &all)
	return all
}

func alive(b demo.Bot) bool { return b.Alive && !b.Down }

// approvesWhile has Bob say yes while something happens, until it's done.
func (d *demoProcess) approvesWhile(name string, happens func()) {
	d.t.Helper()
	d.asks(name)
	raw, ok := pressing(d.card(name+"@acme.example"), "Approve", "U0BOB")
	require.True(d.t, ok)
	pressed := make(chan error, 1)
	go func() {
		response, err := http.Post(d.address+"/page/click", "application/json", bytes.NewReader(raw))
		if err == nil {
			err = response.Body.Close()
		}
		pressed <- err
	}()
	happens()
	require.NoError(d.t, <-pressed)
	d.approved(name)
}

// TestThreeBotsShareADatabase: each is killed amid approvals, one is taken down, all are killed, and the database's connections are cut; nothing
// is lost or done twice. Time goes on for all of them, and the next demo on that database goes on where this one was.
func TestThreeBotsShareADatabase(t *testing.T) {
	t.Parallel() // it mostly waits
	server := postgres.Own(t)
	const password = "s3cret-of-the-demo"
	postgres.Exec(t, server.URL("postgres"), "create role guarded login superuser password '"+password+"'")
	url := strings.Replace(postgres.Create(t, server.URL("postgres"), ""), "usher@", "guarded:"+password+"@", 1)
	d := startDemo(t, "--addr", "127.0.0.1:0", "--postgres", url)
	d.three("all are there", alive)
	require.Len(t, d.bots(), 3)
	done := 0
	for _, way := range []string{"bots/1/kill", "bots/2/kill", "bots/3/kill", "kill", "database", "bots/1/down"} {
		d.approvesWhile(fmt.Sprintf("jane%c", 'a'+done), func() {
			require.True(t, world.Waited(world.Patience, func() bool { return d.breaks(way) == "" }), way)
		})
		done++
		d.counts(done)
	}
	require.True(t, demoSays[demo.Break](d, "/break/state").Bots[0].Down)
	type kept struct {
		Silent   string
		Requests []struct{ Number int }
		Audit    struct {
			Entries int
			Broken  string
		}
	}
	k := demoSays[kept](d, "/world/store")
	require.Len(t, k.Requests, done, "read from one that is there")
	require.Empty(t, k.Silent+k.Audit.Broken)
	require.Greater(t, k.Audit.Entries, done)
	require.Empty(t, d.breaks("bots/1/mend"))
	d.three("all are there again", alive)

	require.Empty(t, d.breaks("jump/monday"))
	all := d.three("all are there on Monday", alive)
	require.Greater(t, all[0].Lived+all[1].Lived+all[2].Lived, 3+5+3)
	require.True(t, world.Waited(world.Patience, func() bool { return len(d.messages("U0ADMIN", "C0REPORTS")) == 1 }), "one digest of three")
	d.counts(done)
	d.asks("joe")
	another := beginDemo(t, "--addr", "127.0.0.1:0", "--postgres", url)
	require.Equal(t, terminal.ExitFailed, another.code())
	require.Contains(t, another.errs.String(), "usher: another demo runs on this database: end it first")
	require.Equal(t, terminal.ExitDone, d.stop())

	next := startDemo(t, "--addr", "127.0.0.1:0", "--postgres", url)
	next.approved("joe")
	require.Len(t, next.messages("U0BOB", "C0APPROVE"), 1, "what was settled isn't shown again")
	next.counts(1)
	require.Equal(t, terminal.ExitDone, next.stop())
	for _, said := range []*demoProcess{d, another, next} {
		require.NotContains(t, said.out.String()+said.errs.String(), password)
	}
}

// TestADatabaseThatIsNoDemos: one of somebody else's, of an Usher's, one that isn't there, and an address that is none: each in a sentence, without
// the password, and nothing is changed.
func TestADatabaseThatIsNoDemos(t *testing.T) {
	t.Parallel() // it mostly waits
	server := postgres.Own(t)
	at := server.URL("postgres")
	const password = "s3cret-of-the-demo"
	postgres.Exec(t, at, "create role guarded login superuser password 'another'")
	theirs, real := postgres.Create(t, at, ""), postgres.Create(t, at, "")
	postgres.Exec(t, theirs, "create table invoices (n int)")
	s, err := database.Open(context.Background(), apiclient.Secret(real), database.Options{Life: store.Life{ID: "a1b2c3", Since: time.Now()}})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	for url, row := range map[string]struct {
		say  string
		code int
	}{
		theirs: {"this database belongs to something else, so nothing was changed in it; give Usher one of its own: it has the table public.invoices", terminal.ExitFailed},
		real:   {"an Usher that's no demo keeps its data in postgres://127.0.0.1:", terminal.ExitFailed},
		strings.Replace(at, "usher@", "guarded:"+password+"@", 1):         {"the database refuses the user or the password of --postgres", terminal.ExitFailed},
		"postgres://usher:" + password + "@127.0.0.1:1/demo":              {"no PostgreSQL answers at 127.0.0.1:1", terminal.ExitFailed},
		"postgres://usher:" + password + "@127.0.0.1:port/demo":           {"--postgres isn't an address of a PostgreSQL database: it reads postgres://USER:PASSWORD@HOST:PORT/DATABASE", terminal.ExitWrong},
		"postgres://usher:" + password + "@127.0.0.1:5432/demo?x=%zz&y=1": {"--postgres isn't an address of a PostgreSQL database", terminal.ExitWrong},
	} {
		d := beginDemo(t, "--addr", "127.0.0.1:0", "--postgres", url)
		require.Equal(t, row.code, d.code(), url)
		require.Empty(t, d.out.String())
		require.Contains(t, d.errs.String(), row.say)
		require.NotContains(t, d.errs.String(), password)
		require.Equal(t, 1, strings.Count(d.errs.String(), "\n"), d.errs)
	}
	require.Equal(t, "1", postgres.Value(t, theirs, "select count(*)::text from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
	require.Equal(t, "0", postgres.Value(t, real, "select count(*)::text from usher.nodes"))
}
