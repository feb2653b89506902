package world

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// talkedOver is Bob's yes, after he has said so in the thread of the card, where it decides nothing.
func talkedOver(p *Played) {
	p.until("the remark", func() bool {
		m := p.Card()
		return p.N.Slack.Reply("U0BOB", m.Channel, m.TS, "looks good", false).Wait().Acked
	}, func() bool { r, ok := p.request(); return ok && len(r.Talk) > 0 })
	r, _ := p.request()
	require.Equal(p.T, approvals.Pending, r.State, "words decide nothing")
	Approve(p)
}

// talkedOnce: what was said is kept once, and for each of it the buttons were offered once at most.
func (p *Played) talkedOnce(r approvals.Request) {
	var kept []string
	for _, m := range r.Talk {
		kept = append(kept, m.TS)
	}
	slices.Sort(kept)
	require.Equal(p.T, slices.Compact(slices.Clone(kept)), kept, "remarks")
	offers := 0
	for _, m := range p.N.Slack.Ephemerals("U0BOB") {
		offers += One(strings.Contains(slacksim.PlainText(m), "What's written in a thread"))
	}
	require.LessOrEqual(p.T, offers, len(kept), "buttons that were offered")
}
