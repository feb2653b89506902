package main

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// What people do to a request of a scenario, and what is so before.

func approve(p *played) {
	p.until("the approval", func() bool {
		m := p.card()
		before := len(p.n.Slack.Ephemerals("U0BOB"))
		out := p.n.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait()
		p.pass(time.Second)
		return out.Acked && len(p.n.Slack.Ephemerals("U0BOB")) == before
	}, p.decided)
}

func deny(p *played) {
	p.until("the denial", func() bool {
		m := p.card()
		p.n.Slack.Click("U0BOB", m.Channel, m.TS, "Deny").Wait()
		p.live(5 * time.Second)
		views := p.n.Slack.Views("U0BOB")
		if len(views) == 0 {
			return false
		}
		out := p.n.Slack.Submit("U0BOB", views[len(views)-1].ID, map[string]any{view.FieldReason: "not now"}).Wait()
		p.n.Slack.CloseAllViews("U0BOB")
		return out.Acked && len(out.Errors) == 0 && !strings.Contains(string(out.Payload), "errors")
	}, p.decided)
}

// leaves is an approval after which, before the vendor can be read, the person it is for is deactivated.
func leaves(p *played) {
	plan(p.talkWorld, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503})
	approve(p)
	p.n.Slack.Deactivate("U0DAVE", true)
	p.n.Vendor.Heal()
	p.live(time.Minute)
}

// loseWhose keeps Slack from saying whose an address is, the first times it is asked.
func loseWhose(times int) func(w *talkWorld) {
	return func(w *talkWorld) {
		w.n.Slack.Plan(slacksim.Fault{Method: "users.lookupByEmail", Kind: slacksim.Status500, Times: times})
	}
}

// hasLeft is a yes that is refused, because the person it is for has left, and then a no.
func hasLeft(p *played) {
	p.n.Slack.Deactivate("U0DAVE", true)
	p.live(6 * time.Minute) // what Slack said of him is forgotten by then
	p.until("the hearing", func() bool {
		m := p.card()
		p.n.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait()
		return false
	}, func() bool { r, _ := p.request(); return len(r.Left) > 0 })
	deny(p)
}

func cancel(p *played) {
	p.until("the taking back", func() bool { return p.types("cancel 1", "canceled: ") }, p.decided)
}

// presses is Carol pressing a button on the card that she has by direct message, until it worked.
func (p *played) presses(label string, worked func() bool) {
	p.until("the admin's word", func() bool {
		list := p.ours(p.n.Slack.DM("U0ADMIN"))
		if len(list) == 0 || !slices.Contains(buttons(list[0]), label) {
			return false
		}
		before := len(p.n.Slack.Ephemerals("U0ADMIN"))
		out := p.n.Slack.Click("U0ADMIN", list[0].Channel, list[0].TS, label).Wait()
		p.pass(time.Second)
		return out.Acked && len(p.n.Slack.Ephemerals("U0ADMIN")) == before
	}, worked)
}

// doubt loses the vendor's answer and then everything that could be looked at, until an admin says what
// happened; says "" waits until the vendor can be read again.
func doubt(when vendorsim.When, says string) func(p *played) {
	return func(p *played) {
		plan(p.talkWorld, vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: when})
		// 403 is believed at once, so that the doubt comes soon; where the deed is to be tried again it
		// would end it, and 503 is waited out.
		status, wait := 403, 40*time.Second
		if when == vendorsim.Before {
			status, wait = 503, time.Minute
		}
		approved := false
		p.until("the approval", func() bool {
			m := p.card()
			out := p.n.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait()
			for i := 0; i < 400 && len(p.n.Vendor.CallsOf(vendorsim.Create)) == 0; i++ {
				p.pass(50 * time.Millisecond)
				p.revive()
			}
			if !approved && len(p.n.Vendor.CallsOf(vendorsim.Create)) > 0 {
				approved = true
				plan(p.talkWorld, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: status})
			}
			return out.Acked && len(p.n.Slack.Ephemerals("U0BOB")) == 0
		}, p.decided)
		p.live(wait)
		if says != "" {
			p.presses(says, func() bool { r, _ := p.request(); return r.State != approvals.InDoubt })
		}
		p.n.Vendor.Heal()
	}
}

// unreadable is a vendor that cannot be read when something is asked.
func unreadable(w *talkWorld) {
	plan(w, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503})
}

// readAndApprove approves once the vendor can be read again, and the card says what is meant.
func readAndApprove(p *played) {
	p.live(time.Minute)
	p.n.Vendor.Heal()
	for range 20 {
		if r, _ := p.request(); r.Known() {
			break
		}
		p.live(30 * time.Second)
	}
	approve(p)
}
