package approvals

import (
	"context"
	"fmt"
)

// gather finds out what judging a request needs to know: the people who voted or want to, and the
// user groups of the rule where one of them is not named himself. What cannot be found out stays
// out of Facts, which the judgement takes for "could not tell".
func (d *Desk) gather(ctx context.Context, r Request, by Actor) Facts {
	f := newFacts()
	groups := false
	for _, a := range append([]Actor{by}, voters(r)...) {
		if a.atMachine() {
			d.lookUp(ctx, &f, r.Requester) // whether it is they who sit there
		}
		if id := a.Person(); id != r.Requester && d.lookUp(ctx, &f, id) {
			groups = groups || !named(r.Rule, id)
		}
	}
	if !groups {
		return f
	}
	for _, g := range r.Rule.Groups() {
		members, err := d.Directory.Group(ctx, g)
		if err != nil {
			f.Failures = append(f.Failures, fmt.Errorf("look up group %s: %w", g, err))
			continue
		}
		f.Groups[g] = members
	}
	return f
}

func newFacts() Facts {
	return Facts{People: map[PersonID]Person{}, Groups: map[GroupID][]PersonID{}}
}

// lookUp adds what Slack says of a person to f; false: nobody was asked for, or it could not be found out.
func (d *Desk) lookUp(ctx context.Context, f *Facts, id PersonID) bool {
	if id == "" {
		return false
	}
	who, err := d.Directory.Person(ctx, id)
	if err != nil {
		f.Failures = append(f.Failures, fmt.Errorf("look up person %s: %w", id, err))
		return false
	}
	f.People[id] = who
	return true
}

func voters(r Request) []Actor {
	var out []Actor
	for _, v := range r.Votes {
		out = append(out, v.By)
	}
	return out
}

func named(rule Rule, id PersonID) bool {
	for _, p := range rule.People() {
		if p == id {
			return true
		}
	}
	return false
}
