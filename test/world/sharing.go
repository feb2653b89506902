package world

import (
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// sharesStand: nobody has lost a share but who was to, whatever was found out meanwhile.
func (p *Played) sharesStand(r approvals.Request) {
	if p.Scenario.Form == "" {
		return
	}
	for _, was := range p.Shares {
		a, _ := p.N.Vendor.Account(was.Email)
		for _, id := range was.SharedSites {
			taken := r.Action == approvals.Unshare && r.Change.Email == was.Email && slices.ContainsFunc(r.Change.Sites, func(s approvals.Site) bool { return s.ID == id })
			if !taken && !slices.Contains(a.SharedSites, id) {
				p.T.Errorf("%s has lost website %d", was.Email, id)
			}
		}
	}
	solo, _ := p.N.Vendor.Account("solo@acme.example")
	require.Contains(p.T, p.Scenario.ends, append([]int64{}, solo.SharedSites...), "what solo has")
}
