package app

import (
	"fmt"

	semrush "github.com/usherbot/usher/apiclient/semrush"
	"github.com/usherbot/usher/config"
	meter "github.com/usherbot/usher/provision/semrush"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/terminal"
)

// joined is all that is outside of apps: what carries out their deeds, and what reads their units.
func joined(cfg *config.Config, a Around) ([]Vendor, []units.App, error) {
	apps, err := Vendors(cfg, a)
	if err != nil {
		return nil, nil, err
	}
	metered, err := watched(cfg, a)
	return apps, metered, err
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
