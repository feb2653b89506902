package view

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// costs is what the seats cost a month, a line for each currency, and of which apps that isn't known.
func costs(r reports.Report) (lines []approvals.Text) {
	for _, c := range r.Cost {
		of := say("%v", count(c.Seats, "seat", "seats"))
		if c.Used {
			of = say("%v; where it isn't known how many are bought, those in use", of)
		}
		line := say("*Cost* %v (%v)", c.All, of)
		if c.IdleSeats > 0 {
			line = say("%v · %v of it for %v that nobody is seen to use", line, c.Idle, count(c.IdleSeats, "seat", "seats"))
		}
		if c.SavedSeats > 0 {
			line = say("%v · %v saved: %v given back since %v", line, c.Saved, count(c.SavedSeats, "seat", "seats"), r.Since)
		}
		if c.FreedSeats > 0 {
			line = say("%v · %v given back since %v, and as far as I know paid for still", line, count(c.FreedSeats, "seat", "seats"), r.Since)
		}
		lines = append(lines, line)
	}
	return append(lines, filled([]approvals.Text{costless(r)})...)
}

// costless says of which apps nobody knows what they cost. Where nobody set a price for any, that is news only to who chose to read
// what they cost; nil: there are none.
func costless(r reports.Report) approvals.Text {
	priced := len(r.Cost) > 0 || slices.ContainsFunc(r.Costless, func(a approvals.App) bool { return a.Price.Currency != "" })
	switch {
	case len(r.Costless) == 0 || !priced && !r.Chose(reports.SectionCost):
		return nil
	case !priced:
		return say("*Cost not known:* nobody has said what a seat costs. With `price: {amount: 20, currency: USD, per: month}` under an app in `usher.yml`, I add it up here.")
	}
	return say("*Cost not known:* %v", someApps(r.Costless))
}

// someApps names some apps, and says how many more there are.
func someApps(apps []approvals.App) approvals.Text {
	var names []approvals.Text
	for _, a := range apps[:min(len(apps), someNames)] {
		names = append(names, say("%v", appName(a)))
	}
	if rest := len(apps) - len(names); rest > 0 {
		return say("%v and %v more", approvals.Join(names, ", "), rest)
	}
	return spoken(names)
}
