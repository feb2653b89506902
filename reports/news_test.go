package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// telling is what may differ between two reports, of which section it is told, and whether it's no news all the same.
type telling struct {
	in     Section
	before func(*Report)
	alter  func(*Report)
	quiet  bool
}

func tellings() map[string]telling {
	last, ends := monday.Add(-7*24*time.Hour), monday.Add(48*time.Hour)
	return map[string]telling{
		"nothing":             {quiet: true},
		"a seat more is used": {in: SectionSeats, alter: func(r *Report) { r.Apps[0].Used++ }},
		"seats were bought":   {in: SectionSeats, alter: func(r *Report) { r.Apps[0].Bought = 40 }},
		"one is blocked": {in: SectionBlocked, alter: func(r *Report) {
			r.Apps[0].Blocked, r.Apps[0].BlockedCount = []BlockedAccount{{Seat: seat(1, "a@a.example", true)}}, 1
		}},
		"why it's so":              {in: SectionBlocked, alter: func(r *Report) { r.Apps[0].Blocked[0].Why = approvals.Sayf("limit 5") }, before: func(r *Report) { r.Apps[0].Blocked = []BlockedAccount{{}} }, quiet: true},
		"another is idle":          {in: SectionIdle, before: func(r *Report) { r.Apps[0].Idle, r.Apps[0].IdleCount = []approvals.Seat{{ID: "3"}}, 1 }, alter: func(r *Report) { r.Apps[0].Idle[0].ID = "4" }},
		"more are idle than named": {in: SectionIdle, alter: func(r *Report) { r.Apps[0].IdleCount = 8 }},
		"a seat isn't used":        {in: SectionIdle, alter: func(r *Report) { r.Apps[0].Unused = []approvals.Unused{{Email: "b@a.example"}} }},
		"an orphan":                {in: SectionOrphans, alter: func(r *Report) { r.Apps[0].Stayed.Orphans = []approvals.Orphan{{Email: "b@a.example"}} }},
		"another finding":          {in: SectionOrphans, alter: func(r *Report) { r.Apps[0].Stayed.Others = []approvals.KindCount{{Of: "left the company", Many: 1}} }},
		"something was given":      {in: SectionChanges, alter: func(r *Report) { r.EventCount = 1 }},
		"an account came":          {in: SectionChanges, alter: func(r *Report) { r.Apps[0].Changes.Added = addresses("one@a.example") }},
		"nothing to compare with":  {in: SectionChanges, alter: func(r *Report) { r.Apps[0].Since = time.Time{} }},
		"somebody asked":           {in: SectionWaiting, alter: func(r *Report) { r.Waiting = []approvals.Request{{Number: 2}} }},
		"it waits for another":     {in: SectionWaiting, before: func(r *Report) { r.Waiting = []approvals.Request{{Number: 2}} }, alter: func(r *Report) { r.Waiting[0].Rule.Approvers = []string{"U0BOB"} }},
		"nobody waits any more":    {in: SectionWaiting, before: func(r *Report) { r.Waiting = []approvals.Request{{Number: 2}} }, alter: func(r *Report) { r.Waiting = nil }},
		"it has waited for longer": {in: SectionWaiting, before: func(r *Report) { r.Waiting = []approvals.Request{{Number: 2, Asked: last}} }, alter: func(r *Report) { r.At = monday.Add(time.Hour) }, quiet: true},
		"a task has changed hands": {in: SectionWaiting, before: func(r *Report) { r.Tasks = []approvals.Request{{Task: &approvals.Task{}}} }, alter: func(r *Report) { r.Tasks[0].Task.Owner = "U0BOB" }},
		"something got stuck":      {in: SectionWaiting, alter: func(r *Report) { r.Stuck = []approvals.Request{{Number: 3}} }},
		"something ends":           {in: SectionEnding, alter: func(r *Report) { r.Ending = []approvals.Request{{Number: 3, EndsAt: ends}} }},
		"it ends later":            {in: SectionEnding, before: func(r *Report) { r.Ending = []approvals.Request{{EndsAt: ends}} }, alter: func(r *Report) { r.Ending[0].EndsAt = ends.Add(time.Hour) }},
		"something is late":        {in: SectionEnding, alter: func(r *Report) { r.Late = []approvals.Request{{Number: 3}} }},
		"units are used up":        {in: SectionUnits, alter: func(r *Report) { r.Apps[0].Balance.Left = 1 }},
		"a few units were used":    {in: SectionUnits, alter: func(r *Report) { r.Apps[0].Balance.Left = 50_500 }, quiet: true},
		"units can't be read":      {in: SectionUnits, alter: func(r *Report) { r.Apps[0].Balance.Blind = monday }},
		"units are gone soon":      {in: SectionUnits, alter: func(r *Report) { r.Apps[0].Balance.Out = monday.Add(24 * time.Hour) }},
		"it costs more":            {in: SectionCost, alter: func(r *Report) { r.Cost = []Cost{{All: approvals.Price{Amount: 2000, Currency: "USD"}}} }},
		"something was saved":      {in: SectionCost, alter: func(r *Report) { r.Cost = []Cost{{SavedSeats: 1}} }},
		"a cost isn't known":       {in: SectionCost, alter: func(r *Report) { r.Costless = []approvals.App{seranking} }},
	}
}

// TestWhatIsNews: what a section tells is news where that section is shown and nowhere else, and what can't be known is as well.
func TestWhatIsNews(t *testing.T) {
	last := monday.Add(-7 * 24 * time.Hour)
	for name, row := range tellings() {
		t.Run(name, func(t *testing.T) {
			made := func() *Report {
				r := &Report{At: monday, Since: last, Apps: []AppReport{{App: seranking, Since: last, Used: 22, Bought: 25, Balance: &approvals.Balance{Read: last, Left: 51_000, Full: 100_000}}}}
				if row.before != nil {
					row.before(r)
				}
				return r
			}
			before, now := made(), made()
			now.before = before.told()
			if row.alter != nil {
				row.alter(now)
			}
			require.Equal(t, !row.quiet, now.News())
			for _, s := range Sections() {
				now.Sections = []Section{s}
				require.Equal(t, !row.quiet && (s == row.in), now.News(), s)
			}
		})
	}
	r := Report{}
	require.True(t, r.News(), "the first")
	r = Report{Since: last, Apps: []AppReport{{Unreadable: approvals.Sayf("it is dark.")}}}
	r.before = r.told()
	require.True(t, r.News(), "an app is dark")
	r.Sections = []Section{SectionWaiting, SectionEnding, SectionOrphans, SectionUnits}
	require.False(t, r.News(), "of which nothing is shown")
}
