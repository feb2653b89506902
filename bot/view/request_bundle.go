package view

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// bundleMark begins the value of a bundle in the menu of apps: no app's id has it.
const bundleMark = ":bundle "

// wholes is the menu of apps, and of bundles beside them; what is in a bundle that is chosen stands below it.
func (f *requestForm) wholes() {
	s := f.sheet
	if len(s.Apps)+len(s.Bundles) < 2 {
		return
	}
	var options []*slack.OptionBlockObject
	label, chosen := "App", s.App.ID
	for _, a := range s.Apps {
		options = append(options, option(a.ID, appName(a)))
	}
	for _, b := range s.Bundles {
		label = "App or bundle"
		options = append(options, option(bundleMark+b.ID, approvals.Sayf("%v (bundle)", clip(b.Name, nameLength)).Plain()))
	}
	if s.Bundle.ID != "" {
		chosen = bundleMark + s.Bundle.ID
	}
	f.input(FieldApp, label, one(FieldApp, options[:min(len(options), mostOptions)], []string{chosen}), telling)
	if s.Bundle.ID == "" {
		return
	}
	lines := []approvals.Text{say("“%v” is approved as one and set up one thing after another:", clip(s.Bundle.Name, nameLength))}
	for _, c := range s.Contents {
		lines = append(lines, say("• %v", c.Capital()))
	}
	f.add(sectionOf(markup(mrkdwn(2900, lines...))))
}

// bundleIn is the bundle that a value of that menu means; false: it means an app.
func bundleIn(value string) (id string, is bool) {
	if id, is = strings.CutPrefix(value, bundleMark); is {
		return id, true
	}
	return "", false
}
