package provision_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
)

// swap is something that changes hands at the vendor's between the approval and the deed.
type swap struct {
	do func(w *world)
	// stops are the deeds that it stops; says is what they say of it.
	stops []approvals.Action
	says  []string
}

var onAnAccount = []approvals.Action{catalog.Share, catalog.Unshare, catalog.Update, catalog.Delete}

// swaps are all of them. Jane's account is 36880, and 36881 the next that the vendor makes.
var swaps = map[string]swap{
	"another account has the address": {func(w *world) { require.EqualValues(w.t, 36881, w.vendor.ReplaceAccount("jane@acme.example")) }, onAnAccount,
		[]string{"the request was about account 36880 of jane@acme.example", "that address now has account 36881", "Ask again"}},
	"the account has another address": {func(w *world) {
		require.True(w.t, w.vendor.Edit("jane@acme.example", func(a *vendorsim.Account) { a.Email = "joan@acme.example" }))
	}, onAnAccount, []string{"the request was about account 36880 of jane@acme.example", "another address now", "Ask again"}},
	"a second account has the address": {func(w *world) {
		w.vendor.AddAccount(vendorsim.Account{Email: "Jane@acme.example", FirstName: "Other"})
	}, onAnAccount, []string{"has 2 accounts", "36880, 36881"}},
	"the account is a user seat now": {func(w *world) {
		require.True(w.t, w.vendor.Edit("jane@acme.example", func(a *vendorsim.Account) { a.Type = vendorsim.TypeUser }))
	}, onAnAccount, []string{"account 36880", "was a client seat", "and is now a user seat, which sees every website", "Ask again"}},
	"the websites' numbers are others' now": {func(w *world) {
		for _, id := range w.ids(0, 1) {
			require.True(w.t, w.vendor.Rehost(id, "Globex", fmt.Sprintf("https://globex%d.example", id)))
		}
	}, []approvals.Action{catalog.Share, catalog.Unshare}, []string{"website 10", " was Acme", "and is now Globex – globex10", "Ask again"}},
	"the websites are called otherwise": {func(w *world) {
		for _, s := range w.vendor.Sites()[:2] {
			require.True(w.t, w.vendor.Rehost(s.ID, "Confidential", s.URL))
		}
	}, []approvals.Action{catalog.Share, catalog.Unshare}, []string{" was Acme", "and is now Confidential – "}},
	"the websites are gone": {func(w *world) {
		require.True(w.t, w.vendor.RemoveSite(w.ids(0)[0]))
		require.True(w.t, w.vendor.RemoveSite(w.ids(0)[0]))
	}, []approvals.Action{catalog.Share, catalog.Unshare}, []string{"SE Ranking doesn't have ", "any more", "Ask again"}},
}

// TestADeedStopsWhereWhatWasApprovedIsNotThereAnyMore: the account or the websites of a request change hands while
// it waits for its approval; the deed then asks the vendor for nothing, and says what differs.
func TestADeedStopsWhereWhatWasApprovedIsNotThereAnyMore(t *testing.T) {
	for _, path := range []string{"/v1", "/legacy"} {
		for name, swap := range swaps {
			for _, action := range swap.stops {
				t.Run(fmt.Sprintf("%s/%s/%s", path, action, name), func(t *testing.T) {
					t.Parallel()
					inWorld(t, path, func(w *world) {
						n := w.ask(action, w.wishes()[action])
						swap.do(w)
						w.yes(n)
						r := w.settle(n, 5*time.Minute)
						require.Equal(t, approvals.Failed, r.State, "%v", r.Outcome)
						for _, words := range append(swap.says, "Nothing was done") {
							require.Contains(t, r.Outcome.Text.Plain(), words)
						}
						require.False(t, r.Outcome.Tried)
						require.Empty(t, w.vendor.Effects())
						require.Empty(t, w.vendor.CallsOf(writeOps[action]), "nothing was sent")
						_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
						require.NoError(t, err)
						require.Equal(t, approvals.Failed, w.settle(n, 5*time.Minute).State, "trying again makes it no better")
						require.Empty(t, w.vendor.CallsOf(writeOps[action]))
					})
				})
			}
		}
	}
}

// TestALostDeedIsNotMadeOnWhatWasNotMeant: the vendor loses an answer, and while nobody can look what was meant
// changes hands. What looking finds then is neither taken for the deed nor written to.
func TestALostDeedIsNotMadeOnWhatWasNotMeant(t *testing.T) {
	for name, swap := range swaps {
		for _, action := range swap.stops {
			for _, when := range []vendorsim.When{vendorsim.Before, vendorsim.After} {
				for _, doubt := range []bool{true, false} {
					t.Run(fmt.Sprintf("%s/%s/%s/%v", action, name, when, doubt), func(t *testing.T) {
						t.Parallel()
						inWorld(t, "/v1", func(w *world) { lostAndSwapped(w, action, swap, when, doubt) })
					})
				}
			}
		}
	}
}

