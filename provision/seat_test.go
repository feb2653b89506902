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

// furnished is a new seat with two websites, asked in one go.
func (w *world) furnished() approvals.Change {
	return approvals.Change{Email: "new@acme.example", FirstName: "New", Values: values.Of{Type: "client", Sites: []catalog.Item{w.site(0), w.site(1)}}.Values()}
}

// hasAll holds a deed of a seat with its websites to what it must come to: the account once, each website, told once.
func (w *world) hasAll(n int64, r approvals.Request) {
	w.t.Helper()
	require.Equal(w.t, approvals.Done, r.State, "%v", r.Outcome)
	require.Empty(w.t, w.vendor.Faults(), "the fault was met")
	require.Equal(w.t, 1, effects(w, vendorsim.Create))
	a, ok := w.vendor.Account("new@acme.example")
	require.True(w.t, ok)
	require.ElementsMatch(w.t, w.ids(0, 1), a.SharedSites)
	require.Equal(w.t, []string{approvals.TellKey(n, approvals.Done, 1)}, w.told)
	require.Contains(w.t, r.Outcome.Text.Plain(), "the account is there")
	require.Contains(w.t, r.Outcome.Text.Plain(), "the account sees 2 websites in all")
	jane, _ := w.vendor.Account(w.jane.Email)
	require.Equal(w.t, w.ids(0), jane.SharedSites, "nobody else's are touched")
}

// TestASeatWithItsWebsitesUnderEveryFault is the fault table of the two writes of one deed: whatever becomes of either
// answer, the account is made once and has its websites.
func TestASeatWithItsWebsitesUnderEveryFault(t *testing.T) {
	for _, path := range []string{"/v1", "/legacy"} {
		for _, op := range []vendorsim.Op{vendorsim.Create, vendorsim.SetShares} {
			for name, fault := range faultsOfAWrite() {
				if fault.Kind == vendorsim.WrongID && op != vendorsim.Create {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s", path, op, name), func(t *testing.T) {
					t.Parallel()
					inWorld(t, path, func(w *world) {
						if fault.Kind != "" {
							fault.Match = vendorsim.Match{Op: op}
							require.NoError(t, w.vendor.Plan(fault))
						}
						n := w.approve(catalog.Create, w.furnished())
						w.hasAll(n, w.settle(n, 20*time.Minute))
						pass(10 * time.Minute)
						require.Equal(t, 1, effects(w, vendorsim.Create), "and not again later")
					})
				})
			}
		}
	}
}

// TestEveryReadOfASeatWithItsWebsitesUnderEveryFault: which reads there are is seen in a life without faults.
func TestEveryReadOfASeatWithItsWebsitesUnderEveryFault(t *testing.T) {
	times := map[vendorsim.Op]int{}
	inWorld(t, "/v1", func(w *world) {
		n := w.approve(catalog.Create, w.furnished())
		w.hasAll(n, w.settle(n, time.Minute))
		for _, c := range w.vendor.Calls() {
			if !c.Op.Writes() {
				times[c.Op]++
			}
		}
	})
	require.GreaterOrEqual(t, times[vendorsim.Shared], 2, "a look, a reading back")
	for op, n := range times {
		for nth := 1; nth <= n; nth++ {
			for _, f := range readFaults {
				if f.Kind == vendorsim.WrongID && op != vendorsim.Details && op != vendorsim.List {
					continue
				}
				fault := f.Fault
				fault.Match = vendorsim.Match{Op: op, Nth: nth}
				t.Run(fmt.Sprintf("%s %d/%s", op, nth, f.name), func(t *testing.T) {
					t.Parallel()
					inWorld(t, "/v1", func(w *world) {
						require.NoError(t, w.vendor.Plan(fault))
						n := w.approve(catalog.Create, w.furnished())
						w.hasAll(n, w.settle(n, 20*time.Minute))
					})
				})
			}
		}
	}
}

// TestASeatWhoseWebsiteHasPassedToAnotherIsNotMade: it is looked at before the account is.
func TestASeatWhoseWebsiteHasPassedToAnotherIsNotMade(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		c := w.furnished()
		require.True(t, w.vendor.RemoveSite(w.ids(1)[0]))
		r := w.settle(w.approve(catalog.Create, c), time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "SE Ranking doesn't have")
		require.Contains(t, r.Outcome.Text.Plain(), "Nothing was done.")
		require.Zero(t, effects(w, vendorsim.Create))
	})
}

// TestASeatThatWasAskedWithWordsIsCompletedByItsLook, and nobody's yes counts before.
func TestASeatThatWasAskedWithWordsIsCompletedByItsLook(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		c := w.furnished()
		c.Values = values.Of{Type: "client", Words: []string{w.site(0).Host, w.site(1).ID}}.Values()
		n := w.asked(catalog.Create, c)
		require.ErrorContains(t, w.says(n, true), "haven't counted your yes")
		r := w.looked(n, time.Minute)
		require.Equal(t, []string{w.site(0).ID, w.site(1).ID}, r.Change.Values.IDs("sites"))
		require.NoError(t, w.says(n, true))
		w.hasAll(n, w.settle(n, time.Minute))
	})
}

