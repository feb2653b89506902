package world

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
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

// untilItEndsLater is untilItEnds with twenty minutes more, which Alice asks for before its end and Bob allows.
func untilItEndsLater(p *Played) {
	Approve(p)
	p.Live(32 * time.Minute)
	first, _ := p.request()
	p.until("the question", func() bool { return p.types("extend 1 for=20m because it takes longer", "*#2*") }, func() bool {
		_, err := p.second()
		return err == nil
	})
	p.approves("U0BOB", func() bool { r, err := p.second(); return err == nil && r.State == approvals.Done })
	r, _ := p.request()
	require.Equal(p.T, first.EndsAt.Add(20*time.Minute), r.EndsAt)
	require.Equal(p.T, []approvals.Longer{{Number: 2, By: "U0ALICE", At: r.Longer[0].At, Was: first.EndsAt, To: r.EndsAt, State: approvals.Done}}, r.Longer, "it is asked once")
	p.Live(time.Until(r.EndsAt) + 5*time.Minute)
	r, _ = p.request()
	p.endedOnce(r)
	two, err := p.second()
	require.NoError(p.T, err)
	for _, m := range p.ours(p.N.Slack.Messages("C0APPROVE"))[1:] {
		Shows(p.T, CardOf(p.T, p.App.Desk, two), m, "the card of the question")
	}
}

// second is what is asked later about what the first request gave.
func (p *Played) second() (approvals.Request, error) {
	p.revive()
	return p.App.Desk.Request(context.Background(), 2)
}

// endedOnce: what was given for a time ended once, no earlier than its time, by one word in the log.
func (p *Played) endedOnce(r approvals.Request) {
	require.Equal(p.T, approvals.Ended, r.State)
	require.False(p.T, r.End.Outcome.At.Before(r.EndsAt), "it was taken back early")
	require.Equal(p.T, 1, strings.Count(p.log(), `"what":"seen taken back"`), "endings in the log")
	for _, m := range p.ours(p.N.Slack.DM("U0ALICE")) {
		require.Empty(p.T, Buttons(m), "nothing is left to press")
	}
}

// log is all that the audit log holds.
func (p *Played) log() string {
	var all []byte
	require.NoError(p.T, p.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		all = append(append(all, line...), '\n')
		return nil
	}))
	return string(all)
}

// closed holds the card of a request to what is so, and to having no button left.
func (p *Played) closed(r approvals.Request, card slacksim.Message) {
	Shows(p.T, CardOf(p.T, p.App.Desk, r), card, "the card")
	require.Empty(p.T, Buttons(card))
}
