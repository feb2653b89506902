package commands

import (
	"context"
	"slices"

	"github.com/usherbot/usher/approvals"
)

// facts finds out about one person and some user groups, for a judgement by approvals. What cannot
// be found out stays out, and the judgement says so.
func (h *House) facts(ctx context.Context, id approvals.PersonID, rule approvals.Rule) approvals.Facts {
	f := approvals.Facts{People: map[approvals.PersonID]approvals.Person{}, Groups: map[approvals.GroupID][]approvals.PersonID{}}
	who, err := h.Directory.Person(ctx, id)
	if err != nil {
		f.Failures = append(f.Failures, err)
		return f
	}
	f.People[id] = who
	if slices.Contains(rule.People(), id) {
		return f
	}
	for _, g := range rule.Groups() {
		members, err := approvals.Members(ctx, h.Directory, g)
		if err != nil {
			f.Failures = append(f.Failures, err)
			continue
		}
		f.Groups[g] = members
	}
	return f
}

// outside reports whether a person is neither an admin nor named by a rule, nor in any of its groups: whoever they are, then, they are none of
// those, and Slack needn't be asked. What cannot be found out is not outside.
func (h *House) outside(ctx context.Context, id approvals.PersonID, rule approvals.Rule) bool {
	if slices.Contains(h.Desk.Admins, id) || slices.Contains(rule.People(), id) {
		return false
	}
	for _, g := range rule.Groups() {
		if members, err := approvals.Members(ctx, h.Directory, g); err != nil || slices.Contains(members, id) {
			return false
		}
	}
	return true
}

// ruling answers whether a person is an admin, or somebody a rule names, apart from any request.
func (h *House) ruling(ctx context.Context, id approvals.PersonID, r approvals.Request) approvals.Ruling {
	if h.outside(ctx, id, r.Rule) {
		return approvals.MayNot
	}
	f := h.facts(ctx, id, r.Rule)
	if h.Desk.IsAdmin(id, f) == approvals.May {
		return approvals.May
	}
	ruling := approvals.InRule(r.Rule, id, f)
	if ruling == approvals.CouldNotTell {
		h.Desk.Log.WarnContext(ctx, "cannot tell whether somebody is an approver", "person", id, "causes", f.Failures)
	}
	return ruling
}

// approver answers whether a person is an admin or stands in any policy, by name or by group.
func (h *House) approver(ctx context.Context, id approvals.PersonID) approvals.Ruling {
	return h.ruling(ctx, id, approvals.Request{Rule: h.Desk.Approvers()})
}

// heard is how somebody may see their own requests now, whatever they could see when they asked. Where that cannot
// be found out, they see what they said.
func (h *House) heard(ctx context.Context, id approvals.PersonID) func(approvals.Request) approvals.Request {
	if h.approver(ctx, id) == approvals.May {
		return approvals.Request.Heard
	}
	return approvals.Request.HeardBlind
}

// Heard is how somebody may see one request of theirs now. Slack is asked only where they saw more than they said
// when they asked.
func (h *House) Heard(ctx context.Context, id approvals.PersonID, r approvals.Request) approvals.Request {
	if r.Said == nil || r.Said.Blind {
		return r.Heard()
	}
	return h.heard(ctx, id)(r)
}

// reader refuses to show something to everybody but admins and approvers, and to whoever might be one but
// cannot be checked.
func (h *House) reader(ctx context.Context, id approvals.PersonID, what string) error {
	switch h.approver(ctx, id) {
	case approvals.May:
		return nil
	case approvals.CouldNotTell:
		return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack whether you're an approver just now, so I can't show this. Please try again in a minute.")
	}
	return approvals.Refuse(approvals.NotAllowed, "Only admins and approvers can see %v. `/access status` shows your own requests.", what)
}

// MayRead is nil where somebody may read what vendors hold, and what others have asked for.
func (h *House) MayRead(ctx context.Context, id approvals.PersonID) error {
	return h.reader(ctx, id, "what others have asked for")
}
