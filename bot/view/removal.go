package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// removal says whose account goes, and which websites are shared with it.
func removal(r approvals.Request, most int) []approvals.Text {
	lines := []approvals.Text{say("*Deletes* %v.", accountOf(r.Change))}
	switch was := r.Was(); {
	case was == nil:
		return lines
	case r.Change.Type == approvals.UserSeat:
		return append(lines, say("It sees every website. They all stay."))
	case was.Shares == 0:
		return append(lines, say("No website is shared with it."))
	default:
		return append(lines, shares(*was, most)...)
	}
}

// forGood is what somebody should know of a removal before it is decided. What an account owns stands against its
// removal (against).
func forGood(r approvals.Request) []approvals.Text {
	final := say("*This can't be undone.*")
	switch was := r.Was(); {
	case was == nil:
		return []approvals.Text{say("An account that owns websites isn't deleted until they're handed over."), final}
	case was.Owns == 0:
		return []approvals.Text{say("It owns no websites. %v", final)}
	}
	return []approvals.Text{final}
}

// accountOf names an account by whose it is: the person, where it is somebody in Slack, else by name or address.
func accountOf(c approvals.Change) approvals.Text {
	name, whose := person(c), whom(c)
	switch {
	case c.Person != "" && name != "":
		whose, name = say("%v", c.Person), " ("+name+")"
	case c.Person != "":
		whose = say("%v", c.Person)
	case name != "":
		whose, name = say("%v", name), ""
	}
	if c.Type == approvals.ClientSeat || c.Type == approvals.UserSeat {
		return say("%v's account%v, a %v seat", whose, name, c.Type)
	}
	return say("%v's account%v", whose, name)
}

// shares are the websites that are shared with an account; they stay when it goes.
func shares(was approvals.Was, most int) []approvals.Text {
	head := say("*Shared with it* %v, which stay:", count(was.Shares, "website", "websites"))
	if was.Shares == 1 {
		head = say("*Shared with it* 1 website, which stays:")
	}
	return listed(head, inLines(labels(was.Shared, most), was.Shares))
}

// approving is the button that approves; a removal, which nobody can take back, asks once more.
func approving(r approvals.Request) slack.BlockElement {
	b := button(ActionApprove, "Approve", r.Name(), slack.StylePrimary)
	if r.Action != approvals.Delete {
		return b
	}
	confirmed(b, "Delete this account for good?", fmt.Sprintf("This can't be undone: %s.", doomed(r)), "Approve the removal")
	b.Confirm.Style = slack.StyleDanger
	return b
}

// doomed is what an approval deletes, in plain words: a dialog shows no mentions.
func doomed(r approvals.Request) string {
	c := r.Change
	c.Person = "" // their address or name says it
	what := fmt.Sprintf("the %s account of %s", appName(r.App), clip(c.Email, 120))
	if name := person(c); name != "" {
		what = fmt.Sprintf("%s's %s account, %s", name, appName(r.App), clip(c.Email, 120))
	}
	if was := r.Was(); was != nil && was.Shares > 0 {
		what = fmt.Sprintf("%s, with %s shared", what, count(was.Shares, "website", "websites"))
	}
	return what
}
