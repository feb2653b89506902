package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// departing is Config with Bob as Dave's manager.
var departing = strings.Replace(Config, "apps:\n", "people: {managers: {U0DAVE: U0BOB}}\napps:\n", 1)

// departs is a life in which Dave gets a seat and leaves, and Bob has it taken back.
func departs(p *Played) {
	Approve(p)
	p.until("the first reading of everybody", func() bool { return false }, func() bool {
		read := false
		err := p.App.Store.Alter(context.Background(), func(tx leavers.Tx) error {
			a, err := tx.Active()
			read = slices.Contains(a.People, "U0DAVE")
			return err
		})
		return err == nil && read
	})
	p.N.Slack.Deactivate("U0DAVE", true)
	p.sleep(26*time.Hour, func() bool { return p.leaving().Asked == 1 })
	p.until("taking it back", func() bool {
		list := p.cardsIn("C0APPROVE")
		if len(list) < 2 {
			return false
		}
		return p.N.Slack.Click("U0BOB", list[1].Channel, list[1].TS, "Take back").Wait().Acked
	}, func() bool { r, ok := p.taken(); return ok && r.State != approvals.Pending })
	p.sleep(26*time.Hour, func() bool { return p.leaving().State == leavers.Closed })
}

// leaving is Dave's leaving; its zero value while there is none.
func (p *Played) leaving() leavers.Leaving {
	p.revive()
	l, err := p.App.Store.Leaving(context.Background(), 1)
	if err != nil {
		return leavers.Leaving{}
	}
	return l
}

// taken is the request that takes back what he had.
func (p *Played) taken() (approvals.Request, bool) {
	p.revive()
	r, err := p.App.Desk.Request(context.Background(), 2)
	return r, err == nil
}

// ofLeaving reports whether a message is about somebody who left, or says what came of what was asked about them.
func ofLeaving(m slacksim.Message) bool {
	return outbox.Kind(KeyOf(m)) == leavers.KindLeaving || strings.Contains(KeyOf(m), "/occasion/")
}

// leftOnce holds what follows from a leaving to once: one leaving, one card that shows what is so, one message to each who is told
// and one of what came of it, nothing to Dave, and his account gone with one deletion.
func (p *Played) leftOnce() {
	if p.Scenario.config != departing {
		return
	}
	l := p.leaving()
	require.Equal(p.T, leavers.Closed, l.State, "%+v", l)
	require.Len(p.T, l.Items, 1)
	require.NotNil(p.T, l.Items[0].Gone)
	require.Equal(p.T, int64(2), l.Items[0].Request)
	for _, what := range []string{"somebody left", "found what somebody who left holds", "asked about what somebody who left holds", "looked whether what somebody held is gone"} {
		require.LessOrEqual(p.T, strings.Count(p.log(), `"what":"`+what+`"`), 2, what)
	}
	require.Equal(p.T, 1, strings.Count(p.log(), `"what":"somebody left"`), "leavings in the log")
	r, ok := p.taken()
	require.True(p.T, ok)
	require.Equal(p.T, approvals.Done, r.State)
	cards := p.cardsIn("C0APPROVE")
	Shows(p.T, view.Together([]approvals.Request{r}), cards[1], "the card of what he held")
	for _, who := range []string{"U0BOB", "U0ADMIN"} {
		told := slices.DeleteFunc(p.ours(p.N.Slack.DM(who)), func(m slacksim.Message) bool { return !ofLeaving(m) })
		require.Len(p.T, told, 1, "messages of what came of it to %s", who)
		asked := slices.DeleteFunc(ToApprover(p.ours(p.N.Slack.DM(who)), true), func(m slacksim.Message) bool { return approvals.NumberOf(KeyOf(m)) != r.Number })
		require.LessOrEqual(p.T, len(asked), 1, "messages that ask %s", who)
	}
	require.Empty(p.T, slices.DeleteFunc(p.ours(p.N.Slack.DM("U0DAVE")), func(m slacksim.Message) bool { return approvals.NumberOf(KeyOf(m)) != r.Number }))
	gone := 0
	for _, c := range p.N.Vendor.CallsOf(vendorsim.Delete) {
		gone += One(c.Effect != "")
	}
	require.Equal(p.T, 1, gone, "deletions")
}
