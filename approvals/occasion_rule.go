package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Who decides what Usher asks: the policy that would rule the same wish of the manager of whom it is about. Where they have
// none, no condition on who asks holds. What a policy would approve by itself takes a person's yes all the same: the manager's,
// else an owner's of the app, else an admin's; and where no policy fits, or its people can't decide, the owners do, else the
// admins. A policy that refuses does refuse, and the card says so.

// unforeseen is the policy of what Usher asks where none fits.
func unforeseen() Policy {
	const day = 24 * time.Hour
	return Policy{Name: "what Usher asks", Approvers: []string{Owners}, Need: 1, ExpiresAfter: 7 * day, RemindAfter: day, Text: "what Usher asks"}
}

// wishedBy is as whose wish policies take a request: who asked or, of what Usher asks, the manager of whom it is about.
func (r Request) wishedBy() PersonID {
	if r.Occasion != nil {
		return r.Occasion.As
	}
	return r.Requester
}

// chooseOn finds the policy of what Usher asks, and pins it.
func (d *Desk) chooseOn(ctx context.Context, r Request, now time.Time) (Request, error) {
	m, err := d.managerOf(ctx, r)
	if err != nil {
		return r, unfound("Who decides this", "asked", err)
	}
	r.Manager, r.Occasion.As = &m, m.By
	k, err := d.found(ctx, r)
	if err != nil {
		return r, unfound("Who decides this", "asked", err)
	}
	r.Found = k.kept()
	c := Choose(d.Policies, d.known(r).Situation())
	if c.Policy.Refusal != "" && !c.Open {
		return r, Refuse(NotAllowed, "Policy “%v” refuses it: %v", c.Policy.Name, sentence(c.Policy.Refusal))
	}
	if err := c.Policy.within(d.known(r), now); err != nil && !c.Open {
		return r, err
	}
	r.Expires = r.closes(now.Add(r.waitsUnder(c)))
	if r.Occasion.Kind == OccasionLeft {
		r.Occasion.Every = r.waitsUnder(c)
	}
	r.Rule, r.Look = d.under(r, c)
	return r, nil
}

// waitsUnder is how long an undecided request waits under what was chosen for it.
func (r Request) waitsUnder(c Choice) time.Duration {
	if c.Policy.ExpiresAfter == 0 && r.Occasion != nil {
		return unforeseen().ExpiresAfter
	}
	return c.Policy.ExpiresAfter
}

// ruleOn is the rule of what Usher asks, by what was chosen for it.
func (d *Desk) ruleOn(r Request, c Choice) Rule {
	p, why := c.Policy, Text(nil)
	switch {
	case c.None:
		p, why = unforeseen(), Sayf("no policy fits, so the app's owners decide, or else the admins")
	case p.Refusal != "":
		return d.refusing(r, c)
	case p.Auto:
		why = Sayf("policy “%v” would approve it by itself; what I ask takes a person's yes", p.Name)
	}
	rule := d.pinned(p, r)
	if c.None || p.Auto || undecidable(r.underRule(rule)) != nil {
		rule = d.byPeople(rule, r, p.Auto)
	}
	if c.conditional() || why != nil {
		rule.Chosen = slices.Clone(c.Why)
	}
	if why != nil {
		rule.Chosen = append(rule.Chosen, Reason{Held: Holds, Say: why})
	}
	return rule
}

// refusing is the rule of what turned out to be refused: nobody is asked for a yes.
func (d *Desk) refusing(r Request, c Choice) Rule {
	rule := d.pinned(c.Policy, r)
	rule.Approvers, rule.Need, rule.Then, rule.Manager = d.adminsNamed(), 1, nil, nil
	rule.Chosen = c.Why
	return rule
}

func (r Request) underRule(rule Rule) Request {
	r.Rule = rule
	return r
}

// byPeople is a rule in one step: of the manager of whom it is about, where it is for them first, else of the app's owners,
// else of the admins. Of those, the first who can decide without whom it is about and who gave cause to ask.
func (d *Desk) byPeople(rule Rule, r Request, manager bool) Rule {
	rule.Auto, rule.Need, rule.Then, rule.Manager = false, 1, nil, nil
	if m := r.Manager; manager && m != nil && m.By != "" {
		rule.Approvers = []string{Manager}
		return rule.managedBy(*m, nil)
	}
	rule.Approvers = slices.Clone(d.ownersOf(r.App.ID))
	if r.underRule(rule).short(r.gainers()...) >= 0 {
		rule.Approvers = d.adminsNamed()
	}
	return rule
}

// Lingers reports whether an undecided request is asked again when its time is over, and doesn't expire: what somebody holds who
// has left is theirs until a person says what becomes of it.
func (r Request) Lingers() bool {
	return r.State == Pending && r.Occasion != nil && r.Occasion.Every > 0
}

// timeUp closes what nobody has decided in time, or asks it again.
func (r *Request) timeUp(e TimeUp, now time.Time) []outbox.Change {
	if r.Lingers() {
		return r.askAgain(e.To, r.called(), now)
	}
	return r.decide(Expired, Usher, now)
}

// askAgain asks once more what nobody has decided in time, of some others too, and reminds everybody from the beginning.
func (r *Request) askAgain(to []string, had []PersonID, now time.Time) (out []outbox.Change) {
	r.Occasion.Round++
	r.Expires = now.Add(r.Occasion.Every)
	out = []outbox.Change{outbox.Forget(ExpireKey(r.Number)), outbox.Promise(ExpireKey(r.Number), r.Expires)}
	one := Raise{Step: r.Present(), At: now, To: to}
	before := r.Raised
	r.Raised = append(slices.Clone(before), one)
	if r.Rule.Itself() || !r.helps(one, before) {
		r.Raised = before
	} else {
		out = append(out, r.callAnew(had, now)...)
	}
	r.Began, r.Reminders.Of = now, nil
	return out
}
