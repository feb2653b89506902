package world

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// sharesStand: nobody has lost a share but who was to, whatever was found out meanwhile.
func (p *Played) sharesStand(r approvals.Request) {
	if p.Scenario.Form == "" {
		return
	}
	for _, was := range p.Shares {
		a, _ := p.N.Vendor.Account(was.Email)
		for _, id := range was.SharedSites {
			taken := r.Action == catalog.Unshare && r.Change.Email == was.Email && slices.ContainsFunc(r.Change.Values.Items("sites"), func(s catalog.Item) bool { return s.ID == fmt.Sprint(id) })
			if !taken && !slices.Contains(a.SharedSites, id) {
				p.T.Errorf("%s has lost website %d", was.Email, id)
			}
		}
	}
	solo, _ := p.N.Vendor.Account("solo@acme.example")
	require.Contains(p.T, p.Scenario.ends, append([]int64{}, solo.SharedSites...), "what solo has")
}
