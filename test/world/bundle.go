package world

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
)

// bundling is Config, whose bundle is a seat and then websites shared with it, with others who decide those.
var bundling = strings.Replace(Config, "policies:\n", `policies:
  - name: websites
    actions: [share]
    steps: [{approvers: [U0DAVE]}]
    expires_after: 50m
`, 1)

// approveBundle is Bob's yes to what he may decide of a bundle, which begins nothing, and then Dave's. What is set up first is
// done before the next is begun, and that shares with the account that the first has made.
func approveBundle(p *Played) {
	p.yesTo("U0BOB", 1)
	require.True(p.T, p.item(1).OnHold(), "it waits for the rest: %s", p.item(1).State)
	require.Empty(p.T, p.N.Vendor.Effects(), "nothing was asked of the vendor")
	p.yesTo("U0DAVE", 2)
	for range 40 {
		if p.item(2).State == approvals.Done {
			break
		}
		p.Live(10 * time.Second)
	}
	first, second := p.item(1), p.item(2)
	require.Equal(p.T, approvals.Done, second.State, "%v", second.Outcome)
	require.False(p.T, second.Started.Before(first.Outcome.At), "one after another")
	require.Equal(p.T, first.Outcome.AccountID, second.Change.Account, "the account that the first has made")
	shares := 0
	for _, c := range p.N.Vendor.CallsOf(vendorsim.SetShares) {
		shares += One(c.Effect != "")
	}
	require.Equal(p.T, 1, shares, "what was shared")
}

// endsBundle is approveBundle, and Alice ending the seat at once: the websites end with it, in one transaction, and nothing is
// asked of the vendor for them.
func endsBundle(p *Played) {
	approveBundle(p)
	p.Live(2 * time.Minute) // whoever asked hears that it's there before they end it
	p.until("the end", func() bool { return p.types("end 1", "*#1*") }, func() bool { return p.item(1).End != nil })
	p.until("the removal", func() bool { return false }, func() bool { return p.item(1).State == approvals.Ended })
	one, two := p.item(1), p.item(2)
	require.Equal(p.T, approvals.Ended, two.State, "it went with its account")
	require.Equal(p.T, one.Number, two.End.With)
	require.Equal(p.T, 1, strings.Count(p.log(), `"what":"went with its account"`), "endings in the log")
	_, there := p.N.Vendor.Account("jane@acme.example")
	require.False(p.T, there)
}

// item is one of the requests, by its number.
func (p *Played) item(n int64) approvals.Request {
	r, _ := p.App.Desk.Request(context.Background(), n)
	return r
}

// yesTo is somebody pressing Approve on the card of a bundle until it counts for one of its items.
func (p *Played) yesTo(who string, n int64) {
	p.until("a yes to the bundle", func() bool {
		m := p.Card()
		return p.N.Slack.Click(who, m.Channel, m.TS, "Approve").Wait().Acked
	}, func() bool { return p.item(n).State != approvals.Pending })
}
