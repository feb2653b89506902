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
	for i := range 4 {
		add(catalog.Create, fmt.Sprintf("lent%d@acme.example", i), "Lena for="+[]string{"6m", "11m", "1h", "20m"}[i])
	}
}

// gave reports whether what a request asked for was given, whatever has become of it since.
func gave(r approvals.Request) bool { return r.State == approvals.Done || r.End != nil }

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
			if r.End.By == approvals.Usher && r.End.Outcome.At.Before(r.EndsAt) {
				s.Errorf("#%d was taken back before its time", r.Number)
			}
			if s.lossless() && !s.changed(r) && r.End.Outcome.Said == "" && !s.givenAgain(r, all) && !s.isGone(r) {
				s.Errorf("#%d is called gone, and is there", r.Number)
			}
		}
	}
	s.takenBack(all)
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
	if r.EndsAt.IsZero() {
		return
	}
	requester := string(r.Requester)
	for round := range r.Round {
		key := approvals.EndsKey(r.Number, round+1, r.Requester)
		show := view.Ends(s.heardBy(r), round+1)
		expect(key, expectation{in: requester, show: &show})
	}
	if r.End != nil {
		expect(approvals.TellKey(r.Number, approvals.Done, r.Attempt), expectation{in: requester})
	}
	if r.State == approvals.Ended {
		expect(approvals.TellKey(r.Number, approvals.Ended, 0), expectation{must: !s.everLeft(requester), in: requester})
	}
}

// heardBy is a request as its requester may see it.
func (s *simulation) heardBy(r approvals.Request) approvals.Request { return r.Heard() }
