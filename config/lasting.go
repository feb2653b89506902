package config

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// lasting finds a longest time that means nothing: nothing of what the policy is about can be given for a time.
func (o object) lasting(cfg *Config, p approvals.Policy) {
	at := o.get("max_duration")
	switch {
	case !at.Given() || p.MaxDuration == 0 || p.Refusal != "":
	case !cfg.lends(p):
		at.Warn(at.At, "max_duration means nothing here: what the policy is about is never given for a time; leave it out")
	case p.When.LongerThan >= p.MaxDuration:
		at.Warn(at.At, "max_duration is %s, and longer_than asks for more, so nobody is ever given anything by this", at.Shown())
	}
}

// lends reports whether something that a policy is about can be given for a time.
func (c *Config) lends(p approvals.Policy) bool {
	for _, a := range c.Apps {
		e := c.entry(a)
		if e == nil || len(p.Apps) > 0 && !slices.Contains(p.Apps, a.ID) {
			continue
		}
		if slices.ContainsFunc(e.Actions, func(act catalog.Action) bool {
			return act.Undo != "" && (len(p.Actions) == 0 || slices.Contains(p.Actions, act.Key))
		}) {
			return true
		}
	}
	return false
}
