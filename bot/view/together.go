package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// The buttons under several requests that were asked in one go, the form that asks why not, and how the name of what
// holds the buttons begins: what follows says of each request what was shown of it.
const (
	ActionApproveAll = "approve_all"
	ActionDenyAll    = "deny_all"
	CallbackDenyAll  = "deny_all"

	blockAll = "decide-all"
)

// blockOpen begins the name of what holds the button of one of several requests.
const blockOpen = "open-"

// Together is the card of requests that were asked in one go: what they have in common, each with how it stands, and
// while any waits the buttons that decide all of those.
func Together(list []approvals.Request) Message { return listing{list, true, true}.message() }

// TogetherFor is what somebody who is named as an approver has of them by direct message: while any waits for their word
// the card with its buttons; else how each was decided. What came of it is on the card in the channel alone.
func TogetherFor(list []approvals.Request, who approvals.PersonID) Message {
	asks := slices.ContainsFunc(list, func(r approvals.Request) bool { return r.State == approvals.Pending && mayDecide(r, who) })
	decided := slices.Clone(list)
	for i, r := range decided {
		if slices.Contains([]approvals.State{approvals.Approved, approvals.Running, approvals.Done, approvals.Failed, approvals.InDoubt, approvals.Ending, approvals.Ended}, r.State) {
			decided[i].State, decided[i].Fell = approvals.Approved, 0 // what became of it is told elsewhere, also that it fell with another
		}
	}
	return listing{decided, asks, false}.message()
}

// mayDecide reports whether what somebody has of a request that waits is to bear buttons: whom an occasion names has its card
// whether they decide it or not.
func mayDecide(r approvals.Request, who approvals.PersonID) bool {
	if r.ToldOf(who) && !r.Asks(who) {
		return len(r.Eligible().Groups()) > 0
	}
	return r.Waits(who)
}

// listing is several requests on one message: whether it has buttons, and whether it says what came of what was approved.
type listing struct {
	list             []approvals.Request
	buttons, follows bool
}

// What the words that are common to all, and what is said below, take of a message at most, and what its buttons do.
const (
	reasonOfAll = 600
	printOfAll  = 2500
	footOfAll   = 900
)

func (l listing) message() Message {
	if l.list[0].ByUsher() {
		return l.onOccasion()
	}
	waits := slices.ContainsFunc(l.list, func(r approvals.Request) bool { return r.State == approvals.Pending })
	head, print := newPage(), newPage()
	head.section(titleOfAll(l.list), asksAll(l.list), bundleSay(l.list))
	if reason, same := inCommon(l.list, func(r approvals.Request) string { return r.Reason }); same {
		head.words(clip(reason, reasonOfAll))
	}
	print.left = printOfAll
	switch {
	case waits && l.buttons:
		print.small("", append(sharedBy(l.list), howAll(l.list))...)
	case waits:
		print.small("", append(sharedBy(l.list), say("Nothing is left for you to decide here."))...)
	}
	lines, sights := l.lines(head.left - (printOfAll - print.left) - footOfAll)
	var foot []slack.Block
	if waits && l.buttons {
		foot = append(foot, decidingAll(l.list, sights))
	}
	p := newPage(foot...)
	for _, part := range slices.Concat([]*page{head}, lines, []*page{print}) {
		for _, b := range part.blocks {
			p.add(b)
		}
		p.tells(part)
	}
	return p.message()
}

// titleOfAll is what they are about in one line, enough for a notification.
func titleOfAll(list []approvals.Request) approvals.Text {
	first, last := list[0], list[len(list)-1]
	what := subject(first)
	switch {
	case first.Bundled():
		what = say("%v for %v", clip(first.Together.Name, nameLength), whom(first.Change))
	case len(list) > 1:
		what = say("%v, and %v more in one go", what, len(list)-1)
	}
	if len(list) == 1 {
		return say("*#%v · %v*%v", first.Number, what, standOfAll(list))
	}
	return say("*#%v–#%v · %v*%v", first.Number, last.Number, what, standOfAll(list))
}

// standOfAll says how they stand, once any is decided.
func standOfAll(list []approvals.Request) approvals.Text {
	var states []approvals.State
	count := map[approvals.State]int{}
	for _, r := range list {
		if count[r.State]++; count[r.State] == 1 {
			states = append(states, r.State)
		}
	}
	if count[approvals.Pending] == len(list) {
		return nil
	}
	var all []approvals.Text
	for _, s := range states {
		all = append(all, say("%v %v", count[s], string(s)))
	}
	if len(states) == 1 {
		return say(" — %v", string(states[0]))
	}
	return say(" — %v", approvals.Join(all, ", "))
}

