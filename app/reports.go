package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/reports/paper"
	"github.com/usherbot/usher/terminal"
)

// reading is what reads the apps; of those that have too many accounts to read at once, page by page.
func (a *App) reading(apps []Vendor, schedules []reports.Config, opt Options) *provision.Inventory {
	a.inventory = provision.NewInventory(inventoried(apps), listsAreGoodFor, a.Clock.Now)
	a.walks = &census.Censuses{Vendors: a.inventory, Shelf: a.Store, Now: a.Clock.Now, Log: opt.Log}
	a.walks.Needs = func(report string) bool {
		return slices.ContainsFunc(schedules, func(r reports.Config) bool { return r.Name == report })
	}
	a.inventory.Walks = a.walks
	return a.inventory
}

// gathering joins what reports are built from: each app's accounts come page by page, and are kept as they come.
func (a *App) gathering(cfg *config.Config) *reports.Gatherer {
	return &reports.Gatherer{Seats: a.inventory, Requests: a.Desk, Memory: a.Store, Balances: a.polls, Leftovers: a.Register, Limits: a.inventory, Past: a.past, Walker: a.walks, Bought: bought(cfg), Kept: cfg.Keep}
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
	c = reports.Config{Name: r.Name, Channel: r.Channel, People: r.People, Apps: r.Apps, OnlyIfChanged: r.OnlyIfChanged, As: r.As, Skip: r.Skip}
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

// filed has a runner's reports go along as files in their messages' threads.
func (a *App) filed(r *reports.Runner, c *courier.Courier, box outbox.Box, log *slog.Logger) *reports.Runner {
	a.filing = &paper.Filing{Box: box, Poster: c, Gatherer: r.Gatherer, Admins: a.Desk.Admins, Now: a.Clock.Now, Wake: a.worker.Wake, Log: log,
		Named: func(ctx context.Context) paper.Names {
			return func(s approvals.Span) string { return a.called(ctx, s) }
		}}
	r.Filer = a.filing
	return r
}

// called is what somebody is called, or a group; where Slack doesn't say, their id.
func (a *App) called(ctx context.Context, s approvals.Span) string {
	switch s.Kind {
	case approvals.SpanPerson:
		if p, err := a.Desk.Directory.Person(ctx, approvals.PersonID(s.S)); err == nil && p.Name != "" {
			return p.Name
		}
	case approvals.SpanGroup:
		if name, err := a.people.GroupName(ctx, approvals.GroupID(s.S)); err == nil && name != "" {
			return name
		}
	}
	return paper.Ids(s)
}
