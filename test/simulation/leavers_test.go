package simulation

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// leaves deactivates somebody, or brings them back.
func (s *simulation) leaves() {
	who := pickOf(s, []string{"U0ERIN", "U0DAVE"})
	s.comesOrGoes(who, len(s.gone[who])%2 == 0)
}

// leavesAtOnce lets somebody leave whom something is given to, between its approval and the deed.
func (s *simulation) leavesAtOnce() {
	s.done(s.askFor(catalog.Create, func(t seat) bool { return isColleague(t) && idOf(t.email) != "U0BOB" }))
	s.spend(5 * time.Second)
	for k := range s.wishes {
		r, ok := s.request(int64(k + 1))
		who := idOf(r.Change.Email)
		if !ok || r.State != approvals.Pending || who == "" || who == "U0BOB" {
			continue
		}
		blind := vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, Status: 503}
		require.NoError(s.T, s.N.Vendor.Plan(blind))
		for _, by := range deciders {
			s.decides(by, r.Number)
		}
		if len(s.gone[who])%2 == 0 {
			s.comesOrGoes(who, true)
		}
		s.spend(time.Duration(s.rng.IntN(60)) * time.Second)
		s.N.Vendor.Heal()
		return
	}
}

func (s *simulation) comesOrGoes(who string, goes bool) {
	s.note("%s is deactivated: %v", who, goes)
	s.count("faults: somebody leaves")
	s.N.Slack.Deactivate(who, goes)
	s.gone[who] = append(s.gone[who], time.Now())
	delete(s.opened, who)
}

// leavings are all that are kept, in the order of their numbers.
func (s *simulation) leavings() (all []leavers.Leaving) {
	roster, err := s.App.Leavers.Book.Roster(context.Background())
	require.NoError(s.T, err)
	for n := range roster.Last {
		l, err := s.App.Leavers.Book.Leaving(context.Background(), n+1)
		require.NoError(s.T, err)
		all = append(all, l)
	}
	return all
}

// ofLeavers are the messages that may stand about what hung on somebody who left, and about what is under way of who is back.
func (s *simulation) ofLeavers(may map[world.Promised]*expectation) {
	for _, l := range s.leavings() {
		to := s.App.Desk.Admins
		if l.Manager != "" {
			to = []approvals.PersonID{l.Manager}
		}
		for _, id := range to {
			for _, about := range []string{leavers.AboutLoose, leavers.AboutBack} {
				may[world.Promised{Key: leavers.MessageKey(l.Number, about, id), Of: s.database()}] = &expectation{in: string(id)}
			}
		}
	}
}

// onOccasion are the words of what came of all that Usher asked on one card.
func (s *simulation) onOccasion(r approvals.Request, expect func(string, expectation)) {
	if r.ByUsher() {
		for _, id := range r.Occasion.Told {
			expect(approvals.OutcomeKey(r.Occasion.First, id), expectation{in: string(id)})
		}
	}
}
