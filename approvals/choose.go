package approvals

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Choice is which policy rules a situation, and why.
type Choice struct {
	// Policy rules it; where Open, it is the first that may, and hangs on what is not known yet. None: no policy does.
	Policy Policy
	None   bool
	Open   bool
	// Why names each policy that is about such a request, up to the one that rules it, with what held of its conditions.
	Why []Reason
}

// Choose finds the policy that rules a situation: the first of which everything holds.
func Choose(policies []Policy, s Situation) Choice {
	c := Choice{None: true}
	for _, p := range policies {
		if !p.Matches(s.App.ID, s.Action) {
			continue
		}
		why := p.When.judge(s)
		switch all(why) {
		case Holds:
			c.Policy, c.None = p, false
			c.Why = append(c.Why, Reason{Held: Holds, Say: p.rules(), Under: why})
			return c
		case Unknown:
			c.Policy, c.None, c.Open = p, false, true
			c.Why = append(c.Why, Reason{Held: Unknown, Say: Sayf("policy “%v” may rule it", p.Name), Under: unknown(why)})
			return c
		}
		c.Why = append(c.Why, Reason{Held: Fails, Say: Sayf("policy “%v” doesn't fit", p.Name), Under: failing(why)})
	}
	return c
}

// conditional reports whether any condition was looked at.
func (c Choice) conditional() bool {
	return slices.ContainsFunc(c.Why, func(r Reason) bool { return len(r.Under) > 0 })
}

// rules says what a policy makes of what it rules.
func (p Policy) rules() Text {
	switch {
	case p.Refusal != "":
		return Sayf("policy “%v” refuses it", p.Name)
	case p.Auto:
		return Sayf("policy “%v” approves it by itself", p.Name)
	}
	return Sayf("policy “%v” rules it", p.Name)
}

// failing and unknown are the reasons that decided.
func failing(why []Reason) []Reason { return those(why, Fails) }

func unknown(why []Reason) []Reason { return those(why, Unknown) }

func those(why []Reason, is Held) []Reason {
	return slices.DeleteFunc(slices.Clone(why), func(r Reason) bool { return r.Held != is })
}

// choose finds the policy of a request and pins it; refusals are errors. What hangs on what the vendor says is left
// open: the request is looked at there first, and nobody can say yes before its policy is known.
func (d *Desk) choose(ctx context.Context, r Request, now time.Time) (Request, error) {
	k, err := d.found(ctx, r)
	if err != nil {
		return r, unfound("Who approves this", "sent", err)
	}
	r.Found = k.kept()
	c := Choose(d.Policies, d.known(r).Situation())
	r.Expires = now.Add(c.Policy.ExpiresAfter)
	switch {
	case c.None:
		return r, &Error{Code: NotAllowed, Say: nobodys(r, c)}
	case c.Policy.Refusal != "" && !c.Open:
		return r, Refuse(NotAllowed, "%v (Policy “%v”.) So nothing was sent.", sentence(c.Policy.Refusal), c.Policy.Name)
	}
	if err := c.Policy.within(d.known(r), now); err != nil && !c.Open {
		return r, err
	}
	r.Expires = r.closes(r.Expires)
	// Inside the transaction that settles what is left open nobody can be asked who somebody's manager is.
	if r.Manager, err = d.findManager(ctx, r, d.mayRule(r, c)...); err != nil {
		return r, err
	}
	r.Rule, r.Look = d.under(r, c)
	return r, nil
}

// unfound refuses what hangs on something about people that could not be found out. A user group that is gone stays so
// until an admin sees to it, who hears of it (roll_groups.go).
func unfound(what, undone string, err error) error {
	if errors.Is(err, ErrNoGroup) {
		return Refuse(CannotTell, "%v depends on a user group that isn't in Slack any more, so nothing was %v. The admins have been told; ask again once they've put it right.", what, undone).Because(err)
	}
	return Refuse(CannotTell, "%v depends on something I couldn't check with Slack just now, so nothing was %v. Please try again in a minute.", what, undone).Because(err)
}

// mayRule are the policies that may come to rule a request.
func (d *Desk) mayRule(r Request, c Choice) (out []Policy) {
	if !c.Open {
		return []Policy{c.Policy}
	}
	for _, p := range d.Policies {
		if p.Matches(r.App.ID, r.Given().Action) {
			out = append(out, p)
		}
	}
	return out
}