// asksAll says who asks, and whether the reason is theirs all.
func asksAll(list []approvals.Request) approvals.Text {
	return asksFor(list[0])
}

// inCommon is what is the same of all; false: it is not.
func inCommon(list []approvals.Request, of func(approvals.Request) string) (string, bool) {
	first := of(list[0])
	return first, !slices.ContainsFunc(list, func(r approvals.Request) bool { return of(r) != first })
}

// sharedBy is the small print that is the same for all of those that wait.
func sharedBy(list []approvals.Request) (out []approvals.Text) {
	var waiting []approvals.Request
	for _, r := range list {
		if r.State == approvals.Pending {
			waiting = append(waiting, r)
		}
	}
	r := waiting[0]
	out = append(out, seatsForAll(waiting))
	out = append(out, poolsOfAll(waiting)...)
	for _, of := range fineprint {
		if _, same := inCommon(waiting, func(r approvals.Request) string { return of(r).Plain() }); same {
			out = append(out, of(r))
		}
	}
	return out
}

// fineprint is what is said below all where it is the same for all, and else of each.
var fineprint = []func(approvals.Request) approvals.Text{approvals.Request.ByPerson, func(r approvals.Request) approvals.Text { return r.App.Caution() }, costEach, who, absences, escalation,
	expires}

func costEach(r approvals.Request) approvals.Text {
	switch each := cost(r); {
	case each != nil && r.Together != nil && r.Together.Of == 1:
		return each
	case each != nil:
		return say("%v, each", each)
	}
	return nil
}

// seatsForAll says how many seats are used, and how many will be once all of those that wait are done.
func seatsForAll(waiting []approvals.Request) approvals.Text {
	r := waiting[0]
	used, change := r.Seats.Used, 0
	for _, o := range waiting {
		if o.App.ID != r.App.ID || o.Seats.Used != used {
			return nil
		}
		switch {
		case o.Form().New:
			change++
		case o.Form().Ends:
			change--
		}
	}
	switch line := seats(r); {
	case line == nil || change == 0 || len(waiting) == 1 || used < 0:
		return line
	case r.Seats.Of > 0 && used+change > r.Seats.Of && change > 0:
		return say("*Seats* %v of %v used → %v with all of these: *only %v free* · checked %v", used, r.Seats.Of, used+change, max(r.Seats.Of-used, 0), r.Seats.At)
	case r.Seats.Of > 0:
		return say("*Seats* %v of %v used → %v with all of these · checked %v", used, r.Seats.Of, used+change, r.Seats.At)
	}
	return say("*Seats* %v used → %v with all of these · checked %v", used, used+change, r.Seats.At)
}

// howAll says how they are decided.
func howAll(list []approvals.Request) approvals.Text {
	if list[0].Bundled() {
		return say("*Approve* and *Deny* are for all of it. *Open* shows one part by itself: a yes there is for that part, and a no to any part is a no to all.")
	}
	return say("*Approve all* says yes to each that you can approve; *Open* shows one by itself, with its own buttons.")
}

// decidingAll are the buttons that decide all that wait.
func decidingAll(list []approvals.Request, sights []approvals.Sight) slack.Block {
	yesTo, noTo := "Approve all", "Deny all"
	if list[0].Bundled() {
		yesTo, noTo = "Approve", "Deny"
	}
	deny := button(ActionDenyAll, noTo, list[0].Name(), slack.StyleDanger)
	buttons := []slack.BlockElement{deny}
	if slices.ContainsFunc(sights, func(s approvals.Sight) bool { return s.Waits }) {
		yes := button(ActionApproveAll, yesTo, list[0].Name(), slack.StylePrimary)
		if gone := finals(list); gone > 0 {
			yes = confirmed(yes, "Approve all of them?", fmt.Sprintf("%d of %d can't be undone once carried out. Each is listed on the card.", gone, len(list)), "Approve all")
			yes.Confirm.Style = slack.StyleDanger
		}
		buttons = append([]slack.BlockElement{yes}, buttons...)
	}
	return slack.NewActionBlock(onAll(sights), buttons...)
}

// finals counts those that wait and that nobody can take back.
func finals(list []approvals.Request) (n int) {
	for _, r := range list {
		if r.State == approvals.Pending && r.Form().Final {
			n++
		}
	}
	return n
}

// lines draws each of several requests within some room, and says what was shown of each: a yes to all is none to what
// was cut.
func (l listing) lines(room int) (lines []*page, sights []approvals.Sight) {
	for i, r := range l.list {
		one := l.line(r)
		share := room / (len(l.list) - i)
		whole := one.used() <= share
		if !whole {
			one = briefLineOf(r, l.buttons)
		}
		if one.used() > share {
			one = newPage()
			one.section(say("*#%v* · `/access status %v` shows it.", r.Number, r.Number))
		}
		room -= one.used()
		lines = append(lines, one)
		sights = append(sights, approvals.Sight{
			Waits: whole && r.State == approvals.Pending && !r.Rule.Itself() && !r.Barred(), Step: r.Present(), Edition: r.Edition(), Unread: !r.Known(),
		})
	}
	return lines, sights
}

