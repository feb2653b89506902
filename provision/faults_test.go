package provision_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/values"
)

// writeOps is the vendor operation behind each action's write.
var writeOps = map[approvals.Action]vendorsim.Op{
	catalog.Create: vendorsim.Create, catalog.Share: vendorsim.SetShares, catalog.Unshare: vendorsim.SetShares,
	catalog.Update: vendorsim.Update, catalog.Delete: vendorsim.Delete,
}

// effects counts what a write operation changed at the vendor.
func effects(w *world, op vendorsim.Op) int {
	n := 0
	for _, c := range w.vendor.CallsOf(op) {
		if c.Effect != "" {
			n++
		}
	}
	return n
}

// writeFaults is what becomes of one write.
var writeFaults = map[string]vendorsim.Fault{
	"none":             {},
	"slow in time":     {Kind: vendorsim.Slow, When: vendorsim.After, Delay: 50 * time.Second},
	"slow, left":       {Kind: vendorsim.Slow, When: vendorsim.Before, Delay: 5 * time.Minute},
	"504 after":        {Kind: vendorsim.Status, When: vendorsim.After, Status: 504},
	"cut before":       {Kind: vendorsim.Cut, When: vendorsim.Before},
	"cut after":        {Kind: vendorsim.Cut, When: vendorsim.After},
	"500 before":       {Kind: vendorsim.Status, When: vendorsim.Before, Status: 500},
	"500 after":        {Kind: vendorsim.Status, When: vendorsim.After, Status: 500},
	"html 200 before":  {Kind: vendorsim.HTML, When: vendorsim.Before},
	"html before":      {Kind: vendorsim.HTML, When: vendorsim.Before, Status: 502},
	"html after":       {Kind: vendorsim.HTML, When: vendorsim.After},
	"slow":             {Kind: vendorsim.Slow, When: vendorsim.After, Delay: 5 * time.Minute},
	"late":             {Kind: vendorsim.Late, Delay: 63 * time.Second},
	"429":              {Kind: vendorsim.RateLimited},
	"429 with a wait":  {Kind: vendorsim.RateLimited, RetryAfter: "7"},
	"garbage after":    {Kind: vendorsim.Garbage, When: vendorsim.After},
	"truncated":        {Kind: vendorsim.Truncated},
	"a wrong id":       {Kind: vendorsim.WrongID},
	"redirected after": {Kind: vendorsim.Redirect, When: vendorsim.After},
}

// faultsOfAWrite are those that are played: under the race detector a third of them.
func faultsOfAWrite() map[string]vendorsim.Fault {
	played := map[string]vendorsim.Fault{}
	for i, name := range slices.Sorted(maps.Keys(writeFaults)) {
		if pace.Plays(i, 3) {
			played[name] = writeFaults[name]
		}
	}
	return played
}

// TestEveryDeedUnderEveryFault is the fault table of the vendor's writes: whatever becomes of the
// answer, before or after the effect, the deed happens exactly once and is told exactly once.
func TestEveryDeedUnderEveryFault(t *testing.T) {
	for _, path := range []string{"/v1", "/legacy"} {
		for _, action := range values.Verbs() {
			for name, fault := range faultsOfAWrite() {
				if fault.Kind == vendorsim.WrongID && action != catalog.Create {
					continue // only a create answers with an id
				}
				t.Run(fmt.Sprintf("%s/%s/%s", path, action, name), func(t *testing.T) {
					inWorld(t, path, func(w *world) {
						op := writeOps[action]
						if fault.Kind != "" {
							fault.Match = vendorsim.Match{Op: op}
							require.NoError(t, w.vendor.Plan(fault))
						}
						n := w.approve(action, w.wishes()[action])
						r := w.settle(n, 10*time.Minute)
						require.Equal(t, approvals.Done, r.State, "%v", r.Outcome)
						require.Equal(t, 1, effects(w, op))
						require.Empty(t, w.vendor.Faults(), "the fault was met")
						require.Equal(t, []string{approvals.TellKey(n, approvals.Done, 1)}, w.told)
						require.NotEmpty(t, r.Outcome.After)
						pass(10 * time.Minute)
						require.Equal(t, 1, effects(w, op), "and not again later")
					})
				})
			}
		}
	}
}

