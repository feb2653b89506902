package approvals

import (
	"errors"
	"slices"
	"time"
)

// Term is for how long something is asked; one of the two is set. Nothing is given before it is approved and done, so a
// time is counted from the grant, while a date is a date.
type Term struct {
	For   time.Duration `json:"for,omitempty"`
	Until time.Time     `json:"until,omitzero"`
}

// MostTerm is how long a time may be; what is meant for longer is meant for good.
const MostTerm = 10 * 365 * 24 * time.Hour

// ErrTerm is inside each refusal that is about how long something is asked for.
var ErrTerm = errors.New("it is asked for too long, or not long enough")

// ends is when something ends that is given at a moment.
func (t Term) ends(granted time.Time) time.Time {
	if !t.Until.IsZero() {
		return t.Until
	}
	return granted.Add(t.For)
}

// Text says how long it is, as the end of a sentence.
func (t Term) Text() Text {
	if !t.Until.IsZero() {
		return Sayf("until %v", t.Until)
	}
	return Sayf("for %v", Days(t.For))
}

// Lent reports whether what was asked for is there now, and is to end.
func (r Request) Lent() bool { return r.State == Done && !r.EndsAt.IsZero() }

// Live reports whether a request is not over: it waits, is carried out, or gave something that is to be taken back.
func (r Request) Live() bool { return !r.State.Terminal() || r.Lent() }

// Undertaken reports whether a request is carried out, or was, whatever came of it: it gave or took something, or may have.
func (r Request) Undertaken() bool {
	return slices.Contains([]State{Running, Done, Failed, InDoubt, Ending, Ended}, r.State)
}

// Lendable reports whether what a request asks for can be given for a time: something takes it back.
func (r Request) Lendable() bool { return r.Form().Undo != "" }

// EndSay says until when somebody has what was asked, or wants it; nil: for good, or it is over.
func (r Request) EndSay() Text {
	switch {
	case r.Lent():
		return Sayf("until %v", r.EndsAt)
	case r.Extends != nil && r.State == Pending:
		return Sayf("until %v", r.MovesTo())
	case r.Extends != nil, r.Term == nil || r.State != Pending && r.State != Approved && r.State != Running:
		return nil
	}
	return r.Term.Text()
}

// ForGoodOnly says that what somebody gives by hand can't be given for a time, and what to do.
func (a App) ForGoodOnly() Text {
	return Sayf("Nobody has told me how this is taken away again in %v, so it can't be given for a time. Leave out `for=` or `until=`, or ask its owners to add those steps.", a.Name)
}

// termed is every reason why something cannot be had for as long as it is asked.
func (r Request) termed(now time.Time) error {
	t, nothing := r.Term, "Nothing was sent."
	if r.Edition() > 0 {
		nothing = "Nothing was changed."
	}
	switch {
	case t == nil:
		return nil
	case !r.Given().Lendable() && r.Given().Form().ByHand() && r.Gives():
		return Refuse(Invalid, "%v %v", r.App.ForGoodOnly(), nothing).Because(ErrTerm)
	case !r.Given().Lendable():
		return Refuse(Invalid, "`%v` is for good: nothing of it could be removed at an end. Please leave `for=` or `until=` out. %v", r.Action, nothing).Because(ErrTerm)
	case r.Extends != nil && !t.Until.IsZero() && !t.Until.After(r.Extends.Was):
		return Refuse(Invalid, "#%v lasts until %v anyway. Please give a later end. Nothing was sent.", r.Extends.Of, r.Extends.Was).Because(ErrTerm)
	case !t.Until.IsZero() && !t.Until.After(now):
		return Refuse(Invalid, "That end, %v, is in the past. Please give a later one. %v", t.Until, nothing).Because(ErrTerm)
	case t.Until.IsZero() && t.For <= 0:
		return Refuse(Invalid, "That's no time at all. Please say for how long, as in `for=30d`. %v", nothing).Because(ErrTerm)
	case r.ends(now).Sub(now) > MostTerm:
		return Refuse(Invalid, "That's more than ten years. For good? Leave the end out. %v", nothing).Because(ErrTerm)
	}
	return nil
}

// TooLong reports whether something is asked for longer than a policy gives it for. What nothing takes back has no end.
func (p Policy) TooLong(s Situation) bool {
	lasts := s.Lasts
	if s.Ahead > 0 {
		lasts = s.Ahead
	}
	return p.MaxDuration > 0 && s.form().Undo != "" && (lasts <= 0 || lasts > p.MaxDuration)
}

// within refuses what a policy gives for a shorter time only; nil: it doesn't say, or that is kept.
func (p Policy) within(r Request, now time.Time) error {
	s := r.Situation()
	if r.Term != nil {
		s.Lasts, s.Ahead = r.ends(now).Sub(now), 0
	}
	switch {
	case !p.TooLong(s):
		return nil
	case r.Extends != nil:
		return Refuse(Invalid, "From today you can have this for %v at most (policy “%v”), and that would be until %v. Please ask for less: nothing after %v. Nothing was sent.",
			Days(p.MaxDuration), p.Name, r.MovesTo(), now.Add(p.MaxDuration)).Because(ErrTerm)
	}
	asked := Sayf("this is for good")
	if r.Term != nil {
		asked = Sayf("this is %v", r.Term.Text())
	}
	if r.Edition() > 0 {
		return Refuse(Invalid, "The policy “%v” gives this for %v at most, and %v.", p.Name, Days(p.MaxDuration), asked).Because(ErrTerm)
	}
	return Refuse(Invalid, "You can have this for %v at most (policy “%v”), and %v. Please add an end within that: `for=%v`, or a date with `until=`. Nothing was sent.",
		Days(p.MaxDuration), p.Name, asked, WrittenSpan(p.MaxDuration)).Because(ErrTerm)
}

// WrittenSpan is a time as it is typed.
func WrittenSpan(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d > 0 && d%day == 0:
		return Sayf("%vd", int(d/day)).Plain()
	case d > 0 && d%time.Hour == 0:
		return Sayf("%vh", int(d/time.Hour)).Plain()
	}
	return d.String()
}

// closes is when a request closes itself that nobody decides: no later than what it asks for would end, and of one for
// longer, than what it is about does.
func (r Request) closes(at time.Time) time.Time {
	if r.Extends != nil {
		if r.Extends.Was.Before(at) {
			return r.Extends.Was
		}
		return at
	}
	if r.Term != nil && !r.Term.Until.IsZero() && r.Term.Until.Before(at) {
		return r.Term.Until
	}
	return at
}
