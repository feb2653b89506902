package provision_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// lent has something given for an hour, and is what the vendor has by then.
func (w *world) lent(action approvals.Action, c approvals.Change) approvals.Request {
	w.t.Helper()
	r, _, err := w.desk.Open(w.ctx, approvals.Ask{Requester: "U0ALICE", App: seRanking(), Action: action, Change: c, Term: &approvals.Term{For: time.Hour}, Reason: "for the audit"}, time.Now())
	require.NoError(w.t, err)
	w.yes(r.Number)
	r = w.settle(r.Number, 10*time.Minute)
	require.True(w.t, r.Lent(), "%s %v", r.State, r.Outcome)
	require.Equal(w.t, r.Outcome.At.Add(time.Hour), r.EndsAt, "it counts from the grant")
	return r
}

// over lets time pass until the request is ended, at most d after its end.
func (w *world) over(n int64, d time.Duration) approvals.Request {
	w.t.Helper()
	r, err := w.desk.Request(w.ctx, n)
	require.NoError(w.t, err)
	pass(time.Until(r.EndsAt))
	for end := r.EndsAt.Add(d); r.State != approvals.Ended && time.Now().Before(end); pass(max(time.Second, time.Since(r.EndsAt)/60)) {
		r, err = w.desk.Request(w.ctx, n)
		require.NoError(w.t, err)
	}
	return r
}

// gives are wishes that can be for a time, with what the vendor does to give them, and to take them back.
func (w *world) gives() map[approvals.Action][2]vendorsim.Op {
	return map[approvals.Action][2]vendorsim.Op{catalog.Create: {vendorsim.Create, vendorsim.Delete}, catalog.Share: {vendorsim.SetShares, vendorsim.SetShares}}
}

// asBefore holds that what was given is gone, and what was there before stays.
func (w *world) asBefore() {
	w.t.Helper()
	jane, there := w.vendor.Account("jane@acme.example")
	require.True(w.t, there)
	require.Equal(w.t, w.jane.SharedSites, jane.SharedSites)
	_, there = w.vendor.Account("new@acme.example")
	require.False(w.t, there)
}

// TestEveryEndingUnderEveryFault is the fault table of the writes that take back: whatever becomes of the answer, what was
// given for a time is taken back exactly once, and what was there before stays.
func TestEveryEndingUnderEveryFault(t *testing.T) {
	for _, action := range []approvals.Action{catalog.Create, catalog.Share} {
		for name, fault := range faultsOfAWrite() {
			if fault.Kind == vendorsim.WrongID {
				continue // only a create answers with an id
			}
			t.Run(fmt.Sprintf("%s/%s", action, name), func(t *testing.T) {
				inWorld(t, "/v1", func(w *world) {
					ops := w.gives()[action]
					r := w.lent(action, w.wishes()[action])
					before := effects(w, ops[1])
					if fault.Kind != "" {
						fault.Match = vendorsim.Match{Op: ops[1]}
						require.NoError(t, w.vendor.Plan(fault))
					}
					r = w.over(r.Number, 15*time.Minute)
					require.Equal(t, approvals.Ended, r.State, "%+v", r.End)
					require.Equal(t, before+1, effects(w, ops[1]))
					require.Empty(t, w.vendor.Faults(), "the fault was met")
					require.NotEmpty(t, r.End.Outcome.Text)
					w.asBefore()
					pass(2 * time.Hour)
					require.Equal(t, before+1, effects(w, ops[1]), "and not again later")
					require.Equal(t, []string{approvals.TellKey(r.Number, approvals.Done, 1), approvals.TellKey(r.Number, approvals.Ended, 0)}, w.told)
				})
			})
		}
	}
}

// TestOnlyWhatWasAddedIsTakenBack, and what somebody took away meanwhile is gone without a write.
func TestOnlyWhatWasAddedIsTakenBack(t *testing.T) {
	for name, row := range takings {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				r := w.lent(row.wish(w))
				if row.then != nil {
					row.then(w, r)
				}
				before := effects(w, row.op)
				r = w.over(r.Number, 10*time.Minute)
				require.Equal(t, approvals.Ended, r.State, "%+v", r.End)
				require.Equal(t, before+row.more, effects(w, row.op))
				row.stays(w)
			})
		})
	}
}

