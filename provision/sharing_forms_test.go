package provision_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// sharing puts an account with the first now sites at a vendor that takes shares in a form, and approves a deed on
// the sites from on to (not included).
func (w *world) sharing(form string, now int, action approvals.Action, from, to int) int64 {
	w.vendor.SetQuirks(vendorsim.Quirks{ShareForm: form})
	solo := vendorsim.Account{Email: "solo@acme.example", FirstName: "Solo", Type: "client"}
	for i := range now {
		solo.SharedSites = append(solo.SharedSites, w.ids(i)...)
	}
	w.vendor.AddAccount(solo)
	return w.approve(action, w.soloChange(from, to))
}

func (w *world) soloChange(from, to int) approvals.Change {
	var sites []catalog.Item
	for i := from; i < to; i++ {
		sites = append(sites, w.site(i))
	}
	return approvals.Change{Email: "solo@acme.example", Values: values.Of{Sites: sites}.Values()}
}

func (w *world) solo() []int64 {
	a, ok := w.vendor.Account("solo@acme.example")
	require.True(w.t, ok)
	return a.SharedSites
}

// byHand is a person who sets what is shared in SE Ranking itself.
func (w *world) byHand(sites ...int) {
	ids := w.ids(sites...)
	require.True(w.t, w.vendor.Edit("solo@acme.example", func(a *vendorsim.Account) { a.SharedSites = ids }))
}

func (w *world) ids(sites ...int) (ids []int64) {
	for _, i := range sites {
		ids = append(ids, w.vendor.Sites()[i].ID)
	}
	return ids
}

// teach has the app find out that one website a request is added: by an account that has none.
func (w *world) teach(form string) {
	w.vendor.SetQuirks(vendorsim.Quirks{ShareForm: form})
	w.vendor.AddAccount(vendorsim.Account{Email: "blank@acme.example", FirstName: "Blank", Type: "client"})
	n := w.approve(catalog.Share, approvals.Change{Email: "blank@acme.example", Values: values.Of{Sites: []catalog.Item{w.site(0), w.site(1)}}.Values()})
	require.True(w.t, w.settle(n, time.Minute).State.Terminal())
}

// sharings is the table of deeds on one account by the form that the vendor takes: the sites it has, what is asked of
// which, the sites it has in the end, and what people are told where not all of it can be done.
var sharings = []struct {
	name     string
	now      int
	action   approvals.Action
	from, to int
	// lists, adds and replaces are the sites in the end, as the app finds the vendor; knows are those where it knew
	// that this vendor adds.
	lists, adds, replaces, knows []int
	// says is what is told by a vendor that adds, that replaces, and that is known to add; "" it is done.
	saysAdds, saysReplaces, saysKnows string
}{
	{"the first", 0, catalog.Share, 0, 1, []int{0}, []int{0}, []int{0}, []int{0}, "", "", ""},
	{"the first two", 0, catalog.Share, 0, 2, []int{0, 1}, []int{0, 1}, []int{1}, []int{0, 1}, "", "keeps only the last one", ""},
	{"the first three", 0, catalog.Share, 0, 3, []int{0, 1, 2}, []int{0, 1, 2}, []int{1}, []int{0, 1, 2}, "", "keeps only the last one", ""},
	{"one more", 1, catalog.Share, 1, 2, []int{0, 1}, []int{0}, []int{0}, []int{0, 1}, "the 1 website it has", "the 1 website it has", ""},
	{"two more", 2, catalog.Share, 2, 4, []int{0, 1, 2, 3}, []int{0, 1}, []int{0, 1}, []int{0, 1, 2, 3}, "the 2 websites it has", "the 2 websites it has", ""},
	{"one there, one more", 1, catalog.Share, 0, 2, []int{0, 1}, []int{0}, []int{0}, []int{0, 1}, "the 1 website it has", "the 1 website it has", ""},
	{"take one of two", 2, catalog.Unshare, 1, 2, []int{0}, []int{0, 1}, []int{0}, []int{0, 1}, "can't take one away", "", "can't take one away"},
	{"take one of three", 3, catalog.Unshare, 2, 3, []int{0, 1}, []int{0, 1, 2}, []int{0, 1, 2}, []int{0, 1, 2}, "be sure the others stay", "be sure the others stay", "can't take one away"},
	{"take two of three", 3, catalog.Unshare, 1, 3, []int{0}, []int{0, 1, 2}, []int{0}, []int{0, 1, 2}, "can't take one away", "", "can't take one away"},
	{"take the only one", 1, catalog.Unshare, 0, 1, nil, []int{0}, []int{0}, []int{0}, "can't leave an account without any", "can't leave an account without any", "can't leave an account without any"},
	{"take all of two", 2, catalog.Unshare, 0, 2, nil, []int{0, 1}, []int{0, 1}, []int{0, 1}, "can't leave an account without any", "can't leave an account without any", "can't leave an account without any"},
}

