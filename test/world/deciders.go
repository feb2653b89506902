package world

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

// Approve is Bob pressing Approve on the card, until it worked.
func Approve(p *Played) { p.approves("U0BOB", p.decided) }

// approves is somebody pressing Approve on the card, until it worked.
func (p *Played) approves(who string, worked func() bool) {
	p.until("the approval", func() bool {
		m := p.Card()
		before := len(p.N.Slack.Ephemerals(who))
		out := p.N.Slack.Click(who, m.Channel, m.TS, "Approve").Wait()
		p.Pass(time.Second)
		return out.Acked && len(p.N.Slack.Ephemerals(who)) == before
	}, worked)
}

// at reports whether the request is at a step, counted from 0.
func (p *Played) at(step int) func() bool {
	return func() bool {
		r, ok := p.request()
		return ok && r.Present() == step
	}
}

// approveInSteps is Bob's yes to the first step, and then Dave's to the second.
func approveInSteps(p *Played) {
	p.approves("U0BOB", p.at(1))
	p.approves("U0DAVE", p.decided)
}

// GiveAManager has profiles say, in a field that members can't set, that Bob is Alice's manager.
func GiveAManager(w *World) {
	w.N.Slack.AddProfileField(slacksim.ProfileField{ID: "Xf0MANAGER", Label: "Manager", Type: "user", Protected: true})
	w.N.Slack.SetProfile("U0ALICE", "Xf0MANAGER", "U0BOB")
}

// undoAStep is Bob's yes to the first step, who leaves; Dave's click then finds that it is open again, and Erin says yes to
// it in Bob's place.
func undoAStep(p *Played) {
	p.approves("U0BOB", p.at(1))
	p.N.Slack.Deactivate("U0BOB", true)
	p.Live(6 * time.Minute) // what Slack said of him is remembered for five
	p.approves("U0DAVE", p.at(0))
	p.approves("U0ERIN", p.at(1))
	p.approves("U0DAVE", p.decided)
}

func deny(p *Played) {
	p.until("the denial", func() bool {
		m := p.Card()
		p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Deny").Wait()
		p.Live(5 * time.Second)
		views := p.N.Slack.Views("U0BOB")
		if len(views) == 0 {
			return false
		}
		out := p.N.Slack.Submit("U0BOB", views[len(views)-1].ID, map[string]any{view.FieldReason: "not now"}).Wait()
		p.N.Slack.CloseAllViews("U0BOB")
		return out.Acked && len(out.Errors) == 0 && !strings.Contains(string(out.Payload), "errors")
	}, p.decided)
}

// leaves is an approval after which, before the vendor can be read, the person it is for is deactivated.
func leaves(p *Played) {
	Plan(p.World, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503})
	Approve(p)
	p.N.Slack.Deactivate("U0DAVE", true)
	p.N.Vendor.Heal()
	p.Live(time.Minute)
}

// LoseWhose keeps Slack from saying whose an address is, the first times it is asked.
func LoseWhose(times int) func(w *World) {
	return func(w *World) {
		w.N.Slack.Plan(slacksim.Fault{Method: "users.lookupByEmail", Kind: slacksim.Status500, Times: times})
	}
}

// KnowNobody keeps Slack from saying who there is until somebody has asked: of each, then, it is asked.
func KnowNobody(w *World) {
	w.N.Slack.Plan(slacksim.Fault{Method: "users.list", Kind: slacksim.Status500, Times: 5})
}

// hasLeft is a yes that is refused, because the person it is for has left, and then a no.
func hasLeft(p *Played) {
	p.N.Slack.Deactivate("U0DAVE", true)
	p.Live(6 * time.Minute) // what Slack said of him is forgotten by then
	p.until("the hearing", func() bool {
		m := p.Card()
		p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait()
		return false
	}, func() bool { r, _ := p.request(); return len(r.Left) > 0 })
	deny(p)
}

func cancel(p *Played) {
	p.until("the taking back", func() bool { return p.types("cancel 1", "canceled: ") }, p.decided)
}

// presses is Carol pressing a button on the card that she has by direct message, until it worked.
func (p *Played) presses(label string, worked func() bool) {
	p.until("the admin's word", func() bool {
		list := p.ours(p.N.Slack.DM("U0ADMIN"))
		if len(list) == 0 || !slices.Contains(Buttons(list[0]), label) {
			return false
		}
		before := len(p.N.Slack.Ephemerals("U0ADMIN"))
		out := p.N.Slack.Click("U0ADMIN", list[0].Channel, list[0].TS, label).Wait()
		p.Pass(time.Second)
		return out.Acked && len(p.N.Slack.Ephemerals("U0ADMIN")) == before
	}, worked)
}

// doubt loses the vendor's answer and then everything that could be looked at, until an admin says what
// happened; says "" waits until the vendor can be read again.
func doubt(when vendorsim.When, says string) func(p *Played) {
	return func(p *Played) {
		Plan(p.World, vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: when})
		// 403 is believed at once, so that the doubt comes soon; where the deed is to be tried again it
		// would end it, and 503 is waited out.
		status, wait := 403, 40*time.Second
		if when == vendorsim.Before {
			status, wait = 503, time.Minute
		}
		approved := false
		p.until("the approval", func() bool {
			m := p.Card()
			out := p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve").Wait()
			for i := 0; i < 400 && len(p.N.Vendor.CallsOf(vendorsim.Create)) == 0; i++ {
				p.Pass(50 * time.Millisecond)
				p.revive()
			}
			if !approved && len(p.N.Vendor.CallsOf(vendorsim.Create)) > 0 {
				approved = true
				Plan(p.World, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: status})
			}
			return out.Acked && len(p.N.Slack.Ephemerals("U0BOB")) == 0
		}, p.decided)
		p.Live(wait)
		if says != "" {
			p.presses(says, func() bool { r, _ := p.request(); return r.State != approvals.InDoubt })
		}
		p.N.Vendor.Heal()
	}
}

// unreadable is a vendor that cannot be read when something is asked.
func unreadable(w *World) {
	Plan(w, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503})
}

// readAndApprove approves once the vendor can be read again, and the card says what is meant.
func readAndApprove(p *Played) {
	p.Live(time.Minute)
	p.N.Vendor.Heal()
	for range 20 {
		if r, _ := p.request(); r.Known() {
			break
		}
		p.Live(30 * time.Second)
	}
	Approve(p)
}
