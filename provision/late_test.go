package provision_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// late is a fault of a write that the vendor carries out so long after it was asked.
func late(op vendorsim.Op, after time.Duration) vendorsim.Fault {
	return vendorsim.Fault{Match: vendorsim.Match{Op: op}, Kind: vendorsim.Late, Delay: after}
}

// TestALateCreateIsStillUshersOwnAfterARateLimit: the second try did nothing, and the first is not forgotten for it.
func TestALateCreateIsStillUshersOwnAfterARateLimit(t *testing.T) {
	for _, after := range []time.Duration{63 * time.Second, 4 * time.Minute} {
		t.Run(after.String(), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(w.t, w.vendor.Plan(late(vendorsim.Create, after),
					vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create, Times: 20}, Kind: vendorsim.RateLimited, RetryAfter: "5"}))
				n := w.approve(catalog.Create, w.wishes()[catalog.Create])
				r := w.settle(n, 10*time.Minute)
				require.Equal(w.t, approvals.Done, r.State, "%v", r.Outcome)
				require.Equal(w.t, 1, effects(w, vendorsim.Create))
			})
		})
	}
}

// TestALateWriteIsWaitedForByAnotherClock: a replica that takes a deed over, and whose clock is an hour off, doesn't take what is on its way
// for what has had its time.
func TestALateWriteIsWaitedForByAnotherClock(t *testing.T) {
	for _, off := range []time.Duration{time.Hour, -time.Hour} {
		t.Run(off.String(), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(w.t, w.vendor.Plan(late(vendorsim.Create, 100*time.Second)))
				n := w.approve(catalog.Create, w.wishes()[catalog.Create])
				<-time.After(65 * time.Second)
				synctest.Wait()
				require.Zero(w.t, effects(w, vendorsim.Create), "it is on its way, and given up")
				another := func() time.Time { return time.Now().Add(off) }
				w.worker.Life, w.worker.Now, w.deeds.Now = "another", another, another
				r := w.settle(n, 2*time.Hour)
				require.Equal(w.t, approvals.Done, r.State, "%v", r.Outcome)
				require.Equal(w.t, 1, effects(w, vendorsim.Create))
			})
		})
	}
}

// TestASecondAttemptDoesNotTakeSomebodyElsesAccountForItsOwn: an attempt that ended before the vendor was asked, or
// with its refusal, made nothing.
func TestASecondAttemptDoesNotTakeSomebodyElsesAccountForItsOwn(t *testing.T) {
	for name, setup := range map[string]func(w *world) approvals.Change{
		"there before": func(w *world) approvals.Change {
			return approvals.Change{Email: "JANE@acme.example", FirstName: "Jane"}
		},
		"made by hand after a refusal": func(w *world) approvals.Change {
			w.vendor.SetSeats(9)
			return w.wishes()[catalog.Create]
		}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				change := setup(w)
				n := w.approve(catalog.Create, change)
				require.Equal(t, approvals.Failed, w.settle(n, time.Minute).State)
				w.vendor.SetSeats(25)
				if _, there := w.vendor.Account(change.Email); !there {
					w.vendor.AddAccount(vendorsim.Account{Email: change.Email, FirstName: "By", LastName: "Hand", Type: "client"})
				}
				for attempt := 2; attempt < 4; attempt++ {
					_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
					require.NoError(t, err)
					r := w.settle(n, time.Minute)
					require.Equal(t, approvals.Failed, r.State)
					require.Contains(t, r.Outcome.Text.Plain(), "has an account")
				}
				require.Zero(t, effects(w, vendorsim.Create))
			})
		})
	}
}