// TestEverySharingByTheFormTheVendorTakes carries out the table in both dialects: what can be done without a risk to
// what is shared is done, and of the rest people are told why not, what is so, and where to click.
func TestEverySharingByTheFormTheVendorTakes(t *testing.T) {
	for _, path := range []string{"/v1", "/legacy"} {
		for _, row := range sharings {
			for _, v := range []struct {
				name, form string
				end        []int
				says       string
			}{
				{"object", "object", row.lists, ""}, {"array", "array", row.lists, ""},
				{"adds", "integer-adds", row.adds, row.saysAdds}, {"replaces", "integer-replaces", row.replaces, row.saysReplaces},
				{"known to add", "integer-adds", row.knows, row.saysKnows},
			} {
				t.Run(path+"/"+row.name+"/"+v.name, func(t *testing.T) {
					t.Parallel()
					inWorld(t, path, func(w *world) {
						if v.name == "known to add" {
							w.teach(v.form)
						}
						r := w.settle(w.sharing(v.form, row.now, row.action, row.from, row.to), 2*time.Minute)
						require.ElementsMatch(t, w.ids(v.end...), w.solo())
						if v.says == "" {
							require.Equal(t, approvals.Done, r.State, "%v", r.Outcome)
							return
						}
						require.Equal(t, approvals.Failed, r.State)
						said := r.Outcome.Text.Plain()
						require.Contains(t, said, v.says)
						require.Contains(t, said, "in SE Ranking open Users, press Permissions next to solo@acme.example")
						require.Equal(t, row.now == len(v.end), strings.Contains(said, "Nothing was changed."), said)
					})
				})
			}
		}
	}
}

// TestWhatWasFoundOutOutlivesTheProcess: it is kept in the store, for the app and the address it was found out at.
func TestWhatWasFoundOutOutlivesTheProcess(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.teach("integer-adds")
		raw, err := w.store.Learned(w.ctx, "shares/seranking")
		require.NoError(t, err)
		require.Contains(t, string(raw), `"shares":"adds","at":"http://vendor.test/v1"`)
		require.NoError(t, w.store.Learn(w.ctx, "shares/seranking", []byte(strings.Replace(string(raw), "vendor.test", "elsewhere.test", 1))))
		r := w.settle(w.sharing("integer-adds", 1, catalog.Share, 1, 2), time.Minute)
		require.Equal(t, approvals.Failed, r.State, "found out elsewhere, it proves nothing here")
		require.Equal(t, w.ids(0), w.solo())
	})
}

// TestThatOnlyOneIsKeptIsBelievedForADay: after that it is found out again, on an account that has nothing to lose.
func TestThatOnlyOneIsKeptIsBelievedForADay(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.teach("integer-replaces")
		r := w.settle(w.sharing("integer-replaces", 0, catalog.Share, 0, 2), time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "Nothing was changed. Please share")
		require.Empty(t, w.solo())
		pass(25 * time.Hour)
		w.vendor.SetQuirks(vendorsim.Quirks{ShareForm: "integer-adds"})
		_, err := w.desk.Retry(w.ctx, r.Number, "U0ADMIN", "slack", time.Now())
		require.NoError(t, err)
		require.Equal(t, approvals.Done, w.settle(r.Number, time.Minute).State)
		require.ElementsMatch(t, w.ids(0, 1), w.solo())
	})
}

