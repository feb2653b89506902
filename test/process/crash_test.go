package process

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// killKind is a kind of request, from asking to its end.
type killKind struct {
	name, by, ask string
	// decide is what people do once the card stands; nil: nothing.
	decide func(k *killRun)
	state  approvals.State // "" for a report, which is no request
	op     vendorsim.Op    // what has an effect at the vendor's, once; "": nothing has
	tells  int             // messages to the requester
	// expires is when an undecided request closes itself; "" the default.
	expires string
	// admin says that the admin may have a card of her own.
	admin bool
	// from is the call to Slack with which this kind parts from the others: kills begin there. "": at once.
	from string
}

var killKinds = []killKind{
	{name: "create", by: "U0ALICE", ask: "create jane@acme.example Jane Smith because she starts", decide: (*killRun).approves, state: approvals.Done, op: vendorsim.Create, tells: 1},
	{name: "share", by: "U0ALICE", ask: "share priya.nair@acme.example 103,106 because she audits them", decide: (*killRun).approves, state: approvals.Done, op: vendorsim.SetShares, tells: 1},
	{name: "unshare", by: "U0ALICE", ask: "unshare amira.haddad@acme.example 105 because it moved", decide: (*killRun).approves, state: approvals.Done, op: vendorsim.SetShares, tells: 1},
	{name: "update", by: "U0ALICE", ask: "update wei.chen@acme.example access=report_scheduled because of her new role", decide: (*killRun).approves, state: approvals.Done, op: vendorsim.Update, tells: 1},
	{name: "delete", by: "U0ALICE", ask: "delete dale@globex.example because the project ended", decide: (*killRun).approves, state: approvals.Done, op: vendorsim.Delete, tells: 1},
	{name: "deny", by: "U0ALICE", ask: "create jane@acme.example Jane because she starts", decide: (*killRun).denies, state: approvals.Denied, tells: 1},
	{name: "cancel", by: "U0ALICE", ask: "create jane@acme.example Jane because she starts", decide: (*killRun).cancels, state: approvals.Canceled},
	{name: "report", by: "U0ADMIN", ask: "report weekly-seats"},
	{name: "expiry", by: "U0ALICE", ask: "create jane@acme.example Jane because she starts", expires: "6s", state: approvals.Expired, tells: 1, from: "chat.update"},
	{name: "doubt", by: "U0ALICE", ask: "create jane@acme.example Jane because she starts", decide: (*killRun).doubts, state: approvals.Done, op: vendorsim.Create, tells: 1, admin: true, from: "conversations.open"},
}

// killStage is a moment in the life of the process, as its neighbours see it: a call that has arrived
// and is not answered (it hangs there until the caller is gone), or an acknowledgement.
type killStage struct {
	slack  *slacksim.Fault
	vendor *vendorsim.Fault
	ack    int // that many envelopes have been acknowledged
	// deafens: the process is not killed here, but from now on Slack hears nothing that it says over
	// Socket Mode, so that the acknowledgement of what it has in hand is lost.
	deafens bool
}

func (s killStage) String() string {
	side := map[bool]string{true: "after", false: "before"}
	switch {
	case s.slack != nil && s.deafens:
		return "ack lost"
	case s.slack != nil:
		return fmt.Sprintf("%s %s %d", side[s.slack.After], s.slack.Method, s.slack.Skip+1)
	case s.vendor != nil && s.vendor.Kind == vendorsim.Late:
		return fmt.Sprintf("%s %d arrives later", s.vendor.Match.Op, s.vendor.Match.Nth)
	case s.vendor != nil:
		return fmt.Sprintf("%s %s %d", side[s.vendor.When == vendorsim.After], s.vendor.Match.Op, s.vendor.Match.Nth)
	}
	return fmt.Sprintf("ack %d", s.ack)
}

// killRun is one request being carried through the lives of the process.
type killRun struct {
	*processWorld
	kind   killKind
	stages []killStage // yet to come; the first one is waited for
	kills  int
	late   bool // killed only when all was done
	// arrivesLater: the vendor gets to what the first life asked when that life is over.
	arrivesLater bool
	acked        int // envelopes acknowledged
	tries        int // times the request was asked
	// Calls up to here are of earlier stages.
	heard, served int
}

