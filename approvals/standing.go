package approvals

import "slices"

// Standing says how a request stands, to somebody who wanted it otherwise: what happened, by whom,
// when, and that nothing is left to decide.
func Standing(r Request) Text {
	n, by, at := r.Number, r.Decider().Capital(), r.Decided
	switch r.State {
	case Pending:
		if r.Rule.Itself() {
			return Sayf("#%v is waiting until I've checked in %v what it would do.", n, r.App.Name)
		}
		return Sayf("#%v is waiting for %v.", n, r.Deciders())
	case Approved, Running:
		doing := r.Doing()
		if r.waitsForSeat() {
			doing = r.Lined()
		} else if r.OnHold() {
			doing = r.Holding()
		}
		return Sayf("%v approved #%v %v; %v. Nothing is left to decide here.", by, n, at, doing)
	case Done:
		if r.Extends != nil {
			return Sayf("%v approved #%v %v, so #%v ends %v. Nothing is left to decide here.", by, n, at, r.Extends.Of, r.MovesTo())
		}
		return Sayf("%v approved #%v %v and it's done. Nothing is left to decide here.", by, n, at)
	case Ending:
		if r.Working() {
			return Sayf("#%v is over since %v; %v. Nothing is left to decide here.", n, r.End.At, r.Doing())
		}
		return Sayf("#%v is over since %v and is being removed. Nothing is left to decide here.", n, r.End.At)
	case Ended:
		return Sayf("#%v is over: it was removed %v. Nothing is left to decide here.", n, r.End.Outcome.At)
	case Failed:
		if r.Fell != 0 {
			return Sayf("%v approved #%v %v, but #%v, which it needs, failed. Once that's done, this follows by itself.", by, n, at, r.Fell)
		}
		if r.Lapsed {
			return Sayf("%v approved #%v %v, but %v didn't do it. %v", by, n, at, r.App.Name, r.Over())
		}
		return Sayf("%v approved #%v %v, but %v didn't do it. The admins have a card to try again.", by, n, at, r.App.Name)
	case InDoubt:
		if r.End != nil {
			return Sayf("#%v is over since %v, and it's in doubt whether it's gone. The admins have a card to settle it.", n, r.End.At)
		}
		return Sayf("%v approved #%v %v, and it's in doubt whether it happened. The admins have a card to settle it.", by, n, at)
	case Denied, Canceled, Expired:
		if r.Fell != 0 {
			return Sayf("#%v went with #%v: “%v” is one thing, and that part of it was %v %v. Nothing is left to decide here.", n, r.Fell, r.Together.Name, r.State, at)
		}
	}
	return r.standingAlone()
}

// standingAlone is Standing of what was decided against.
func (r Request) standingAlone() Text {
	n, by, at := r.Number, r.Decider().Capital(), r.Decided
	switch r.State {
	case Denied:
		return Sayf("%v denied #%v %v. Nothing is left to decide here.", by, n, at)
	case Canceled:
		if r.Extends != nil && r.DecidedBy != Actor(r.Requester) {
			if r.DecidedBy == Usher {
				return Sayf("#%v is over since %v, so there's nothing left that could go on.", r.Extends.Of, at)
			}
			return Sayf("%v ended #%v %v, so there's nothing left that could go on.", by, r.Extends.Of, at)
		}
		if r.Withdrawn != nil {
			return Sayf("I took #%v back %v, because %v. Nothing is left to decide here.", n, at, r.Withdrawn)
		}
		return Sayf("%v canceled #%v %v. Nothing is left to decide here.", by, n, at)
	case Expired:
		if r.Line != nil {
			return Sayf("#%v was approved, and expired %v because %v.%v", n, at, r.Unserved(), r.CanAskAgain())
		}
		if r.Extends != nil {
			return Sayf("#%v expired %v because nobody decided in time. So #%v keeps its end.", n, at, r.Extends.Of)
		}
		if r.ByUsher() {
			return Sayf("#%v expired %v because nobody decided in time. Nothing was done.", n, at)
		}
		return Sayf("#%v expired %v because nobody decided in time.%v", n, at, r.CanAskAgain())
	}
	return Sayf("#%v is %v.", n, r.State)
}

// Decider names who decided a request: a mention or, where its policy did so by itself, the policy.
func (r Request) Decider() Text {
	if r.DecidedBy == Usher && r.State != Expired && r.Withdrawn == nil {
		return Sayf("policy “%v”", clip(r.Rule.Policy))
	}
	return r.Voter(r.DecidedBy)
}

// timeIsOver is Standing of a request whose time for deciding has ended before it was closed.
func timeIsOver(r Request) Text {
	if r.Lingers() {
		return Sayf("#%v has waited since %v, so it's being asked again, of more people. Please try again in a moment.", r.Number, r.Since())
	}
	if r.ByUsher() {
		return Sayf("Time ran out for #%v %v, so it's being closed.", r.Number, r.Expires)
	}
	return Sayf("Time ran out for #%v %v, so it's being closed; %v can ask again.", r.Number, r.Expires, r.Requester)
}

// standingAfter is Standing for somebody who did e too late: whoever would settle what an admin has settled
// hears by whom and how.
func standingAfter(r Request, e Event) Text {
	switch e.(type) {
	case AdminSays:
	case RetriedBy:
		if r.State == Failed && r.Fell != 0 {
			return Sayf("I haven't tried #%v: it needs #%v, which failed. Try that one again, and this follows by itself.", r.Number, r.Fell)
		}
		if r.State == Failed { // that it can be tried again is what Failed means, until it is too late
			return Sayf("I haven't tried #%v again. %v", r.Number, r.Over())
		}
	case Overridden:
		if r.State == Pending {
			return timeIsOver(r)
		}
		return Standing(r)
	default:
		return Standing(r)
	}
	switch {
	case r.State == Done && r.Outcome != nil && r.Outcome.Said != "":
		return Sayf("%v said %v that #%v happened, so it's done. Nothing is left to settle here.", r.Outcome.Said.Text(), r.Outcome.At, r.Number)
	case r.State == Running && r.AgainBy != "":
		return Sayf("%v tried #%v again %v; %v. Nothing is left to settle here.", r.AgainBy.Text(), r.Number, r.Started, r.Doing())
	}
	return Standing(r)
}

// saidBefore reports whether e is what the same admin said before: one word, and no noise.
func saidBefore(r Request, e Event) bool {
	switch e := e.(type) {
	case Followed:
		return r.Requester == e.By.Person() || slices.Contains(r.Followers, e.By.Person())
	case EndedBy:
		return r.End != nil && r.End.By == e.By
	case AdminSays:
		if r.End != nil {
			return e.Happened && r.State == Ended && r.End.Outcome.Said == e.By || !e.Happened && r.End.AgainBy == e.By
		}
		if e.Happened {
			return r.Outcome != nil && r.Outcome.Said == e.By
		}
		return r.AgainBy == e.By || r.State == Failed && r.Outcome != nil && r.Outcome.Said == e.By
	case RetriedBy:
		if r.End != nil {
			return r.End.AgainBy == e.By && r.End.Failed == nil
		}
		return r.AgainBy == e.By && r.State != Failed
	}
	return false
}
