package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// Card is the approval card of a request as it is now. Only a pending one has buttons.
func Card(r approvals.Request) Message {
	if r.State == approvals.Pending {
		buttons := []slack.BlockElement{approving(r), button(ActionDeny, "Deny", r.Name(), slack.StyleDanger)}
		if r.Barred() {
			buttons = buttons[1:] // no yes can count
		}
		if r.Editable() {
			buttons = append(buttons, button(ActionEdit, "Edit", r.Name(), slack.StyleDefault))
		}
		if !r.ByUsher() { // else there is nobody to ask
			buttons = append(buttons, button(ActionAsk, "Ask", r.Name(), slack.StyleDefault))
		}
		p := newPage(slack.NewActionBlock(decidingOn(r), buttons...))
		asking(p, r, title(r))
		questions(p, r, onCard)
		whyPolicy(p, r)
		p.small("", pinned(r))
		return p.message()
	}
	if r.Offered() {
		return offering(r)
	}
	p := newPage()
	decided(p, r)
	questions(p, r, onCard)
	whyPolicy(p, r)
	p.small("", pinned(r))
	return p.message()
}

// deciding tells a click on a card that did not say yet what a yes would do from one on a card that did.
func deciding(r approvals.Request) string {
	if r.Known() {
		return BlockDecide
	}
	return BlockUnread
}

// decidingOn is the name of what holds the buttons of a card: a click says with it which step was shown.
func decidingOn(r approvals.Request) string { return onRequest(deciding(r), r) }

// decided says who decided, when, and what came of it.
func decided(p *page, r approvals.Request) {
	p.section(say("%v — %v", title(r), state(r)), decision(r), result(r), stays(r))
	if r.State == approvals.Denied {
		p.words(r.Refusal)
	}
	pastPolicy(p, r)
	edits(p, r)
	asked(p, r)
}

// asking says who asks for what, for whom, why, what it changes and who may decide.
func asking(p *page, r approvals.Request, head approvals.Text) {
	p.section(head, asksFor(r))
	p.words(r.Reason)
	p.section(wouldChange(r)...)
	p.section(r.App.Caution())
	edits(p, r)
	p.section(r.LeftSay())
	p.section(against(r)...)
	p.small("", hasByRequest(r))
	p.small("", pools(r)...)
	p.small("", partOf(r), inWords(r), r.ByPerson(), seats(r), cost(r), reading(r), sameAs(r), who(r), r.Managed().Missing(), absences(r), escalation(r), expires(r))
}

// asksFor says who asks for a request, and whether a reason follows; of what Usher asks, why it does.
func asksFor(r approvals.Request) approvals.Text {
	switch {
	case r.ByUsher():
		return say("I'm asking because %v.", r.Occasion.Because())
	case Blank(r.Reason):
		return say("%v asks, no reason given.", r.Requester)
	}
	return say("%v asks:", r.Requester)
}

// canAskAgain ends a sentence about what came to nothing with who can ask for it again; nil: nobody asked.
func canAskAgain(r approvals.Request) approvals.Text {
	if r.ByUsher() {
		return nil
	}
	return say("; %v can ask again", r.Requester)
}

// andAskAgain is canAskAgain behind what isn't over yet.
func andAskAgain(r approvals.Request) approvals.Text {
	if r.ByUsher() {
		return nil
	}
	return say(", and %v can ask again", r.Requester)
}

// who may decide a pending request, who has said yes so far, and whose vote does not count.
func who(r approvals.Request) approvals.Text {
	if r.Rule.Itself() {
		return itself(r)
	}
	if r.Several() {
		return steps(r)
	}
	line := say("*Can approve* %v", deciders(r))
	need, yes := max(r.Rule.Need, 1), r.Yes()
	switch {
	case len(yes) > 0:
		line = say("%v · *%v of %v said yes:* %v", line, len(yes), need, namingAs(yes, someNames, r.Voter))
	case need > 1:
		line = say("%v · %v of them must say yes", line, need)
	}
	if not := r.SetAside(); len(not) > 0 {
		line = say("%v · *Not counted:* %v", line, setAside(not))
	}
	return line
}

