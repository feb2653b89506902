package approvals

import (
	"time"

	"github.com/usherbot/usher/outbox"
)

// What was given for a time is taken back at its end by a deed of its own, with a look, a mark, a write and a reading
// back as every deed has (provision/back.go):
//
//	done ──(its time is up, or somebody ends it)──► ending ──(seen gone)──► ended
//	                                                  ▲  └─(cannot see)──► in doubt ──(seen, or an admin says)──► ended | ending
//	                                                  └────(refused: tried again each day, or by an admin)
//
// The promise "end/12" is made with the grant and due at the end. A crash before its claim leaves it; after it, the next
// owner looks first, as of a deed. It is forgotten in the transaction that keeps what was seen, so it ends once. What is
// past its end and there still is in the state ending: admins have a card for it, which says since when it is late.

// End is the taking back of what was given for a time.
type End struct {
	// By is who ended it; Usher: its time was up. At is since when it is to be gone.
	By Actor     `json:"by"`
	At time.Time `json:"at"`
	// Working says that a deed takes it back now; Began is when the present try began, and Attempt counts them.
	Working bool      `json:"working,omitempty"`
	Began   time.Time `json:"began,omitzero"`
	Attempt int       `json:"attempt,omitempty"`
	// Tried says that an earlier try may have been carried out.
	Tried bool `json:"tried,omitempty"`
	// Failed is why the last try did not take it back; nil: none failed since somebody last began it.
	Failed *Outcome `json:"failed,omitempty"`
	// With is the request by which the account is gone that it hung on; 0: it was taken back by itself.
	With int64 `json:"with,omitempty"`
	// AgainBy is the admin who had it tried again.
	AgainBy Actor `json:"again_by,omitempty"`
	// Outcome is what was seen once it was gone.
	Outcome *Outcome `json:"outcome,omitempty"`
}

// The events of an ending. Those of the deed are other ones than a grant's, so that a late word of the one is never
// taken for the other's.
type (
	// EndedBy: somebody ends now what was given for a time.
	EndedBy struct{ By Actor }
	// BackBegun: the taking back begins; written before the vendor is asked for anything but to read.
	BackBegun struct{}
	// BackSeen: it was seen gone.
	BackSeen struct{ Outcome Outcome }
	// BackRefused: it was seen to be there still, and will not be tried again at once.
	BackRefused struct{ Outcome Outcome }
	// BackLost: the answer was lost and looking did not help.
	BackLost struct{ Doubt Doubt }
	// BackResumed: a doubt was settled by seeing that it is there still; the deed goes on.
	BackResumed struct{}
	// PassedOn: a later request gives some of it for longer; at the end of this one that stays.
	PassedOn struct {
		To  int64
		IDs []string
	}
)

func (EndedBy) what() string     { return "ended by hand" }
func (BackBegun) what() string   { return "taking back begun" }
func (BackSeen) what() string    { return "seen taken back" }
func (BackRefused) what() string { return "taking back failed" }
func (BackLost) what() string    { return "taking back in doubt" }
func (BackResumed) what() string { return "seen not taken back" }
func (PassedOn) what() string    { return "passed on to a later request" }

// endAgain is how soon what could not be taken back is tried again by itself: whoever has mended it there need not say so.
const endAgain = 24 * time.Hour

// endEvent reports whether an event is one of an ending.
func endEvent(r Request, e Event) bool {
	switch e.(type) {
	case EndedBy, BackBegun, BackSeen, BackRefused, BackLost, BackResumed, PassedOn, LongerAsked, Lengthened, NotLengthened, WentWith:
		return true
	case AdminSays, RetriedBy, Ticked, Unticked, Noted, Handed, PutBack, GaveUp, Pressed:
		return r.End != nil
	case Assigned:
		return r.End != nil || r.Lent()
	}
	return false
}

