package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// AdminCard is what an admin gets by direct message for a request in doubt or failed, as it is now.
// Buttons stand on it only while there is something to press.
func AdminCard(r approvals.Request) Message {
	p := newPage(settling(r)...)
	p.section(say("%v — %v", title(r), state(r)), decision(r))
	switch r.State {
	case approvals.InDoubt:
		if r.End != nil {
			doubtfulEnd(p, r)
			break
		}
		doubtful(p, r)
	case approvals.Ending:
		late(p, r)
	case approvals.Failed:
		failed(p, r)
	default:
		p.section(ending(r))
	}
	pastPolicy(p, r)
	asked(p, r)
	p.small("", pinned(r))
	return p.message()
}

// settling are the buttons of the state.
func settling(r approvals.Request) []slack.Block {
	if r.End != nil {
		return settlingEnd(r)
	}
	switch r.State {
	case approvals.InDoubt:
		return []slack.Block{slack.NewActionBlock("settle", happened(r), notHappened(r))}
	case approvals.Failed:
		if !r.Lapsed {
			return []slack.Block{slack.NewActionBlock("settle", retry(r))}
		}
	}
	return nil
}

// doubtful says what was tried, what was seen, and what the buttons mean.
func doubtful(p *page, r approvals.Request) {
	if d := r.Doubt; d != nil {
		p.section(
			say("*Tried* %v", d.Tried),
			say("*Seen* %v", d.Seen),
			say("*In doubt* since %v, looked %v", d.Since, count(d.Looks, "time", "times")))
	}
	if r.Lapsed {
		p.section(
			say("I won't ask %v twice on a guess, and it was approved too long ago (%v) to try again on your word.", appName(r.App), r.Decided),
			say("If you can see there that it was done, press *It happened*. If you're sure it wasn't, press *It did not*: that closes it%v. I'll keep looking meanwhile and settle it myself once I can see.", andAskAgain(r)))
		return
	}
	p.section(
		say("I won't ask %v twice on a guess.", appName(r.App)),
		say("If you can see there that it was done, press *It happened*. If you're sure it wasn't, press *It did not – try again*. I'll keep looking meanwhile and settle it myself once I can see."))
}

func failed(p *page, r approvals.Request) {
	next := say("I won't try again on my own. Once the cause is fixed, press *Try again*. That works until %v.", r.Until())
	if r.Lapsed {
		next = r.Over()
	}
	p.section(settledItself(r), outcome(r), next)
}

// settledItself says that looking ended a doubt, and what was seen.
func settledItself(r approvals.Request) approvals.Text {
	head := say("*Settled by itself:* I could read %v again", appName(r.App))
	switch {
	case !r.SeenNot.IsZero() && r.State == approvals.Running:
		return say("%v %v, and it hadn't happened, so I'm asking once more.", head, r.SeenNot)
	case !r.SeenNot.IsZero():
		return say("%v %v, and it hadn't happened, so I asked once more.", head, r.SeenNot)
	case r.Doubt == nil || r.Outcome == nil || r.Outcome.Said != "":
		return nil
	case r.State == approvals.Done:
		return say("%v, and it had happened.", head)
	}
	return say("%v.", head)
}

// settledSo is what came of a request, after what looking made of a doubt on the way.
func settledSo(r approvals.Request, came approvals.Text) approvals.Text {
	if settled := settledItself(r); settled != nil {
		return say("%v %v", settled, came)
	}
	return came
}

// ending says how it ended, and by whose word.
func ending(r approvals.Request) approvals.Text {
	switch {
	case r.State == approvals.Running:
		return say("%v Nothing left to do here.", result(r))
	case r.State == approvals.Done && r.Attempt > 1:
		return say("Attempt %v worked. %v", r.Attempt, result(r))
	}
	return result(r)
}

func happened(r approvals.Request) slack.BlockElement {
	return confirmed(button(ActionHappened, "It happened", r.Name(), slack.StylePrimary),
		fmt.Sprintf("Did #%d happen?", r.Number),
		fmt.Sprintf("Press this if you can see in %s that it was done. I'll close #%d as done on your word and tell the person who asked.", appName(r.App), r.Number),
		"Yes, it happened")
}

func notHappened(r approvals.Request) slack.BlockElement {
	if r.Lapsed {
		return confirmed(button(ActionNotHappened, "It did not", r.Name(), slack.StyleDanger),
			fmt.Sprintf("Are you sure #%d didn't happen?", r.Number),
			fmt.Sprintf("I'll close #%d as failed on your word and tell the person who asked. I won't ask %s again.", r.Number, appName(r.App)),
			"It did not, close it")
	}
	return confirmed(button(ActionNotHappened, "It did not – try again", r.Name(), slack.StyleDanger),
		fmt.Sprintf("Are you sure #%d didn't happen?", r.Number),
		fmt.Sprintf("I'll ask %s once more, right away. If it did happen after all, it may end up there twice.", appName(r.App)),
		"It did not, try again")
}

func retry(r approvals.Request) slack.BlockElement {
	return confirmed(button(ActionRetry, "Try again", r.Name(), slack.StylePrimary),
		fmt.Sprintf("Try #%d again?", r.Number),
		fmt.Sprintf("I'll ask %s again, right away, and tell the person who asked how it went.", appName(r.App)),
		"Try again")
}