// TestAnAppThatIsNotConfiguredAnyMore: before the vendor was asked nothing was done; after that nobody can look, so
// it is in doubt, until the app is configured again.
func TestAnAppThatIsNotConfiguredAnyMore(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		inWorld(t, "/v1", func(w *world) {
			w.deeds.Kinds = nil
			r := w.settle(w.approve(catalog.Create, w.wishes()[catalog.Create]), time.Minute)
			require.Equal(t, approvals.Failed, r.State)
			require.Contains(t, r.Outcome.Text.Plain(), "nothing was done")
		})
	})
	t.Run("after", func(t *testing.T) {
		inWorld(t, "/v1", func(w *world) {
			require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: vendorsim.After}))
			n := w.approve(catalog.Create, w.wishes()[catalog.Create])
			for len(w.vendor.CallsOf(vendorsim.Create)) == 0 {
				pass(50 * time.Millisecond)
			}
			kinds := w.deeds.Kinds
			w.deeds.Kinds = nil
			r := w.settle(n, 5*time.Minute)
			require.Equal(t, approvals.InDoubt, r.State)
			require.Contains(t, r.Doubt.Seen.Plain(), "isn't set up in Usher any more")
			require.Empty(t, w.told)
			w.deeds.Kinds = kinds
			require.Equal(t, approvals.Done, w.settle(n, 2*time.Minute).State)
			require.Equal(t, 1, effects(w, vendorsim.Create))
		})
	})
}

// TestALateWriteIsWaitedFor: where nobody answers, "not done" is not believed soon, so that most late writes are
// seen; refused beside one that is still on its way, a deed is looked for and then in doubt, never failed.
func TestALateWriteIsWaitedFor(t *testing.T) {
	refused := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Status, Status: 403}
	for _, row := range []struct {
		after time.Duration
		asked int
		doubt bool
	}{{61 * time.Second, 1, false}, {66 * time.Second, 1, false}, {170 * time.Second, 1, false}, {4 * time.Minute, 2, false}, {8 * time.Minute, 2, true}} {
		t.Run(row.after.String(), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(t, w.vendor.Plan(late(vendorsim.Create, row.after), refused))
				n := w.approve(catalog.Create, w.wishes()[catalog.Create])
				r := w.settle(n, 6*time.Minute)
				if row.doubt {
					require.Equal(t, approvals.InDoubt, r.State, "%v", r.Outcome)
					require.Contains(t, r.Doubt.Seen.Plain(), "403")
					require.Empty(t, w.told)
					r = w.settle(n, 5*time.Minute)
				}
				require.Equal(t, approvals.Done, r.State, "%v", r.Outcome)
				require.Equal(t, 1, effects(w, vendorsim.Create))
				require.Len(t, w.vendor.CallsOf(vendorsim.Create), row.asked)
				require.Equal(t, []string{approvals.TellKey(n, approvals.Done, 1)}, w.told)
			})
		})
	}
}

// TestARefusalBesideALostTryIsBelievedInTheEnd: the first asking never arrives, the second is refused. The doubt
// settles itself, and a second attempt still knows that the vendor was asked.
func TestARefusalBesideALostTryIsBelievedInTheEnd(t *testing.T) {
	for _, action := range values.Verbs() {
		t.Run(string(action), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				op := vendorsim.Match{Op: writeOps[action]}
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: op, Kind: vendorsim.Cut, When: vendorsim.Before}, vendorsim.Fault{Match: op, Kind: vendorsim.Status, Status: 403}))
				n := w.approve(action, w.wishes()[action])
				require.Equal(t, approvals.InDoubt, w.settle(n, 10*time.Minute).State)
				require.Empty(t, w.told)
				r := w.settle(n, 10*time.Minute)
				require.Equal(t, approvals.Failed, r.State)
				require.Contains(t, r.Outcome.Text.Plain(), "it wasn't done")
				require.True(t, r.Outcome.Tried)
				require.Zero(t, effects(w, writeOps[action]))
				require.Equal(t, []string{approvals.TellKey(n, approvals.Failed, 1)}, w.told)
			})
		})
	}
}

