package config

import (
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/terminal"
)

// DefaultExpiry is after how long a request expires where no policy says.
const DefaultExpiry = 7 * day

const (
	expectPolicy  = "name, apps, actions, steps, expires_after, remind_after, escalate_after and escalate_to"
	longestExpiry = 3650 * day
	expectApps    = "a list of app ids (left out: any)"
	expectActions = "a list of actions (left out: any)"
)

func (v value) policies(cfg *Config, until int) []PolicyConfig {
	var out []PolicyConfig
	items := v.list("the policy", "a list of policies, or no policies at all")
	for i, item := range items {
		next := until
		if i+1 < len(items) {
			next = items[i+1].at.Line
		}
		p := PolicyConfig{At: item.at, Policy: item.policy(cfg)}
		p.Text = item.source(item.node, next)
		if slices.ContainsFunc(out, func(q PolicyConfig) bool { return p.Name != "" && q.Name == p.Name }) {
			item.wrong(item.at, "an earlier policy is already called %s; expected a different name", terminal.Quoted(p.Name))
		}
		out = append(out, p)
	}
	return out
}

func (v value) policy(cfg *Config) approvals.Policy {
	o := v.object(expectPolicy, "name", "apps", "actions", "steps", "expires_after", "remind_after", "escalate_after", "escalate_to")
	p := approvals.Policy{
		Name:         o.need("name", expectName).label(),
		Apps:         o.get("apps").defined(cfg.appIDs(), "app", expectApps),
		ExpiresAfter: o.get("expires_after").duration(DefaultExpiry, longestExpiry),
	}
	for _, a := range o.get("actions").defined(cfg.actionNames(), "action", expectActions) {
		p.Actions = append(p.Actions, approvals.Action(a))
	}
	o.need("steps", expectSteps).steps(cfg, &p)
	o.waiting(&p)
	return p
}

// actions are what can be asked of the configured apps, each once; where no app could be read, of those there may be.
func (c *Config) actions() (out []approvals.Action) {
	entries := c.kinds
	for _, a := range c.Apps {
		if e := c.kinds.entry(a.Kind); e != nil {
			entries = append(kinds{e}, entries...)
		}
	}
	for _, e := range entries {
		for _, a := range e.Actions {
			if !slices.Contains(out, a.Key) {
				out = append(out, a.Key)
			}
		}
	}
	return out
}

func (c *Config) actionNames() (out []string) {
	for _, a := range c.actions() {
		out = append(out, string(a))
	}
	return out
}

func (c *Config) appIDs() []string {
	out := make([]string, len(c.Apps))
	for i, a := range c.Apps {
		out[i] = a.ID
	}
	return out
}

// defined is a list of names, each of which must be one of words.
func (v value) defined(words []string, what, expected string) []string {
	items := v.list("the "+what, expected)
	names := v.distinct(items, nil, expected)
	for _, item := range items {
		// Where no app could be read at all, that is the thing to mend, not every mention of one.
		if s, ok := item.plain(); ok && len(words) > 0 && !slices.Contains(words, s) {
			item.wrong(item.at, "there's no %s called %s; %s", what, terminal.Quoted(s), suggest(s, words))
		}
	}
	return names
}

func (v value) duration(otherwise, longest time.Duration) time.Duration {
	return v.lasting(expectDuration, otherwise, longest)
}

func (v value) lasting(expected string, otherwise, longest time.Duration) time.Duration {
	if _, bare := v.node.(*ast.IntegerNode); bare {
		v.wrong(v.at, "%s is %s, without a unit; expected %s", v.name, v.shown(), expected)
		return otherwise
	}
	s, ok := v.text(expected)
	if !ok {
		return otherwise
	}
	d, err := ParseDuration(s)
	if err != nil || d > longest {
		v.bad(expected + ", more than 0 and at most ten years")
		return otherwise
	}
	return d
}

// cross finds what only the whole file shows: policies that can never rule anything, and deciders
// who could not decide what they ask for themselves. Both may be meant, so they are warnings.
func (r *reading) cross(cfg *Config) {
	if len(cfg.Rules) == 0 {
		r.warn(Position{1, 1}, "there are no policies, so every request will be refused; add one that says who decides")
	}
	for i, p := range cfg.Rules {
		if by, ok := cfg.shadowed(i); ok {
			r.warn(p.At, "policy %s never gets a turn, because %s before it matches everything it does; move it up or remove it", terminal.Quoted(p.Name), by)
		}
		for i, step := range p.Stages() {
			if all := cfg.needsAll(p, step); len(all) > 0 {
				r.warn(p.At, "policy %s needs a yes from everybody %s names (%s), and nobody can approve their own request, so theirs can only expire; add one more approver",
					terminal.Quoted(p.Name), stepOf(p, i), strings.Join(all, ", "))
			}
		}
	}
}

// shadowed reports whether nothing is left to a policy by those before it, and names them.
func (c *Config) shadowed(i int) (by string, yes bool) {
	var names []string
	for _, app := range c.appIDs() {
		for _, action := range c.actions() {
			first := slices.IndexFunc(c.Rules, func(p PolicyConfig) bool { return p.Matches(app, action) })
			if first == i {
				return "", false
			}
			if first >= 0 && first < i && c.Rules[i].Matches(app, action) && !slices.Contains(names, terminal.Quoted(c.Rules[first].Name)) {
				names = append(names, terminal.Quoted(c.Rules[first].Name))
			}
		}
	}
	return strings.Join(names, " and "), len(names) > 0
}