// choosing finds, once the vendor was read, the policy of a request of which that hung on it. Nobody has voted then: a yes
// did not count yet. It runs in the transaction that keeps what was read.
func (d *Desk) choosing(tx Tx, r Request, now time.Time) (Request, error) {
	if r.State != Pending || !r.Rule.Open {
		return r, nil
	}
	found := Known{}
	if r.Found != nil {
		found = *r.Found
	}
	if found.Left == nil {
		found.Left = r.Seats.Left()
	}
	r.Found = &found
	c := Choose(d.Policies, d.known(r).Situation())
	if c.Open {
		return r, nil
	}
	rule, _ := d.under(r, c)
	next, err := d.act(tx, r, Settled{Rule: rule, Expires: r.closes(r.Worded().Add(r.waitsUnder(c)))}, Usher, "usher", now)
	if err != nil {
		return r, err
	}
	no := undecidable(next)
	if r.Occasion != nil { // somebody is asked, whatever the policy foresaw
		no, c.None = nil, false
	}
	if no == nil && !c.None {
		no = c.Policy.within(d.known(next), next.Worded())
	}
	switch {
	case c.None:
		return d.act(tx, next, ByPolicy{Reason: nobodys(next, c).Plain()}, Usher, "usher", now)
	case c.Policy.Refusal != "":
		return d.act(tx, next, ByPolicy{Reason: sentence(c.Policy.Refusal)}, Usher, "usher", now)
	case no != nil:
		return d.refuses(tx, next, no, now)
	}
	return next, nil
}

// onceFound goes on with a request about which something was found out, in the transaction that keeps it.
func (d *Desk) onceFound(tx Tx, was, r Request, e Event, now time.Time) (Request, error) {
	_, read := e.(Seen)
	pinned, _ := e.(Pinned)
	if was.Unpinned && !r.Unpinned && (read || pinned.Ahead) && r.State == Pending && !r.Rule.Open && len(r.Votes) == 0 && r.Occasion == nil {
		if no := undecidable(r); no != nil {
			return d.refuses(tx, r, no, now)
		}
	}
	if read {
		return d.onceRead(tx, r, now)
	}
	return r, nil
}

// refuses denies a request for what would have kept it from being asked, had it been known then.
func (d *Desk) refuses(tx Tx, r Request, no error, now time.Time) (Request, error) {
	e, _ := errors.AsType[*Error](no)
	return d.act(tx, r, ByPolicy{Reason: e.Say.Plain()}, Usher, "usher", now)
}

// onceRead goes on with a request about which the vendor was read, in the transaction that keeps what was: its policy is
// known then, and approves it where it does so by itself.
func (d *Desk) onceRead(tx Tx, r Request, now time.Time) (Request, error) {
	r, err := d.choosing(tx, r, now)
	if err != nil {
		return r, err
	}
	return d.byItself(tx, r, now)
}

// byItself approves what its policy approves by itself, as soon as it is known what a yes would do.
func (d *Desk) byItself(tx Tx, r Request, now time.Time) (Request, error) {
	if r.State != Pending || !r.Rule.Auto || !r.ready() {
		return r, nil
	}
	return d.act(tx, r, ByPolicy{Yes: true}, Usher, "usher", now)
}

// nobodys says that no policy rules a request.
func nobodys(r Request, c Choice) Text {
	if len(c.Why) == 0 {
		return Sayf("No policy says who can approve `%v` in %v, so I can't take this request. An admin can add one to usher.yml.", r.Given().Action, r.App.Name)
	}
	return Sayf("No policy fits this request, so I can't take it: %v. An admin can add one to usher.yml.", c.unmet())
}

// unmet are the conditions that kept policies from ruling it.
func (c Choice) unmet() Text {
	var why []Text
	for _, p := range c.Why {
		for _, u := range p.Under {
			why = append(why, u.Say)
		}
	}
	return Join(why, "; ")
}

// sentence ends a text of the configuration with a full stop.
func sentence(s string) string {
	if s != "" && !slices.Contains([]byte(".!?"), s[len(s)-1]) {
		s += "."
	}
	return s
}

// under is the rule that a choice comes to, and what is read at the vendor: what is left open is owed a look.
func (d *Desk) under(r Request, c Choice) (Rule, *Look) {
	if r.Occasion != nil && !c.Open {
		return d.ruleOn(r, c), r.Look
	}
	rule := d.pinned(c.Policy, r)
	if rule.Auto && !c.Open && r.Edition() > 0 {
		rule = r.byHand(rule)
	}
	if c.Open || rule.Auto || c.None || c.Policy.Refusal != "" {
		// Nobody is asked for a yes; whoever is an admin may say no meanwhile.
		rule.Approvers, rule.Need, rule.Then, rule.Manager = nil, 1, nil, nil
		rule.RemindAfter, rule.EscalateAfter, rule.EscalateTo = 0, 0, nil
		for _, a := range d.Admins {
			rule.Approvers = append(rule.Approvers, string(a))
		}
	}
	rule.Open = c.Open
	if c.conditional() {
		rule.Chosen = c.Why
	}
	if !c.Open {
		return rule, r.Look
	}
	rule.Auto = false
	look := Look{Owed: true}
	if r.Look != nil {
		look = *r.Look
		look.Owed = true
	}
	return rule, &look
}