// TestALateShareUndoesNoOther: sharing replaces the whole set, so a deed of the same account waits until an earlier
// one is settled.
func TestALateShareUndoesNoOther(t *testing.T) {
	for _, after := range []time.Duration{63 * time.Second, 90 * time.Second, 3 * time.Minute} {
		t.Run(after.String(), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(t, w.vendor.Plan(late(vendorsim.SetShares, after)))
				a := w.approve(catalog.Share, approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{w.site(1)}}.Values()})
				pass(100 * time.Millisecond)
				b := w.approve(catalog.Share, approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{w.site(2)}}.Values()})
				require.Equal(t, approvals.Done, w.settle(a, 10*time.Minute).State)
				require.Equal(t, approvals.Done, w.settle(b, 10*time.Minute).State)
				pass(10 * time.Minute)
				jane, ok := w.vendor.Account(w.jane.Email)
				require.True(t, ok)
				require.ElementsMatch(t, w.ids(0, 1, 2), jane.SharedSites)
				require.Equal(t, 2, effects(w, vendorsim.SetShares))
			})
		})
	}
}

// TestADeedWaitsForAnotherOfItsAccount: also for one in doubt, and the admins hear of it; an admin cannot start one beside it either.
func TestADeedWaitsForAnotherOfItsAccount(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		failed := w.approve(catalog.Share, approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{{ID: "999999", Host: "gone.example"}}}.Values()})
		require.Equal(t, approvals.Failed, w.settle(failed, time.Minute).State)
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares, Times: -1}, Kind: vendorsim.Cut, When: vendorsim.Before}))
		a := w.approve(catalog.Share, w.wishes()[catalog.Share])
		for len(w.vendor.CallsOf(vendorsim.SetShares)) == 0 {
			pass(50 * time.Millisecond)
		}
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503}))
		b := w.approve(catalog.Update, w.wishes()[catalog.Update])
		require.Equal(t, approvals.InDoubt, w.settle(a, 15*time.Minute).State)
		require.Equal(t, approvals.Approved, w.settle(b, time.Second).State)
		require.Contains(t, w.alarms, "stuck-"+approvals.DeedKey(b))
		_, err := w.desk.Retry(w.ctx, failed, "U0ADMIN", "slack", time.Now())
		require.Equal(t, approvals.Conflict, approvals.CodeOf(err))
		w.vendor.Heal()
		require.Equal(t, approvals.Done, w.settle(a, 2*time.Minute).State)
		require.Equal(t, approvals.Done, w.settle(b, time.Minute).State)
		_, err = w.desk.Retry(w.ctx, failed, "U0ADMIN", "slack", time.Now())
		require.NoError(t, err)
		require.Equal(t, approvals.Failed, w.settle(failed, time.Minute).State)
	})
}

// TestEveryLateWriteWhoseSecondTryMeetsAFault is the fault table of two misfortunes in a row: the first asking arrives
// late, before or after the second try, and the second meets a fault. It happens once, and nobody is told a failure.
func TestEveryLateWriteWhoseSecondTryMeetsAFault(t *testing.T) {
	faults := map[string]vendorsim.Fault{
		"429":             {Kind: vendorsim.RateLimited},
		"429 with a wait": {Kind: vendorsim.RateLimited, RetryAfter: "50"},
		"403":             {Kind: vendorsim.Status, Status: 403},
		"400":             {Kind: vendorsim.Status, Status: 400},
		"500":             {Kind: vendorsim.Status, Status: 500},
		"cut after":       {Kind: vendorsim.Cut, When: vendorsim.After},
	}
	for _, path := range []string{"/v1", "/legacy"} {
		for _, action := range values.Verbs() {
			for _, after := range []time.Duration{63 * time.Second, 200 * time.Second} {
				for name, fault := range faults {
					t.Run(fmt.Sprintf("%s/%s/%s/%s", path, action, after, name), func(t *testing.T) {
						t.Parallel()
						inWorld(t, path, func(w *world) {
							fault := fault
							fault.Match = vendorsim.Match{Op: writeOps[action]}
							require.NoError(t, w.vendor.Plan(late(writeOps[action], after), fault))
							n := w.approve(action, w.wishes()[action])
							r := w.settle(n, 15*time.Minute)
							require.Equal(t, approvals.Done, r.State, "%v", r.Outcome)
							pass(10 * time.Minute)
							require.Equal(t, 1, effects(w, writeOps[action]))
							require.Equal(t, []string{approvals.TellKey(n, approvals.Done, 1)}, w.told)
						})
					})
				}
			}
		}
	}
}