// TestKill ends Usher with SIGKILL at every call it makes and every acknowledgement it gives on the way of each kind of
// request, before and after a call has its effect, starts it again and holds: what was acknowledged happened exactly once, the
// requester was told exactly once, the card tells the truth and offers nothing, and the audit log is whole. The points
// are found by playing each kind once undisturbed. An expiry and a doubt are struck from where they part from the others.
// Without -every one point in four is played; each place is struck inside one process by TestCrashMatrix as well.
func TestKill(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := buildPrograms(t)
	rows := killRows(t, bin)
	begun := time.Now()
	var kills, late atomic.Int64
	tired := world.Tired(t, false)
	t.Run("killed", func(t *testing.T) {
		inTurn(t, len(rows), func(i int) string { return fmt.Sprint(rows[i].kind.name, " ", rows[i].stages) }, func(t *testing.T, i int) {
			if time.Now().After(tired) {
				t.Skip("the machine is too busy for all of them")
			}
			k := playKilled(t, bin, rows[i])
			kills.Add(int64(k.kills))
			if k.late {
				late.Add(1)
			}
		})
	})
	t.Logf("%d kills in %d runs, %v; %d of them when all was done, because the call they waited for did not come",
		kills.Load(), len(rows), time.Since(begun).Round(time.Second), late.Load())
	require.Less(t, late.Load(), int64(len(rows)/5), "nearly every kill comes at its call")
}

// killRow is one run: a kind of request, and the moments at which the process dies on the way.
type killRow struct {
	kind    killKind
	dialect vendorsim.Dialect
	stages  []killStage
}

// in is a row in one of the two dialects of the vendor, which take turns.
func in(turn int, kind killKind, stages []killStage) killRow {
	return killRow{kind, []vendorsim.Dialect{vendorsim.Unified, vendorsim.Legacy}[turn%2], stages}
}

// waits reports that the process dies with a post on its way, whose fate the next life waits up to a minute to learn.
func (r killRow) waits() bool {
	return slices.ContainsFunc(r.stages, func(s killStage) bool { return s.slack != nil && s.slack.Method == "chat.postMessage" })
}

// killRows plays each kind once undisturbed, and makes a row of each call that was made, or of one in four.
func killRows(t *testing.T, bin string) (rows []killRow) {
	found := make([][][]killStage, len(killKinds))
	t.Run("undisturbed", func(t *testing.T) {
		inTurn(t, len(killKinds), func(i int) string { return killKinds[i].name }, func(t *testing.T, i int) {
			found[i] = killPoints(i, playKilled(t, bin, in(i, killKinds[i], nil)))
		})
	})
	// What takes longest is begun first: nearly all of it is waiting, beside which the others are played. The last kinds
	// take longer than the first.
	var others []killRow
	for i, kind := range slices.Backward(killKinds) {
		require.NotEmpty(t, found[i], kind.name)
		for n, stages := range found[i] {
			if !*world.Every && n%4 != i%4 {
				continue
			}
			if row := in(len(rows)+len(others), kind, stages); row.waits() {
				rows = append(rows, row)
			} else {
				others = append(others, row)
			}
		}
	}
	return append(rows, others...)
}

// playKilled plays one kind of request with the process killed at its stages.
func playKilled(t *testing.T, bin string, row killRow) *killRun {
	kind := row.kind
	k := &killRun{processWorld: newProcessWorld(t, bin, row.dialect), kind: kind, stages: row.stages}
	for _, s := range row.stages {
		k.arrivesLater = k.arrivesLater || s.vendor != nil && s.vendor.Kind == vendorsim.Late
	}
	if kind.expires != "" {
		yml, err := os.ReadFile(k.config)
		require.NoError(t, err)
		k.configure(strings.Replace(string(yml), "  - name: seats\n", "  - name: seats\n    expires_after: "+kind.expires+"\n", 1))
	}
	k.run()
	k.plan()
	k.asks()
	if kind.decide != nil {
		kind.decide(k)
	}
	k.settle(len(row.stages) > 0)
	k.verify()
	return k
}

