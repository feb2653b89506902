package slacksim

import "slices"

// Reading is an account of how much Slack takes, and where. Its documentation, its validator and what others have written down
// differ, and have changed within a year.
type Reading string

// The readings there are. By Strictest, which is the zero value, what any of the others refuses is refused: who keeps to it is safe
// by all of them.
const (
	Strictest Reading = ""
	// June2026 is blocks.json as of June 2026, as Tightknit's validator reads it, with the limits of data_table in Slack's docs of May.
	June2026 Reading = "2026-06"
	// October2026 is Slack's reference as slack.cr follows it page by page in autumn 2026, with the limits of data_table of October.
	October2026 Reading = "2026-10"
)

// Known reports whether there is such a reading.
func (r Reading) Known() bool { _, known := accounts[r]; return known || r == Strictest }

// account is what a reading says: the bounds of Slack's own tables and charts, and which blocks a surface does not take.
type account struct {
	data  dataLimits
	notOn map[Surface][]string
}

// accounts are the readings as they were written down.
var accounts = map[Reading]account{
	June2026: {dataLimits{rows: 100, text: 10000, series: 6, charts: 2}, map[Surface][]string{
		InMessage: {"alert", "file"},
		InModal:   {"card", "carousel", "context_actions", "data_visualization", "file", "markdown", "plan", "table", "task_card"},
		InHome:    {"alert", "context_actions", "data_visualization", "file", "markdown", "plan", "table", "task_card"},
	}},
	October2026: {dataLimits{rows: 200, text: 20000, series: 12, charts: 2}, map[Surface][]string{
		InMessage: {"alert"},
		InModal:   {"carousel", "container", "context_actions", "data_table", "data_visualization", "markdown", "table"},
		InHome:    {"alert", "context_actions", "markdown"},
	}},
}

// account is what this reading says.
func (r Reading) account() account {
	if r != Strictest {
		return accounts[r]
	}
	june, october := accounts[June2026], accounts[October2026]
	all := account{june.data, map[Surface][]string{}} // June's bounds are the lesser ones
	for on := range june.notOn {
		all.notOn[on] = slices.Concat(june.notOn[on], october.notOn[on])
	}
	return all
}
