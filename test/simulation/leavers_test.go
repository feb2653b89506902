package simulation

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
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
