package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TooLate is what the requester of a failed deed hears when nobody can try it again any more, and no more of the
// vendor than they may know.
func TooLate(r approvals.Request) Message {
	r = r.Heard()
	p := newPage()
	p.section(say("#%v (%v) was approved but couldn't be done, and now it's too late to try again.", r.Number, subject(r)),
		say("It was approved %v, and that no longer counts. Still need it? Ask again; %v shows how.", r.Decided, help(r)))
	return p.message()
}

// Warned is what the requester hears whose request cannot be approved as it stands; false: nothing is known
// against it, or nothing that is for them to know.
func Warned(r approvals.Request) (Message, bool) {
	r = r.Heard()
	if r.State != approvals.Pending || r.Look == nil || !r.Look.Owed || len(r.Look.Against) == 0 {
		return Message{}, false
	}
	p := newPage()
	p.section(say("#%v (%v) can't be approved as it stands.", r.Number, subject(r)))
	p.section(against(r)...)
	p.small("", say("Changed your mind? `/access cancel %v`", r.Number))
	return p.message(), true
}

// Told is what the requester hears of an outcome, by direct message. The request may have moved on
// since; what is said is about s, and no more of the vendor than they may know.
func Told(r approvals.Request, s approvals.State) Message { return ToldOf(r, s, nil) }

// ToldOf is Told of an item of a bundle: it says how the others stand as well.
func ToldOf(r approvals.Request, s approvals.State, all []approvals.Request) Message {
	r = r.Heard()
	p := newPage()
	p.told(r, s)
	p.small("", besideIt(r, all)...)
	return p.message()
}

func (p *page) told(r approvals.Request, s approvals.State) {
	switch s {
	case approvals.Done:
		if r.Extends != nil {
			p.section(say("%v — approved.", title(r)), say("#%v ends %v now. I'll tell you before it does.", r.Extends.Of, r.MovesTo()))
			break
		}
		p.section(append([]approvals.Text{ready(r)}, next(r)...)...)
		p.section(stays(r))
		p.small("", outcomeOf(r, s))
	case approvals.Failed:
		p.section(say("#%v (%v) was approved but couldn't be done.", r.Number, subject(r)))
		if r.Lapsed {
			p.section(outcomeOf(r, s), say("It was approved %v, too long ago to try again. Still need it? Ask again; %v shows how.", r.Decided, help(r)))
			break
		}
		p.section(outcomeOf(r, s), say("The admins have been told. You don't need to do anything. I'll message you when there's news."))
	case approvals.Denied:
		p.section(ended(r, s), decision(r))
		p.words(r.Refusal)
		if r.Extends != nil {
			p.small("", say("#%v keeps its end, %v. Sorted that out? Ask again: `/access extend %v for=30d because …`", r.Extends.Of, r.Extends.Was, r.Extends.Of))
			break
		}
		p.small("", say("Nothing was changed. Sorted that out? Ask again any time; %v shows how.", help(r)))
	case approvals.Expired:
		if r.Line != nil {
			p.section(ended(r, s), say("It was approved, but %v, so it expired %v.", r.Unserved(), r.Decided))
			p.small("", say("Nothing was changed. You can ask again any time; %v shows how.", help(r)))
			break
		}
		p.section(ended(r, s), say("Nobody decided in time, so it expired %v. It was waiting for %v.", r.Expires, deciders(r)))
		if r.Extends != nil {
			p.small("", say("#%v keeps its end, %v. After it %v; you can ask again any time.", r.Extends.Of, r.Extends.Was, removing(r, "what it gave")))
			break
		}
		p.small("", say("Nothing was changed. You can ask again any time; %v shows how.", help(r)))
	default:
		p.section(title(r), approvals.Standing(r))
	}
}

// ready is the good news in one line.
func ready(r approvals.Request) approvals.Text {
	says := r.Says()
	if says.DoneFirst != "" && clip(r.Change.FirstName, nameLength) != "" {
		return worded(r, says.DoneFirst)
	}
	return worded(r, says.Done)
}

// next is what the good news means for somebody.
func next(r approvals.Request) []approvals.Text {
	form := r.Form()
	switch {
	case form.Says.Next != "":
		return []approvals.Text{worded(r, form.Says.Next)}
	case form.Effect == catalog.Changes && r.Was() == nil:
		return r.Settings()
	case form.Effect == catalog.Changes:
		return r.Alters()
	}
	var lines []approvals.Text
	for _, v := range r.Resources() {
		if len(v.Names()) > 1 {
			lines = append(lines, itemNames(v, fewItems)...)
		}
	}
	return lines
}

// outcomeOf is the outcome's own words, while the request still stands where s says.
func outcomeOf(r approvals.Request, s approvals.State) approvals.Text {
	if r.State != s {
		return nil
	}
	return outcome(r)
}

// ended is what a request was about, and how it ended.
func ended(r approvals.Request, s approvals.State) approvals.Text {
	return say("%v — %v", title(r), string(s))
}

// help is the command that shows how to ask for something.
func help(r approvals.Request) approvals.Typed {
	return approvals.Typed("/access help " + clip(string(r.Action), nameLength))
}
