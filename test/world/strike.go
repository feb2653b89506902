package world

import (
	"testing"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/sim/vendorsim"
)

// StrikeAt plays a scenario with the program struck at the n-th place (0: nowhere) and returns what was
// wrong, the name of the place, and how many places there were.
func StrikeAt(t *testing.T, s Scenario, at int, alter func(*app.Surroundings)) (wrong []string, hit string, places int) {
	var r Recorder
	InScene(t, &r, s.Config(), func(w *World) {
		vendorsim.SeedDemo(w.N.Vendor)
		if s.Form != "" {
			w.N.Vendor.SetQuirks(vendorsim.Quirks{ShareForm: s.Form})
			w.N.Vendor.AddAccount(vendorsim.Account{Email: "solo@acme.example", FirstName: "Solo", Type: "client"})
		}
		w.Alter = alter
		w.Points.at = at
		(&Played{World: w, Scenario: s, Shares: w.N.Vendor.Accounts()}).Play()
		hit, places = w.Points.Hit, w.Points.n
	})
	return r.Findings(), hit, places
}
