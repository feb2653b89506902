package config

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

// DefaultExpiry is after how long a request expires where no policy says.
const DefaultExpiry = 7 * day

const (
	expectPolicy  = "name, apps, actions, when, steps, approve, refuse, cases, expires_after, remind_after, escalate_after, escalate_to, max_duration and queue"
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
			next = items[i+1].At.Line
		}
		p := PolicyConfig{At: item.At}
		p.Policy, p.Cases = item.policy(cfg)
		p.Text = item.Source(item.Node, next)
		if slices.ContainsFunc(out, func(q PolicyConfig) bool { return p.Name != "" && q.Name == p.Name }) {
			item.Wrong(item.At, "an earlier policy is already called %s; expected a different name", terminal.Quoted(p.Name))
		}
		out = append(out, p)
	}
	return out
}

func (v value) policy(cfg *Config) (approvals.Policy, []Case) {
	o := v.object(expectPolicy, "name", "apps", "actions", "when", "steps", "approve", "refuse", "cases", "expires_after", "remind_after", "escalate_after", "escalate_to", "max_duration", "queue")
	p := approvals.Policy{
		Name:         o.need("name", expectName).label(),
		Apps:         o.get("apps").defined(cfg.appIDs(), "app", expectApps),
		ExpiresAfter: o.get("expires_after").duration(DefaultExpiry, longestExpiry),
		MaxDuration:  o.get("max_duration").duration(0, longestExpiry),
	}
	known := cfg.actionNames()
	if slices.ContainsFunc(cfg.Apps, func(a AppConfig) bool { return cfg.entry(a) == nil }) {
		known = nil // an action may be of the app that couldn't be read
	}
	for _, a := range o.get("actions").defined(known, "action", expectActions) {
		p.Actions = append(p.Actions, approvals.Action(a))
	}
	if when := o.get("when"); when.Given() {
		when.when(cfg, &p)
	}
	o.answer(cfg, &p)
	o.lasting(cfg, p)
	return p, o.get("cases").cases(cfg)
}

// answer reads what a policy makes of what it rules: steps, or one word in their place.
func (o object) answer(cfg *Config, p *approvals.Policy) {
	steps, auto, no := o.get("steps"), o.get("approve"), o.get("refuse")
	switch {
	case steps.Given() && (auto.Given() || no.Given()), auto.Given() && no.Given():
		at := o.first("refuse", "approve")
		at.Wrong(at.At, "%s has more than one of steps, approve and refuse; expected one of them", o.Name)
	case auto.Given():
		p.Auto = auto.OneOf("auto") != ""
		o.alone(p)
		o.queue(p)
	case no.Given():
		p.Refusal = no.sentence()
		o.alone(p)
	default:
		o.need("steps", expectSteps).steps(cfg, p)
		o.waiting(p)
		o.queue(p)
	}
}

// alone refuses what means nothing where nobody decides.
func (o object) alone(p *approvals.Policy) {
	keys := []string{"remind_after", "escalate_after", "escalate_to"}
	if p.Refusal != "" {
		keys = append(keys, "expires_after", "max_duration", "queue")
	}
	for _, k := range keys {
		if v := o.get(k); v.Given() {
			v.Wrong(v.At, "%s means nothing where nobody is asked; leave it out", k)
		}
	}
}

// sentence is a reason that people read.
func (v value) sentence() string {
	s, ok := v.Text(expectRefusal)
	if ok && (len([]rune(s)) > 300 || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })) {
		v.Bad(expectRefusal + ", on one line and of at most 300 characters")
		return ""
	}
	return strings.TrimSpace(s)
}

// actions are what can be asked of the configured apps, each once; where no app could be read, of those there may be.
func (c *Config) actions() (out []approvals.Action) {
	entries := c.kinds
	for _, a := range c.Apps {
		if e := c.entry(a); e != nil {
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
		// Where it isn't known what there is, that is the thing to mend, not every mention of one.
		if s, ok := item.Plain(); ok && len(words) > 0 && !slices.Contains(words, s) {
			item.Wrong(item.At, "there's no %s called %s; %s", what, terminal.Quoted(s), strict.Suggest(s, words))
		}
	}
	return names
}

func (v value) duration(otherwise, longest time.Duration) time.Duration {
	return v.lasting(expectDuration, otherwise, longest)
}

func (v value) lasting(expected string, otherwise, longest time.Duration) time.Duration {
	if _, bare := v.Node.(*ast.IntegerNode); bare {
		v.Wrong(v.At, "%s is %s, without a unit; expected %s", v.Name, v.Shown(), expected)
		return otherwise
	}
	s, ok := v.Text(expected)
	if !ok {
		return otherwise
	}
	d, err := ParseDuration(s)
	if err != nil || d > longest {
		v.Bad(expected + ", more than 0 and at most ten years")
		return otherwise
	}
	return d
}

// cross finds what only the whole file shows: policies that can never rule anything, and deciders
// who could not decide what they ask for themselves. Both may be meant, so they are warnings.
func (r *reading) cross(cfg *Config) {
	if len(cfg.Rules) == 0 {
		r.Warn(Position{Line: 1, Column: 1}, "there are no policies, so every request will be refused; add one that says who decides")
	} else {
		r.unruled(cfg)
		r.unaskable(cfg)
	}
	for i, p := range cfg.Rules {
		r.unturned(cfg, i)
		r.loose(p)
		if p.Auto || p.Refusal != "" {
			continue
		}
		for i, step := range p.Stages() {
			if all := cfg.needsAll(p, step); len(all) > 0 {
				r.Warn(p.At, "policy %s needs a yes from everybody %s names (%s), and nobody can approve their own request, so theirs can only expire; add one more approver",
					terminal.Quoted(p.Name), stepOf(p, i), strings.Join(all, ", "))
			}
		}
	}
}

// unruled finds what can be asked and no policy rules for sure.
func (r *reading) unruled(cfg *Config) {
	for _, a := range cfg.Apps {
		e := cfg.entry(a)
		if e == nil {
			continue
		}
		var never, mayBe []string
		for _, action := range e.Actions {
			about, sure := false, false
			for _, p := range cfg.Rules {
				about = about || p.Matches(a.ID, action.Key)
				sure = sure || p.Matches(a.ID, action.Key) && !p.When.Any()
			}
			switch {
			case !about:
				never = append(never, string(action.Key))
			case !sure:
				mayBe = append(mayBe, string(action.Key))
			}
		}
		if len(never) > 0 {
			r.Warn(a.At, "app %s: no policy is about %s, so that's always refused; add one if it shouldn't be", a.ID, strings.Join(never, ", "))
		}
		if len(mayBe) > 0 {
			r.Warn(a.At, "app %s: every policy about %s has a condition, so a request that fits none of them is refused; add one without, at the end, if it shouldn't be", a.ID, strings.Join(mayBe, ", "))
		}
	}
}

// loose finds conditions that are hardly meant so: who refuses one of several values mostly means any of them.
func (r *reading) loose(p PolicyConfig) {
	if p.Auto && !p.When.Any() {
		r.Warn(p.At, "policy %s approves everything it's about, and nobody is asked; add a when, or leave it if that's what you want", terminal.Quoted(p.Name))
	}
	for _, f := range p.When.Fields {
		if p.Refusal != "" && !f.Any && f.Several {
			r.Warn(p.At, "policy %s only refuses requests whose %s are all among these; say %s: {any: [%s]} to refuse each that has one of them", terminal.Quoted(p.Name), f.Key, f.Key, strings.Join(f.In, ", "))
		}
	}
}
