package world

import (
	"context"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// CardOf is what the card of a request should show: of several that were asked in one go, all of them.
func CardOf(t require.TestingT, d *approvals.Desk, r approvals.Request) view.Message {
	list, err := d.Besides(context.Background(), r)
	require.NoError(t, err)
	if r.Together == nil {
		return view.Card(r)
	}
	return view.Together(list)
}

// ApproverCardOf is what somebody who is named as an approver should have of a request.
func ApproverCardOf(t require.TestingT, d *approvals.Desk, r approvals.Request, who approvals.PersonID) view.Message {
	list, err := d.Besides(context.Background(), r)
	require.NoError(t, err)
	if r.Together == nil {
		return view.ApproverCard(r, who)
	}
	return view.TogetherFor(list, who)
}

// askedTogether: what was asked in one go with a request is there, all of it, and ended as it did.
func (p *Played) askedTogether(r approvals.Request) {
	list, err := p.App.Desk.Besides(context.Background(), r)
	require.NoError(p.T, err)
	require.Len(p.T, list, int(p.Scenario.others)+1, "asked in one go")
	for _, o := range list {
		require.Equal(p.T, r.State, o.State, "#%d, asked in one go with #%d", o.Number, r.Number)
		require.Equal(p.T, r.Requester, o.Requester)
	}
}

// approveAll is Bob pressing Approve all on the card of several requests, until none of them waits.
func approveAll(p *Played) {
	p.pressesAll("Approve all", p.allDecided)
}

// SeveralRefused is what was asked in one go, and refused with one form.
func SeveralRefused() Scenario {
	s := Of("several in one go")
	s.Name, s.Decide, s.Want, s.Op, s.steps = "several refused", denyAll, approvals.Denied, "", 0
	return s
}

// SeveralOpened is what was asked in one go, of which Bob opens one by itself before he approves them all.
func SeveralOpened() Scenario {
	s := Of("several in one go")
	s.Decide = func(p *Played) {
		m := p.Card()
		require.True(p.T, p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Open #1").Wait().Acked)
		p.Live(time.Minute)
		approveAll(p)
	}
	return s
}

// denyAll is Bob pressing Deny all on the card of several requests, and writing why, until none of them waits.
func denyAll(p *Played) {
	p.until("the denial of all", func() bool {
		m := p.Card()
		p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Deny all").Wait()
		p.Live(5 * time.Second)
		views := p.N.Slack.Views("U0BOB")
		if len(views) == 0 {
			return false
		}
		out := p.N.Slack.Submit("U0BOB", views[len(views)-1].ID, map[string]any{view.FieldReason: "not now"}).Wait()
		p.N.Slack.CloseAllViews("U0BOB")
		return out.Acked && len(out.Errors) == 0
	}, p.allDecided)
}

// allDecided reports whether none of what was asked in one go waits.
func (p *Played) allDecided() bool {
	r, ok := p.request()
	if !ok {
		return false
	}
	list, err := p.App.Desk.Besides(context.Background(), r)
	return err == nil && !slices.ContainsFunc(list, func(o approvals.Request) bool { return o.State == approvals.Pending })
}

func (p *Played) pressesAll(label string, worked func() bool) {
	p.until("the click on "+label, func() bool {
		m := p.Card()
		before := len(p.N.Slack.Ephemerals("U0BOB"))
		out := p.N.Slack.Click("U0BOB", m.Channel, m.TS, label).Wait()
		p.Pass(time.Second)
		return out.Acked && len(p.N.Slack.Ephemerals("U0BOB")) == before
	}, worked)
}