// TestALostAnswerThatCannotBeLookedForEndsInDoubt: and the doubt resolves itself when the vendor can be read again.
func TestALostAnswerThatCannotBeLookedForEndsInDoubt(t *testing.T) {
	for _, happened := range []bool{true, false} {
		for _, action := range values.Verbs() {
			t.Run(fmt.Sprintf("%s/%v", action, happened), func(t *testing.T) {
				inWorld(t, "/v1", func(w *world) {
					when := vendorsim.Before
					if happened {
						when = vendorsim.After
					}
					// Reads work until the write is lost, and then never.
					require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: writeOps[action], Times: -1}, Kind: vendorsim.Cut, When: when}))
					n := w.approve(action, w.wishes()[action])
					for len(w.vendor.CallsOf(writeOps[action])) == 0 {
						pass(50 * time.Millisecond)
					}
					w.vendor.Heal()
					require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503},
						vendorsim.Fault{Match: vendorsim.Match{Op: writeOps[action], Times: -1}, Kind: vendorsim.Cut, When: when}))
					r := w.settle(n, 15*time.Minute)
					require.Equal(t, approvals.InDoubt, r.State)
					require.Contains(t, r.Doubt.Seen.Plain(), "503")
					require.Empty(t, w.told, "nobody is told an outcome that nobody knows")
					w.vendor.Heal()
					r = w.settle(n, 3*time.Minute)
					require.Equal(t, approvals.Done, r.State)
					require.Equal(t, 1, effects(w, writeOps[action]))
					require.Len(t, w.told, 1)
				})
			})
		}
	}
}

func TestAnAdminSettlesADoubt(t *testing.T) {
	for _, row := range []struct {
		says bool
		want approvals.State
	}{{true, approvals.Done}, {false, approvals.InDoubt}} {
		t.Run(fmt.Sprint(row.says), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create, Times: -1}, Kind: vendorsim.Cut, When: vendorsim.After}))
				n := w.approve(catalog.Create, w.wishes()[catalog.Create])
				for len(w.vendor.CallsOf(vendorsim.Create)) == 0 {
					pass(50 * time.Millisecond)
				}
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503}))
				require.Equal(t, approvals.InDoubt, w.settle(n, 15*time.Minute).State)
				_, err := w.desk.Settle(w.ctx, n, "U0BOB", true, "slack", time.Now())
				require.Equal(t, approvals.NotAllowed, approvals.CodeOf(err))
				r, err := w.desk.Settle(w.ctx, n, "U0ADMIN", row.says, "slack", time.Now())
				require.NoError(t, err)
				if row.says {
					require.Equal(t, approvals.Done, r.State)
					require.Contains(t, r.Outcome.Text.Plain(), "@U0ADMIN looked")
				} else {
					require.Equal(t, approvals.Running, r.State)
					w.vendor.Heal()
					r = w.settle(n, 5*time.Minute)
					require.Equal(t, approvals.Done, r.State, "it was there after all, and was not made twice: %v", r.Outcome)
				}
				require.Equal(t, 1, effects(w, vendorsim.Create))
			})
		})
	}
}

