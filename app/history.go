package app

import (
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports/history"
)

// registering joins the register to its neighbours, and what apps were like to the register, which looks each over once a day.
func (a *App) registering(cfg *config.Config, with between, people *web.Directory, inventory *provision.Inventory, box outbox.Box) {
	a.past = &history.Keeper{Memory: with.past(a.Store), For: cfg.History, Bought: bought(cfg), Now: a.Clock.Now, Log: a.Log}
	a.Register = &register.Register{Desk: a.Desk, Book: with.register(a.Store), Inventory: inventory, Workspace: people, Elsewhere: elsewhere(a.directories), Past: a.past, Files: a.slack, Box: box,
		Wake: a.worker.Wake, Now: a.Clock.Now, Log: a.Log}
}

// bought is how many seats the configuration says were bought, by app.
func bought(cfg *config.Config) map[string]int {
	out := map[string]int{}
	for _, app := range cfg.Apps {
		out[app.ID] = app.Seats
	}
	return out
}
