package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// ActionExtend and ActionEnd are the buttons of whoever has something for a time.
const (
	ActionExtend = "extend"
	ActionEnd    = "end_now"
)

// lasts says for how long something is asked; nil: for good, or that stands elsewhere by now.
func lasts(r approvals.Request) approvals.Text {
	switch {
	case r.Term == nil || r.Lent() || r.End != nil:
		return nil
	case !r.Term.Until.IsZero():
		return say("*Until* %v; then %v", r.Term.Until, removing(r, "it"))
	}
	return say("*For* %v from when it's set up; then %v", approvals.Days(r.Term.For), removing(r, "it"))
}

// over says since when something is over, and by whom.
func over(r approvals.Request) approvals.Text {
	if r.End.By != approvals.Usher {
		return say("%v ended it %v.", r.End.By.Text(), r.End.At)
	}
	return say("Its time was up %v.", r.End.At)
}

// removing says who removes something at its end.
func removing(r approvals.Request, what string) string {
	if r.Manual() {
		return "somebody removes " + what + " by hand"
	}
	return "I remove " + what
}

// untouched says what an end leaves alone. A person's steps are what they are, so nothing is promised of those.
func untouched(r approvals.Request, say approvals.Text) approvals.Text {
	if r.Manual() {
		return nil
	}
	return say
}

// stays says until when somebody has what they were given, and what was asked for longer.
func stays(r approvals.Request) approvals.Text {
	var ends []approvals.Text
	if r.Lent() {
		after := approvals.Sayf("Whatever was there before stays.")
		if r.Manual() {
			after = approvals.Sayf("Then somebody removes it by hand.")
		}
		ends = append(ends, say("*Ends* %v. %v", r.EndsAt, after))
	}
	if ends = append(ends, longer(r)...); len(ends) == 0 {
		return nil
	}
	return approvals.Join(ends, " ")
}

// leaving says how far the taking back of something has come.
func leaving(r approvals.Request) approvals.Text {
	if r.End.With != 0 && r.End.Outcome != nil {
		return r.End.Outcome.Text
	}
	over := over(r)
	switch {
	case r.State == approvals.Ended && r.End.Outcome != nil:
		return say("%v %v", over, r.End.Outcome.Text)
	case r.State == approvals.InDoubt:
		return say("%v It's in doubt whether it's gone. I keep looking, and the admins can settle it.", over)
	case r.Working():
		return say("%v %v", over, sentence(r.Doing()))
	case r.End.Failed != nil && len(r.End.Failed.Text) == 0:
		return say("%v It's still there. The admins have been told, and %v.", over, retrying(r))
	case r.End.Failed != nil:
		return say("%v *It's still there:* %v The admins have been told, and %v.", over, r.End.Failed.Text, retrying(r))
	case r.Removing():
		return say("%v I'm finding somebody to remove it.", over)
	}
	return say("%v I'm removing it now.", over)
}

// retrying says how soon what could not be taken back is tried again.
func retrying(r approvals.Request) string {
	if r.Removing() {
		return "it's somebody's task again a day later"
	}
	return "I try again each day"
}

// Ends is what whoever has something, and whoever asked for it, hears before it ends. Once that is past, or it ends at
// another time, the buttons are gone.
func Ends(r approvals.Request, round int) Message {
	var foot []slack.Block
	if r.Lent() && r.Round == round {
		foot = append(foot, slack.NewActionBlock("ends", holding(r)...))
	}
	p := newPage(foot...)
	switch {
	case r.Round != round:
		to, by := r.LengthenedTo(round)
		p.section(say("%v — extended until %v, by #%v.", title(r), to, by))
	case r.End != nil:
		p.section(say("%v — it's over.", title(r)), say("What #%v gave is removed. Still needed? Ask again; %v shows how.", r.Number, help(r)))
	default:
		p.section(say("%v ends %v.", title(r), r.EndsAt), say("Then %v.", removing(r, fmt.Sprintf("what #%d gave", r.Number))), untouched(r, say("Whatever was there before stays.")))
		p.section(longer(r)...)
		if _, asked := r.Asking(); asked {
			p.small("", say("It ends then unless somebody says yes before. Not needed any more? *End now* %v.", endingNow(r)))
			break
		}
		p.small("", say("Need it for longer? *Extend* asks those who allowed it. Not needed any more? *End now* %v.", endingNow(r)))
	}
	return p.message()
}