// asked is the small print of a request that is decided: who wanted it, why, and what it was.
func asked(p *page, r approvals.Request) {
	p.small(r.Reason, append(append([]approvals.Text{say("Asked by %v, %v", r.Asker(), r.Asked), partOf(r)}, changes(r, fewItems)...), escalation(r))...)
}

func state(r approvals.Request) string { return clip(string(r.State), nameLength) }

// decision says who decided, and when.
func decision(r approvals.Request) approvals.Text {
	by := r.Decider()
	if fell := fellWith(r); fell != nil {
		return fell
	}
	switch r.State {
	case approvals.Denied:
		if r.ByUsher() && !r.Gives() {
			return say("Left as it is by %v, %v.", by, r.Decided)
		}
		return say("Denied by %v, %v.", by, r.Decided)
	case approvals.Canceled:
		if r.Extends != nil && r.DecidedBy != approvals.Actor(r.Requester) {
			if r.DecidedBy == approvals.Usher {
				return say("Closed %v: #%v is over, so there's nothing left that could go on.", r.Decided, r.Extends.Of)
			}
			return say("Closed %v: %v ended #%v, so there's nothing left that could go on.", r.Decided, by, r.Extends.Of)
		}
		if r.Withdrawn != nil {
			return say("Taken back %v, because %v. Nothing was done.", r.Decided, r.Withdrawn)
		}
		return say("Canceled by %v, %v. Nothing was done.", by, r.Decided)
	case approvals.Expired:
		if r.Line != nil {
			return say("Expired %v: it was approved and waited in line, but %v. Nothing was done%v.", r.Decided, r.Unserved(), canAskAgain(r))
		}
		if r.Extends != nil {
			return say("Expired %v: nobody decided in time, so #%v keeps its end.", r.Decided, r.Extends.Of)
		}
		return say("Expired %v: nobody decided in time. Nothing was done%v.", r.Decided, canAskAgain(r))
	case approvals.Approved, approvals.Running, approvals.Done, approvals.Failed, approvals.InDoubt, approvals.Ending, approvals.Ended:
		if yes := r.Yes(); len(yes) > 0 && r.Override == "" {
			by = namingAs(yes, someNames, asManager(r, r.Managed()))
		}
		return say("Approved by %v, %v.", by, r.Decided)
	}
	return nil
}

// result says what came of an approved request, or what is under way.
func result(r approvals.Request) approvals.Text {
	if r.End != nil {
		return leaving(r)
	}
	switch r.State {
	case approvals.Approved:
		if lined := r.Lined(); lined != nil {
			return say("%v %v", sentence(lined), r.Lining())
		}
		if holding := r.Holding(); holding != nil {
			return sentence(holding)
		}
		return say("I'll ask %v next.", appName(r.App))
	case approvals.Running:
		if r.Attempt > 1 {
			return settledSo(r, say("%v This is attempt %v, started %v.", sentence(r.Doing()), r.Attempt, r.Started))
		}
		return settledSo(r, say("%v", sentence(r.Doing())))
	case approvals.Failed:
		if r.Lapsed {
			return settledSo(r, say("%v %v", outcome(r), r.Over()))
		}
		return settledSo(r, outcome(r))
	case approvals.Done:
		return settledSo(r, outcome(r))
	case approvals.InDoubt:
		if r.Doubt == nil {
			return say("It's in doubt whether this happened. I keep looking, and the admins can settle it.")
		}
		return say("It's been in doubt since %v whether this happened. I've looked %v and keep looking; the admins can settle it. I never ask twice on a guess.",
			r.Doubt.Since, count(r.Doubt.Looks, "time", "times"))
	}
	return nil
}

func outcome(r approvals.Request) approvals.Text {
	if r.Outcome == nil {
		return nil
	}
	return r.Outcome.Text
}

// pastPolicy shows the reason of a decision that was taken past the policy.
func pastPolicy(p *page, r approvals.Request) {
	if r.Override == "" {
		return
	}
	reason := r.Override
	if r.State == approvals.Denied && r.Refusal == r.Override {
		reason = "" // stands above already
	}
	p.small(reason, say("*Policy overridden:* “%v”.", clip(r.Rule.Policy, nameLength)))
}
