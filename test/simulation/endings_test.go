package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
)

// What is asked for a time only is about addresses of its own: what is given there comes and goes.

// borrower has one website of its own from before, and is lent others.
const borrower = "lent@acme.example"

// isLent reports whether an address is one to which things are given for a time.
func isLent(email string) bool { return strings.HasPrefix(email, "lent") }

// lends makes up what may be asked for a time.
func (s *simulation) lends(add func(a approvals.Action, email, extra string)) {
	s.N.Vendor.AddAccount(vendorsim.Account{Email: borrower, FirstName: "L", SharedSites: []int64{101}})
	for _, sites := range []string{"103 for=9m", "104,107 for=14m"} {
		add(catalog.Share, borrower, sites)
	}
	add(catalog.Share, "lent1@acme.example", "103 for=40m") // which goes with that account
	for i := range 4 {
		add(catalog.Create, fmt.Sprintf("lent%d@acme.example", i), "Lena for="+[]string{"6m", "11m", "1h", "20m"}[i])
	}
}

// gave reports whether what a request asked for was given, whatever has become of it since.
func gave(r approvals.Request) bool {
	return r.Extends == nil && (r.State == approvals.Done || r.End != nil)
}

// endsNow lets somebody end what was given for a time: who may, and who may not.
func (s *simulation) endsNow() {
	if s.App == nil || s.Life.Over() {
		return
	}
	for _, r := range s.requests() {
		if !r.Lent() || s.rng.IntN(3) > 0 {
			continue
		}
		who := pickOf(s, []string{string(r.Requester), string(r.Requester), "U0ADMIN", "U0FRED"})
		s.count("acts: ended now")
		out := s.done(s.types(who, fmt.Sprintf("end %d", r.Number)))
		if now, ok := s.request(r.Number); out.Acked && strings.Contains(string(out.Payload), "I'm removing") && ok && now.End == nil {
			s.Errorf("#%d: its end was acknowledged, and is not there", r.Number)
		}
		return
	}
}

// extends lets somebody ask for longer what was given for a time: who may, and who may not. Mostly it is decided soon, for its
// end is near. Where nothing is given, something is asked that will be.
func (s *simulation) extends() {
	lent := s.lent()
	if len(lent) == 0 {
		s.done(s.askFor(catalog.Create, func(t seat) bool { return isLent(t.email) }))
		s.decideSoon(func(r approvals.Request) bool { return isLent(r.Change.Email) })
		s.spend(30 * time.Second)
		if lent = s.lent(); len(lent) == 0 {
			return
		}
	}
	r := pickOf(s, lent)
	w := &wish{who: pickOf(s, []string{string(r.Requester), string(r.Requester), "U0ADMIN", "U0FRED"}), at: time.Now(),
		text: fmt.Sprintf("extend %d for=%dm because it takes longer", r.Number, 4+s.rng.IntN(12)), target: longerOf(r.Number)}
	s.wishes = append(s.wishes, w)
	s.count("asks: for longer")
	s.done(s.types(w.who, w.text))
	if s.rng.IntN(4) > 0 {
		s.decideSoon(func(o approvals.Request) bool { return o.Extends != nil && o.Extends.Of == r.Number })
	}
}

// lent is what was given for a time and is there.
func (s *simulation) lent() []approvals.Request {
	if s.App == nil || s.Life.Over() {
		return nil
	}
	return slices.DeleteFunc(s.requests(), func(r approvals.Request) bool { return !r.Lent() })
}

// decideSoon has those who decide press Approve on the first of some requests that wait, once its card is there.
func (s *simulation) decideSoon(which func(approvals.Request) bool) {
	s.spend(5 * time.Second)
	if s.App == nil || s.Life.Over() {
		return
	}
	waiting := slices.DeleteFunc(s.requests(), func(r approvals.Request) bool { return r.State != approvals.Pending || !which(r) })
	if len(waiting) == 0 {
		return
	}
	for _, who := range deciders {
		s.decides(who, waiting[0].Number)
	}
}

// movedEnds: an end is where the grant put it, moved by as many requests for longer as were approved, one after the other, and by
// nothing else. That each of these had the yes of who may, holds of every request.
func (s *simulation) movedEnds(all []approvals.Request) {
	done := map[int64]int{}
	for _, r := range all {
		if r.Extends == nil {
			continue
		}
		of := all[r.Extends.Of-1]
		l := of.Longer[slices.IndexFunc(of.Longer, func(l approvals.Longer) bool { return l.Number == r.Number })]
		if l.State != r.State {
			s.Errorf("#%d is %s, and with #%d it is %s", r.Number, r.State, of.Number, l.State)
		}
		if r.State == approvals.Done {
			done[of.Number]++
			s.count("endings: moved")
			if !r.Decided.Before(l.Was) || !l.To.Equal(r.MovesTo()) {
				s.Errorf("#%d was approved %v and moved #%d from %v to %v", r.Number, r.Decided, of.Number, l.Was, l.To)
			}
		}
	}
	for _, r := range all {
		if r.Round == 0 {
			continue
		}
		ends := r.Term.Until
		if ends.IsZero() {
			ends = r.Outcome.At.Add(r.Term.For)
		}
		for _, l := range r.Longer {
			if l.State == approvals.Done && l.Was.Equal(ends) {
				ends = l.To
			}
		}
		if !ends.Equal(r.EndsAt) || r.Round != 1+done[r.Number] {
			s.Errorf("#%d ends %v after %d moves, instead of %v after %d: %+v", r.Number, r.EndsAt, r.Round-1, ends, done[r.Number], r.Longer)
		}
	}
}

