package world

import (
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// followed is Erin asking for the same, who is told that it is asked already and follows it, and Bob's yes, of which she
// hears once.
func followed(p *Played) {
	const button = "Tell me when #1 is decided"
	p.until("the following", func() bool {
		p.typesAs("U0ERIN", p.Scenario.Ask, "already asks")
		all := p.N.Slack.Ephemerals("U0ERIN")
		for _, m := range slices.Backward(all) {
			if slices.Contains(Buttons(m), button) {
				before := len(all)
				out := p.N.Slack.Click("U0ERIN", m.Channel, m.TS, button).Wait()
				p.Live(10 * time.Second)
				return out.Acked && slices.ContainsFunc(p.N.Slack.Ephemerals("U0ERIN")[before:], func(m slacksim.Message) bool {
					return strings.Contains(m.Text, "I'll send you a direct message")
				})
			}
		}
		return false
	}, func() bool {
		r, ok := p.request()
		return ok && slices.Contains(r.Followers, "U0ERIN")
	})
	Approve(p)
	p.until("the word", func() bool { return false }, func() bool { return p.heardOfIt("U0ERIN") == 1 })
}

// heardOfIt is how many messages somebody has because they follow the request.
func (p *Played) heardOfIt(who approvals.PersonID) (many int) {
	for _, m := range p.ours(p.N.Slack.DM(string(who))) {
		if KeyOf(m) == approvals.FollowerKey(1, who) {
			many++
		}
	}
	require.LessOrEqual(p.T, many, 1, "words to %s", who)
	return many
}
