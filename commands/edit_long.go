package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

// zoneFor is where somebody is who edits what is asked until a date. Their form shows the day that it is there, so without
// knowing that nothing could be told from what they changed.
func (h *House) zoneFor(ctx context.Context, r approvals.Request, by approvals.PersonID) (*time.Location, error) {
	if r.Term == nil || r.Term.Until.IsZero() {
		return time.UTC, nil
	}
	who, err := h.Directory.Person(ctx, by)
	if err != nil {
		return nil, zoneless(err)
	}
	return zoned(who.TZ), nil
}

func zoneless(err error) error {
	return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack which time zone you're in, so nothing was changed. Please try again in a minute.").Because(err)
}

// lastingOf is a term as it would be typed by somebody of a time zone.
func lastingOf(t *approvals.Term, zone *time.Location) lasting {
	switch {
	case t == nil:
		return lasting{}
	case !t.Until.IsZero():
		return lasting{until: t.Until.In(zone).Format(time.DateOnly)}
	}
	return lasting{span: approvals.WrittenSpan(t.For)}
}

// sameLong reports whether two forms say the same about how long.
func (d Draft) sameLong(o Draft) bool {
	return d.Long == o.Long && (d.Long != LongUntil || d.Until == o.Until) && (d.Long != LongWhile || d.While == o.While)
}

// lengthOf is for how long a request is to ask for something once it is edited. Where the form is as it was it stays what it
// was, to the second; and what an action can't give for a time any more has no end.
func (h *House) lengthOf(ctx context.Context, r approvals.Request, c asking, e Editing, same bool) (*approvals.Term, error) {
	switch {
	case !r.Lendable():
		return nil, nil
	case same, e.Timeless:
		return r.Term, nil
	}
	t, err := h.term(ctx, c.long, e.By)
	if approvals.CodeOf(err) == approvals.CannotTell {
		err = zoneless(err)
	}
	return t, err
}