// TestAVendorThatStopsAdding: what it took away is named, and nothing else is risked for it.
func TestAVendorThatStopsAdding(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.teach("integer-adds")
		r := w.settle(w.sharing("integer-replaces", 2, catalog.Share, 2, 3), time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "keeps only the last one, so more than one can't be shared this way. That took away site #101, site #102, which it had before. Please share site #101, site #102 by hand")
		n := w.approve(catalog.Share, approvals.Change{Email: w.jane.Email, Values: values.Of{Sites: []catalog.Item{w.site(1)}}.Values()})
		require.Equal(t, approvals.Failed, w.settle(n, time.Minute).State)
		jane, _ := w.vendor.Account(w.jane.Email)
		require.Equal(t, w.ids(0), jane.SharedSites)
	})
}

// TestAMemoryThatCannotBeReadIsWaitedFor: not knowing is not the same as knowing nothing.
func TestAMemoryThatCannotBeReadIsWaitedFor(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.teach("integer-adds")
		w.memory.fails = true
		n := w.sharing("integer-adds", 1, catalog.Share, 1, 2)
		require.Equal(t, approvals.Running, w.settle(n, time.Minute).State)
		w.memory.fails = false
		require.Equal(t, approvals.Done, w.settle(n, 2*time.Minute).State)
		require.ElementsMatch(t, w.ids(0, 1), w.solo())
	})
}

// TestEveryStepUnderEveryFault is the fault table of deeds that take several requests: each POST of two websites for
// an account with none, those that are refused for their form included, meets each fault.
func TestEveryStepUnderEveryFault(t *testing.T) {
	for _, form := range []string{"integer-adds", "integer-replaces"} {
		for nth := 1; nth <= 4; nth++ {
			for name, fault := range faultsOfAWrite() {
				if fault.Kind == vendorsim.WrongID || fault.Kind == "" {
					continue
				}
				fault.Match = vendorsim.Match{Op: vendorsim.SetShares, Nth: nth}
				t.Run(fmt.Sprintf("%s/%d/%s", form, nth, name), func(t *testing.T) {
					t.Parallel()
					inWorld(t, "/v1", func(w *world) { w.twoByOne(form, fault) })
				})
			}
		}
	}
}

// TestEveryReadOfADeedOfSeveralStepsUnderEveryFault: which reads there are is seen in a life without faults.
func TestEveryReadOfADeedOfSeveralStepsUnderEveryFault(t *testing.T) {
	for _, form := range []string{"integer-adds", "integer-replaces"} {
		times := map[vendorsim.Op]int{}
		inWorld(t, "/v1", func(w *world) {
			w.twoByOne(form, vendorsim.Fault{})
			for _, c := range w.vendor.Calls() {
				if !c.Op.Writes() {
					times[c.Op]++
				}
			}
		})
		require.GreaterOrEqual(t, times[vendorsim.Shared], 4, "two looks, two readings back")
		for op, n := range times {
			for nth := 1; nth <= n; nth++ {
				for _, f := range readFaults {
					if f.Kind == vendorsim.WrongID && op != vendorsim.Details {
						continue
					}
					fault := f.Fault
					fault.Match = vendorsim.Match{Op: op, Nth: nth}
					t.Run(fmt.Sprintf("%s/%s %d/%s", form, op, nth, f.name), func(t *testing.T) {
						t.Parallel()
						inWorld(t, "/v1", func(w *world) { w.twoByOne(form, fault) })
					})
				}
			}
		}
	}
}

// twoByOne shares two websites with an account that has none, under one fault. Whatever happens, nobody else's shares
// are touched, the outcome is told once, and it is what is so.
func (w *world) twoByOne(form string, fault vendorsim.Fault) {
	w.t.Helper()
	if fault.Kind != "" {
		require.NoError(w.t, w.vendor.Plan(fault))
	}
	n := w.sharing(form, 0, catalog.Share, 0, 2)
	r := w.settle(n, 20*time.Minute)
	require.Empty(w.t, w.vendor.Faults(), "the fault was met")
	pass(10 * time.Minute)
	effects := len(w.vendor.Effects())
	switch {
	case r.State == approvals.Done:
		require.Equal(w.t, "integer-adds", form)
		require.ElementsMatch(w.t, w.ids(0, 1), w.solo())
		require.Equal(w.t, 2, effects)
	case form == "integer-adds" || lies(fault) && len(w.solo()) < 1:
		require.True(w.t, lies(fault), "%v", r.Outcome)
		require.Contains(w.t, r.Outcome.Text.Plain(), "doesn't show it")
	default:
		require.Equal(w.t, approvals.Failed, r.State)
		require.Len(w.t, w.solo(), 1)
		require.True(w.t, slices.Contains(w.ids(0, 1), w.solo()[0]))
		require.LessOrEqual(w.t, effects, 3)
	}
	require.Equal(w.t, []string{approvals.TellKey(n, r.State, 1)}, w.told)
	jane, _ := w.vendor.Account(w.jane.Email)
	require.Equal(w.t, w.ids(0), jane.SharedSites)
}

