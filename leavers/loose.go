package leavers

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
)

// What else hung on somebody moves on by itself: what they were to decide goes to the others who are named, to whom it escalates or to
// the admins, and their tasks to the next owner (approvals). What only a person can mend is said: what they asked for and nobody
// has decided, to their manager; where the configuration still names them, to the admins.

// Loose is what else hung on somebody.
type Loose struct {
	// Asked are their requests that nobody has decided.
	Asked []approvals.Request
	// Owns are the apps whose owner they are named as, Only those of them that have no other, and Decides the policies that name them.
	Owns, Only []approvals.App
	Decides    []string
	// Leads are those whose manager they are, and Admin says that they are named as an admin.
	Leads []approvals.PersonID
	Admin bool
}

// LooseOf is what else hung on somebody.
func (d *Desk) LooseOf(ctx context.Context, who approvals.PersonID) (l Loose, err error) {
	if l.Asked, err = d.Requests.Every(ctx, approvals.Filter{Of: who, State: approvals.Pending}); err != nil {
		return l, fmt.Errorf("find what they asked for: %w", err)
	}
	for _, a := range d.Requests.Apps {
		if slices.Contains(a.Owners, string(who)) {
			l.Owns = append(l.Owns, a)
			if len(a.Owners) == 1 {
				l.Only = append(l.Only, a)
			}
		}
	}
	for _, p := range d.Requests.Policies {
		if slices.ContainsFunc(p.Stages(), func(s approvals.Stage) bool { return slices.Contains(s.Approvers, string(who)) }) || slices.Contains(p.EscalateTo, string(who)) {
			l.Decides = append(l.Decides, p.Name)
		}
	}
	l.Leads, l.Admin = d.Requests.Led(who), slices.Contains(d.Requests.Admins, who)
	return l, nil
}

// named says to the admins where the configuration names nobody else than somebody who left; nil: nowhere. Of policies too few are
// left to decide, and of admins who can't be written to, the admins hear already (approvals.Roll, the courier).
func (l Loose) named(who approvals.PersonID) approvals.Text {
	var says []approvals.Text
	for _, a := range l.Only {
		says = append(says, approvals.Sayf("the only owner of %v, so the admins get its tasks and decisions now", a.Name))
	}
	for _, id := range l.Leads {
		says = append(says, approvals.Sayf("the manager of %v, so others decide in a manager's place", id))
	}
	if len(says) == 0 {
		return nil
	}
	return approvals.Sayf("%v left and is still named as %v. Nothing that waited is lost. Please name somebody else in `usher.yml`, or in the Slack profile that names them.", who, approvals.Join(says, "; and as "))
}

// moveOn tells the admins, and the log, where somebody who left is still named.
func (d *Desk) moveOn(ctx context.Context, l Leaving, loose Loose) {
	if len(loose.Owns)+len(loose.Decides)+len(loose.Leads) > 0 || loose.Admin {
		d.Log.InfoContext(ctx, "somebody left who is still named in the configuration", "person", l.Person, "owns", len(loose.Owns), "policies", len(loose.Decides), "people", len(loose.Leads), "admin", loose.Admin)
	}
	if say := loose.named(l.Person); say != nil {
		d.Alarm(ctx, fmt.Sprintf("leaver %d", l.Number), say)
	}
}
