// Package config is what an operator says before the start: usher.yml, read strictly, and the environment, from
// which alone secrets come.
//
// A problem of the file names its line and column, says what was expected, and all problems are told at once (check.go,
// sections.go; strict reads the YAML). A variable's problem names the variable and never its value
// (env.go, bare.go). What is wrong is a terminal.Wrong; nothing is started then.
//
// Neighbours: app and check are given what was read here; approvals' policies and the schedules of reports are
// checked by their own rooms' rules.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/terminal"
)

// Config is usher.yml, read strictly and checked: whoever holds one need not ask whether it makes sense.
type Config struct {
	// File is the path it was read from, as it was given.
	File    string
	Slack   SlackConfig
	People  PeopleConfig
	Apps    []AppConfig // in the order of the file; at least one
	Rules   []PolicyConfig
	Bundles []BundleConfig // in the order of the file
	Reports []ReportConfig
	Leavers LeaversConfig
	// History is for how long days of apps are remembered.
	History time.Duration
	// Keep is for how long requests are kept that are closed; 0: for ever.
	Keep time.Duration
	// Warnings are what is allowed and yet hardly meant, sorted by position; `usher check` shows them.
	Warnings []Problem
	// kinds are what an app may be of.
	kinds kinds
	// misnamed are the apps whose owners are there and couldn't be read.
	misnamed []string
}

// kinds are the catalog entries of the kinds of app that the program carries out.
type kinds []*catalog.Entry

// entry is the entry of a kind; nil: there is no such kind.
func (k kinds) entry(name string) *catalog.Entry {
	for _, e := range k {
		if e.Kind == name {
			return e
		}
	}
	return nil
}

func (k kinds) names() (names []string) {
	for _, e := range k {
		names = append(names, e.Kind)
	}
	return names
}

// SlackConfig is the section slack.
type SlackConfig struct {
	ApprovalsChannel string // an id, or "#name"
	ReportsChannel   string // likewise; "" where it is left out
	Admins           []approvals.PersonID
	// Connections is how many Socket Mode connections each Usher keeps.
	Connections int
}

// AppConfig is one entry of apps.
type AppConfig struct {
	ID      string
	Kind    string // of those that the program carries out
	Name    string
	BaseURL string
	Dialect seranking.Dialect
	Seats   int // bought; 0: not known
	// Owners are the people and user groups for whom the word owners stands in policies.
	Owners []string
	// Price is what a seat costs a month; its zero value is not known.
	Price approvals.Price
	// Manual is what an app has that a person carries out; nil: a program does.
	Manual *ManualConfig
	// Units is how its units are watched; nil: they are not.
	Units *UnitsConfig
	At    Position
}

// KindSERanking is the kind of an app that is provisioned through SE Ranking's API.
const KindSERanking = byapi.Kind

// PolicyConfig is one entry of policies.
type PolicyConfig struct {
	approvals.Policy
	At Position
	// Cases are the examples that stand with it.
	Cases []Case
}

// Policies are the policies in the order in which they are tried.
func (c *Config) Policies() []approvals.Policy {
	out := make([]approvals.Policy, len(c.Rules))
	for i, p := range c.Rules {
		out[i] = p.Policy
	}
	return out
}

// Catalog is the apps as requests name them, each with what can be asked of it.
func (c *Config) Catalog() []approvals.App {
	out := make([]approvals.App, len(c.Apps))
	for i, a := range c.Apps {
		out[i] = a.App(c.entry(a))
	}
	return out
}

// App is the app as requests name it, with what can be asked of it.
func (a AppConfig) App(entry *catalog.Entry) approvals.App {
	app := approvals.App{ID: a.ID, Name: a.Name, Entry: entry, Owners: a.Owners, Price: a.Price}
	if a.Manual != nil {
		app.Due, app.Confirms, app.Pool = a.Manual.Due, a.Manual.Confirm, a.Manual.Pool
	}
	return app
}

// entry is what can be asked of an app; nil: its kind isn't known, or what describes it couldn't be read.
func (c *Config) entry(a AppConfig) *catalog.Entry {
	if a.Manual != nil {
		return a.Manual.Entry
	}
	return c.kinds.entry(a.Kind)
}

// Needs reports whether an app of this kind is configured.
func (c *Config) Needs(kind string) bool {
	for _, a := range c.Apps {
		if a.Kind == kind {
			return true
		}
	}
	return false
}

// configLimit is the largest file that is read: some four hundred policies. The YAML parser takes
// time that grows with the square of what it is given.
const configLimit = 64 << 10

// Load reads a configuration file. Its error is an *exitError with every problem found, one a
// line, sorted by position.
func Load(path string) (*Config, error) {
	raw, err := readConfig(path)
	if err != nil {
		return nil, err
	}
	cfg, problems := Parse(path, raw)
	if len(problems) == 0 {
		return cfg, nil
	}
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.In(path)
	}
	return nil, terminal.Wrong(lines...)
}

func readConfig(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, terminal.Wrong(path + ": there's no such file; copy usher.example.yml and fill it in, or name another file with --config")
	}
	if err != nil {
		return nil, terminal.Wrong(fmt.Sprintf("%s: can't be opened (%v); expected a readable file", path, terminal.Cause(err)))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, terminal.Wrong(path + ": is a folder; expected a file such as usher.yml")
	}
	raw, err := io.ReadAll(io.LimitReader(f, configLimit+1))
	if err != nil {
		return nil, terminal.Wrong(fmt.Sprintf("%s: can't be read (%v); expected a readable file", path, terminal.Cause(err)))
	}
	if len(raw) > configLimit {
		return nil, terminal.Wrong(fmt.Sprintf("%s: is larger than %d KiB; expected a configuration, which is much smaller", path, configLimit>>10))
	}
	return raw, nil
}
