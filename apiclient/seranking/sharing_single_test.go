package seranking_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/sim/vendorsim"
)

// shareCase is one change at a vendor that takes shares in one form, by a client that knows so much of it.
type shareCase struct {
	form        string
	known       seranking.Known
	now, change []int64
	take        bool
}

func (s shareCase) String() string {
	verb := "share"
	if s.take {
		verb = "unshare"
	}
	return fmt.Sprintf("%s, known %q: %v %s %v", s.form, s.known, s.now, verb, s.change)
}

// want is what would be shared if all went well, stay what was shared before and must stay whatever happens.
func (s shareCase) want() (want, stay []int64) {
	for _, id := range []int64{101, 102, 103} {
		had, changed := slices.Contains(s.now, id), slices.Contains(s.change, id)
		if had && !(changed && s.take) {
			stay = append(stay, id)
		}
		if had && !(changed && s.take) || changed && !s.take {
			want = append(want, id)
		}
	}
	return want, stay
}

// decided is the table: what is shared in the end, and why no more than that could be done.
func (s shareCase) decided() ([]int64, seranking.Cannot) {
	want, _ := s.want()
	same, single := slices.Equal(s.now, want), len(want) == 1
	adds := s.form == "integer-adds"
	switch {
	case s.form != "integer-adds" && s.form != "integer-replaces", same:
		return want, ""
	case len(want) == 0:
		return s.now, seranking.NeverNone
	case s.take && s.known == seranking.Adds:
		return s.now, seranking.TakesNone
	case s.take && single && adds: // harmless to try, and it takes none away
		return s.now, seranking.TakesNone
	case single:
		return want, ""
	case s.known == seranking.Adds:
		return want, ""
	case s.known == seranking.Replaces:
		return s.now, seranking.KeepsOne
	case len(s.now) > 0:
		return s.now, seranking.MightReplace
	case adds: // nothing to lose: found out on the way
		return want, ""
	}
	return want[1:2], seranking.KeepsOne
}

var subsets = [][]int64{nil, {101}, {102}, {103}, {101, 102}, {101, 103}, {102, 103}, {101, 102, 103}}

func shareCases() (all []shareCase) {
	for form, known := range map[string][]seranking.Known{
		"object": {seranking.Lists, seranking.OneByOne, seranking.Adds, seranking.Replaces}, "array": {seranking.Lists, seranking.OneByOne, seranking.Adds, seranking.Replaces},
		"both":         {seranking.Lists, seranking.OneByOne},
		"integer-adds": {seranking.Lists, seranking.OneByOne, seranking.Adds}, "integer-replaces": {seranking.Lists, seranking.OneByOne, seranking.Replaces},
	} {
		for _, k := range known {
			for _, now := range subsets {
				for _, change := range subsets[1:] {
					all = append(all, shareCase{form, k, now, change, false}, shareCase{form, k, now, change, true})
				}
			}
		}
	}
	return all
}

// TestEveryShareInEveryForm holds the table of all changes of three websites, at vendors that take each form
// of a share, in both dialects, by clients that know it or have yet to find out: what must stay is there after
// every request, what can be done is done, and what cannot has its reason.
func TestEveryShareInEveryForm(t *testing.T) {
	cases := shareCases()
	for d := range dialects {
		world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
			vendorsim.SeedDemo(v)
			for i, s := range cases {
				v.SetQuirks(vendorsim.Quirks{ShareForm: s.form})
				email := fmt.Sprintf("case%d@acme.example", i)
				id := v.AddAccount(vendorsim.Account{Email: email, FirstName: "A", Type: "client", SharedSites: s.now})
				r := carryOut(t, v, c, s, id, email)
				end, cannot := s.decided()
				a, _ := v.Account(email)
				require.ElementsMatch(t, end, a.SharedSites, s)
				require.Equal(t, cannot, r.Cannot, s)
				require.ElementsMatch(t, end, r.After, s)
				require.Empty(t, r.Lost, s)
				want, _ := s.want()
				require.Equal(t, slices.Equal(want, r.After), len(r.Missing)+len(r.Remaining) == 0, s)
				v.RemoveAccount(email)
			}
		})
	}
	t.Logf("%d changes in both dialects", len(cases))
}

// carryOut makes a change request by request, as long as there is more to do.
func carryOut(t *testing.T, v *vendorsim.Vendor, c *seranking.Client, s shareCase, id int64, email string) (r seranking.ShareResult) {
	change := seranking.Sharing{Add: s.change, Known: s.known}
	if s.take {
		change = seranking.Sharing{Remove: s.change, Known: s.known}
	}
	_, stay := s.want()
	for range 4 {
		var err error
		r, err = c.Reshare(t.Context(), id, change)
		require.NoError(t, err, s)
		a, _ := v.Account(email)
		for _, site := range stay {
			require.Contains(t, a.SharedSites, site, "%s lost one", s)
		}
		if r.Known == seranking.Adds && s.known != seranking.Adds {
			require.Equal(t, "integer-adds", s.form, s)
		}
		if r.Known == seranking.Replaces && s.known != seranking.Replaces {
			require.Equal(t, "integer-replaces", s.form, s)
		}
		if !r.More {
			return r
		}
		change.Known, change.Sent = r.Known, append(change.Sent, s.change...)
	}
	t.Fatalf("%s has no end", s)
	return r
}

