package approvals

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// gatherWork finds out what it takes to judge whether somebody may do a task.
func (d *Desk) gatherWork(ctx context.Context, r Request, by Actor, now time.Time) Facts {
	f := newFacts()
	if r.Task == nil {
		return f
	}
	d.lookUp(ctx, &f, by.Person())
	owners := Stage{Approvers: r.App.Owners}
	own := gains(r, by, f) != May
	if id := by.Person(); own || !slices.Contains(owners.People(), id) && id != r.Task.Owner && !slices.Contains(d.Admins, id) {
		for _, g := range owners.Groups() {
			members, err := Members(ctx, d.Directory, g)
			if err != nil {
				f.Failures = append(f.Failures, fmt.Errorf("look up group %s: %w", g, err))
				continue
			}
			f.Groups[g] = members
		}
	}
	if own {
		d.others(ctx, &f, r, by, now)
	}
	return f
}

// others looks up those who could do a task in somebody's place, until one is found.
func (d *Desk) others(ctx context.Context, f *Facts, r Request, by Actor, now time.Time) {
	_, table, err := d.turns(ctx, r.App.ID)
	if err != nil {
		f.Failures = append(f.Failures, err)
		return
	}
	c := candidates{d: d, r: r, table: table, now: now}
	for _, id := range d.hands(r, *f) {
		if _, away := c.away(id); id == by.Person() || away || c.r.barred(id) {
			continue
		}
		if d.lookUp(ctx, f, id) && f.People[id].Full() && gains(r, Actor(id), *f) != MayNot {
			return
		}
	}
}

// hands are all who may do a task, as far as is known.
func (d *Desk) hands(r Request, f Facts) (all []PersonID) {
	owners := Stage{Approvers: r.App.Owners}
	all = append(all, owners.People()...)
	for _, g := range owners.Groups() {
		all = append(all, f.Groups[g]...)
	}
	if r.Task.Owner != "" {
		all = append(all, r.Task.Owner)
	}
	return append(all, d.Admins...)
}

// mayWork is every reason why somebody may not do anything about a task: only the app's owners, whoever has it, and admins
// do, and nobody for themselves where somebody else can.
func (d *Desk) mayWork(r Request, by Actor, f Facts) error {
	if r.Task == nil {
		return nil // and nothing to do, which workable says
	}
	own := gains(r, by, f)
	if own != May && d.another(r, by, f) {
		say := ownSay(r, own, Sayf("an owner of %v or an admin", r.App.Name))
		return &Error{Code: NotAllowed, Say: say}
	}
	if by.atMachine() {
		return nil
	}
	id := by.Person()
	who, known := f.People[id]
	switch {
	case !slices.Contains(d.hands(r, f), id):
		for _, g := range (Stage{Approvers: r.App.Owners}).Groups() {
			if _, known := f.Groups[g]; !known {
				return Refuse(CannotTell, "I couldn't check with Slack whether you own %v, so #%v stays as it is. Please try again in a minute.", r.App.Name, r.Number)
			}
		}
		return Refuse(NotAllowed, "Only the owners of %v, whoever has the task and Usher's admins can do this. #%v stays as it is.", r.App.Name, r.Number)
	case !known:
		return Refuse(CannotTell, "I couldn't check with Slack who you are just now, so #%v stays as it is. Please try again in a minute.", r.Number)
	case !who.Full():
		return Refuse(NotAllowed, "Only active full members of this workspace can do this. #%v stays as it is.", r.Number)
	}
	return nil
}

// another reports whether somebody else was found who can do a task.
func (d *Desk) another(r Request, by Actor, f Facts) bool {
	return slices.ContainsFunc(d.hands(r, f), func(id PersonID) bool {
		return id != by.Person() && f.People[id].Full() && gains(r, Actor(id), f) != MayNot
	})
}

// Tasks lists the open tasks that are somebody's, and those that are nobody's and they may take: what is due first on top. With
// who "" it is all of them.
func (d *Desk) Tasks(ctx context.Context, who PersonID, now time.Time) (list []Request, err error) {
	all, err := d.openTasks(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		switch {
		case who == "" || r.Task.Owner == who:
			list = append(list, r)
		case r.Task.Owner == "" && d.mayWork(r, Actor(who), d.gatherWork(ctx, r, Actor(who), now)) == nil:
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b Request) int { return a.Task.Due.Compare(b.Task.Due) })
	return list, nil
}
