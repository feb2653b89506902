package view

import (
	"slices"

	"github.com/usherbot/usher/approvals"
)

// pools says what a request does to the limits of its app's pool, a line each, as they are spread at this moment, and what
// is left for the others that ask: "Keywords 3,200 of 5,000 handed out → 3,700, 1,300 left".
func pools(r approvals.Request) (lines []approvals.Text) {
	for _, s := range r.Pool {
		line := say("*%v* %v of %v handed out%v → %v", s.Label(), grouped(s.Out), grouped(s.Of), promised(s), grouped(s.After))
		switch left := s.Of - s.After; {
		case s.Asks && s.After > s.Taken() && left < 0:
			line = say("%v: *only %v left*. %v", line, grouped(s.Left()), tooLittle(r))
		case left < 0:
			line = say("%v, still over by %v", line, grouped(-left))
		default:
			line = say("%v, %v left%v", line, grouped(left), askers(s, left))
		}
		if s.Has > 0 && s.Asks {
			line = say("%v · %v in place of %v", line, grouped(s.After-s.Taken()+s.Has), grouped(s.Has))
		}
		lines = append(lines, line)
	}
	return lines
}

// promised is what was approved and isn't done yet.
func promised(s approvals.Spread) approvals.Text {
	if s.Promised == 0 {
		return nil
	}
	return say(" and %v promised", grouped(s.Promised))
}

// tooLittle says what to do about a limit of which there isn't enough.
func tooLittle(r approvals.Request) approvals.Text {
	if r.State != approvals.Pending {
		return say("Free some before the last step: `/access limits %v`", r.App.ID)
	}
	return say("It can't be approved as it is: give less, or free some. `/access limits %v`", r.App.ID)
}

// askers says that others who wait ask for some too, and whether it's enough for all.
func askers(s approvals.Spread, left int64) approvals.Text {
	switch {
	case s.Others == 0:
		return nil
	case s.Others > left:
		return say(" (too few for the %v that others ask for)", grouped(s.Others))
	}
	return say(" (%v once others have what they ask for)", grouped(left-s.Others))
}

// poolsOfAll says the same of all of those that wait, as one: what they come to together.
func poolsOfAll(list []approvals.Request) (lines []approvals.Text) {
	list = slices.DeleteFunc(slices.Clone(list), func(r approvals.Request) bool { return len(r.Pool) == 0 })
	if len(list) == 1 {
		return pools(list[0])
	}
	type limit struct {
		app string
		approvals.Spread
		more int64
	}
	var all []limit
	for _, r := range list {
		for _, s := range r.Pool {
			i := slices.IndexFunc(all, func(l limit) bool { return l.app == r.App.ID && l.Key == s.Key })
			if i < 0 {
				i, all = len(all), append(all, limit{app: r.App.ID, Spread: s})
			}
			all[i].more += s.After - s.Taken()
		}
	}
	for _, l := range all {
		after := l.Taken() + l.more
		line := say("*%v* %v of %v handed out%v → %v with all of these", l.Label(), grouped(l.Out), grouped(l.Of), promised(l.Spread), grouped(after))
		if after > l.Of && l.more > 0 {
			line = say("%v: *only %v left*", line, grouped(l.Left()))
		}
		lines = append(lines, line)
	}
	return lines
}
