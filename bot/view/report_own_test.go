package view

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports"
)

// TestOwnShowsWhatIsTheirs: what needs somebody, and what a manager's people have; and of very much what fits, with how much more
// there is.
func TestOwnShowsWhatIsTheirs(t *testing.T) {
	one, two := sample(catalog.Create, approvals.Pending), sample(catalog.Update, approvals.Pending)
	two.Number = 13
	task := sample(catalog.Create, approvals.Running)
	task.Number, task.Task = 9, &approvals.Task{Owner: "U0DAVE", Since: clock(9, 20), Due: clock(18, 0)}
	lent := sample(catalog.Create, approvals.Done)
	lent.Number, lent.EndsAt = 4, clock(18, 0)
	app := seRanking()
	app.Price = approvals.Price{Amount: 2000, Currency: "USD"}
	seat := approvals.Holding{App: app, Email: "jane_doe@acme.example", Seat: true, Since: clock(9, 0), Number: 4}
	team := []reports.Mate{{Who: "U0ALICE", Holds: []approvals.Holding{seat}, Waiting: []approvals.Request{one}, Ending: []approvals.Request{lent}}, {Who: "U0ERIN", Tasks: []approvals.Request{task}}}
	var many []approvals.Request
	var crowd []reports.Mate
	for i := range 400 {
		many = append(many, one)
		crowd = append(crowd, reports.Mate{Who: approvals.PersonID(fmt.Sprintf("U0P%d", i)), Holds: []approvals.Holding{seat, seat}})
	}
	for name, o := range map[string]reports.Own{
		"one":     {Waiting: []approvals.Request{one}},
		"both":    {Waiting: []approvals.Request{one, two}, Tasks: []approvals.Request{task}},
		"task":    {Tasks: []approvals.Request{task}},
		"team":    {Team: team, Cost: []approvals.Price{app.Price}},
		"unknown": {Team: team[:1], Costless: []approvals.App{seRanking()}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, "own-"+name, held(t, Own(o))) })
	}
	tasks := slices.Repeat([]approvals.Request{task}, 30)
	for says, m := range map[string]Message{
		"400 requests wait for your decision, and 30 tasks are yours": Own(reports.Own{Waiting: many, Tasks: tasks}),
		"more; `/access pending` lists them all":                      Own(reports.Own{Waiting: many}),
		"20 tasks more; `/access tasks` lists them all":               Own(reports.Own{Waiting: many, Tasks: tasks}),
		"more; `/access who @person` shows what one of them has":      Own(reports.Own{Team: crowd}),
	} {
		require.Contains(t, string(held(t, m)), says)
	}
}
