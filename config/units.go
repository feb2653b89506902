package config

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/semrush"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/terminal"
)

// UnitsConfig is the section units of an app: how its unit balance is watched.
type UnitsConfig struct {
	Schedule string // cron, five fields, on the clock of UTC
	BaseURL  string
	units.Settings
}

// What is so where it is left out.
const (
	defaultPolls    = "0 */6 * * *"
	defaultWarnDays = 14
)

// fewestUnits is the least number of units that a limit may be: a smaller one is meant as a part.
const fewestUnits = 100

const (
	expectUnits    = `schedule, warn_at and warn_days, such as {schedule: "0 */6 * * *", warn_at: [20%, 5%], warn_days: 14}`
	expectWarnAt   = "a list of what to warn at, such as [20%, 5%] or [50000]"
	expectLimit    = "a part from 1% to 90%, such as 20%, or a number of units from 100 on, such as 50000"
	expectWarnDays = "how many days ahead to warn, a whole number from 0 to 365 (0: not by days)"
)

var percentage = regexp.MustCompile(`^([1-9][0-9]?)%$`)

// metered is the template of the apps that have units; a company's own file may build on it.
const metered = "semrush"

// units reads how the units are watched of an app with a template; nil: they are not.
func (v value) units(template string) *UnitsConfig {
	switch {
	case !v.Given():
		return nil
	case template != metered:
		v.Wrong(v.At, "units are Semrush's alone, and this app's template is %s; leave them out", terminal.Quoted(template))
		return nil
	}
	o := v.object(expectUnits, "schedule", "warn_at", "warn_days", "base_url")
	u := UnitsConfig{Schedule: defaultPolls, BaseURL: semrush.DefaultBaseURL}
	if s := o.get("schedule").schedule(); s != "" {
		u.Schedule = s
	}
	if at := o.get("base_url"); at.Given() {
		u.BaseURL = at.unitsURL()
	}
	u.WarnDays = o.get("warn_days").Number(0, 365, defaultWarnDays, expectWarnDays)
	u.WarnAt = []units.Limit{{Percent: 20}, {Percent: 5}}
	if at := o.get("warn_at"); at.Given() {
		u.WarnAt = at.limits()
	}
	return &u
}

func (v value) unitsURL() string {
	s, ok := v.Text("an address such as " + semrush.DefaultBaseURL)
	if !ok {
		return semrush.DefaultBaseURL
	}
	if _, err := apiclient.BaseURL(s, false); err != nil {
		v.Wrong(v.At, "base_url %s; expected one such as %s", noAddress, semrush.DefaultBaseURL)
	}
	return s
}

// limits is what is warned at, each once.
func (v value) limits() (out []units.Limit) {
	for _, item := range v.list("what to warn at", expectWarnAt) {
		l, ok := item.limit()
		switch {
		case !ok:
		case slices.Contains(out, l):
			item.Wrong(item.At, "warn_at has %s twice; expected it once", item.Shown())
		default:
			out = append(out, l)
		}
	}
	return out
}

func (v value) limit() (l units.Limit, ok bool) {
	if _, number := v.Node.(*ast.IntegerNode); number {
		l.Units = int64(v.Number(fewestUnits, math.MaxInt, 0, expectLimit))
		return l, l.Units > 0
	}
	s, ok := v.Text(expectLimit)
	if !ok {
		return l, false
	}
	part := percentage.FindStringSubmatch(s)
	if part != nil {
		l.Percent, _ = strconv.Atoi(part[1]) // two digits
	}
	if l.Percent == 0 || l.Percent > 90 {
		v.Bad(expectLimit)
		return l, false
	}
	return l, true
}

// Watched is the app whose units are watched; ok is false where there is none. There is one key, so there is one app.
func (c *Config) Watched() (app AppConfig, ok bool) {
	i := slices.IndexFunc(c.Apps, func(a AppConfig) bool { return a.Units != nil })
	if i < 0 {
		return AppConfig{}, false
	}
	return c.Apps[i], true
}

// watchedOnce finds a second app whose units are to be watched.
func (v value) watchedOnce(apps []AppConfig) {
	first := ""
	for _, a := range apps {
		switch {
		case a.Units == nil:
		case first == "":
			first = a.ID
		default:
			v.Wrong(a.At, "app %s has units, and so has %s; there is one key for them (SEMRUSH_API_KEY), so expected them at one app", a.ID, first)
		}
	}
}
