package process

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	servers "github.com/usherbot/usher/test/postgres"
)

// shortLease is the lease of a fleet's processes: a pause that outlasts it is to be no long one.
const shortLease = 2 * time.Second

// fleet is several processes of Usher on one database, beside the simulators that all of them share.
type fleet struct {
	*processWorld
	server *servers.Server
	url    string // of the database, past every wire
	each   []*replica
}

// replica is one of them: with a folder of its own, and a way to the database of its own.
type replica struct {
	*processWorld
	wire *wire
	// paused is between SIGSTOP and SIGCONT, down means that nobody is to start it again for the moment.
	paused, down bool
}

// newFleet starts the simulators, a server with a database, and n processes.
func newFleet(t *testing.T, n int, settings ...string) *fleet {
	bin := buildPrograms(t)
	server := servers.Own(t, settings...)
	f := &fleet{processWorld: newProcessWorld(t, bin, vendorsim.Unified), server: server}
	f.configure(strings.Replace(processConfig(f.vendor+"/v1", string(vendorsim.Unified)), "seats: 25", "seats: 1000", 1))
	order[any](f.processWorld, f.vendor+"/sim/limits", obj{"seats": 1000})
	f.url = servers.Create(t, server.URL("postgres"), "")
	f.env[config.AuditKeyName] = strings.Repeat("a0b1c2d3", 8)
	for i := range n {
		w := *f.processWorld
		r := &replica{processWorld: &w, wire: wireTo(t, server.Address())}
		r.data, r.env = filepath.Join(w.data, string(rune('a'+i))), maps.Clone(f.env)
		r.env[config.DatabaseURLName] = strings.Replace(f.url, server.Address(), r.wire.l.Addr().String(), 1)
		t.Cleanup(func() {
			if r.usher != nil {
				r.usher.kill()
			}
		})
		f.each = append(f.each, r)
		r.start()
	}
	f.eventually("all of them hear", func() bool { f.tend(); return f.connections() == 2*n })
	return f
}

// start begins another life and waits for nothing.
func (r *replica) start() {
	r.usher, r.paused, r.down = r.begin(r.logs, r.logs, "run", "--log-level", "debug", "--lease", shortLease.String()), false, false
}

func (r *replica) signal(s syscall.Signal) {
	r.t.Helper()
	r.paused = s == syscall.SIGSTOP
	require.NoError(r.t, r.usher.cmd.Process.Signal(s))
}

// ended reports whether its life is over.
func (r *replica) ended() bool {
	select {
	case <-r.usher.over:
		return true
	default:
		return false
	}
}

// tend is the supervisor: it starts whatever ended with a sentence, as it may where it finds no database.
func (f *fleet) tend() {
	f.t.Helper()
	for _, r := range f.each {
		if r.down || !r.ended() {
			continue
		}
		require.Equal(f.t, terminal.ExitFailed, r.usher.code, "usher run ended by itself")
		r.start()
	}
}

// look reads the database, where it lets itself be read.
func (f *fleet) look(read func(*postgres.Store) error) error {
	db, err := postgres.OpenReadOnly(context.Background(), apiclient.Secret(f.url))
	if err != nil {
		return err
	}
	return errors.Join(read(db), db.Close())
}

// requests are all there are.
func (f *fleet) requests() (all []approvals.Request) {
	f.t.Helper()
	require.NoError(f.t, f.look(func(db *postgres.Store) (err error) {
		all, err = db.Requests(context.Background(), approvals.Filter{All: true}, 10_000)
		return err
	}))
	return all
}

// owes is what the database says is promised, and due soon.
func (f *fleet) owes() (due []outbox.Intent) {
	f.t.Helper()
	require.NoError(f.t, f.look(func(db *postgres.Store) error {
		all, err := db.Intents(context.Background(), "")
		for _, in := range all {
			if in.Due.Before(time.Now().Add(laterLooks)) && !strings.HasPrefix(in.Key, "stray/") {
				due = append(due, in)
			}
		}
		return err
	}))
	return due
}