// TestWhatIsFoundOutOfOneWebsiteARequest: two that are there together prove that it adds, one that went proves
// that it replaces, and nothing less proves anything.
func TestWhatIsFoundOutOfOneWebsiteARequest(t *testing.T) {
	for name, row := range map[string]struct {
		form        string
		now         []int64
		add, remove []int64
		sent        []int64
		want        seranking.Known
	}{
		"the first tells nothing":                     {"integer-adds", nil, []int64{101}, nil, nil, seranking.OneByOne},
		"the second beside the first":                 {"integer-adds", []int64{101}, []int64{101, 102}, nil, []int64{101}, seranking.Adds},
		"the second in the place of the first":        {"integer-replaces", []int64{101}, []int64{101, 102}, nil, []int64{101}, seranking.Replaces},
		"one that was there already proves no adding": {"integer-adds", []int64{101, 102}, nil, []int64{102}, nil, seranking.OneByOne},
		"one that was there already shows the others": {"integer-replaces", []int64{101, 102}, nil, []int64{102}, nil, seranking.Replaces},
		"a list": {"object", []int64{101}, []int64{102}, nil, nil, seranking.Lists},
	} {
		t.Run(name, func(t *testing.T) {
			world(t, seranking.Unified, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
				vendorsim.SeedDemo(v)
				v.SetQuirks(vendorsim.Quirks{ShareForm: row.form})
				id := v.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "N", Type: "client", SharedSites: row.now})
				r, err := c.Reshare(t.Context(), id, seranking.Sharing{Add: row.add, Remove: row.remove, Sent: row.sent})
				require.NoError(t, err)
				require.Equal(t, row.want, r.Known)
			})
		})
	}
}

// TestAVendorThatComesBackToListsIsAskedByListFirst: it may take one website for a whole list, so what was known of
// another day risks nothing.
func TestAVendorThatComesBackToListsIsAskedByListFirst(t *testing.T) {
	for d := range dialects {
		world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
			vendorsim.SeedDemo(v)
			id := v.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "N", Type: "client", SharedSites: []int64{101, 102}})
			r, err := c.Reshare(t.Context(), id, seranking.Sharing{Add: []int64{103}, Known: seranking.Adds})
			require.NoError(t, err)
			require.Equal(t, []int64{101, 102, 103}, r.After)
			require.Equal(t, seranking.Lists, r.Known)
			require.Len(t, v.CallsOf(vendorsim.SetShares), 1)
		})
	}
}

// TestAVendorThatStopsAddingIsNotTrustedAgain: what it took is told as lost, and it is known to replace from then on.
func TestAVendorThatStopsAddingIsNotTrustedAgain(t *testing.T) {
	world(t, seranking.Unified, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
		vendorsim.SeedDemo(v)
		v.SetQuirks(vendorsim.Quirks{ShareForm: "integer-replaces"})
		id := v.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "N", Type: "client", SharedSites: []int64{101, 102}})
		r, err := c.Reshare(t.Context(), id, seranking.Sharing{Add: []int64{103}, Known: seranking.Adds})
		require.NoError(t, err)
		require.Equal(t, []int64{101, 102}, r.Lost)
		require.Equal(t, seranking.Replaces, r.Known)
		require.Equal(t, seranking.KeepsOne, r.Cannot)
		require.False(t, r.More)
	})
}

// TestOnlyWhatTheCallerNotedIsSentAlone: a website that somebody shares between the note and the write, or that was not
// noted, is not sent.
func TestOnlyWhatTheCallerNotedIsSentAlone(t *testing.T) {
	world(t, seranking.Unified, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
		vendorsim.SeedDemo(v)
		v.SetQuirks(vendorsim.Quirks{ShareForm: "integer-adds"})
		id := v.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "N", Type: "client", SharedSites: []int64{101}})
		r, err := c.Reshare(t.Context(), id, seranking.Sharing{Add: []int64{101, 102, 103}, Next: 101, Sent: []int64{101}})
		require.NoError(t, err)
		require.True(t, r.More)
		require.Zero(t, r.Alone)
		require.Equal(t, []int64{102, 103}, r.Missing)
		require.Empty(t, v.Effects())
	})
}

// TestARefusalOfTheWebsiteIsNotTakenForTheForm: half of a list is not shared where the vendor refuses the other half.
func TestARefusalOfTheWebsiteIsNotTakenForTheForm(t *testing.T) {
	for d := range dialects {
		world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
			vendorsim.SeedDemo(v)
			id := v.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "N", Type: "client"})
			v.SetQuirks(vendorsim.Quirks{ShareForm: "both"})
			_, err := c.Reshare(t.Context(), id, seranking.Sharing{Add: []int64{101, 999}})
			require.Equal(t, apiclient.Rejected, apiclient.KindOf(err))
			require.Len(t, v.CallsOf(vendorsim.SetShares), 2, "no third form")
			v.SetQuirks(vendorsim.Quirks{ShareForm: "integer-adds"})
			_, err = c.Reshare(t.Context(), id, seranking.Sharing{Add: []int64{999}, Known: seranking.Adds})
			require.Equal(t, apiclient.Rejected, apiclient.KindOf(err))
			require.ErrorContains(t, err, "Site 999 not found")
			require.Empty(t, v.Effects())
		})
	}
}
