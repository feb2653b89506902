package config

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision/manual"
	"github.com/usherbot/usher/terminal"
)

const (
	// DefaultDue is how long a task may take where the configuration doesn't say.
	DefaultDue = 2 * day

	longestDue = 365 * day
	expectPool = "limits that the account shares out, each with how much there is, such as {keywords: 5000}"
	mostPool   = 20
)

// limitShape is what a limit of a pool is called: it is a field that people type.
var limitShape = regexp.MustCompile(`^[a-z][a-z_]{0,29}$`)

// ManualConfig is what an app has that a person carries out.
type ManualConfig struct {
	// Template is what the app is described by: one that is built in, or a file beside the configuration.
	Template string
	// Entry is what can be asked of it, with the steps that carry it out; nil: the template couldn't be read.
	Entry *catalog.Entry
	// Setup are the company's answers to what the template asks.
	Setup manual.Answers
	// Due is how long a task may take; Confirm says that a second person confirms what was taken away.
	Due     time.Duration
	Confirm bool
	// Pool are the limits that the account shares out, in the order of the file.
	Pool []approvals.Limit
}

// manual reads an app that a person carries out. Its template is read anew whenever the configuration is.
func (o object) manual(cfg *Config, a *AppConfig) {
	m := &ManualConfig{Due: o.get("due").lasting(expectDuration, DefaultDue, longestDue), Confirm: o.get("confirm_removals").Truth(false), Pool: o.get("pool").pool()}
	a.Manual = m
	if len(a.Owners) == 0 && !o.get("owners").Given() {
		o.Warn(o.At, "app %s has no owners, so everything it takes a person for goes to the admins; name whoever looks after it", a.ID)
	}
	template := o.need("template", "what the app is described by, such as semrush or apps/acme.yml")
	d := manual.Open(template.Value, filepath.Dir(cfg.File))
	if d == nil {
		return
	}
	m.Template = d.Template
	if !d.Readable() { // what it says isn't known, so nothing here can be held to it
		o.Problems = append(o.Problems, d.Problems()...)
		return
	}
	a.Units = o.get("units").units(cmp.Or(d.Extends, m.Template))
	a.Name = cmp.Or(a.Name, d.Name)
	d.Name = a.Name
	setup := o.get("setup")
	m.Setup = d.Setup(o.Value, setup.Value)
	d.Override(o.get("steps").Value)
	m.placed(o.get("pool"), d)
	m.Entry = d.Entry(a.ID, m.Setup, m.limits())
	o.Problems = append(o.Problems, d.Problems()...)
}

func (m *ManualConfig) limits() (keys []string) {
	for _, l := range m.Pool {
		keys = append(keys, l.Key)
	}
	return keys
}

// placed reports limits for which no action has a place, or one that is taken: those are left out.
func (m *ManualConfig) placed(pool value, d *manual.Draft) {
	if len(m.Pool) > 0 && !d.Pools() {
		pool.Wrong(pool.At, "pool means nothing here: %s says of no action where its limits stand; expected `pool` in one of its actions (docs/apps.md), or leave it out", m.Template)
		m.Pool = nil
	}
	for _, e := range pool.entries(expectPool) {
		if action := d.Clash(e.Key); action != "" {
			e.Wrong(e.KeyAt, "pool has a limit %s, and %s has a field of that key already; expected another word", terminal.Quoted(e.Key), action)
			m.Pool = slices.DeleteFunc(m.Pool, func(l approvals.Limit) bool { return l.Key == e.Key })
		}
	}
}

// pool reads what an account shares out.
func (v value) pool() (out []approvals.Limit) {
	for _, e := range v.entries(expectPool) {
		e.Name = "pool " + e.Key
		size := e.Number(1, 1_000_000_000, -1, "how much there is of it, a whole number above 0")
		switch {
		case !limitShape.MatchString(e.Key):
			e.Wrong(e.KeyAt, "a limit is called %s; expected lower-case letters and _, at most 30 in all", terminal.Quoted(e.Key))
		case slices.Contains(catalog.Taken, e.Key):
			e.Wrong(e.KeyAt, "a limit is called %s, a word with a meaning of its own; expected another", terminal.Quoted(e.Key))
		case len(out) == mostPool:
			e.Wrong(e.KeyAt, "pool has more than %d limits", mostPool)
		case size >= 0:
			out = append(out, approvals.Limit{Key: e.Key, Of: int64(size)})
		}
	}
	return out
}
