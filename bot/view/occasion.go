package view

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// What Usher asks by itself stands on one card as what people ask in one go does, in parts that are decided apart: what
// somebody is offered, and what they would give back. Each request that is one thing has its buttons beside it.

// blockItem begins the name of what holds the buttons of one request on such a card.
const blockItem = "item-"

// onOccasion is the card, or what somebody has of it, of what Usher asks.
func (l listing) onOccasion() Message {
	head, print := newPage(), newPage()
	head.section(titleOn(l.list), asksFor(l.list[0]), freesOn(l.list))
	print.left = printOfAll
	print.small("", l.printOn()...)
	print.list(printOfAll/2, besideOn(l.list), func(left int) approvals.Text { return say("and %v more", left) })
	pages := []*page{head}
	parts, left := partsOf(l.list), len(l.list)
	room := head.left - (printOfAll - print.left) - len(parts)*footOfAll
	for _, part := range parts {
		share := room * len(part) / left
		some := l.part(part, len(parts) > 1, share)
		for _, p := range some {
			room -= p.used()
		}
		left -= len(part)
		pages = append(pages, some...)
	}
	p := newPage()
	for _, part := range append(pages, print) {
		for _, b := range part.blocks {
			p.add(b)
		}
		p.tells(part)
	}
	return p.message()
}

// partsOf are requests by what is decided apart.
func partsOf(list []approvals.Request) (parts [][]approvals.Request) {
	for _, r := range list {
		if n := len(parts); n > 0 && parts[n-1][0].Together.First == r.Together.First {
			parts[n-1] = append(parts[n-1], r)
			continue
		}
		parts = append(parts, []approvals.Request{r})
	}
	return parts
}

// titleOn is what happened and what is asked because of it in one line, enough for a notification.
func titleOn(list []approvals.Request) approvals.Text {
	o := list[0].Occasion
	name, stand := clip(o.Called(), nameLength), standOfAll(list)
	gives, takes := waitingOn(list)
	var line approvals.Text
	switch {
	case o.Kind == approvals.OccasionJoined && o.Into != "":
		line = say("*%v joined %v*", name, o.Into)
	case o.Kind == approvals.OccasionJoined:
		line = say("*%v joined*", name)
	case o.Kind == approvals.OccasionMoved:
		line = say("*%v went from %v to %v*", name, o.From, o.Into)
	case takes > 0:
		line = say("*%v left* and still has %v%v", name, count(takes, "thing", "things"), costing(list))
	default:
		line = say("*%v left*", name)
	}
	switch {
	case o.Kind == approvals.OccasionLeft:
	case gives > 0 && takes > 0:
		line = say("%v: %v, and %v to give back?", line, namedOn(list), count(takes, "thing", "things"))
	case gives > 0:
		line = say("%v: %v?", line, namedOn(list))
	case takes > 0:
		line = say("%v: %v to give back?", line, count(takes, "thing", "things"))
	}
	if o.Cards > 1 {
		line = say("%v (%v of %v)", line, o.Card, o.Cards)
	}
	return say("%v%v", line, stand)
}

// waitingOn counts what waits for a yes: how much of it gives somebody something, and how much takes something back.
func waitingOn(list []approvals.Request) (gives, takes int) {
	for _, r := range list {
		switch {
		case r.State != approvals.Pending:
		case r.Gives():
			gives++
		default:
			takes++
		}
	}
	return gives, takes
}

// namedOn names what is offered: a bundle by its name.
func namedOn(list []approvals.Request) approvals.Text {
	var names []approvals.Text
	for _, part := range partsOf(list) {
		if r := part[0]; r.Bundled() {
			names = append(names, say("“%v”", clip(r.Together.Name, nameLength)))
			continue
		}
		for _, r := range part {
			if r.Gives() {
				names = append(names, subject(r))
			}
		}
	}
	return approvals.Join(names, ", ")
}

// saving are the prices of the seats that would be free again, one for each currency.
func saving(list []approvals.Request) (sums []approvals.Price) {
	for _, r := range list {
		price := r.App.Price
		if r.State != approvals.Pending || !r.Form().Ends || price.Currency == "" || price.Amount == 0 {
			continue
		}
		i := slices.IndexFunc(sums, func(p approvals.Price) bool { return p.Currency == price.Currency })
		if i < 0 {
			sums = append(sums, price)
			continue
		}
		sums[i].Amount += price.Amount
	}
	return sums
}

