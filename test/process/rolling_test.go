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