// takeBack is the part of Step that is about an ending; false: the request is past that.
func (r *Request) takeBack(e Event, now time.Time) (out []outbox.Change, taken bool) {
	switch e := e.(type) {
	case EndedBy:
		if !r.Lent() {
			return nil, false
		}
		out = append(r.unwarned(now), outbox.Forget(EndKey(r.Number)), r.atOnce(EndKey(r.Number), now))
		r.State, r.End = Ending, &End{By: e.By, At: now}
		r.remove()
	case Assigned, Ticked, Unticked, Noted, Handed, PutBack, GaveUp, Pressed:
		return r.work(e, now)
	case BackBegun:
		return r.beginBack(now)
	case PassedOn:
		if !r.Lent() {
			return nil, false
		}
		r.Passed = append(r.Passed, Passed(e))
	case WentWith:
		return r.goesWith(e, now)
	case LongerAsked, Lengthened, NotLengthened:
		return r.lengthen(e, now)
	default:
		return r.tookBack(e, now)
	}
	return out, true
}

// beginBack begins a try, or ends what is due.
func (r *Request) beginBack(now time.Time) (out []outbox.Change, taken bool) {
	switch {
	case r.Task != nil: // a person takes it away
		return nil, false
	case r.Lent() && !now.Before(r.EndsAt):
		out = r.unwarned(now)
		r.End = &End{By: Usher, At: r.EndsAt}
	case r.State != Ending || r.End.Working:
		return nil, false
	}
	r.State = Ending
	r.End.Working, r.End.Began = true, now
	r.End.Attempt++
	return out, true
}

// tookBack keeps what became of a try.
func (r *Request) tookBack(e Event, now time.Time) (out []outbox.Change, taken bool) {
	if r.End == nil {
		return nil, false
	}
	working := r.State == Ending && r.End.Working || r.State == InDoubt
	switch e := e.(type) {
	case BackSeen:
		if !working {
			return nil, false
		}
		return r.backEnds(e.Outcome, now), true
	case BackRefused:
		if !working {
			return nil, false
		}
		return r.backFails(e.Outcome, now), true
	case BackLost:
		if !working {
			return nil, false
		}
		d := e.Doubt
		if d.Since = now; r.Doubt != nil && r.State == InDoubt {
			d.Since = r.Doubt.Since
		}
		r.State, r.Doubt, r.Escalated = InDoubt, &d, true
	case BackResumed:
		if r.State != InDoubt {
			return nil, false
		}
		r.State, r.Doubt = Ending, nil
	case AdminSays:
		if r.State != InDoubt {
			return nil, false
		}
		return r.backSettled(e, now), true
	case RetriedBy:
		if r.State != Ending || r.End.Failed == nil || r.End.Working {
			return nil, false
		}
		r.End.AgainBy, r.End.Failed = e.By, nil
		out = append(out, outbox.Forget(EndKey(r.Number)), r.atOnce(EndKey(r.Number), now))
	}
	return out, true
}

// backEnds ends it: it is gone, which its requester and its holder hear.
func (r *Request) backEnds(o Outcome, now time.Time) []outbox.Change {
	r.State, r.End.Working, r.End.Failed, r.End.Outcome, r.Doubt = Ended, false, nil, &o, nil
	out := []outbox.Change{outbox.Forget(EndKey(r.Number))}
	for _, who := range r.lentTo() {
		out = append(out, r.atOnce(r.endedKey(who), now).ButOnce())
	}
	return out
}

// backFails leaves it to the admins, and to another try a day later.
func (r *Request) backFails(o Outcome, now time.Time) []outbox.Change {
	r.State, r.Doubt, r.Escalated = Ending, nil, true
	r.End.Working, r.End.Failed, r.End.Tried = false, &o, r.End.Tried || o.Tried
	return []outbox.Change{outbox.Forget(EndKey(r.Number)), outbox.Promise(EndKey(r.Number), now.Add(endAgain))}
}

// backSettled ends a doubt by an admin's word. That it did not happen has it tried again: however late it is, what is
// over is to be gone.
func (r *Request) backSettled(e AdminSays, now time.Time) []outbox.Change {
	if e.Happened {
		return r.backEnds(Outcome{At: now, Said: e.By, Text: Sayf("%v looked and says it's gone; I couldn't check that myself.", e.By.Text())}, now)
	}
	r.State, r.Doubt = Ending, nil
	r.End.Working, r.End.Tried, r.End.AgainBy = false, true, e.By
	return []outbox.Change{outbox.Forget(EndKey(r.Number)), r.atOnce(EndKey(r.Number), now)}
}