// killPoints are the stages at which a run like this one is to be killed: at every call to the vendor, at
// every acknowledgement, and at every call to Slack. What a deed says in Slack is the same for each kind, so
// it is gone through once for the first kind, and once more by the others together.
func killPoints(kind int, k *killRun) [][]killStage {
	if k.kind.from != "" {
		return latePoints(k)
	}
	said := slackPoints(k.calls(k.heard))
	all := vendorPoints(k.asked(k.served))
	for n := range k.acked {
		all = append(all, []killStage{{ack: n + 1}})
	}
	if k.kind.op == "" || kind == 0 {
		return append(all, said...)
	}
	for i, stages := range said {
		if i%4 == kind%4 {
			all = append(all, stages)
		}
	}
	return all
}

// latePoints are the stages of a kind that goes its own way only late: once after each call to Slack from
// then on, and at the admin's word. Before that it is like the others, and each kill of an update costs half
// a minute of waiting.
func latePoints(k *killRun) (all [][]killStage) {
	seen := map[string]int{}
	for _, c := range k.calls(k.heard) {
		if seen[c.Method]++; seen[k.kind.from] > 0 {
			after := c.Method == "chat.postMessage" || c.Method == "chat.update"
			all = append(all, []killStage{{slack: &slacksim.Fault{Method: c.Method, Kind: slacksim.Hang, Skip: seen[c.Method] - 1, After: after}}})
		}
	}
	if k.acked > 2 {
		all = append(all, []killStage{{ack: k.acked}})
	}
	return all
}

func slackPoints(calls []slacksim.Call) (all [][]killStage) {
	seen := map[string]int{}
	for _, c := range calls {
		nth := seen[c.Method]
		seen[c.Method]++
		at := func(after bool) killStage {
			return killStage{slack: &slacksim.Fault{Method: c.Method, Kind: slacksim.Hang, Skip: nth, After: after}}
		}
		all = append(all, []killStage{at(false)})
		switch c.Method {
		case "chat.postMessage":
			// Once more while the next life looks whether the message was posted.
			look := killStage{slack: &slacksim.Fault{Method: "conversations.history", Kind: slacksim.Hang}}
			all = append(all, []killStage{at(true)}, []killStage{at(true), look})
		case "chat.update", "views.open":
			all = append(all, []killStage{at(true)})
		case "users.info":
			all = append(all, lostAck(nth))
		}
	}
	return all
}

func vendorPoints(calls []vendorsim.Call) (all [][]killStage) {
	seen := map[vendorsim.Op]int{}
	for _, c := range calls {
		seen[c.Op]++
		at := func(kind vendorsim.Kind, when vendorsim.When, delay time.Duration) killStage {
			return killStage{vendor: &vendorsim.Fault{Match: vendorsim.Match{Op: c.Op, Nth: seen[c.Op]}, Kind: kind, When: when, Delay: delay}}
		}
		all = append(all, []killStage{at(vendorsim.Slow, vendorsim.Before, time.Hour)})
		if c.Op.Writes() {
			after := at(vendorsim.Slow, vendorsim.After, time.Hour)
			// Once more while the next life looks whether it was done; and a write that arrives when its sender is gone.
			look := killStage{vendor: &vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Nth: 1}, Kind: vendorsim.Slow, Delay: time.Hour}}
			all = append(all, []killStage{after}, []killStage{after, look}, []killStage{at(vendorsim.Late, vendorsim.Before, 2*time.Second)})
		}
	}
	return all
}

// lostAck is a kill between a commit and its acknowledgement: while Usher asks who somebody is, its
// ears are taken away; then it commits and acknowledges into nothing, and is killed at the next call.
func lostAck(nth int) []killStage {
	next := []string{"chat.postMessage", "chat.update"}[min(nth, 1)]
	return []killStage{
		{slack: &slacksim.Fault{Method: "users.info", Kind: slacksim.Slow, Delay: 400 * time.Millisecond, Skip: nth}, deafens: true},
		{slack: &slacksim.Fault{Method: next, Kind: slacksim.Hang}},
	}
}
