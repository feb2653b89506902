package main

import (
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// sharesStand: nobody has lost a share but who was to, whatever was found out meanwhile.
func (p *played) sharesStand(r approvals.Request) {
	if p.scenario.form == "" {
		return
	}
	for _, was := range p.shares {
		a, _ := p.n.Vendor.Account(was.Email)
		for _, id := range was.SharedSites {
			taken := r.Action == approvals.Unshare && r.Change.Email == was.Email && slices.ContainsFunc(r.Change.Sites, func(s approvals.Site) bool { return s.ID == id })
			if !taken && !slices.Contains(a.SharedSites, id) {
				p.t.Errorf("%s has lost website %d", was.Email, id)
			}
		}
	}
	solo, _ := p.n.Vendor.Account("solo@acme.example")
	require.Contains(p.t, p.scenario.ends, append([]int64{}, solo.SharedSites...), "what solo has")
}
