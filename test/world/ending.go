package world

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// untilItEnds is Bob's yes, and then nothing but time: Alice hears of it ten minutes before its end.
func untilItEnds(p *Played) {
	Approve(p)
	p.Live(45 * time.Minute)
	r, _ := p.request()
	a, _ := p.N.Vendor.Account("priya.nair@acme.example")
	require.Equal(p.T, []int64{101, 102}, a.SharedSites, "what was there before stays, and nothing else")
	p.endedOnce(r)
}

// endedOnce: what was given for a time ended once, no earlier than its time, by one word in the log.
func (p *Played) endedOnce(r approvals.Request) {
	require.Equal(p.T, approvals.Ended, r.State)
	require.False(p.T, r.End.Outcome.At.Before(r.EndsAt), "it was taken back early")
	n := 0
	require.NoError(p.T, p.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		n += strings.Count(string(line), `"what":"seen taken back"`)
		return nil
	}))
	require.Equal(p.T, 1, n, "endings in the log")
	for _, m := range p.ours(p.N.Slack.DM("U0ALICE")) {
		require.Empty(p.T, Buttons(m), "nothing is left to press")
	}
}
