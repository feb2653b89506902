package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
)

// LeaveFilled is what the form about a leaving was filled in with.
type LeaveFilled struct {
	Press
	Who approvals.PersonID
	Day string
	Why string
}

// Press does what a button about a leaving says.
func (h *House) Press(ctx context.Context, by approvals.PersonID, p Press, now time.Time) (Reply, error) {
	if h.Leavers == nil {
		return Reply{}, approvals.Refuse(approvals.Unavailable, "Who leaves isn't kept here.")
	}
	switch p.Does {
	case PressLeft, PressMistake:
		return Reply{}, h.Leavers.Word(ctx, int(p.Number), p.Does == PressLeft, approvals.Actor(by), now)
	case PressOff:
		l, err := h.Leavers.Named(ctx, p.Number, p.Nonce)
		if err != nil {
			return Reply{}, err
		}
		if err := h.Leavers.MayAnnounce(ctx, l.Person, by); err != nil {
			return Reply{}, err
		}
		if l, err = h.Leavers.CallOff(ctx, l.Number, approvals.Actor(by), now); err != nil {
			return Reply{}, err
		}
		return calledOff(l), nil
	case PressGone:
		l, err := h.Leavers.Named(ctx, p.Number, p.Nonce)
		if err != nil {
			return Reply{}, err
		}
		if l, err = h.Leavers.SayGone(ctx, l.Number, p.Place, approvals.Actor(by), now); err != nil {
			return Reply{}, err
		}
		return Reply{Head: approvals.Sayf("Thanks. %v", h.itemText(l.Items[p.Place]))}, nil
	}
	return Reply{}, approvals.Refuse(approvals.Conflict, "This button comes from another version of Usher, so I changed nothing.")
}

// LeaveForm is what the form that a button opens is about; an error where whoever pressed it may not send it.
func (h *House) LeaveForm(ctx context.Context, by approvals.PersonID, p Press) (approvals.Text, error) {
	if h.Leavers == nil {
		return nil, approvals.Refuse(approvals.Unavailable, "Who leaves isn't kept here.")
	}
	if p.Number == 0 {
		return approvals.Sayf("I gather everything they hold and put it on one card: for their manager, the apps' owners and the admins. Nothing is removed without a yes."), h.Desk.MayAsk(ctx, by)
	}
	l, err := h.Leavers.Named(ctx, p.Number, p.Nonce)
	switch {
	case err != nil:
		return nil, err
	case p.Does == PressStays:
		if err := h.Leavers.MaySay(ctx, l, p.Place, approvals.Actor(by)); err != nil {
			return nil, err
		}
		return h.itemText(l.Items[p.Place]), nil
	case l.State != leavers.Scheduled:
		return nil, approvals.Refuse(approvals.Conflict, "There's nothing to move any more. `/access leave @person` shows where it stands.")
	}
	return approvals.Sayf("%v leaves on %v (%v said so).", l.Person, l.Day, l.By.Text()), h.Leavers.MayAnnounce(ctx, l.Person, by)
}

// Leave takes that form.
func (h *House) Leave(ctx context.Context, by approvals.PersonID, f LeaveFilled, now time.Time) (Reply, error) {
	if h.Leavers == nil {
		return Reply{}, approvals.Refuse(approvals.Unavailable, "Who leaves isn't kept here.")
	}
	if f.Number == 0 {
		if !personID.MatchString(string(f.Who)) {
			return Reply{}, approvals.Refuse(approvals.Invalid, "Please pick who leaves.")
		}
		return h.leaves(ctx, f.Who, f.Day, by, now)
	}
	l, err := h.Leavers.Named(ctx, f.Number, f.Nonce)
	switch {
	case err != nil:
		return Reply{}, err
	case f.Does == PressStays && strings.TrimSpace(f.Why) == "":
		return Reply{}, approvals.Refuse(approvals.Invalid, "Please say why, in a few words: they're kept with it.")
	case f.Does == PressStays:
		if l, err = h.Leavers.LeaveIt(ctx, l.Number, f.Place, approvals.Actor(by), f.Why, now); err != nil {
			return Reply{}, err
		}
		return Reply{Head: approvals.Sayf("All right. %v", h.itemText(l.Items[f.Place]))}, nil
	case f.Day == "":
		return Reply{}, approvals.Refuse(approvals.Invalid, "Please pick the day they leave.")
	case l.State != leavers.Scheduled:
		return Reply{}, approvals.Refuse(approvals.Conflict, "There's nothing to move any more. `/access leave @person` shows where it stands.")
	}
	return h.leaves(ctx, l.Person, f.Day, by, now)
}
