package approvals

import (
	"time"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// Who has something for a time may ask to have it for longer. That is a request of its own, decided as any other is, and
// ruled by the policy that would rule what was given for so long; its deed is to move the end of the earlier one, in the
// transaction of the yes. Nothing else ever moves an end. Until then the end stands: a question that nobody has answered
// by then expires with it.

// Extend is the action of a request for longer.
const Extend Action = "extend"

// Extension is which earlier request another one makes longer, as that one was when it was asked.
type Extension struct {
	Of     int64  `json:"of"`
	Action Action `json:"action"`
	// Given is since when it is there, and Was when it ends.
	Given time.Time `json:"given"`
	Was   time.Time `json:"was"`
	// By is who asked for it, who gains as much as who asks for longer, and Allowed are those who allowed it and are in a
	// user group that decides: they are asked by direct message, as if they were named.
	By      PersonID `json:"by"`
	Allowed []Allied `json:"allowed,omitempty"`
}

// Allied is somebody who decides one step, counted from 0, as a member of a user group.
type Allied struct {
	By   PersonID `json:"by"`
	Step int      `json:"step,omitempty"`
}

// Longer is a request for longer as it is kept with the one that it is about.
type Longer struct {
	Number int64     `json:"number"`
	By     PersonID  `json:"by"`
	At     time.Time `json:"at"`
	// Was is when it ended before, and To when it is to end.
	Was time.Time `json:"was"`
	To  time.Time `json:"to"`
	// State is what has come of it: pending, done, or how else it was closed.
	State State `json:"state"`
}

// The events of what is asked for longer. All but the last are of the request that was given.
type (
	// LongerAsked: somebody asks to have it for longer.
	LongerAsked struct{ Longer Longer }
	// Lengthened: that was approved, and it ends at another time.
	Lengthened struct {
		Number int64
		To     time.Time
	}
	// NotLengthened: that was closed without a yes.
	NotLengthened struct {
		Number int64
		State  State
	}
	// Prolonged: the request for longer has moved the end of the earlier one.
	Prolonged struct{ Outcome Outcome }
	// Moot: somebody ended what a request wants to have for longer.
	Moot struct{ By Actor }
)

func (LongerAsked) what() string   { return "asked for longer" }
func (Lengthened) what() string    { return "end moved" }
func (NotLengthened) what() string { return "end stays" }
func (Prolonged) what() string     { return "end of the other moved" }
func (Moot) what() string          { return "closed: it was ended" }

// extending is the form of a request for longer, whatever the app: it has no field but the time.
func extending() catalog.Action { return catalog.Action{Key: Extend, Effect: catalog.Changes} }

// Given is a request for longer as the one that gave what it is about; any other is itself.
func (r Request) Given() Request {
	if r.Extends != nil {
		r.Action, r.Extends, r.Term = r.Extends.Action, nil, nil
	}
	return r
}

// ends is when something ends that is given at a moment; of a request for longer, when it moves the end to.
func (r Request) ends(given time.Time) time.Time {
	if r.Extends != nil {
		given = r.Extends.Was
	}
	return r.Term.ends(given)
}

// MovesTo is when what a request for longer is about ends once that is approved.
func (r Request) MovesTo() time.Time { return r.ends(time.Time{}) }

// More says how much longer is asked: "30 more days".
func (r Request) More() Text {
	if t := *r.Term; t.Until.IsZero() {
		return Sayf("%v", spanText(t.For, "more "))
	}
	return Sayf("Longer, until %v", r.Term.Until)
}

// Asking is the request for longer that waits for a decision about what this one gave; false: there is none.
func (r Request) Asking() (Longer, bool) {
	if n := len(r.Longer); n > 0 && r.Longer[n-1].State == Pending {
		return r.Longer[n-1], true
	}
	return Longer{}, false
}

// LengthenedTo is to when an end, counted from 1, was moved, and by which request; of one that was not, when it is.
func (r Request) LengthenedTo(round int) (to time.Time, by int64) {
	for _, l := range r.Longer {
		if l.State != Done {
			continue
		}
		if round--; round == 0 {
			return l.To, l.Number
		}
	}
	return r.EndsAt, r.Number
}

// allied are those on a step who are asked by direct message because they allowed what is to go on.
func (r Request) allied(step int) (out []PersonID) {
	if r.Extends == nil {
		return nil
	}
	for _, a := range r.Extends.Allowed {
		if a.Step == step {
			out = append(out, a.By)
		}
	}
	return out
}

// gainers are those by id who never decide a request: who asked, whom it is for, and of one for longer who asked first.
func (r Request) gainers() []PersonID { return present(append(r.askers(), r.subjects()...)...) }

// askers are who asked, of a request for longer who asked first, and of what Usher asks who gave it cause to.
func (r Request) askers() []PersonID {
	out := []PersonID{r.Requester}
	if r.Extends != nil {
		out = append(out, r.Extends.By)
	}
	if r.Occasion != nil {
		out = append(out, r.Occasion.By.Person())
	}
	return present(out...)
}

// lengthen is the part of Step about what is asked for longer of what a request gave; false: it is not its time.
func (r *Request) lengthen(e Event, now time.Time) (out []outbox.Change, taken bool) {
	last := len(r.Longer) - 1
	_, open := r.Asking()
	switch e := e.(type) {
	case LongerAsked:
		if !r.Lent() || open {
			return nil, false
		}
		r.Longer = append(r.Longer, e.Longer)
		return r.warnedAnew(now), true
	case Lengthened:
		if !r.Lent() || !open || r.Longer[last].Number != e.Number || !e.To.After(r.EndsAt) || !now.Before(r.EndsAt) {
			return nil, false
		}
		r.Longer[last].State, r.Longer[last].To = Done, e.To
		return r.until(e.To, now), true
	case NotLengthened:
		if !open || r.Longer[last].Number != e.Number {
			return nil, false
		}
		r.Longer[last].State = e.State
		return r.warnedAnew(now), true
	}
	return nil, false
}

// warnedAnew owes what was said before an end anew, because it says what is asked meanwhile.
func (r *Request) warnedAnew(now time.Time) (out []outbox.Change) {
	if !r.Lent() || now.Before(r.WarnsAt) {
		return nil
	}
	for _, who := range r.lentTo() {
		out = append(out, r.atOnce(EndsKey(r.Number, r.Round, who), now))
	}
	return out
}

// prolonged is the part of Step about a request for longer; false: it is none, or not its time.
func (r *Request) prolonged(e Event, now time.Time) (out []outbox.Change, taken bool) {
	if r.Extends == nil {
		return nil, false
	}
	switch e := e.(type) {
	case Prolonged:
		if r.State != Approved {
			return nil, false
		}
		return r.end(Done, e.Outcome), true
	case Moot:
		if r.State != Pending {
			return nil, false
		}
		out = r.decide(Canceled, e.By, now)
		if e.By != Actor(r.Requester) {
			out = append(out, r.atOnce(TellKey(r.Number, Canceled, 0), now).ButOnce())
		}
		return out, true
	}
	return nil, false
}

// detailOfLonger is what of such an event its audit row keeps; nil: nothing.
func detailOfLonger(e Event) any {
	switch e := e.(type) {
	case LongerAsked:
		return e.Longer
	case Lengthened:
		return e
	case NotLengthened:
		return e
	case Prolonged:
		return readBack(e.Outcome)
	}
	return nil
}
