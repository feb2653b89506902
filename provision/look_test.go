package provision_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// typed is one request of each action as somebody puts it who knows nothing of the vendor.
func (w *world) typed() map[approvals.Action]approvals.Change {
	email := strings.ToUpper(w.jane.Email[:1]) + w.jane.Email[1:]
	with := func(v values.Of) approvals.Change { return approvals.Change{Email: email, Values: v.Values()} }
	return map[approvals.Action]approvals.Change{
		catalog.Create:  {Email: "new@acme.example", FirstName: "New", Values: values.Of{Type: "client"}.Values()},
		catalog.Share:   with(values.Of{Words: []string{w.site(1).Host, w.site(2).ID}}),
		catalog.Unshare: with(values.Of{Words: []string{w.site(0).Host}}),
		catalog.Update:  with(values.Of{HasAccess: true, Access: []string{"report_manual"}}),
		catalog.Delete:  {Email: email},
	}
}

// asked puts a request on the table that has to be looked at.
func (w *world) asked(action approvals.Action, c approvals.Change) int64 {
	w.t.Helper()
	r, _, err := w.desk.Open(w.ctx, approvals.Ask{Requester: "U0ALICE", App: seRanking(),
		Action: action, Change: c, Reason: "for the audit", Look: &approvals.Look{Owed: true}}, time.Now())
	require.NoError(w.t, err)
	return r.Number
}

func (w *world) request(n int64) approvals.Request {
	w.t.Helper()
	r, err := w.desk.Request(w.ctx, n)
	require.NoError(w.t, err)
	return r
}

// looked lets time pass until nothing is owed to a request but a decision, at most d.
func (w *world) looked(n int64, d time.Duration) approvals.Request {
	w.t.Helper()
	for end := time.Now().Add(d); ; pass(time.Second) {
		if r := w.request(n); !r.Look.Owed || time.Now().After(end) {
			return r
		}
	}
}

func (w *world) says(n int64, yes bool) error {
	_, err := w.desk.Vote(w.ctx, n, approvals.Vote{By: "U0BOB", Yes: yes, At: time.Now(), Surface: "slack", Reason: "no"}, time.Now())
	return err
}

// entries counts the audit's entries of a kind.
func (w *world) entries(what string) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.store.AuditLines(w.ctx, 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		err := json.Unmarshal(line, &e)
		if e.What == what {
			n++
		}
		return err
	}))
	return n
}

// meansWhatItShould holds a completed request to what its words mean.
func (w *world) meansWhatItShould(r approvals.Request) {
	w.t.Helper()
	require.False(w.t, r.Look.Owed, "%+v", r.Look)
	require.True(w.t, r.Known())
	require.Zero(w.t, r.Look.Blind)
	require.Empty(w.t, r.Look.Against)
	require.False(w.t, r.Seats.At.IsZero())
	require.Equal(w.t, len(w.vendor.Accounts()), r.Seats.Used)
	require.False(w.t, r.Change.Values.Typed())
	if r.Action != catalog.Create {
		require.Equal(w.t, id(w.jane.ID), r.Change.Account)
		require.Equal(w.t, w.jane.Email, r.Change.Email, "as the vendor spells it")
		require.Equal(w.t, "client", r.Change.Sort)
	}
	require.Equal(w.t, map[approvals.Action][]string{catalog.Share: {w.site(1).ID, w.site(2).ID}, catalog.Unshare: {w.site(0).ID}}[r.Action], r.Change.Values.IDs("sites"))
}

// TestALookCompletesARequest: what was typed is found at the vendor, the card is owed anew, and a yes to what is
// known then does it.
func TestALookCompletesARequest(t *testing.T) {
	for _, action := range values.Verbs() {
		t.Run(string(action), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				n := w.asked(action, w.typed()[action])
				w.meansWhatItShould(w.looked(n, time.Minute))
				require.Equal(t, 1, w.entries("read at the vendor"))
				require.Empty(t, w.vendor.Effects(), "nothing is written before a yes")
				require.NoError(t, w.says(n, true))
				require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
				require.Equal(t, 1, effects(w, writeOps[action]))
			})
		})
	}
}

