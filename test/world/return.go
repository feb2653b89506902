package world

import (
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// givenBack is Bob's yes, Alice giving back what she was given, and Bob's yes to that: once, and of that only.
func givenBack(p *Played) {
	Approve(p)
	p.until("the grant", func() bool { return false }, func() bool { r, _ := p.request(); return r.State == approvals.Done })
	p.until("the giving back", func() bool { return p.types("return priya.nair@acme.example because the audit is over", "*#2*") }, func() bool {
		_, err := p.second()
		return err == nil
	})
	p.approves("U0BOB", func() bool { r, err := p.second(); return err == nil && r.State != approvals.Pending })
	p.until("the removal", func() bool { return false }, func() bool { r, err := p.second(); return err == nil && r.State == approvals.Done })
	two, err := p.second()
	require.NoError(p.T, err)
	require.Equal(p.T, catalog.Unshare, two.Action)
	require.Equal(p.T, []string{"103"}, two.Change.Values.IDs("sites"), "what was given, and nothing else")
	a, _ := p.N.Vendor.Account("priya.nair@acme.example")
	require.Equal(p.T, []int64{101, 102}, a.SharedSites)
}
