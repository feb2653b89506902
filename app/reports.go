package app

import (
	"fmt"
	"log/slog"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/terminal"
)

// gathering joins what reports are built from: each app's accounts come page by page, and are kept as they come.
func (a *App) gathering(log *slog.Logger) *reports.Gatherer {
	walker := &census.Censuses{Vendors: a.inventory, Shelf: a.Store, Now: a.Clock.Now, Log: log}
	return &reports.Gatherer{Seats: a.inventory, Requests: a.Desk, Memory: a.Store, Balances: a.polls, Leftovers: a.Register, Limits: a.inventory, Past: a.past, Walker: walker}
}

// schedulesOf turns the configured reports into those that are planned; an empty channel is the default one.
func schedulesOf(cfg *config.Config, with between) ([]reports.Config, error) {
	var out []reports.Config
	for _, r := range cfg.Reports {
		c, err := scheduleOf(r, with)
		if err != nil {
			return nil, terminal.Wrong(fmt.Sprintf("%s:%d:%d: report %s: %v", cfg.File, r.At.Line, r.At.Column, r.Name, err))
		}
		out = append(out, c)
	}
	return out, nil
}

func scheduleOf(r config.ReportConfig, with between) (c reports.Config, err error) {
	c = reports.Config{Name: r.Name, Channel: r.Channel, People: r.People, Apps: r.Apps, OnlyIfChanged: r.OnlyIfChanged, Skip: r.Skip}
	for _, s := range r.Sections {
		c.Sections = append(c.Sections, reports.Section(s))
	}
	if !r.Reader {
		s, err := reports.ParseSchedule(r.Schedule, r.Timezone.String())
		c.Schedule = with.slots(s)
		return c, err
	}
	earliest, err := reports.EarliestSchedule(r.Schedule)
	c.Schedule = with.slots(earliest)
	c.In = func(zone string) reports.Slots { return with.slots(earliest.In(zone)) }
	return c, err
}