// costing ends a line with what they cost that somebody still has; nil: nobody said.
func costing(list []approvals.Request) approvals.Text {
	var all []approvals.Text
	for _, p := range saving(list) {
		all = append(all, say("%v", p))
	}
	if len(all) == 0 {
		return nil
	}
	return say(", for %v", approvals.Join(all, " and "))
}

// freesOn says which seats would be free again once all that waits is done; nil: none.
func freesOn(list []approvals.Request) approvals.Text {
	var apps []string
	many := map[string]int{}
	for _, r := range list {
		if r.State == approvals.Pending && r.Form().Ends {
			name := appName(r.App)
			if many[name]++; many[name] == 1 {
				apps = append(apps, name)
			}
		}
	}
	var all []approvals.Text
	for _, name := range apps {
		all = append(all, say("%v in %v", many[name], name))
	}
	if len(all) == 0 {
		return nil
	}
	return say("*Seats free again, once it's done:* %v", approvals.Join(all, ", "))
}

// printOn is the small print that is the same for all that waits, and what the buttons do.
func (l listing) printOn() []approvals.Text {
	gives, takes := waitingOn(l.list)
	if gives+takes == 0 {
		return nil
	}
	out := sharedBy(l.list)
	switch {
	case !l.buttons:
		return out
	case takes == 0:
		return append(out, say("*Give it* and *Not now* are for all of it. Nothing is given without a yes."))
	case gives == 0:
		return append(out, say("*Leave it* asks you why, and leaves that one as it is. Nothing is taken back without a yes."))
	}
	return append(out, say("The two are decided apart. *Leave it* and *Not now* ask you why. Nothing is given or taken back without a yes."))
}

// besideOn is what is said below the requests: what wasn't asked and why, and what else there is to know.
func besideOn(list []approvals.Request) (out []approvals.Text) {
	for _, s := range list[0].Occasion.Skipped {
		line := say("• *Not asked* · %v, %v: %v", appName(s.App), clip(s.Email, nameLength), s.Why)
		if s.SeesTo != "" && s.Beside == 0 { // what is asked already is seen to there
			line = say("%v %v sees to it.", line, s.SeesTo)
		}
		out = append(out, line)
	}
	for _, n := range list[0].Occasion.Notes {
		out = append(out, say("• %v", n))
	}
	return out
}

// part draws what is decided apart from the rest within some room, and its buttons.
func (l listing) part(part []approvals.Request, headed bool, room int) (pages []*page) {
	own := listing{list: part, buttons: l.buttons, follows: l.follows}
	if headed {
		p := newPage()
		p.section(partTitle(part))
		pages, room = append(pages, p), room-p.used()
	}
	var sights []approvals.Sight
	for i, r := range part {
		one, whole := own.item(r, room/(len(part)-i))
		room -= one.used()
		pages = append(pages, one)
		sights = append(sights, approvals.Sight{
			Waits: whole && r.State == approvals.Pending && !r.Rule.Itself() && !r.Barred(), Step: r.Present(), Edition: r.Edition(), Unread: !r.Known(),
		})
	}
	if buttons := own.decidingPart(sights); buttons != nil {
		p := newPage()
		p.add(buttons)
		pages = append(pages, p)
	}
	return pages
}

// partTitle says why one part of a card is asked.
func partTitle(part []approvals.Request) approvals.Text {
	r := part[0]
	o := r.Occasion
	switch {
	case r.Bundled() && o.Into != "":
		return say("*Comes with %v:* “%v”", o.Into, clip(r.Together.Name, nameLength))
	case r.Bundled():
		return say("*“%v”*", clip(r.Together.Name, nameLength))
	case !r.Gives() && o.From != "":
		return say("*Came with %v:* isn't part of what comes now", o.From)
	}
	return nil
}

// item draws one request with its own buttons, where it is one thing; whole: all that a yes would do stands there.
func (l listing) item(r approvals.Request, room int) (one *page, whole bool) {
	if r.State != approvals.Pending {
		one = l.line(r)
	} else {
		one = l.waitingItem(r)
	}
	if one.used() <= room {
		return one, true
	}
	if one = briefLineOf(r, l.buttons); one.used() <= room {
		return one, false
	}
	one = newPage()
	one.section(say("*#%v* · `/access status %v` shows it.", r.Number, r.Number))
	return one, false
}

