package approvals

import (
	"context"
	"fmt"
	"slices"
)

// gather finds out what judging a request needs to know: the people who voted or want to, and the
// user groups of the steps on which one of them is not named himself. What cannot be found out stays
// out of Facts, which the judgement takes for "could not tell".
func (d *Desk) gather(ctx context.Context, r Request, by Actor) Facts {
	f := newFacts()
	groups := d.lookUpVoter(ctx, &f, r, by, r.asked())
	for _, a := range r.Away {
		if id := by.Person(); id != "" && a.Deputy == id && !a.Over {
			d.lookUp(ctx, &f, a.Person)
		}
	}
	for _, v := range r.Votes {
		d.lookUp(ctx, &f, v.For)
		groups = append(groups, d.lookUpVoter(ctx, &f, r, v.By, r.Stages()[min(v.Step, len(r.Rule.Then))])...)
	}
	for _, g := range groups {
		if _, known := f.Groups[g]; known {
			continue
		}
		members, err := Members(ctx, d.Directory, g)
		if err != nil {
			f.Failures = append(f.Failures, fmt.Errorf("look up group %s: %w", g, err))
			continue
		}
		f.Groups[g] = members
	}
	return f
}

// asked is who may be meant by "may they decide?": the present step or, once it is over, anybody of any.
func (r Request) asked() Stage {
	if r.State != Pending {
		return r.Rule.all()
	}
	return r.Stage()
}

// lookUpVoter adds what Slack says of somebody who decides a step, and returns the groups in which they may be.
func (d *Desk) lookUpVoter(ctx context.Context, f *Facts, r Request, a Actor, on Stage) []GroupID {
	if a.atMachine() {
		for _, id := range r.askers() { // whether it is they who sit there
			d.lookUp(ctx, f, id)
		}
	}
	if id := a.Person(); id != r.Requester && d.lookUp(ctx, f, id) && !slices.Contains(on.People(), id) {
		return on.Groups()
	}
	return nil
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