// takings are what is given for an hour, what happens meanwhile, and what stays.
var takings = map[string]struct {
	wish  func(w *world) (approvals.Action, approvals.Change)
	then  func(w *world, r approvals.Request)
	op    vendorsim.Op
	more  int // effects at the end
	stays func(w *world)
}{
	"one of two websites was there before": {
		wish: func(w *world) (approvals.Action, approvals.Change) {
			c := w.wishes()[catalog.Share]
			c.Values = values.Of{Sites: []catalog.Item{w.site(0), w.site(1)}}.Values()
			return catalog.Share, c
		}, op: vendorsim.SetShares, more: 1, stays: (*world).asBefore},
	"all of it was there before": {
		wish: func(w *world) (approvals.Action, approvals.Change) {
			c := w.wishes()[catalog.Share]
			c.Values = values.Of{Sites: []catalog.Item{w.site(0)}}.Values()
			return catalog.Share, c
		}, op: vendorsim.SetShares, stays: (*world).asBefore},
	"a later request gives it for good": {
		wish: func(w *world) (approvals.Action, approvals.Change) { return catalog.Share, w.wishes()[catalog.Share] },
		then: func(w *world, r approvals.Request) {
			c := w.wishes()[catalog.Share]
			c.Values = values.Of{Sites: []catalog.Item{w.site(2), w.site(3)}}.Values()
			n := w.approve(catalog.Share, c)
			require.Equal(w.t, approvals.Done, w.settle(n, 5*time.Minute).State)
		}, op: vendorsim.SetShares, more: 1,
		stays: func(w *world) {
			jane, _ := w.vendor.Account("jane@acme.example")
			require.ElementsMatch(w.t, append([]int64{w.vendor.Sites()[2].ID, w.vendor.Sites()[3].ID}, w.jane.SharedSites...), jane.SharedSites)
		}},
	"the account is another one by now": {
		wish: func(w *world) (approvals.Action, approvals.Change) { return catalog.Create, w.wishes()[catalog.Create] },
		then: func(w *world, r approvals.Request) {
			require.True(w.t, w.vendor.RemoveAccount("new@acme.example"))
			w.vendor.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "New"})
		}, op: vendorsim.Delete,
		stays: func(w *world) {
			_, there := w.vendor.Account("new@acme.example")
			require.True(w.t, there)
		}},
	"the account is gone": {
		wish: func(w *world) (approvals.Action, approvals.Change) { return catalog.Share, w.wishes()[catalog.Share] },
		then: func(w *world, r approvals.Request) { require.True(w.t, w.vendor.RemoveAccount("jane@acme.example")) },
		op:   vendorsim.SetShares, stays: func(*world) {}},
}

// TestWhatIsNotSurelyOursIsTakenBackByNobody: an admin's word told that the account was made, and which one it is nobody
// has seen. It stays until somebody looks; once it is gone, it is over.
func TestWhatIsNotSurelyOursIsTakenBackByNobody(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create, Times: -1}, Kind: vendorsim.Cut, When: vendorsim.After}))
		r, _, err := w.desk.Open(w.ctx, approvals.Ask{Requester: "U0ALICE", App: seRanking(), Action: catalog.Create, Change: w.wishes()[catalog.Create], Term: &approvals.Term{For: time.Hour}, Reason: "x"}, time.Now())
		require.NoError(t, err)
		w.yes(r.Number)
		w.until(vendorsim.Create)
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503}))
		require.Equal(t, approvals.InDoubt, w.settle(r.Number, 15*time.Minute).State)
		_, err = w.desk.Settle(w.ctx, r.Number, "U0ADMIN", true, "slack", time.Now())
		require.NoError(t, err)
		w.vendor.Heal()
		r = w.over(r.Number, 10*time.Minute)
		require.Equal(t, approvals.Ending, r.State)
		require.Contains(t, r.End.Failed.Text.Plain(), "nothing away on a guess")
		require.Zero(t, effects(w, vendorsim.Delete))
		require.True(t, w.vendor.RemoveAccount("new@acme.example"))
		r = w.over(r.Number, 26*time.Hour)
		require.Equal(t, approvals.Ended, r.State, "it is looked at again each day")
	})
}

// TestAnEndingInDoubt settles by itself once the vendor can be read again, or by an admin's word.
func TestAnEndingInDoubt(t *testing.T) {
	for name, says := range map[string]*bool{"seen": nil, "it happened": new(true), "it did not": new(false)} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				r := w.lent(catalog.Create, w.wishes()[catalog.Create])
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Delete, Times: -1}, Kind: vendorsim.Cut, When: vendorsim.After}))
				pass(time.Hour)
				w.until(vendorsim.Delete)
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503}))
				r = w.over(r.Number, 15*time.Minute)
				require.Equal(t, approvals.InDoubt, r.State)
				require.Contains(t, r.Doubt.Tried.Plain(), "delete new@acme.example")
				if says != nil {
					_, err := w.desk.Settle(w.ctx, r.Number, "U0ADMIN", *says, "slack", time.Now())
					require.NoError(t, err)
				}
				if says == nil || !*says {
					w.vendor.Heal()
				}
				r = w.over(r.Number, time.Hour)
				require.Equal(t, approvals.Ended, r.State)
				require.Equal(t, 1, effects(w, vendorsim.Delete))
			})
		})
	}
}
