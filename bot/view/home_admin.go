package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// blockSettle begins the name of what holds an admin's buttons of one request on their Home.
const blockSettle = "settle-"

// troubled is what an admin should look at: the first few with the buttons of their own card, the others in a line each.
func troubled(p *page, t approvals.Troubles) {
	heading(p, "For admins")
	if len(t.Doubt)+len(t.Failed)+len(t.Slow)+len(t.Late) == 0 {
		p.section(say("No request is in doubt, failed, stuck or past its end."))
		return
	}
	settleable(p, "in doubt whether it happened", "in doubt whether they happened", t.Doubt)
	settleable(p, "failed, and can be tried again", "failed, and can be tried again", t.Failed)
	settleable(p, "is past its end and still there", "are past their end and still there", t.Late)
	var lines []approvals.Text
	for _, r := range t.Slow {
		lines = append(lines, say("*#%v* · %v · %v since %v · %v", r.Number, subject(r), state(r), r.Decided, r.Doing()))
	}
	if len(lines) > 0 {
		p.section(say("*%v taking long*", count(len(lines), "request is", "requests are")))
		rows(p, lines, 0, "usher requests")
	}
}

// settleable is a list of what an admin's word settles.
func settleable(p *page, one, many string, list []approvals.Request) {
	const withButtons = 3
	if len(list) == 0 {
		return
	}
	p.section(say("*%v %v*", count(len(list), "request", "requests"), map[bool]string{true: one, false: many}[len(list) == 1]))
	shown := 0
	for ; shown < min(len(list), withButtons) && !p.tight(); shown++ {
		r := list[shown]
		p.section(troubleLine(r))
		for _, b := range settling(r) {
			if a, ok := b.(*slack.ActionBlock); ok {
				p.add(slack.NewActionBlock(fmt.Sprint(blockSettle, r.Number), a.Elements.ElementSet...))
			}
		}
	}
	var lines []approvals.Text
	for _, r := range list[shown:] {
		lines = append(lines, troubleLine(r))
	}
	rows(p, lines, 0, "usher requests")
}

func troubleLine(r approvals.Request) approvals.Text {
	if r.State == approvals.InDoubt && r.Doubt != nil {
		return say("*#%v* · %v · in doubt since %v, looked %v", r.Number, subject(r), r.Doubt.Since, count(r.Doubt.Looks, "time", "times"))
	}
	if r.Late() {
		return say("*#%v* · %v · %v", r.Number, subject(r), leaving(r))
	}
	return say("*#%v* · %v · %v %v", r.Number, subject(r), state(r), endedAt(r))
}

// wellbeing says how Usher's connections are.
func wellbeing(p *page, h approvals.Health) {
	slackIs := say("*Slack* · %v of %v connections open", h.Open, h.Wanted)
	if h.Open == 0 {
		slackIs = say("*Slack* · no connection hears anything right now; I keep trying")
	}
	lines := []approvals.Text{slackIs}
	for _, a := range h.Apps {
		lines = append(lines, appIs(a))
	}
	for _, b := range h.Balances {
		lines = append(lines, say("*%v units* · %v", clip(b.Name, nameLength), unitsLeft(b.Balance, h.At)))
	}
	for _, o := range h.Overdue {
		if o.Late {
			lines = append(lines, say("*Overdue* · %v, since %v", o.What, o.Since))
		}
		if o.Failing > 0 {
			lines = append(lines, say("*Stuck* · %v: I've tried again and again for %v, and keep trying. The log says why.", o.What, count(o.Failing, "request or person", "requests or people")))
		}
	}
	if len(h.Overdue) == 0 {
		lines = append(lines, say("Nothing I owe anybody is overdue."))
	}
	p.section(say("*Connections*"))
	rows(p, lines, 0, "usher check")
}

func appIs(a approvals.AppHealth) approvals.Text {
	name := clip(a.Name, nameLength)
	switch {
	case !a.Blind.IsZero() && !a.Read.IsZero():
		return say("*%v* · can't be read since %v; I still have what I read %v", name, a.Blind, a.Read)
	case !a.Blind.IsZero():
		return say("*%v* · can't be read since %v", name, a.Blind)
	case a.Read.IsZero():
		return say("*%v* · not read yet", name)
	}
	return say("*%v* · answers; last read %v", name, a.Read)
}
