package process

import (
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	servers "github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/world"
)

// TestARollingRestartLeavesNoClickUnacknowledged: of two processes one after the other is told to end and is started again, while somebody
// goes on clicking, a hundred times a second. Each click is acknowledged, by who is told to end, until its goodbye, or by the other. What
// Slack hands to a connection while its goodbye is on the way can't be: once in a dozen restarts one click at that pace, so a restart with
// one is played again.
func TestARollingRestartLeavesNoClickUnacknowledged(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFleet(t, 2)
	f.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	f.offers(1, "Approve", "Deny", "Edit", "Ask")
	press := f.button("U0ALICE", 1, "Approve") // her own request: she is told that somebody else decides
	for range 5 {
		clicks, missed := f.rolled(press)
		t.Logf("%d clicks, and not acknowledged: %+v", clicks, missed)
		require.Greater(t, clicks, 10)
		require.LessOrEqual(t, len(missed), 2*len(f.each), "one for each goodbye")
		if len(missed) == 0 {
			f.outdated()
			return
		}
	}
	t.Fatal("in each of five rolling restarts a click was lost")
}

// rolled ends and starts each process while somebody presses a button, and counts how often that was, and what wasn't acknowledged.
func (f *fleet) rolled(press obj) (clicks int, missed []slacksim.Outcome) {
	var over atomic.Bool
	var clicking errgroup.Group
	clicking.Go(func() error {
		pace := time.NewTicker(10 * time.Millisecond)
		defer pace.Stop()
		for ; !over.Load(); <-pace.C {
			clicks++
			if out := f.acts("click", press); !out.Acked {
				missed = append(missed, out)
			}
		}
		return nil
	})
	for _, r := range f.each {
		r.signal(syscall.SIGTERM)
		require.True(f.t, world.Waited(world.Patience, r.ended), "it ends")
		if !strings.Contains(r.logs.String(), "didn't come to rest in time") {
			require.Equal(f.t, terminal.ExitDone, r.usher.code)
		}
		r.start()
		f.eventually("both hear", func() bool { return f.connections() == 2*len(f.each) })
	}
	over.Store(true)
	require.NoError(f.t, clicking.Wait())
	return clicks, missed
}

// outdated has the database be a newer program's: those that run say that they're not ready, and why, and keep nothing more.
func (f *fleet) outdated() {
	f.t.Helper()
	servers.Exec(f.t, f.url, "update usher.gate set schema = schema + 1")
	for _, r := range f.each {
		ready := r.command("check", "--ready")
		require.Equal(f.t, terminal.ExitFailed, ready.Code)
		require.Contains(f.t, ready.Out+ready.Errors, "a newer Usher has changed the database, so this one decides nothing any more")
	}
	out := f.acts("type", obj{"user": "U0ERIN", "channel": "C0GENERAL", "text": "/access create jack@acme.example Jack because he starts"})
	require.NotContains(f.t, string(out.Payload), "sent")
	f.eventually("the log says why", func() bool { return strings.Contains(f.logs.String(), "the database was written by a newer Usher") })
	servers.Exec(f.t, f.url, "update usher.gate set schema = schema - 1")
	require.Len(f.t, f.requests(), 1)
}
