package view

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// DenyAllForm asks for the reason of a no to several requests.
func DenyAllForm(first approvals.Name, list []approvals.Request) slack.ModalViewRequest {
	form := DenyForm(list[0])
	p := newPage()
	var names []approvals.Text
	for _, r := range list {
		names = append(names, say("*#%v* · %v", r.Number, subject(r)))
	}
	what, title, submit := approvals.Text(say("%v", count(len(list), "request", "requests"))), say("Deny %v", count(len(list), "request", "requests")), "Deny all"
	if r := list[0]; r.Bundled() {
		what, title, submit = say("all of “%v”, because a no to any part is a no to all. You decide", clip(r.Together.Name, nameLength)), say("Deny %v", clip(r.Together.Name, nameLength)), "Deny"
	}
	denying := say("You're denying %v:", what)
	if list[0].ByUsher() {
		denying, title, submit = say("None of it is given then:"), say("Not now"), "Not now"
	}
	p.section(say("%v %v", readers(list[0]), denying))
	p.list(maxAll/2, names, func(left int) approvals.Text { return say("and %v more", left) })
	form.Blocks.BlockSet = append(p.blocks, form.Blocks.BlockSet[len(form.Blocks.BlockSet)-1])
	form.CallbackID, form.PrivateMetadata = CallbackDenyAll, ButtonValue(first)
	form.Title, form.Submit = typed(plain(24, title.Plain())), typed(submit)
	return form
}

// CountsAll is what somebody reads who decided several requests at once, where not all of them went as they clicked:
// which counted, and of each other why not. False: there is nothing to say.
func CountsAll(casts []approvals.Cast) (Message, bool) {
	var counted, not []approvals.Text
	var again []approvals.Cast
	for _, c := range casts {
		switch {
		case c.Skipped:
		case c.Err != nil && (c.Err.Code == approvals.NoSeat || c.Err.Code == approvals.Changed):
			again = append(again, c)
		case c.Err != nil:
			not = append(not, about(c.Request, c.Err.Say))
		case c.Telling():
			not = append(not, about(c.Request, c.Counts()))
			counted = append(counted, say("#%v", c.Request.Number))
		default:
			counted = append(counted, say("#%v", c.Request.Number))
		}
	}
	if len(not)+len(again) == 0 && len(counted) > 0 {
		return Message{}, false
	}
	p := newPage()
	switch {
	case len(counted) > 0:
		p.section(say("Your answer counts for %v. Please look at the others:", approvals.Join(counted, ", ")))
	case len(not)+len(again) > 0:
		p.section(say("Nothing was decided:"))
	default:
		p.section(say("None of them could be decided with that button, so nothing was changed. Press *Open* beside one."))
	}
	for _, c := range again { // what was asked once more is answered where it stands with its buttons
		if !p.tight() {
			p.opened(c.Request, true, about(c.Request, besideOthers(c.Err)))
		} else {
			not = append(not, about(c.Request, besideOthers(c.Err)))
		}
	}
	p.list(p.left, not, func(left int) approvals.Text { return say("and %v more", left) })
	return p.message(), true
}

// besideOthers is what an error says beside what became of others.
func besideOthers(e *approvals.Error) approvals.Text {
	if e.Among != nil {
		return e.Among
	}
	return e.Say
}

// about is a sentence about one of several requests, with its number where it doesn't say it.
func about(r approvals.Request, t approvals.Text) approvals.Text {
	if strings.Contains(t.Plain(), fmt.Sprintf("#%d", r.Number)) {
		return say("• %v", t)
	}
	return say("• *#%v* · %v", r.Number, t)
}
