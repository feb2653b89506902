package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
)

// seats are the websites that new seats are asked with, as people type them, and which they mean.
var seats = []struct {
	typed string
	means []string
}{
	{"103,106", []string{"103", "106"}},
	{"careers.acme.example,#109 access=report_manual", []string{"106", "109"}},
	{"Careers", []string{"106"}},
	{`"Help centre"`, []string{"105"}},
	{"https://docs.initech.example/,globex.example/labs,101", []string{"101", "108", "109"}},
	{"northwind.example,Careers amount=5 period=week", []string{"106", "107"}},
}

// target names what a request changes.
func target(verb approvals.Action, email, sites string) string {
	if verb == catalog.Share || verb == catalog.Unshare {
		return fmt.Sprintf("%s %s %s", verb, email, sites)
	}
	return fmt.Sprintf("%s %s", verb, email)
}

func targetOf(r approvals.Request) string {
	sites, _ := r.Change.Values.Get("sites")
	ids := append(r.Change.Values.IDs("sites"), sites.Typed...)
	slices.Sort(ids)
	if r.Extends != nil {
		return longerOf(r.Extends.Of)
	}
	return target(r.Action, r.Change.Email, strings.Join(ids, ","))
}

// parts are what a request changes at the vendor's, one by one: of a seat with its websites the account and each of them.
func parts(r approvals.Request) (list []string) {
	if r.Extends != nil {
		return nil // nothing of it is at the vendor's
	}
	one, ids := r.Action, r.Change.Values.IDs("sites")
	switch r.Action {
	case catalog.Create:
		list, one = []string{targetOf(r)}, catalog.Share
	case catalog.Share, catalog.Unshare:
	default:
		return []string{targetOf(r)}
	}
	for _, id := range ids {
		list = append(list, target(one, r.Change.Email, id))
	}
	return list
}

// asked reports whether the vendor may have been asked for a request that is closed and not known to be done.
func asked(r approvals.Request) bool { return r.Tried || r.Outcome != nil && r.Outcome.Tried }

// partly reports whether a request may have stopped on its way: it takes several writes, and some were asked for.
func (s *simulation) partly(r approvals.Request) bool {
	several := len(parts(r)) > 1 && (r.Action == catalog.Create || s.setting.Form != "")
	return several && r.State == approvals.Failed && asked(r)
}

// formForbids reports whether a vendor that takes one website a request keeps a request from being done.
func (s *simulation) formForbids(r approvals.Request) bool {
	ids := r.Change.Values.IDs("sites")
	if r.Action == catalog.Create {
		return s.setting.Form == integerReplaces && len(ids) > 1
	}
	return s.setting.Form != "" && len(ids) > 0
}

// brokenOff reports whether a refusal that says in which form the vendor wants websites may have come broken off half way: it
// is a refusal all the same, and the deed ends with it.
func (s *simulation) brokenOff(r approvals.Request) bool {
	cut := s.figures["faults: vendor truncated "] + s.figures["faults: vendor truncated after"] + s.figures["faults: vendor truncated before"]
	return s.setting.Form != "" && len(r.Change.Values.IDs("sites")) > 0 && cut > 0
}

// happened reports whether all of a request is so, as an admin sees it who looks.
func (s *simulation) happened(r approvals.Request) bool {
	effects := s.effects()
	a, _ := s.N.Vendor.Account(r.Change.Email)
	return !slices.ContainsFunc(parts(r), func(part string) bool {
		verb, _, _ := strings.Cut(part, " ")
		if r.Action == catalog.Create && verb == string(catalog.Share) {
			return !slices.ContainsFunc(a.SharedSites, func(id int64) bool { return target(catalog.Share, a.Email, text(id)) == part })
		}
		return effects[part] == 0
	})
}

// swept takes out of effects what finding out costs a seat's own websites where the last one is all that is kept: each is
// there twice at most, and whoever asked is told (decision 024), unless the vendor took a write and could not be read after
// it: then it is found out again.
func (s *simulation) swept(effects map[string]int) {
	if s.setting.Form != integerReplaces {
		return
	}
	for email, ids := range s.furnished {
		for _, id := range ids {
			shared, gone := target(catalog.Share, email, id), target(catalog.Unshare, email, id)
			if n := effects[gone]; n > 0 && (n <= 2 || s.figures["faults: vendor halfway"] > 0) && len(ids) > 1 && effects[shared]-n <= 1 {
				delete(effects, gone)
				effects[shared] = 1
			}
		}
	}
}