// isGone reports whether what a request gave is gone, as an admin sees it who looks.
func (s *simulation) isGone(r approvals.Request) bool {
	a, there := s.N.Vendor.Account(r.Change.Email)
	if r.Action == catalog.Create {
		return !there
	}
	return !slices.ContainsFunc(r.Change.Values.IDs("sites"), func(id string) bool {
		return slices.ContainsFunc(a.SharedSites, func(has int64) bool { return text(has) == id })
	})
}

// staysFor is why something may be there past its end: it takes a person.
func (s *simulation) staysFor(r approvals.Request) bool {
	return r.End != nil && r.End.Failed != nil && (s.changed(r) || s.refusing || s.setting.Form != "" || r.Outcome.Said != "" || r.Had == nil)
}

// endings: nothing that was given for a time is there after its end, once the vendor answers, and nothing ends early or twice,
// nor without its request; what was there before stays.
func (s *simulation) endings(all []approvals.Request) {
	seen := map[int64]int{}
	err := s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		err := json.Unmarshal(line, &e)
		if e.After == approvals.Ended {
			seen[e.Request]++
		}
		return err
	})
	require.NoError(s.T, err)
	for _, r := range all {
		switch {
		case r.Lent() && time.Since(r.EndsAt) > 2*time.Minute:
			s.Errorf("#%d is there, and its time was up %v ago", r.Number, time.Since(r.EndsAt))
		case r.State == approvals.Ending && !s.staysFor(r):
			s.Errorf("#%d is not taken back: %+v", r.Number, r.End)
		case r.State == approvals.Ended:
			s.count("endings: seen")
			if seen[r.Number] != 1 {
				s.Errorf("#%d ended %d times", r.Number, seen[r.Number])
			}
			if r.End.With != 0 {
				s.count("endings: went with an account")
				with := all[r.End.With-1]
				if account := with.Outcome; account == nil || account.AccountID != r.End.Outcome.AccountID || with.State != approvals.Ended && !with.Form().Ends {
					s.Errorf("#%d went with the account of #%d, which isn't gone: %+v", r.Number, with.Number, with.Outcome)
				}
			}
			if r.End.By == approvals.Usher && r.End.With == 0 && r.End.Outcome.At.Before(r.EndsAt) {
				s.Errorf("#%d was taken back before its time", r.Number)
			}
			if s.lossless() && !s.changed(r) && r.End.Outcome.Said == "" && !s.givenAgain(r, all) && !s.isGone(r) {
				s.Errorf("#%d is called gone, and is there", r.Number)
			}
		}
	}
	s.takenBack(all)
	s.movedEnds(all)
}

// givenAgain reports whether another request gives the same, or some of it.
func (s *simulation) givenAgain(r approvals.Request, all []approvals.Request) bool {
	return slices.ContainsFunc(all, func(o approvals.Request) bool {
		return o.Number != r.Number && o.Change.Email == r.Change.Email && (gave(o) || asked(o))
	})
}

// takenBack holds what was done at the vendor's to the requests: nothing goes but what one of them added, and no more often.
func (s *simulation) takenBack(all []approvals.Request) {
	a, there := s.N.Vendor.Account(borrower)
	if s.lossless() && !slices.ContainsFunc(s.swaps, func(w swapped) bool { return w.email == borrower || w.site == 101 }) && s.setting.Form != integerReplaces {
		require.True(s.T, there && slices.Contains(a.SharedSites, int64(101)), "what was there before is gone: %v", a.SharedSites)
	}
	given, gone := map[string]int{}, map[string]int{}
	emails := s.addresses()
	for _, c := range s.N.Vendor.Effects() {
		for _, part := range s.effectOf(c.Effect, emails) {
			verb, rest, _ := strings.Cut(part, " ")
			switch catalog.Verb(verb) {
			case catalog.Create, catalog.Share:
				given[rest]++
			case catalog.Delete, catalog.Unshare:
				gone[rest]++
			}
		}
	}
	for what, n := range gone {
		if email, _, _ := strings.Cut(what, " "); isLent(email) && n > given[what] && s.setting.Form != integerReplaces {
			s.Errorf("%s was taken away %d times, and given %d times", what, n, given[what])
		}
	}
	for _, r := range s.ever(all) {
		if isLent(r.Change.Email) && gave(r) {
			s.count("endings: given for a time")
		}
	}
}

// lendingMessages are those that an end calls for.
func (s *simulation) lendingMessages(r approvals.Request, expect func(string, expectation)) {
	requester := string(r.Requester)
	if r.Extends != nil && r.State == approvals.Canceled && r.DecidedBy != approvals.Actor(requester) {
		expect(approvals.TellKey(r.Number, approvals.Canceled, 0), expectation{must: !s.everLeft(requester), in: requester})
	}
	if r.EndsAt.IsZero() {
		return
	}
	for round := range r.Round {
		key := approvals.EndsKey(r.Number, round+1, r.Requester)
		show := view.Ends(s.heardBy(r), round+1)
		expect(key, expectation{in: requester, show: &show})
	}
	s.holderMessages(r, expect)
	if r.End != nil {
		expect(approvals.TellKey(r.Number, approvals.Done, r.Attempt), expectation{in: requester})
	}
	if r.State == approvals.Ended {
		expect(approvals.TellKey(r.Number, approvals.Ended, 0), expectation{must: !s.everLeft(requester), in: requester})
	}
}

// heardBy is a request as its requester may see it.
func (s *simulation) heardBy(r approvals.Request) approvals.Request { return r.Heard() }

// longerOf names what a request for longer changes.
func longerOf(n int64) string { return fmt.Sprintf("extend %d", n) }
