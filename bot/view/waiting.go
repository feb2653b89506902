package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// BlockWaiting begins the name of what holds the buttons of one request in a list of several: a message has each
// block's name once. What such a button says has been read with it: one that is not known has none.
const BlockWaiting = "decide-"

// withButtons is how many requests of a list are shown with their buttons, and others how much of the message stays for
// the rest, a line each: they are on their cards. A message has 50 blocks, and each of these takes up to five.
const (
	withButtons = 8
	others      = maxAll / 3
)

// waiting shows requests that wait for their reader's word, each with what a yes would do and the buttons to say it.
func waiting(p *page, list []approvals.Request) {
	shown := 0
	for _, r := range list {
		if shown == withButtons || !waits(p, r) {
			break
		}
		shown++
	}
	var lines []approvals.Text // which leave room for what follows them
	for _, r := range list[shown:] {
		lines = append(lines, say("*#%v* · %v · %v · expires %v%v", r.Number, closely(r), wish(r), r.Expires, escalatedShort(r)))
	}
	p.list(p.left-3*lastWord, lines, func(left int) approvals.Text { return say("and %v more", left) })
}

// waits shows one of them; false where there is no room for all of it.
func waits(p *page, r approvals.Request) bool {
	one := newPage()
	one.section(title(r), wish(r))
	one.section(wouldChange(r)...)
	edits(one, r)
	one.section(append(against(r), r.LeftSay())...)
	one.small("", partOf(r), absences(r), escalation(r), expires(r))
	questions(one, r, onList)
	if b := buttonsFor(r); b != nil {
		one.add(b)
	} else {
		one.small("", say("I'm still finding out what a yes would do. Its card will show it."))
	}
	used := maxAll - len("[]") - one.left
	if used > p.left-others || len(p.blocks)+len(p.foot)+len(one.blocks) > p.most-spare {
		return false
	}
	for _, b := range one.blocks {
		p.add(b)
	}
	p.tells(one)
	return true
}

// closely is what a request is about to somebody who decides it: of an update, what it alters too.
func closely(r approvals.Request) approvals.Text {
	if r.Form().Effect != catalog.Changes {
		return subject(r)
	}
	return say("%v: %v", subject(r), approvals.Join(r.Alters(), "; "))
}

// wish is who asks, and why.
func wish(r approvals.Request) approvals.Text {
	switch {
	case r.ByUsher():
		return say("I'm asking, because %v", r.Occasion.Because())
	case Blank(r.Reason):
		return say("%v asks, no reason given", r.Asker())
	}
	return say("%v asks: “%v”", r.Asker(), clip(r.Reason, 400))
}

// buttonsFor are the buttons of a request's card, for a message that holds several; nil: it is not known yet what they
// would do.
func buttonsFor(r approvals.Request) slack.Block {
	card := Card(r).Blocks
	for _, b := range card {
		if a, ok := b.(*slack.ActionBlock); ok && a.BlockID == onRequest(BlockDecide, r) {
			return slack.NewActionBlock(onRequest(fmt.Sprint(BlockWaiting, r.Number), r), a.Elements.ElementSet...)
		}
	}
	return nil
}
