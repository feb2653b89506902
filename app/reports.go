package app

import (
	"log/slog"

	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
)

// gathering joins what reports are built from: each app's accounts come page by page, and are kept as they come.
func (a *App) gathering(log *slog.Logger) *reports.Gatherer {
	walker := &census.Censuses{Vendors: a.inventory, Shelf: a.Store, Now: a.Clock.Now, Log: log}
	return &reports.Gatherer{Seats: a.inventory, Requests: a.Desk, Memory: a.Store, Balances: a.polls, Leftovers: a.Register, Limits: a.inventory, Walker: walker}
}
