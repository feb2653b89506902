package view

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// seats says what a yes does to the number of seats in use, what is left after it, and after the others that ask for one:
// "18 of 25 used → 19, 6 left (4 after 2 others that ask) · checked <time>"; nothing where it does nothing to it.
func seats(r approvals.Request) approvals.Text {
	s, form := r.Seats, r.Form()
	switch {
	case !form.New && !form.Ends:
		return nil
	case s.Used < 0:
		return say("*Seats* couldn't be read")
	case s.At.IsZero():
		return nil
	}
	line := say("*Seats* %v used", s.Used)
	if s.Of > 0 {
		line = say("*Seats* %v of %v used", s.Used, s.Of)
	}
	if s.Held > 0 {
		line = say("%v and %v more promised", line, s.Held)
	}
	after := s.Used + s.Held + 1
	switch left := s.Left(); {
	case form.Ends:
		line = say("%v → %v", line, max(s.Used-1, 0))
	case left == nil:
		line = say("%v → %v%v", line, after, besides(s))
	case *left == 0:
		line = say("%v: *none is free*. A yes puts it %v in line for the next one", line, approvals.Ordinal(s.Line+1))
	default:
		line = say("%v → %v, %v left%v", line, after, *left-1, besides(s))
	}
	return say("%v · checked %v", line, s.At)
}

// besides says that further requests ask for a seat, and what they leave.
func besides(s approvals.SeatCount) approvals.Text {
	ask := count(s.Others, "other that asks", "others that ask")
	switch left := s.Left(); {
	case s.Others == 0:
		return nil
	case left == nil:
		return say(" (%v for one)", ask)
	case *left-1 < s.Others:
		return say(" (too few for %v)", ask)
	default:
		return say(" (%v after %v)", *left-1-s.Others, ask)
	}
}

// InLine is what the requester hears whose request was approved while no seat was free.
func InLine(r approvals.Request) Message {
	r = r.Heard()
	p := newPage()
	p.section(say("#%v (%v) is approved, but no seat in %v is free right now. It's %v in line.", r.Number, subject(r), appName(r.App), approvals.Ordinal(r.Line.Place)), r.Lining())
	p.small("", say("Your place now: `/access status %v` · changed your mind? `/access cancel %v`", r.Number, r.Number))
	return p.message()
}

// Lined is what somebody reads whose yes put a request in line.
func Lined(r approvals.Request) Message {
	p := newPage()
	p.section(say("#%v is approved and %v in line for the next free seat in %v. %v", r.Number, approvals.Ordinal(r.Line.Place), appName(r.App), r.Lining()))
	return p.message()
}

// blockAgain names what holds the buttons of a yes that is asked for once more.
const blockAgain = "decide-again"

// Again asks somebody once more whose yes did not count, since what it relied on has changed: the buttons stand for what
// is so now. A dialog that the card asks back with is asked back with here too.
func Again(r approvals.Request, why *approvals.Error) Message {
	yes := approving(r).(*slack.ButtonBlockElement)
	label := "Approve anyway"
	if why.Code == approvals.NoSeat {
		label = "Yes, put it in line"
	}
	yes.Text = typed(label)
	yes.AccessibilityLabel = label + strings.TrimPrefix(yes.AccessibilityLabel, "Approve")
	p := newPage(slack.NewActionBlock(showing(blockAgain, r, why.Code == approvals.NoSeat), yes, button(ActionLeave, "Leave it", r.Name(), slack.StyleDefault)))
	p.section(title(r), why.Say)
	return p.message()
}

// offering is a request for which a seat is kept, with the button that gives it.
func offering(r approvals.Request) Message {
	give := button(ActionApprove, "Give the seat", r.Name(), slack.StylePrimary)
	p := newPage(slack.NewActionBlock(onStep(BlockDecide, r.Present()), give))
	p.section(say("%v — a seat is free", title(r)), decision(r), say("It was in line since %v, and a seat has been kept for it since %v. Is it still needed?", r.Line.Since, r.Line.Offered))
	p.small("", say("Nobody says so until %v? Then it expires, and the next in line gets the seat.", r.Line.Until))
	asked(p, r)
	return p.message()
}