// lies: it answers 200 in the place of a refusal of the form.
func lies(f vendorsim.Fault) bool {
	return f.Match.Op == vendorsim.SetShares && f.Match.Nth <= 2 && (f.Kind == vendorsim.Garbage || f.Kind == vendorsim.HTML)
}

// TestALateStep: each step arriving long after it was given up is waited for, and taken once.
func TestALateStep(t *testing.T) {
	for nth := 3; nth <= 4; nth++ {
		for _, after := range []time.Duration{61 * time.Second, 90 * time.Second, 170 * time.Second, 4 * time.Minute} {
			t.Run(fmt.Sprintf("%d/%s", nth, after), func(t *testing.T) {
				inWorld(t, "/v1", func(w *world) {
					fault := late(vendorsim.SetShares, after)
					fault.Match.Nth = nth
					w.twoByOne("integer-adds", fault)
				})
			})
		}
	}
}

// TestAStepThatIsRefusedTellsWhatIsSo: "nothing was done" would not be true any more.
func TestAStepThatIsRefusedTellsWhatIsSo(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares, Nth: 4}, Kind: vendorsim.Status, Status: 403}))
		r := w.settle(w.sharing("integer-adds", 0, catalog.Share, 0, 2), 5*time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		said := r.Outcome.Text.Plain()
		require.Contains(t, said, "SE Ranking did part of it and refused the rest (403")
		require.NotContains(t, said, "Nothing was done")
		require.Equal(t, w.ids(0), w.solo())
	})
}

// TestSomebodyElsesShareIsNotRiskedBetweenTwoSteps: what a person shares there while a deed is under way is not the
// deed's own, though it is found beside it, or is what the deed was to share later.
func TestSomebodyElsesShareIsNotRiskedBetweenTwoSteps(t *testing.T) {
	for name, row := range map[string]struct {
		form string
		has  []int
		says string
	}{
		"beside it, adds": {"integer-adds", []int{0, 5}, "the 2 websites it has"}, "beside it, replaces": {"integer-replaces", []int{0, 5}, "the 2 websites it has"},
		"in its place, adds": {"integer-adds", []int{1}, "the 1 website it has"}, "in its place, replaces": {"integer-replaces", []int{1}, "the 1 website it has"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares, Nth: 3}, Kind: vendorsim.Cut, When: vendorsim.After}))
				n := w.sharing(row.form, 0, catalog.Share, 0, 2)
				for len(w.solo()) == 0 {
					pass(50 * time.Millisecond)
				}
				w.byHand(row.has...)
				r := w.settle(n, 5*time.Minute)
				require.Equal(t, approvals.Failed, r.State)
				require.Contains(t, r.Outcome.Text.Plain(), row.says)
				require.ElementsMatch(t, w.ids(row.has...), w.solo())
			})
		})
	}
}

// TestAStepThatSomebodyElseTookIsNotTheDeedsOwn: shared by a person between the mark and the write, a website was not
// sent, and so it is not risked for the next.
func TestAStepThatSomebodyElseTookIsNotTheDeedsOwn(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Shared, Nth: 2}, Kind: vendorsim.Slow, When: vendorsim.Before, Delay: 20 * time.Second}))
		n := w.sharing("integer-replaces", 0, catalog.Share, 0, 2)
		for len(w.vendor.CallsOf(vendorsim.Shared)) < 2 {
			pass(50 * time.Millisecond)
		}
		w.byHand(0)
		r := w.settle(n, 5*time.Minute)
		require.Equal(t, approvals.Failed, r.State)
		require.Contains(t, r.Outcome.Text.Plain(), "the 1 website it has")
		require.Equal(t, w.ids(0), w.solo())
	})
}