// Over is what they hear once it is gone.
func Over(r approvals.Request) Message {
	p := newPage()
	over := say("Its time was up %v, and it's gone now.", r.End.At)
	if r.End.By != approvals.Usher {
		over = say("%v ended it %v, and it's gone now.", r.End.By.Text(), r.End.At)
	}
	if r.End.With != 0 && r.End.Outcome != nil {
		p.section(say("%v — ended.", title(r)), r.End.Outcome.Text)
		p.small("", say("Still needed? Ask again; %v shows how.", help(r)))
		return p.message()
	}
	p.section(say("%v — ended.", title(r)), over)
	p.small("", untouched(r, say("Whatever was there before is still there.")), say("Still needed? Ask again; %v shows how.", help(r)))
	return p.message()
}

// endingNow is what *End now* does.
func endingNow(r approvals.Request) string {
	if r.Manual() {
		return "has somebody remove it right away"
	}
	return "removes it at once"
}

func endNow(r approvals.Request) slack.BlockElement {
	sure := fmt.Sprintf("I'll remove from %s what #%d gave, right away. Whatever was there before stays.", appName(r.App), r.Number)
	if r.Manual() {
		sure = fmt.Sprintf("Somebody removes by hand from %s what #%d gave. It becomes their task right away.", appName(r.App), r.Number)
	}
	return confirmed(button(ActionEnd, "End now", r.Name(), slack.StyleDanger), fmt.Sprintf("End #%d now?", r.Number), sure, "End it now")
}

// late tells an admin of something that is past its end and could not be taken back.
func late(p *page, r approvals.Request) {
	p.section(say("*Late since* %v", r.End.At), leaving(r))
	switch {
	case r.Working() || r.End.Failed == nil || r.End.Working:
	case r.Removing():
		p.section(say("Once the cause is gone, press *Try again*: it's somebody's task again at once. What's ticked stays ticked."))
	default:
		p.section(say("Once the cause is gone, or you've taken it away there yourself, press *Try again*: I look first, and whatever is gone is gone."))
	}
}

// doubtfulEnd says what was tried of a taking back, what was seen, and what the buttons mean.
func doubtfulEnd(p *page, r approvals.Request) {
	if d := r.Doubt; d != nil {
		p.section(say("*Late since* %v", r.End.At), say("*Tried* %v", d.Tried), say("*Seen* %v", d.Seen),
			say("*In doubt* since %v, looked %v", d.Since, count(d.Looks, "time", "times")))
	}
	p.section(say("I won't ask %v twice on a guess.", appName(r.App)),
		say("If you can see there that it's gone, press *It happened*. If you're sure it's still there, press *It did not – try again*. I'll keep looking meanwhile and settle it myself once I can see."))
}

// settlingEnd are the buttons with which an admin settles a taking back.
func settlingEnd(r approvals.Request) []slack.Block {
	switch {
	case r.State == approvals.InDoubt:
		return []slack.Block{slack.NewActionBlock("settle",
			confirmed(button(ActionHappened, "It happened", r.Name(), slack.StylePrimary), fmt.Sprintf("Is #%d gone?", r.Number),
				fmt.Sprintf("Press this if you can see in %s that it's gone. I'll close #%d as ended on your word.", appName(r.App), r.Number), "Yes, it's gone"),
			confirmed(button(ActionNotHappened, "It did not – try again", r.Name(), slack.StyleDanger), fmt.Sprintf("Is #%d still there?", r.Number),
				fmt.Sprintf("I'll ask %s once more to remove it, right away.", appName(r.App)), "It's still there"))}
	case r.State == approvals.Ending && r.End.Failed != nil && !r.End.Working:
		sure := fmt.Sprintf("I'll look in %s, and ask it again if it's still there.", appName(r.App))
		if r.Removing() {
			sure = "It becomes somebody's task again, with what's ticked so far."
		}
		return []slack.Block{slack.NewActionBlock("settle", confirmed(button(ActionRetry, "Try again", r.Name(), slack.StylePrimary),
			fmt.Sprintf("Try again to remove what #%d gave?", r.Number), sure, "Try again"))}
	}
	return nil
}
