package view

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TestCardsTellWhoCounts: a yes that does not count is not shown as one, before a decision and after.
func TestCardsTellWhoCounts(t *testing.T) {
	left := approvals.Discard{By: "U0BOB", Reason: "left"}
	many := approvals.Tally{Counted: []approvals.Actor{"U0ERIN"}}
	for i := range 300 {
		many.SetAside = append(many.SetAside, approvals.Discard{By: approvals.Actor(fmt.Sprintf("U%05d", i)), Reason: "left"})
	}
	for name, row := range map[string]struct {
		state approvals.State
		tally approvals.Tally
		want  string
		never string
	}{
		"one left": {approvals.Pending, approvals.Tally{Counted: []approvals.Actor{"U0ERIN"}, SetAside: []approvals.Discard{left}},
			"1 of 2 said yes: <@U0ERIN> · Not counted: <@U0BOB> (can't approve any more)", "2 of 2"},
		"machine once": {approvals.Pending, approvals.Tally{Counted: []approvals.Actor{"os:usher"}, SetAside: []approvals.Discard{{By: "os:root", Reason: "one person"}}},
			"1 of 2 said yes: usher (at the command line) · Not counted: root (the command line counts as one person)", "2 of 2"},
		"none counts": {approvals.Pending, approvals.Tally{SetAside: []approvals.Discard{{By: "U0BOB", Reason: "away", Unsure: true}}},
			"2 of them must say yes · Not counted: <@U0BOB> (couldn't be checked)", "said yes"},
		"many left": {approvals.Pending, many, "(can't approve any more), 290 more", "301"},
		"approved without who left": {approvals.Done, approvals.Tally{Counted: []approvals.Actor{"U0ERIN", "U0CAROL"}, SetAside: []approvals.Discard{left}},
			"Approved by <@U0ERIN> and <@U0CAROL>, ", "<@U0BOB>"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample(catalog.Create, row.state)
			r.Rule.Need, r.Tally = 2, &row.tally
			r.Votes = []approvals.Vote{{By: "U0BOB", Yes: true}, {By: "U0ERIN", Yes: true}}
			m := Card(r)
			golden(t, "card-tally-"+name, held(t, m))
			require.Contains(t, m.Text, row.want)
			require.NotContains(t, m.Text, row.never)
		})
	}
}