// lend notes when what was just given ends, and owes its end and the word before it. What has no end owes nothing.
func (r *Request) lend(now time.Time) []outbox.Change {
	if r.Term == nil || r.Extends != nil || r.State != Done {
		return nil
	}
	return r.until(r.ends(r.Outcome.At), now)
}

// until moves the end of what was given.
func (r *Request) until(ends, now time.Time) []outbox.Change {
	out := r.unwarned(now)
	r.EndsAt, r.Round = ends, r.Round+1
	r.WarnsAt = ends.Add(-min(mostWarning, max(ends.Sub(now), 0)/4))
	out = append(out, outbox.Forget(EndKey(r.Number)), outbox.Promise(EndKey(r.Number), ends))
	for _, who := range r.lentTo() {
		out = append(out, outbox.Promise(EndsKey(r.Number, r.Round, who), r.WarnsAt))
	}
	return out
}

// mostWarning is how long before its end somebody hears of it: of what is short, in its last quarter.
const mostWarning = 3 * 24 * time.Hour

// unwarned takes back the word before an end that is another one now: what was said loses its buttons, what was not is
// not said.
func (r *Request) unwarned(now time.Time) (out []outbox.Change) {
	if r.Round == 0 {
		return nil
	}
	for _, who := range r.lentTo() {
		key := EndsKey(r.Number, r.Round, who)
		if now.Before(r.WarnsAt) {
			out = append(out, outbox.Forget(key))
			continue
		}
		// Not dropped before: it may be being said right now, by another process, and nobody else is to say it beside that.
		out = append(out, r.atOnce(key, now))
	}
	return out
}

// lentTo are those who hear of an end: who asked for it, and who has it.
func (r Request) lentTo() []PersonID {
	return present(r.Requester, r.Change.Person)
}

// Late reports whether what was given is there past its end; since when, End says.
func (r Request) Late() bool { return r.End != nil && (r.State == Ending || r.State == InDoubt) }

// Overstays reports whether what was given has been there past its end for a good while, or can't be taken back as it is.
// What a person takes away takes its time.
func (r Request) Overstays(now time.Time) bool {
	if r.Removing() && r.Working() {
		return r.Overdue(now)
	}
	return r.Late() && (r.State == InDoubt || r.End.Failed != nil || now.Sub(r.End.At) >= slowAfter)
}

// Busy reports whether a deed about the request is under way, or it is not known whether one is.
func (r Request) Busy() bool {
	return r.State == Running || r.State == InDoubt || r.State == Ending && r.End.Working
}

// endedKey is the key of what somebody hears once it is gone.
func (r Request) endedKey(who PersonID) string {
	if who == r.Requester {
		return TellKey(r.Number, Ended, 0)
	}
	return HolderKey(r.Number, Ended)
}

// heard is an ending without what was read of the vendor.
func (e *End) heard(r Request) *End {
	if e == nil {
		return nil
	}
	h := *e
	if h.Failed != nil {
		h.Failed = &Outcome{At: e.Failed.At, Tried: e.Failed.Tried}
	}
	if o := e.Outcome; o != nil {
		h.Outcome = &Outcome{At: o.At, Said: o.Said, Text: o.Text}
		if o.Said == "" && e.With == 0 && !r.Removing() {
			h.Outcome.Text = Sayf("Checked in %v: it's gone.", r.App.Name)
		}
	}
	return &h
}

// detailOfEnd is what of an ending's event its audit row keeps; nil: nothing.
func detailOfEnd(e Event) any {
	switch e := e.(type) {
	case PassedOn:
		return Passed(e)
	case WentWith:
		return wentAs(e)
	case BackSeen:
		return readBack(e.Outcome)
	case BackRefused:
		return readBack(e.Outcome)
	case BackLost:
		return doubted(e.Doubt)
	}
	return detailOfLonger(e)
}
