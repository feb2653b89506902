package process

import (
	"encoding/json"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// wire is the only way to Slack, or to a database, and can be cut: then whoever connects is hung up on, or is never answered.
type wire struct {
	l net.Listener

	mu     sync.Mutex
	to     string
	cut    bool
	silent bool
	held   []net.Conn
}

func newWire(w *processWorld) *wire {
	c := wireTo(w.t, strings.TrimPrefix(w.slack, "http://"))
	w.env["SLACK_API_URL"] = "http://" + c.l.Addr().String() + "/api/"
	return c
}

// wireTo is a wire that leads to an address.
func wireTo(t *testing.T, to string) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &wire{to: to, l: l}
	t.Cleanup(func() { _ = l.Close(); c.set(true, false) }) // nobody is left to hear that it was closed already
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.carry(conn)
		}
	}()
	return c
}

// set cuts the wire, or mends it; every connection of before is over.
func (c *wire) set(cut, silent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut, c.silent = cut, silent
	for _, conn := range c.held {
		_ = conn.Close() // it may have ended already
	}
	c.held = nil
}

// leads has it lead to another address from now on; every connection of before is over.
func (c *wire) leads(to string) {
	c.mu.Lock()
	c.to = to
	c.mu.Unlock()
	c.set(false, false)
}

// hold keeps a connection for the cut to come; it says where that leads, and whether there is one already.
func (c *wire) hold(conn net.Conn) (to string, cut, silent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = append(c.held, conn)
	return c.to, c.cut, c.silent
}

func (c *wire) carry(conn net.Conn) {
	to, cut, silent := c.hold(conn)
	if cut {
		if !silent {
			_ = conn.Close() // that is all it hears
		}
		return
	}
	far, err := net.Dial("tcp", to)
	if err != nil {
		_ = conn.Close() // the simulator is gone: the test is over
		return
	}
	c.hold(far)
	pass := func(to, from net.Conn) {
		_, _ = io.Copy(to, from) // a cut ends it
		_, _ = to.Close(), from.Close()
	}
	go pass(far, conn)
	pass(conn, far)
}

// decidesBeforeSlackIsThere starts Usher with Slack cut off and decides at the command line. The socket is
// served; what only Slack can tell is not guessed, so the policy does not count what it cannot check; an
// override counts. Once Slack is there, the deed, the cards and the messages follow.
func decidesBeforeSlackIsThere(silent bool) func(w *processWorld) {
	return func(w *processWorld) {
		wire := newWire(w)
		w.configure(strings.Replace(processConfig(w.vendor+"/v1", "unified"), "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB, S0LEADS]\n        need: 2\n", 1))
		w.run()
		w.types("U0ALICE", "/access create jane@acme.example Jane because she asked")
		w.types("U0ALICE", "/access create joe@acme.example Joe because he asked")
		w.clicks("U0BOB", 1, "Approve")
		w.offers(2, "Approve", "Deny", "Edit", "Ask")
		w.eventually("the yes shows", func() bool { return says(w.cards(1), "1 of 2 said yes") })
		w.stop()

		wire.set(true, silent)
		w.usher = w.begin(w.logs, w.logs, "run", "--log-level", "debug")
		var list world.Answer
		w.eventually("the socket is served", func() bool { list = w.command("requests"); return list.Code == terminal.ExitDone })
		require.Contains(w.t, list.Out, "jane@acme.example")
		require.Contains(w.t, list.Out, "(1 of 2 yes)")
		proper := w.command("approve", "1")
		require.Equal(w.t, world.Answered(terminal.ExitFailed, "", "usher: I couldn't check with Slack whether everyone who said yes to #1 can still approve, so I haven't counted your vote. Please try again in a minute.\n"), proper)
		require.Equal(w.t, approvals.Pending, w.state(1))
		require.Equal(w.t, terminal.ExitWrong, w.command("approve", "1", "--override").Code, "an override takes a reason")
		past := w.command("approve", "1", "--override", "--reason", "Slack has been away since the morning")
		require.Equal(w.t, terminal.ExitDone, past.Code, past.Errors)
		require.Contains(w.t, past.Out, "#1 is approved past its policy, which its card and the audit log show; it goes ahead as soon as I can reach Slack")
		no := w.command("deny", "2", "--override", "--reason", "no seat for Joe")
		require.Equal(w.t, terminal.ExitDone, no.Code, no.Errors)
		require.Equal(w.t, approvals.Denied, w.state(2))
		require.Contains(w.t, []approvals.State{approvals.Approved, approvals.Running}, w.state(1))
		require.Zero(w.t, w.effects(""), "as it was said")

		wire.set(false, false)
		w.shows(1, "— done", "Policy overridden", "Slack has been away since the morning")
		w.shows(2, "— denied", "no seat for Joe")
		w.hears("U0ALICE", 1, "ready")
		w.hears("U0ALICE", 2, "no seat for Joe")
		require.Equal(w.t, 1, w.effects(vendorsim.Create))
		w.eventually("it hears again", func() bool { return w.connections() > 0 })

		// Cut off later, it knows the time and does what it can.
		w.types("U0ALICE", "/access create jack@acme.example Jack because he asked")
		w.offers(3, "Approve", "Deny", "Edit", "Ask")
		wire.set(true, silent)
		later := w.command("approve", "3", "--override", "--reason", "away again")
		require.Contains(w.t, later.Out, "the account is being created")
		w.eventually("it is created while Slack is away", func() bool { return w.effects(vendorsim.Create) == 2 })
		wire.set(false, false)
		w.shows(3, "— done", "away again")
		w.hears("U0ALICE", 3, "ready")
		w.stop()
	}
}

// state is how a request stands, as the command line shows it.
func (w *processWorld) state(n int64) approvals.State {
	w.t.Helper()
	var all []approvals.Request
	a := w.command("requests", "--all", "--json")
	require.NoError(w.t, json.Unmarshal([]byte(a.Out), &all), a.Errors)
	for _, r := range all {
		if r.Number == n {
			return r.State
		}
	}
	return ""
}
