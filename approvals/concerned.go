package approvals

import (
	"context"
	"slices"
)

// Concerned are those of some whose Homes may show something of a request: who is named in it in any way, whoever is in a
// group that is, the manager of whom it is for, and the admins. Of a group that can't be read now it is everybody: drawn once too often, nothing changes.
func (d *Desk) Concerned(ctx context.Context, n int64, of []PersonID) (out []PersonID, err error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return nil, err
	}
	named, all := append(append(r.people(), d.Admins...), d.leader(r.Change.Person)), false
	for _, s := range append(r.Stages(), r.escalation(), r.workers()) {
		for _, g := range s.Groups() {
			members, err := Members(ctx, d.Directory, g)
			named, all = append(named, members...), all || err != nil
		}
	}
	for _, p := range of {
		if all || slices.Contains(named, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// escalation are those to whom a step of a request may be escalated.
func (r Request) escalation() Stage { return Stage{Approvers: r.Rule.EscalateTo} }

// workers are those who may do what a person carries out, as configured now.
func (r Request) workers() (s Stage) {
	if r.Task != nil {
		s.Approvers = r.App.Owners
	}
	return s
}

// people are all who are named in a request, now or before.
func (r Request) people() (out []PersonID) {
	out = append(out, r.Requester, r.Change.Person)
	for _, s := range append(r.Stages(), r.escalation()) {
		out = append(out, s.People()...)
	}
	for _, v := range r.Votes {
		out = append(out, v.By.Person(), v.For)
	}
	for _, a := range r.Away {
		out = append(out, a.Person, a.Deputy)
	}
	if r.Task != nil {
		out = append(append(out, r.workers().People()...), r.Task.Had...)
	}
	return append(out, r.DecidedBy.Person())
}