// TestASeatWhoseWebsitesAreRefusedTellsWhatIsSo: the account is there, and nobody says that nothing was done.
func TestASeatWhoseWebsitesAreRefusedTellsWhatIsSo(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares, Times: -1}, Kind: vendorsim.Status, Status: 403}))
		n := w.approve(catalog.Create, w.furnished())
		r := w.settle(n, 5*time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "SE Ranking did part of it and refused the rest (403")
		require.NotContains(t, r.Outcome.Text.Plain(), "Nothing was done")
		_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
		require.NoError(t, err)
		r = w.settle(n, 5*time.Minute)
		require.Contains(t, r.Outcome.Text.Plain(), "SE Ranking did part of it and refused the rest (403", "tried again too")
		require.NotContains(t, r.Outcome.Text.Plain(), "Nothing was")
		w.vendor.Heal()
		_, err = w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
		require.NoError(t, err)
		require.Equal(t, approvals.Done, w.settle(n, 5*time.Minute).State)
		require.Equal(t, 1, effects(w, vendorsim.Create), "the account that is there is this request's")
	})
}

// between holds a deed of a seat with its websites after its account was made, and before the first of them is shared:
// from the nth time on nobody can read what it sees.
func (w *world) between(nth int) int64 {
	w.t.Helper()
	require.NoError(w.t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Shared, Nth: nth, Times: -1}, Kind: vendorsim.Status, Status: 503}))
	n := w.approve(catalog.Create, w.furnished())
	pass(20 * time.Second)
	require.Equal(w.t, 1, effects(w, vendorsim.Create))
	require.Zero(w.t, effects(w, vendorsim.SetShares))
	return n
}

// TestASeatWhoseAccountIsGoneBetweenItsStepsIsNotMadeAgain: a second account was once made where somebody had taken the first
// away before a website was shared with it.
func TestASeatWhoseAccountIsGoneBetweenItsStepsIsNotMadeAgain(t *testing.T) {
	for _, nth := range []int{1, 2} { // in making it, or after
		inWorld(t, "/v1", func(w *world) {
			n := w.between(nth)
			require.True(t, w.vendor.RemoveAccount("new@acme.example"))
			w.vendor.Heal()
			r := w.settle(n, 10*time.Minute)
			require.Equal(t, approvals.Failed, r.State)
			require.Contains(t, r.Outcome.Text.Plain(), "was created and is gone again")
			require.Equal(t, 1, effects(w, vendorsim.Create))
		})
	}
}

// TestASeatWhoseAddressPassesToAnotherAccountBetweenItsStepsStops: nobody has asked to share anything with that one.
func TestASeatWhoseAddressPassesToAnotherAccountBetweenItsStepsStops(t *testing.T) {
	for _, nth := range []int{1, 2} { // in making it, or after
		inWorld(t, "/v1", func(w *world) {
			n := w.between(nth)
			w.vendor.ReplaceAccount("new@acme.example")
			w.vendor.Heal()
			r := w.settle(n, 10*time.Minute)
			require.Equal(t, approvals.Failed, r.State)
			require.Contains(t, r.Outcome.Text.Plain(), "Nobody asked about that one, so I stopped there")
			_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
			require.NoError(t, err)
			require.Equal(t, r.Outcome.Text, w.settle(n, 10*time.Minute).Outcome.Text, "tried again too")
			require.Zero(t, effects(w, vendorsim.SetShares))
		})
	}
}

// TestASeatWhoseWebsiteChangesHandsBetweenItsStepsTellsWhatStands, and not that somebody should look for it.
func TestASeatWhoseWebsiteChangesHandsBetweenItsStepsTellsWhatStands(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		n := w.between(2)
		require.True(t, w.vendor.Rehost(w.ids(1)[0], "Another", "https://another.example/"))
		w.vendor.Heal()
		r := w.settle(n, 10*time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "The account is there (id ")
		require.Contains(t, r.Outcome.Text.Plain(), "and sees none of these websites yet.")
		require.Zero(t, effects(w, vendorsim.SetShares))
	})
}

// TestASeatOfWhichOneWebsiteIsKeptTellsWhatStands is what a seed of the simulation found: tried again, it said that
// nothing was changed, and the account was there with one of its websites.
func TestASeatOfWhichOneWebsiteIsKeptTellsWhatStands(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.vendor.SetQuirks(vendorsim.Quirks{ShareForm: "integer-replaces"})
		n := w.approve(catalog.Create, w.furnished())
		for range 2 {
			r := w.settle(n, 5*time.Minute)
			require.Equal(t, approvals.Failed, r.State)
			require.Contains(t, r.Outcome.Text.Plain(), "The account is there (id ")
			require.Contains(t, r.Outcome.Text.Plain(), "and sees "+w.site(1).Short()+".")
			require.NotContains(t, r.Outcome.Text.Plain(), "Nothing was changed")
			_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
			require.NoError(t, err)
		}
	})
}
