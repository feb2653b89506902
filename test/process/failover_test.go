package process

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	servers "github.com/usherbot/usher/test/postgres"
)

// TestFailover: a standby takes over that hasn't what was committed last, under three processes that go on. #1 is on it; #2 is on
// it as it was before it was approved and carried out; #3, whose card stands, is gone. That is found, and told once to the admins, to who asked
// for #3 and to who approved #2. The card of #2 can be decided again, which creates nothing twice and says why, and what #3 wanted is
// asked for again under another number. The audit log says what it lacks.
func TestFailover(t *testing.T) {
	t.Parallel() // it mostly waits
	f := newFleet(t, 3)
	standby := servers.Follower(t, f.server)
	f.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	f.clicks("U0BOB", 1, "Approve")
	f.shows(1, "— done")
	f.hears("U0ALICE", 1, "ready")
	f.types("U0ALICE", "/access create joe@acme.example Joe because he starts")
	f.eventually("the card stands", func() bool { return f.decidable(2) })
	f.eventually("nothing is owed", func() bool { return len(f.owes()) == 0 })
	servers.Fall(t, standby, f.server)
	f.clicks("U0BOB", 2, "Approve")
	f.shows(2, "— done")
	f.hears("U0ALICE", 2, "ready")
	f.types("U0DAVE", "/access create jill@acme.example Jill because she starts")
	f.eventually("the card stands", func() bool { return f.decidable(3) })
	f.again = nil
	head := f.head()

	f.failsOver(standby)
	f.eventually("everybody hears of it", func() bool {
		f.tend()
		return f.told("U0ADMIN", "gone on from a copy of itself") > 0 && f.told("U0ADMIN", "Gone altogether", "#3") > 0 &&
			f.told("U0DAVE", "You asked for #3: please ask again") > 0 && f.told("U0BOB", "What you did with #2") > 0
	})
	// A look that was owed when the standby took over changes the card, and a press on what it no longer shows isn't counted.
	f.eventually("#2 is decided once more", func() bool {
		if f.decidable(2) {
			f.acts("click", f.button("U0BOB", 2, "Approve"))
		}
		return f.offering(2) && says(f.cards(2), "joe@acme.example already has an account")
	})
	f.clicks("U0BOB", 3, "Approve")
	f.sees("U0BOB", "#3")
	f.types("U0DAVE", "/access create jill@acme.example Jill because she starts")
	again := f.numbered("jill@acme.example", 3)
	f.clicks("U0BOB", again, "Approve")
	f.shows(again, "— done")
	f.hears("U0DAVE", again, "ready")
	f.eventually("nothing is owed", func() bool { return len(f.owes()) == 0 })
	require.Equal(t, 3, f.effects(vendorsim.Create))
	require.Equal(t, []int{1, 1, 1, 1}, []int{f.told("U0ADMIN", "gone on from a copy of itself"), f.told("U0ADMIN", "Gone altogether", "#3"),
		f.told("U0DAVE", "You asked for #3"), f.told("U0BOB", "What you did with #2")})
	require.NoError(t, f.look(func(db *postgres.Store) error { return db.Check(context.Background()) }))
	a := f.each[0].command("audit", "verify")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "went on from a copy of itself")
	a = f.each[0].command("audit", "verify", "--head", head)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "so this head is of what's gone")
}

// failsOver has a standby take over under processes that go on.
func (f *fleet) failsOver(to *servers.Server) {
	f.t.Helper()
	require.NoError(f.t, f.server.Kill())
	servers.Promote(f.t, to)
	for _, r := range f.each {
		r.wire.leads(to.Address())
	}
	f.url, f.server = strings.Replace(f.url, f.server.Address(), to.Address(), 1), to
}

// told is how many direct messages somebody has that say all of this.
func (f *fleet) told(who string, say ...string) (n int) {
	for _, m := range f.dm(who) {
		if says([]slacksim.Message{m}, say...) {
			n++
		}
	}
	return n
}

// numbered is the request for an account that has a higher number than another.
func (f *fleet) numbered(email string, than int64) (n int) {
	f.t.Helper()
	f.eventually("it is asked for", func() bool {
		for _, r := range f.requests() {
			if r.Number > than && string(r.Change.Email) == email {
				n = int(r.Number)
			}
		}
		return n != 0
	})
	return n
}

// head is the end of the audit log, as a digest posts it.
func (f *fleet) head() (head string) {
	f.t.Helper()
	require.NoError(f.t, f.look(func(db *postgres.Store) error {
		return db.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
			var e approvals.Entry
			err := json.Unmarshal(line, &e)
			head = approvals.Head{Seq: e.Seq, Hash: e.Hash}.String()
			return err
		})
	}))
	return head
}
