package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// heldBy is what they have: by request, and behind that what lists have under their address besides.
func heldBy(p *page, h approvals.Home, held commands.Held) {
	heading(p, "What you have")
	var lines []approvals.Text
	for _, one := range h.Held {
		line := heldLine(one)
		if note := held.Notes[one.Number]; note != nil {
			line = say("%v · %v", line, note)
		}
		lines = append(lines, line)
	}
	lines = append(lines, held.Also...)
	back := say("`/access return` gives back what you no longer need.")
	if len(lines) == 0 {
		p.section(say("I haven't set anything up for you yet."))
		back = nil
	}
	rows(p, lines, 0, "/access who")
	rest := say("What you had before, or got another way, isn't listed here.")
	if h.Who.Full() { // others are told nothing by it
		rest = say("`/access who` also shows what you had before, or got another way, as far as I can see it.")
	}
	what := say("This is what I set up myself, by requests that went through.")
	if len(held.Also) > 0 {
		what = say("This is what I set up myself, by requests that went through. The last lines are from member lists that were imported.")
	}
	p.small("", say("%v %v", what, rest), back)
}

// heldLine is what they have in one app under one address.
func heldLine(h approvals.Holding) approvals.Text {
	what := "shared with"
	switch {
	case h.Seat && h.Sort.Words != "":
		what = oneOf(h.Sort.Words) + " for"
	case h.Seat && h.App.Entry != nil:
		what = h.App.Entry.Seat.A() + " for"
	case h.Seat:
		what = "an account for"
	}
	line := say("*%v* · %v %v", appName(h.App), what, clip(h.Email, emailLength))
	var names []approvals.Text
	for _, i := range h.Items[:min(len(h.Items), someNames)] {
		names = append(names, say("%v", clip(i.Held(), nameLength)))
	}
	if over := len(h.Items) - len(names); over > 0 {
		names = append(names, say("%v more", over))
	}
	if r, ok := h.App.Entry.Held(); ok && len(names) > 0 {
		line = say("%v · %v: %v", line, r.Noun.Count(len(h.Items)), approvals.Join(names, ", "))
	} else if len(names) > 0 {
		line = say("%v · %v", line, approvals.Join(names, ", "))
	}
	return say("%v · since %v (#%v)", line, h.Since, h.Number)
}

// ledBy is what their people have, one line each.
func ledBy(p *page, held commands.Held) {
	if len(held.People) == 0 {
		return
	}
	heading(p, "Your people")
	rows(p, held.People, held.MorePeople, "/access who @person")
}

// mostAmiss is how many apps have a line of their own.
const mostAmiss = 3

// amiss says in which apps something isn't as it should be, each with the button that shows it.
func amiss(p *page, apps []commands.Amiss) {
	if len(apps) == 0 {
		return
	}
	heading(p, "Not as it should be")
	for _, a := range apps[:min(len(apps), mostAmiss)] {
		if p.room() == 0 {
			break
		}
		b := sectionOf(markup(mrkdwn(maxObject/4, say("*%v* · %v, from when I last looked", clip(a.App.Name, nameLength), count(a.Many, "finding", "findings")))))
		b.Accessory = slack.NewAccessory(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionFindings, Text: typed("Show them"),
			Value: "v1:" + string(JSON(MendValue{App: a.App.ID})), AccessibilityLabel: plain(75, "Show them, "+a.App.Name)})
		p.add(b)
	}
	if more := len(apps) - mostAmiss; more > 0 {
		p.small("", say("and %v: `/access who app=…`", count(more, "app more", "apps more")))
	}
}
