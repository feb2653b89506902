package view

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// lowUnits is a warning from the morning, with everything known.
func lowUnits() approvals.Warning {
	return approvals.Warning{App: "planner", Name: "Planner", Owners: []string{"U0DAVE", "S0MKTOPS"}, At: clock(9, 0), Limit: "20%",
		Balance: approvals.Balance{Read: clock(9, 0), Left: 198_000, Full: 1_000_000, Pace: true, Out: clock(9, 0).AddDate(0, 0, 23)}}
}

func TestWarnings(t *testing.T) {
	for name, alter := range map[string]func(*approvals.Warning){
		"limit":  func(*approvals.Warning) {},
		"number": func(w *approvals.Warning) { w.Limit, w.Owners = "200000", nil },
		"days": func(w *approvals.Warning) {
			w.Limit, w.Days, w.Balance.Out = "", 14, clock(9, 0).Add(13*24*time.Hour+time.Hour)
		},
		"nothing": func(w *approvals.Warning) { w.Balance.Left, w.Balance.Out = 0, clock(9, 0) },
		"new":     func(w *approvals.Warning) { w.Balance.Pace, w.Balance.Out = false, time.Time{} },
		"unread": func(w *approvals.Warning) {
			*w = approvals.Warning{Name: "Planner", Owners: w.Owners, At: w.At, Unread: true, Balance: w.Balance}
			w.Balance.Blind, w.Balance.Why = clock(8, 0), say("it answered with a web page instead of a number")
		},
		"never read": func(w *approvals.Warning) {
			*w = approvals.Warning{Name: "Planner", At: w.At, Unread: true, Balance: approvals.Balance{Blind: clock(8, 0), Why: say("it couldn't be reached")}}
		},
		"notice": func(w *approvals.Warning) { w.Limit, w.Say = "", say("This way to read them ends at the end of 2027.") },
	} {
		t.Run(name, func(t *testing.T) {
			w := lowUnits()
			alter(&w)
			golden(t, "units-"+name, held(t, Warning(w, []approvals.PersonID{"U0ADMIN"})))
		})
	}
}

func TestAWarningHoldsWhateverIsInIt(t *testing.T) {
	for name, s := range hostile {
		w := lowUnits()
		w.Name, w.Owners = s, []string{s, s}
		for len(w.Owners) < 100 {
			w.Owners = append(w.Owners, "U0DAVE")
		}
		held(t, Warning(w, nil))
		w.Unread, w.Balance.Why = true, say("%v", s)
		require.NotContains(t, string(held(t, Warning(w, nil))), "<!channel>", name)
	}
}

func TestUnitsInALine(t *testing.T) {
	now := clock(9, 0)
	b := lowUnits().Balance
	for want, alter := range map[string]func(*approvals.Balance){
		"198,000 left (19% of 1,000,000) · at this pace they run out about Wed 16 Dec 2026, in 23 days · read .* (less than an hour ago)": func(*approvals.Balance) {},
		"not known yet": func(b *approvals.Balance) { *b = approvals.Balance{} },
		"not known yet · can't be read since .*: no":                                                 func(b *approvals.Balance) { *b = approvals.Balance{Blind: now, Why: say("no")} },
		"0 left (0% of 1,000,000) · nothing is left to use · read .* (3 hours ago)":                  func(b *approvals.Balance) { b.Left, b.Read = 0, now.Add(-3*time.Hour-time.Minute) },
		"1 left (under 1% of 1,000,000) · how long they last isn't known yet · read .* (1 hour ago)": func(b *approvals.Balance) { b.Left, b.Pace, b.Read = 1, false, now.Add(-time.Hour) },
		"1,000,000 left · at this pace they last more than a year · read .* (2 days ago)":            func(b *approvals.Balance) { b.Left, b.Out, b.Read = b.Full, time.Time{}, now.Add(-60*time.Hour) },
		"198,000 left (19% of 1,000,000) · at this pace they ran out about Sun 22 Nov 2026 · read .* (4 days ago) · can't be read since .*: no · it ends": func(b *approvals.Balance) {
			b.Read, b.Out, b.Blind, b.Why, b.Note = now.AddDate(0, 0, -4), now.AddDate(0, 0, -1), now.AddDate(0, 0, -3), say("no"), say("it ends")
		},
	} {
		b := b
		alter(&b)
		pattern := strings.NewReplacer("(", `\(`, ")", `\)`).Replace(want)
		require.Regexp(t, "^"+pattern+"$", unitsLeft(b, now).Plain())
	}
}