func (l listing) waitingItem(r approvals.Request) *page {
	p := newPage()
	lines := append([]approvals.Text{say("*#%v* · %v", r.Number, subject(r))}, wouldChange(r)...)
	p.section(append(lines, against(r)...)...)
	p.small("", append(ownPrint(r, l.list), reading(r), sameAs(r), r.Managed().Missing(), pinned(r))...)
	if l.buttons && !r.Bundled() && !r.Rule.Itself() {
		p.add(slack.NewActionBlock(onRequest(fmt.Sprint(blockItem, r.Number), r), itemButtons(r)...))
	}
	return p
}

// itemButtons decide one request: while it isn't known what a yes would do there is none for it.
func itemButtons(r approvals.Request) []slack.BlockElement {
	yes, no := labelsOn(r)
	deny := button(ActionDeny, no, r.Name(), slack.StyleDefault)
	if !r.Known() || r.Barred() {
		return []slack.BlockElement{deny}
	}
	approve := approving(r).(*slack.ButtonBlockElement)
	approve.Text, approve.AccessibilityLabel = typed(yes), fmt.Sprintf("%s, request %d", yes, r.Number)
	return []slack.BlockElement{approve, deny}
}

// labelsOn are what a yes and a no to what Usher asks are called.
func labelsOn(r approvals.Request) (yes, no string) {
	if r.Gives() {
		return "Give it", "Not now"
	}
	return "Take back", "Leave it"
}

// decidingPart are the buttons for all of a part that is one thing, or holds several; nil: it has none.
func (l listing) decidingPart(sights []approvals.Sight) slack.Block {
	gives, takes := waitingOn(l.list)
	r := l.list[0]
	if !l.buttons || gives+takes == 0 || !r.Bundled() && gives+takes < 2 {
		return nil
	}
	var buttons []slack.BlockElement
	if slices.ContainsFunc(sights, func(s approvals.Sight) bool { return s.Waits }) {
		buttons = append(buttons, l.yesToPart(gives+takes))
	}
	if r.Bundled() {
		buttons = append(buttons, button(ActionDenyAll, "Not now", r.Name(), slack.StyleDefault))
	}
	if len(buttons) == 0 {
		return nil
	}
	return slack.NewActionBlock(fmt.Sprintf("%s/%d", onAll(sights), r.Number), buttons...)
}

// yesToPart is the button that says yes to all that waits of a part. What takes something away asks back with how much it is.
func (l listing) yesToPart(waits int) slack.BlockElement {
	r := l.list[0]
	if r.Bundled() || r.Gives() {
		return button(ActionApproveAll, "Give it", r.Name(), slack.StylePrimary)
	}
	yes := button(ActionApproveAll, "Take it all back", r.Name(), slack.StylePrimary)
	text := "Each is on the card, with what happens to it."
	if gone := finals(l.list); gone > 0 {
		text = fmt.Sprintf("%s %d of %d can't be undone.", text, gone, waits)
	}
	yes = confirmed(yes, fmt.Sprintf("Take all %d back?", waits), text, "Take it all back")
	yes.Confirm.Style = slack.StyleDanger
	return yes
}

// leaveForm asks why something stays where it is, or isn't given.
func leaveForm(r approvals.Request, form slack.ModalViewRequest) slack.ModalViewRequest {
	_, no := labelsOn(r)
	form.Title, form.Submit = typed(plain(24, say("%v: #%v", no, r.Number).Plain())), typed(no)
	return form
}

// OutcomeOfAll is what those whom an occasion names hear once all that Usher asked on one card is over.
func OutcomeOfAll(list []approvals.Request) Message {
	p := newPage()
	p.section(say("%v, and nothing is left to decide:", list[0].Occasion.Because().Capital()))
	var lines []approvals.Text
	for _, r := range list {
		lines = append(lines, cameTo(r))
	}
	p.list(maxAll/2, lines, func(left int) approvals.Text { return say("and %v more", left) })
	return p.message()
}

// cameTo is in one line what came of a request that Usher asked.
func cameTo(r approvals.Request) approvals.Text {
	line := say("*#%v* · %v — %v", r.Number, subject(r), state(r))
	switch {
	case r.Withdrawn != nil:
		return say("%v, because %v", line, r.Withdrawn)
	case r.State == approvals.Denied && r.Fell == 0 && !Blank(r.Refusal):
		return say("%v by %v: “%v”", line, r.Decider(), clip(r.Refusal, 200))
	case r.State == approvals.Denied:
		return say("%v by %v", line, r.Decider())
	}
	return line
}
