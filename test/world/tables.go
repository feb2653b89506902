package world

import (
	"regexp"

	"github.com/usherbot/usher/sim/slacksim"
)

// RefuseTables has the workspace refuse Slack's own tables and charts.
func RefuseTables(w *World) { w.N.Slack.Behave(slacksim.Manners{NoData: true}) }

var accountLine = regexp.MustCompile(`(?m)^• (\S+@\S+) · since `)

// InLines are the accounts that messages name with more than their address, each in a line: where a table is drawn there are none.
func InLines(messages []slacksim.Message) (emails []string) {
	for _, m := range messages {
		for _, found := range accountLine.FindAllStringSubmatch(slacksim.PlainText(slacksim.Message{Blocks: m.Blocks}), -1) {
			emails = append(emails, found[1])
		}
	}
	return emails
}