// used is what the blocks of a page weigh.
func (p *page) used() int { return maxAll - len("[]") - p.left }

// line is one of several requests with all that somebody must know before they decide it, or how it was decided.
func (l listing) line(r approvals.Request) *page {
	p := newPage()
	if r.State != approvals.Pending {
		p.section(say("*#%v* · %v — %v", r.Number, subject(r), state(r)), decision(r), l.result(r))
		if r.State == approvals.Denied && r.Fell == 0 && !Blank(r.Refusal) {
			p.section(say("“%v”", clip(r.Refusal, 400)))
		}
		pastPolicy(p, r)
		return p
	}
	p.opened(r, l.buttons, append([]approvals.Text{say("*#%v* · %v", r.Number, subject(r))}, wouldChange(r)...)...)
	if _, same := inCommon(l.list, func(r approvals.Request) string { return r.Reason }); !same {
		p.words(r.Reason)
	}
	p.section(append(against(r), r.LeftSay())...)
	edits(p, r)
	questions(p, r, onList)
	p.small("", append(ownPrint(r, l.list), inWords(r), reading(r), sameAs(r), r.Managed().Missing(), pinned(r))...)
	return p
}

func (l listing) result(r approvals.Request) approvals.Text {
	if !l.follows {
		return nil
	}
	return result(r)
}

// ownPrint is the small print that others of those that wait do not share.
func ownPrint(r approvals.Request, list []approvals.Request) (out []approvals.Text) {
	for _, of := range fineprint {
		differs := slices.ContainsFunc(list, func(o approvals.Request) bool { return o.State == approvals.Pending && of(o).Plain() != of(r).Plain() })
		if differs {
			out = append(out, of(r))
		}
	}
	return out
}

// briefLineOf is one of several requests for which there is no room: what it would do stands where it is opened.
func briefLineOf(r approvals.Request, buttons bool) *page {
	p := newPage()
	if r.State != approvals.Pending {
		p.section(say("*#%v* · %v — %v", r.Number, subject(r), state(r)))
		return p
	}
	p.opened(r, buttons, say("*#%v* · %v", r.Number, subject(r)), say("There's more to it than fits here, so %v leaves it out: press *Open* to read and decide it.", approveAll(r)))
	return p
}

// approveAll is what the button is called that approves all that a request was asked with.
func approveAll(r approvals.Request) approvals.Text {
	if r.Bundled() {
		return say("*Approve*")
	}
	return say("*Approve all*")
}

// opened is a paragraph with a button that shows one request by itself.
func (p *page) opened(r approvals.Request, buttons bool, lines ...approvals.Text) {
	p.section(lines...)
	if last, ok := p.blocks[len(p.blocks)-1].(*slack.SectionBlock); ok && buttons {
		before := weight(last)
		last.BlockID = blockOpen + fmt.Sprint(r.Number)
		last.Accessory = slack.NewAccessory(button(ActionOpen, fmt.Sprintf("Open #%d", r.Number), r.Name(), ""))
		p.left -= weight(last) - before
	}
}

// onAll names what holds the buttons of several requests by what was shown of each: the step, counted from 1, behind it how
// often it had been edited, and a u where it was not known what a yes would do; 0 where it did not wait.
func onAll(sights []approvals.Sight) string {
	name := blockAll
	for _, s := range sights {
		if !s.Waits {
			name += ".0"
			continue
		}
		name += fmt.Sprintf(".%d", s.Step+1)
		if s.Edition > 0 {
			name += fmt.Sprintf("+%d", s.Edition)
		}
		if s.Unread {
			name += "u"
		}
	}
	return name
}

// ShownOfAll takes apart the name of what holds the buttons of several requests: what was shown of each.
func ShownOfAll(block string) (out []approvals.Sight) {
	block, _, _ = strings.Cut(block, "/")
	of := strings.Split(block, ".")
	if of[0] != blockAll {
		return nil
	}
	for _, one := range of[1:] {
		shown, unread := strings.CutSuffix(one, "u")
		step, _, _ := strings.Cut(shown, "+")
		n, err := strconv.Atoi(step)
		if err != nil || n < 1 {
			out = append(out, approvals.Sight{})
			continue
		}
		out = append(out, approvals.Sight{Waits: true, Step: n - 1, Edition: Edition(shown), Unread: unread})
	}
	return out
}