func lostAndSwapped(w *world, action approvals.Action, swap swap, when vendorsim.When, doubt bool) {
	op := writeOps[action]
	require.NoError(w.t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: op}, Kind: vendorsim.Cut, When: when}))
	n := w.approve(action, w.wishes()[action])
	w.until(op)
	if doubt {
		require.NoError(w.t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, Status: 503}))
		require.Equal(w.t, approvals.InDoubt, w.settle(n, 15*time.Minute).State)
	}
	_, there := w.vendor.Account(w.jane.Email)
	before := len(w.vendor.Effects())
	if action == catalog.Delete && when == vendorsim.After {
		require.False(w.t, there)
		w.vendor.AddAccount(vendorsim.Account{Email: w.jane.Email, FirstName: "Another"})
	} else {
		swap.do(w)
	}
	w.vendor.Heal()
	r := w.settle(n, 10*time.Minute)
	require.Len(w.t, w.vendor.Effects(), before, "what was not meant is not touched")
	require.Len(w.t, w.vendor.CallsOf(op), 1, "nor asked for")
	gone := true
	for _, a := range w.vendor.Accounts() {
		gone = gone && a.ID != w.jane.ID
	}
	if action == catalog.Delete && gone {
		require.Equal(w.t, approvals.Done, r.State, "the account that was meant is gone: %v", r.Outcome)
		require.Contains(w.t, r.Outcome.Text.Plain(), "account 36880 is gone. Another account has its address now (id 36881). Nobody")
		return
	}
	require.Equal(w.t, approvals.Failed, r.State, "%v", r.Outcome)
	require.True(w.t, r.Outcome.Tried)
	for _, words := range swap.says {
		require.Contains(w.t, r.Outcome.Text.Plain(), words)
	}
	require.Contains(w.t, r.Outcome.Text.Plain(), "please check there whether any of it was done")
	require.NotContains(w.t, r.Outcome.Text.Plain(), "Nothing was done")
}

// TestAnOldRequestIsHeldToWhatItsCardShowed: one that was asked before accounts were pinned goes by its address
// until the vendor is first asked, and from then on by the account that was found; its type and its websites
// were on its card all along.
func TestAnOldRequestIsHeldToWhatItsCardShowed(t *testing.T) {
	old := func(w *world, action approvals.Action) approvals.Change {
		c := w.wishes()[action]
		c.Account = ""
		return c
	}
	for _, action := range onAnAccount {
		t.Run(string(action)+" by the address", func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				n := w.approve(action, old(w, action))
				require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
			})
		})
		t.Run(string(action)+" by what was found", func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: writeOps[action]}, Kind: vendorsim.Cut, When: vendorsim.Before}))
				n := w.approve(action, old(w, action))
				w.until(writeOps[action])
				w.vendor.ReplaceAccount(w.jane.Email)
				r := w.settle(n, 5*time.Minute)
				if action == catalog.Delete {
					require.Equal(t, approvals.Done, r.State, "it is gone, by whatever hand")
				} else {
					require.Equal(t, approvals.Failed, r.State)
					require.Contains(t, r.Outcome.Text.Plain(), "that address now has account 36881")
				}
				require.Empty(t, w.vendor.Effects())
			})
		})
		t.Run(string(action)+" of another type", func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				n := w.ask(action, old(w, action))
				swaps["the account is a user seat now"].do(w)
				w.yes(n)
				require.Equal(t, approvals.Failed, w.settle(n, time.Minute).State)
				require.Empty(t, w.vendor.Effects())
			})
		})
	}
}

// TestASecondAttemptKeepsToTheAccountOfTheFirst, also where none was known when it was asked.
func TestASecondAttemptKeepsToTheAccountOfTheFirst(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Delete}, Kind: vendorsim.Status, Status: 422}))
		n := w.approve(catalog.Delete, approvals.Change{Email: w.jane.Email})
		require.Equal(t, approvals.Failed, w.settle(n, time.Minute).State)
		w.vendor.ReplaceAccount(w.jane.Email)
		_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
		require.NoError(t, err)
		r := w.settle(n, time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "the request was about account 36880 of jane@acme.example, and that address now has account 36881")
		require.Empty(t, w.vendor.Effects())
	})
}

// TestTwoAccountsOfOneAddressAreNotBothTheNewOne: after a lost create the address has two accounts, and nobody can
// say which is Usher's.
func TestTwoAccountsOfOneAddressAreNotBothTheNewOne(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: vendorsim.After}))
		n := w.approve(catalog.Create, w.wishes()[catalog.Create])
		w.until(vendorsim.Create)
		w.vendor.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "By", LastName: "Hand", Type: vendorsim.TypeUser})
		r := w.settle(n, 5*time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.True(t, r.Outcome.Tried)
		require.Contains(t, r.Outcome.Text.Plain(), "has 2 accounts for new@acme.example")
		require.Equal(t, 1, effects(w, vendorsim.Create))
	})
}
