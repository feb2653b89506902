package app

import (
	"fmt"

	semrush "github.com/usherbot/usher/apiclient/semrush"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/directory"
	meter "github.com/usherbot/usher/provision/semrush"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/terminal"
)

// outside is all that a configuration joins the rooms to.
type outside struct {
	// apps are what carries out deeds, and metered what reads units.
	apps      []Vendor
	metered   []units.App
	schedules []reports.Config
	// directories are where people are known from beside Slack.
	directories []directory.Directory
}

// joined is all that is outside, before anything is opened: a mistake in the configuration leaves nothing behind.
func joined(cfg *config.Config, a Around) (out outside, err error) {
	if out.apps, err = Vendors(cfg, a); err != nil {
		return out, err
	}
	if out.metered, err = watched(cfg, a); err != nil {
		return out, err
	}
	if out.directories, err = Directories(cfg, a); err != nil {
		return out, err
	}
	out.schedules, err = schedulesOf(cfg, a.Between)
	return out, err
}

// watched is what reads the units of the apps of which they are watched.
func watched(cfg *config.Config, a Around) ([]units.App, error) {
	c, ok := cfg.Watched()
	if !ok {
		return nil, nil
	}
	client, err := semrush.New(semrush.Config{BaseURL: c.Units.BaseURL, AllowHTTP: a.AllowHTTP, Key: a.SemrushKey, HTTP: a.VendorHTTP})
	if err != nil {
		return nil, terminal.Wrong(fmt.Sprintf("%s:%d:%d: app %s: %v", cfg.File, c.At.Line, c.At.Column, c.ID, err))
	}
	slots, err := reports.ParseSchedule(c.Units.Schedule, "")
	if err != nil {
		return nil, terminal.Wrong(fmt.Sprintf("%s:%d:%d: app %s: %v", cfg.File, c.At.Line, c.At.Column, c.ID, err))
	}
	return []units.App{{ID: c.ID, Name: c.Name, Owners: c.Owners, Slots: a.Between.slots(slots), Settings: c.Units.Settings,
		Meter: meter.Meter{Client: client, Key: a.SemrushKey, Now: a.Now}}}, nil
}
