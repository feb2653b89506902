package world

import (
	"context"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// An account shares its limits out by hand: what is approved is promised, and what is done is somebody's.

// pooled is Config with an app that shares a limit out, of whose creation two steps are left.
var pooled = strings.Replace(Config, "bundles:\n", `  semrush:
    kind: manual
    template: semrush
    owners: [U0BOB]
    pool: {keywords: 1000}
    steps:
      create: {seat: {drop: true}, own_account: {drop: true}, own_plan: {drop: true}, invite: {drop: true}, accepted: {drop: true}, buy_session: {drop: true}, tell_login: {drop: true}}
bundles:
`, 1)

// sharedOut is Erin's yes, which takes all there is, and Bob's two ticks.
func sharedOut(p *Played) {
	require.Zero(p.T, p.spread().Taken())
	p.approves("U0ERIN", p.decided)
	p.until("the turn", func() bool { return false }, func() bool { r, _ := p.request(); return r.Working() && r.Task.Owner == "U0BOB" })
	require.Equal(p.T, int64(1000), p.spread().Promised)
	p.ticks("U0BOB", 1, nil)
	p.ticks("U0BOB", 2, nil)
	p.revive()
	require.Equal(p.T, approvals.Spread{Limit: approvals.Limit{Key: "keywords", Of: 1000}, Out: 1000, After: 1000}, p.spread())
}

// spread is how the pool's one limit is spread.
func (p *Played) spread() approvals.Spread {
	p.revive()
	now, err := p.App.Desk.Pool(context.Background(), "semrush")
	require.NoError(p.T, err)
	return now.Limits[0]
}