// against are requests against which something stands that reading the vendor tells.
var against = []struct {
	name    string
	setup   func(w *world)
	action  approvals.Action
	change  func(w *world) approvals.Change
	against string
	known   bool
}{
	{"a seat already", nil, catalog.Create, func(w *world) approvals.Change { return approvals.Change{Email: w.jane.Email, FirstName: "J"} },
		"jane@acme.example already has a seat in SE Ranking.", true},
	{"no account", nil, catalog.Delete, func(*world) approvals.Change { return approvals.Change{Email: "nobody@acme.example"} },
		"SE Ranking has no account for nobody@acme.example.", false},
	{"two accounts", func(w *world) { w.vendor.AddAccount(vendorsim.Account{Email: "Jane@acme.example", FirstName: "Other"}) }, catalog.Delete,
		func(w *world) approvals.Change { return approvals.Change{Email: w.jane.Email} }, "SE Ranking has 2 accounts for jane@acme.example, and I won't guess which one is meant.", false},
	{"any of several", nil, catalog.Share, func(w *world) approvals.Change {
		return approvals.Change{Email: w.jane.Email, Values: values.Of{Words: []string{"e"}}.Values()}
	},
		"“e” could be any of 10 websites: ", false},
	{"no website", nil, catalog.Unshare, func(w *world) approvals.Change {
		return approvals.Change{Email: w.jane.Email, Values: values.Of{Words: []string{"zzz"}}.Values()}
	},
		"SE Ranking has no website “zzz”.", false},
	{"shared already", nil, catalog.Share, func(w *world) approvals.Change {
		return approvals.Change{Email: w.jane.Email, Values: values.Of{Words: []string{w.site(0).ID}}.Values()}
	},
		"Already shared: ", true},
	{"not shared", nil, catalog.Unshare, func(w *world) approvals.Change {
		return approvals.Change{Email: w.jane.Email, Values: values.Of{Words: []string{w.site(3).ID}}.Values()}
	},
		"Not shared: ", true},
	{"a user seat", func(w *world) {
		w.vendor.AddAccount(vendorsim.Account{Email: "boss@acme.example", FirstName: "B", Type: "user"})
	}, catalog.Share,
		func(w *world) approvals.Change {
			return approvals.Change{Email: "boss@acme.example", Values: values.Of{Words: []string{w.site(3).ID}}.Values()}
		}, "boss@acme.example has a user seat, which sees every website", true},
	{"a permission a user seat lacks", func(w *world) {
		w.vendor.AddAccount(vendorsim.Account{Email: "boss@acme.example", FirstName: "B", Type: "user"})
	}, catalog.Update,
		func(*world) approvals.Change {
			return approvals.Change{Email: "boss@acme.example", Values: values.Of{HasAccess: true, Access: []string{"hide_search_volume"}}.Values()}
		}, "works on client seats", true},
	{"as it is already", func(w *world) {
		require.True(w.t, w.vendor.Edit(w.jane.Email, func(a *vendorsim.Account) { a.Access = []string{"report_manual", "audit_website"} }))
	}, catalog.Update, func(w *world) approvals.Change {
		return approvals.Change{Email: w.jane.Email, Values: values.Of{HasAccess: true, Access: []string{"audit_website", "report_manual"}}.Values()}
	}, "jane@acme.example is already set up that way: nothing would change.", true},
}

// TestALookSaysWhatStandsAgainst a request, and a yes waits where it is not clear what it would do.
func TestALookSaysWhatStandsAgainst(t *testing.T) {
	for _, row := range against {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				if row.setup != nil {
					row.setup(w)
				}
				n := w.asked(row.action, row.change(w))
				pass(time.Minute)
				r := w.request(n)
				require.Len(t, r.Look.Against, 1)
				require.Contains(t, r.Look.Against[0].Plain(), row.against)
				require.Equal(t, row.known, r.Known())
				require.Equal(t, !row.known, r.Look.Owed, "what is not clear is looked at again")
				if err := w.says(n, true); !row.known {
					require.Equal(t, approvals.Conflict, approvals.CodeOf(err))
					require.ErrorContains(t, err, "It isn't clear yet what #1 would do, so I haven't counted your yes: "+r.Look.Against[0].Plain())
					require.Equal(t, approvals.Pending, w.request(n).State)
					_, err := w.desk.Override(w.ctx, n, approvals.Overridden{By: "os:root", Yes: true, Reason: "fire"}, "control", time.Now())
					require.Equal(t, approvals.Conflict, approvals.CodeOf(err), "not past the policy either")
					require.NoError(t, w.says(n, false), "a no always works")
				}
				pass(time.Hour)
				require.LessOrEqual(t, w.entries("read at the vendor"), 1, "seen once more, it is not told once more")
				owed, err := w.store.Intents(w.ctx, "look/")
				require.NoError(t, err)
				require.Empty(t, owed)
			})
		})
	}
}