// seats: a new seat that is given with websites sees these and no others; of one that was not, nobody is told that
// nothing was done where something was.
func (s *simulation) seats(all []approvals.Request) {
	made := s.made()
	for _, r := range all {
		ids := slices.Sorted(slices.Values(r.Change.Values.IDs("sites")))
		switch {
		case r.Action != catalog.Create || len(ids) == 0:
			continue
		case !slices.Equal(ids, s.furnished[r.Change.Email]) && !slices.ContainsFunc(s.swaps, func(w swapped) bool { return w.site != 0 }):
			s.Errorf("#%d is about websites %v, and %v were asked", r.Number, ids, s.furnished[r.Change.Email])
		case r.State == approvals.Done && !s.changed(r):
			s.count("seats: given with websites")
			if sees := s.sees(r.Change.Email); !slices.Equal(sees, ids) {
				s.Errorf("#%d is done, and the account sees %q instead of %q", r.Number, sees, ids)
			}
		case r.State == approvals.Failed && s.partly(r) && slices.Contains(made, r.Change.Email):
			s.count("seats: given in part")
			if says := r.Outcome.Text.Plain(); r.Outcome.Said == "" && saysNothing(says) && !s.others(r, all) {
				s.Errorf("#%d has made an account, which sees %q, and says: %s", r.Number, s.sees(r.Change.Email), says)
			}
		}
	}
}

// saysNothing reports whether a text claims that nothing is otherwise than before.
func saysNothing(text string) bool {
	return slices.ContainsFunc([]string{"Nothing was done", "Nothing was created", "Nothing was changed", "nothing was done"}, func(claim string) bool { return strings.Contains(text, claim) })
}

// others reports whether another request may have done some of what a request asks for.
func (s *simulation) others(r approvals.Request, all []approvals.Request) bool {
	return slices.ContainsFunc(s.ever(all), func(o approvals.Request) bool {
		return o.Name() != r.Name() && o.Change.Email == r.Change.Email && (gave(o) || begun(o) || asked(o))
	})
}

// halfway lets the vendor fail between the steps of a seat with its websites; meanwhile something may change hands, or
// the program die.
func (s *simulation) halfway() {
	s.done(s.askFor(catalog.Create, func(t seat) bool { return s.furnished[t.email] != nil }))
	s.spend(5 * time.Second)
	s.note("the vendor fails between the steps of a seat")
	s.count("faults: vendor halfway")
	op := pickOf(s, []vendorsim.Op{vendorsim.Shared, vendorsim.Shared, vendorsim.SetShares})
	require.NoError(s.T, s.N.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: op, Nth: 1 + s.rng.IntN(3), Times: -1}, Kind: vendorsim.Status, Status: 503,
		When: pickOf(s, []vendorsim.When{vendorsim.Before, vendorsim.After})}))
	for k := range s.wishes {
		if r, ok := s.request(int64(k + 1)); ok && r.State == approvals.Pending && s.furnished[r.Change.Email] != nil {
			for _, who := range deciders {
				s.decides(who, r.Number)
			}
		}
	}
	switch s.rng.IntN(3) {
	case 0:
		s.changesHands()
	case 1:
		s.struck()
	}
	s.spend(time.Duration(s.rng.IntN(120)) * time.Second)
	s.N.Vendor.Heal()
}

// made are the addresses for which the vendor was asked to make an account, and did.
func (s *simulation) made() (emails []string) {
	for _, c := range s.N.Vendor.Effects() {
		if m := madeFor.FindStringSubmatch(c.Effect); m != nil {
			emails = append(emails, m[2])
		}
	}
	return emails
}

// sees are the websites that are shared with the account of an address; nil where there is none.
func (s *simulation) sees(email string) (ids []string) {
	a, _ := s.N.Vendor.Account(email)
	for _, id := range a.SharedSites {
		ids = append(ids, text(id))
	}
	slices.Sort(ids)
	return ids
}

// refused is what may be asked, and is not done: an owner's account is spared, and who has a seat gets no other. Behind it
// stands what is asked for a time.
func (s *simulation) refused(add func(a approvals.Action, email, extra string)) {
	s.lends(add)
	add(catalog.Delete, owner, "")
	add(catalog.Create, holder, "Priya")
}
