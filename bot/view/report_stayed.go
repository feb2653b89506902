package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// stayed is what stays in an app too long: whose accounts are nobody's, how many there are of each other kind, and the button that
// shows them to who looks after the app.
func stayed(p *page, a reports.AppReport) {
	if !a.Stayed.Any() {
		return
	}
	p.section(orphans(a))
	var others []approvals.Text
	for _, t := range a.Stayed.Others {
		others = append(others, say("%v %v", t.Many, t.Of))
	}
	if len(others) > 0 {
		p.section(say("*Not as it should be:* %v", approvals.Join(others, " · ")))
	}
	button := slack.NewActionBlock(ActionFindings+"-"+a.App.ID, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionFindings, Text: typed("Look at them"),
		Value: MendValue{App: a.App.ID}.String(), AccessibilityLabel: plain(75, "Look at them, "+a.App.Name)})
	if p.room() > 0 && weight(button) <= p.left {
		p.add(button)
	}
}

// mostOrphans is how many are named; the button shows all.
const mostOrphans = 5

// orphans are the accounts that belong to nobody, as far as there is room for them; nil: there are none.
func orphans(a reports.AppReport) approvals.Text {
	all := a.Stayed.Orphans
	if len(all) == 0 {
		return nil
	}
	var whose []approvals.Text
	for _, o := range all[:min(len(all), mostOrphans)] {
		as := say("known since %v", o.Since)
		if o.As != "" {
			as = say("%v, %v", clip(o.As, nameLength), as)
		}
		whose = append(whose, say("%v (%v)", clip(o.Email, emailLength), as))
	}
	line := approvals.Join(whose, ", ")
	if rest := len(all) - len(whose); rest > 0 {
		line = say("%v and %v more", line, rest)
	}
	return say("*%v to nobody we know* · %v", count(len(all), "account belongs", "accounts belong"), line)
}