// TestEveryReadOfALookUnderEveryFault is the fault table of what a request's card waits for: each read meets each
// fault once, and the request is completed all the same, once, as if nothing had been.
func TestEveryReadOfALookUnderEveryFault(t *testing.T) {
	for _, path := range []string{"/v1", "/legacy"} {
		for _, action := range values.Verbs() {
			times := map[vendorsim.Op]int{}
			for _, op := range readsOfLook(t, path, action) {
				times[op]++
				for _, f := range readFaults {
					if f.Kind == vendorsim.WrongID && (op != vendorsim.Details && op != vendorsim.List || action == catalog.Create) {
						continue // no other read names accounts, and a new seat is nobody's yet
					}
					fault := f.Fault
					fault.Match = vendorsim.Match{Op: op, Nth: times[op]}
					t.Run(fmt.Sprintf("%s/%s/%s %d/%s", path, action, op, times[op], f.name), func(t *testing.T) {
						t.Parallel()
						inWorld(t, path, func(w *world) {
							require.NoError(t, w.vendor.Plan(fault))
							n := w.asked(action, w.typed()[action])
							w.meansWhatItShould(w.looked(n, 15*time.Minute))
							require.Empty(t, w.vendor.Faults(), "the fault was met")
							require.Equal(t, 1, w.entries("read at the vendor"))
							require.LessOrEqual(t, w.entries("could not be read at the vendor"), 1)
							require.Empty(t, w.vendor.Effects())
						})
					})
				}
			}
		}
	}
}

func readsOfLook(t *testing.T, path string, action approvals.Action) (ops []vendorsim.Op) {
	t.Run(fmt.Sprintf("%s/%s/undisturbed", path, action), func(t *testing.T) {
		inWorld(t, path, func(w *world) {
			w.looked(w.asked(action, w.typed()[action]), time.Minute)
			for _, c := range w.vendor.Calls() {
				ops = append(ops, c.Op)
			}
		})
	})
	require.NotEmpty(t, ops)
	return ops
}

// TestAVendorThatCannotBeReadIsSaidOnceAndReadAgain, until the request is decided, taken back or expired: then the
// look goes with it.
func TestAVendorThatCannotBeReadIsSaidOnceAndReadAgain(t *testing.T) {
	ends := map[string]func(w *world, n int64) error{
		"denied": func(w *world, n int64) error { return w.says(n, false) },
		"taken back": func(w *world, n int64) error {
			_, err := w.desk.Cancel(w.ctx, n, "U0ALICE", "slack", time.Now())
			return err
		},
		"expired": func(w *world, n int64) error {
			_, err := w.desk.Record(w.ctx, n, approvals.TimeUp{}, time.Now().AddDate(0, 0, 8))
			return err
		},
		"read again": nil,
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Times: -1}, Kind: vendorsim.HTML, When: vendorsim.Before, Status: 503}))
				began := time.Now()
				n := w.asked(catalog.Share, w.typed()[catalog.Share])
				require.ErrorContains(t, w.says(n, true), "I'm still checking in SE Ranking what #1 would do, so I haven't counted your yes.")
				pass(30 * time.Minute)
				r := w.request(n)
				require.WithinRange(t, r.Look.Blind, began, began.Add(2*time.Minute))
				require.Equal(t, 1, w.entries("could not be read at the vendor"))
				require.ErrorContains(t, w.says(n, true), "I haven't been able to read SE Ranking since 2000-01-01")
				if end == nil {
					w.vendor.Heal()
					w.meansWhatItShould(w.looked(n, 5*time.Minute))
					return
				}
				require.NoError(t, end(w, n))
				owed, err := w.store.Intents(w.ctx, "look/")
				require.NoError(t, err)
				require.Empty(t, owed)
				calls := len(w.vendor.Calls())
				pass(time.Hour)
				require.LessOrEqual(t, len(w.vendor.Calls()), calls+2, "nobody reads on")
			})
		})
	}
}

// TestWhatMeansNothingYetIsLookedAtAgain: the account is made while the request waits.
func TestWhatMeansNothingYetIsLookedAtAgain(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		n := w.asked(catalog.Update, approvals.Change{Email: "late@acme.example", Values: values.Of{HasAccess: true}.Values()})
		pass(2 * time.Hour)
		require.False(t, w.request(n).Known())
		w.vendor.AddAccount(vendorsim.Account{Email: "late@acme.example", FirstName: "Late", Access: []string{"audit_website"}})
		r := w.looked(n, 11*time.Minute)
		require.True(t, r.Known())
		require.Empty(t, r.Look.Against)
		require.NoError(t, w.says(n, true))
		require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
	})
}