func TestRefusalsFailWithTheVendorsWordsAndWhatToDo(t *testing.T) {
	for _, row := range []struct {
		name   string
		setup  func(w *world)
		action approvals.Action
		change func(w *world) approvals.Change
		says   []string
	}{
		{"no seat is free", func(w *world) { w.vendor.SetSeats(9) }, catalog.Create,
			func(w *world) approvals.Change { return w.wishes()[catalog.Create] }, []string{"Limit reached", "no seat is free", "Nothing was done"}},
		{"the address is somebody's elsewhere", func(w *world) { w.vendor.TakeElsewhere("new@acme.example") }, catalog.Create,
			func(w *world) approvals.Change { return w.wishes()[catalog.Create] }, []string{"refused to create", "a trial, say"}},
		{"the account is there", nil, catalog.Create,
			func(w *world) approvals.Change {
				return approvals.Change{Email: "JANE@acme.example", FirstName: "Jane"}
			}, []string{"has an account", "I didn't create another"}},
		{"sharing with a user seat", func(w *world) {
			w.vendor.AddAccount(vendorsim.Account{Email: "boss@acme.example", FirstName: "B", Type: "user"})
		}, catalog.Share,
			func(w *world) approvals.Change {
				return approvals.Change{Email: "boss@acme.example", Values: values.Of{Sites: []catalog.Item{w.site(0)}}.Values()}
			}, []string{"sees every website"}},
		{"a website that vanished", nil, catalog.Share,
			func(w *world) approvals.Change {
				return approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{{ID: "999999", Host: "gone.example"}}}.Values()}
			}, []string{"doesn't have gone.example any more"}},
		{"an account that vanished", nil, catalog.Update,
			func(w *world) approvals.Change {
				return approvals.Change{Email: "nobody@acme.example", Values: values.Of{HasLimit: true, Amount: 1, Period: "day"}.Values()}
			}, []string{"no account for nobody@acme.example"}},
		{"deleting an account that owns websites", func(w *world) {
			w.vendor.AddSite(vendorsim.Site{Title: "Own shop", URL: "shop.example", OwnerID: w.jane.ID})
		}, catalog.Delete,
			func(w *world) approvals.Change { return approvals.Change{Email: w.jane.Email} }, []string{"owns 1 website", "Own shop", "Nothing was deleted"}},
		{"deleting one of two accounts of one address", func(w *world) {
			w.vendor.AddAccount(vendorsim.Account{Email: "Jane@acme.example", FirstName: "Other", Type: "client"})
		}, catalog.Delete,
			func(w *world) approvals.Change { return approvals.Change{Email: w.jane.Email} }, []string{"has 2 accounts", "won't guess", "Nothing was done"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				if row.setup != nil {
					row.setup(w)
				}
				n := w.approve(row.action, row.change(w))
				r := w.settle(n, 5*time.Minute)
				require.Equal(t, approvals.Failed, r.State)
				for _, words := range row.says {
					require.Contains(t, r.Outcome.Text.Plain(), words)
				}
				require.Zero(t, effects(w, writeOps[row.action]))
				require.Equal(t, []string{approvals.TellKey(n, approvals.Failed, 1)}, w.told)
			})
		})
	}
}

func TestAnAdminTriesAFailedDeedAgain(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.vendor.SetSeats(9)
		n := w.approve(catalog.Create, w.wishes()[catalog.Create])
		require.Equal(t, approvals.Failed, w.settle(n, time.Minute).State)
		w.vendor.SetSeats(25)
		_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
		require.NoError(t, err)
		require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
		require.Equal(t, []string{approvals.TellKey(n, approvals.Failed, 1), approvals.TellKey(n, approvals.Done, 2)}, w.told)
	})
}

func TestADroppedPermissionIsReported(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.vendor.SetQuirks(vendorsim.Quirks{DropAccess: []string{"report_manual"}})
		for _, action := range []approvals.Action{catalog.Create, catalog.Update} {
			n := w.approve(action, w.wishes()[action])
			r := w.settle(n, time.Minute)
			require.Equal(t, approvals.Done, r.State)
			require.Contains(t, r.Outcome.Text.Plain(), "didn't take these permissions and didn't say why: report_manual")
		}
	})
}

func TestSharesThatStandSurvive(t *testing.T) {
	inWorld(t, "/legacy", func(w *world) {
		a := w.approve(catalog.Share, approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{w.site(1)}}.Values()})
		b := w.approve(catalog.Share, approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{w.site(2)}}.Values()})
		require.Equal(t, approvals.Done, w.settle(a, time.Minute).State)
		require.Equal(t, approvals.Done, w.settle(b, time.Minute).State)
		jane, ok := w.vendor.Account(w.jane.Email)
		require.True(t, ok)
		require.ElementsMatch(t, w.ids(0, 1, 2), jane.SharedSites)
	})
}

func TestAVendorThatCannotBeReadBeforeTheDeedIsWaitedForAndTheAdminsHear(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Times: -1}, Kind: vendorsim.HTML, When: vendorsim.Before, Status: 503}))
		n := w.approve(catalog.Create, w.wishes()[catalog.Create])
		require.Equal(t, approvals.Running, w.settle(n, 15*time.Minute).State)
		require.NotEmpty(t, w.alarms, "within a quarter of an hour a person knows")
		require.True(t, strings.HasPrefix(w.alarms[0], "stuck-"))
		w.vendor.Heal()
		require.Equal(t, approvals.Done, w.settle(n, 2*time.Minute).State)
		require.Equal(t, 1, effects(w, vendorsim.Create))
	})
}

func TestNoPasswordIsKept(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		n := w.approve(catalog.Create, w.wishes()[catalog.Create])
		require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
		password, ok := w.vendor.Password("new@acme.example")
		require.True(t, ok)
		require.Len(t, password, 24)
		require.NoError(t, w.store.AuditLines(w.ctx, 1, func(_ int64, line []byte) error {
			require.NotContains(t, string(line), password)
			return nil
		}))
	})
}
