package config

import (
	"regexp"
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
	expectPolicy   = "name, apps, actions, steps and expires_after"
	expectSteps    = "a list of one step with approvers and need"
	longestExpiry  = 3650 * day
	mostApprovers  = 1000
	expectApps     = "a list of app ids (left out: any)"
	expectActions  = "a list of actions (left out: any)"
	managerInstead = "this version doesn't know \"manager\" yet; name people (U…) or a user group (S…) instead"
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
	o := v.object(expectPolicy, "name", "apps", "actions", "steps", "expires_after")
	p := approvals.Policy{
		Name:         o.need("name", expectName).label(),
		Apps:         o.get("apps").defined(cfg.appIDs(), "app", expectApps),
		ExpiresAfter: o.get("expires_after").duration(DefaultExpiry, longestExpiry),
	}
	for _, a := range o.get("actions").defined(cfg.actionNames(), "action", expectActions) {
		p.Actions = append(p.Actions, approvals.Action(a))
	}
	p.Approvers, p.Need = o.need("steps", expectSteps).steps()
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
	if _, bare := v.node.(*ast.IntegerNode); bare {
		v.wrong(v.at, "%s is %s, without a unit; expected %s", v.name, v.shown(), expectDuration)
		return otherwise
	}
	s, ok := v.text(expectDuration)
	if !ok {
		return otherwise
	}
	d, err := ParseDuration(s)
	if err != nil || d > longest {
		v.bad(expectDuration + ", more than 0 and at most ten years")
		return otherwise
	}
	return d
}

// steps reads the one step that this version knows. The configuration's grammar has room for more.
func (v value) steps() (approvers []string, need int) {
	items := v.list("the step", expectSteps)
	for i, item := range items {
		if i > 0 {
			item.wrong(item.at, "this version only knows one step; put all the approvers into it, and raise need if several have to agree")
			continue
		}
		approvers, need = item.step()
	}
	return approvers, need
}

func (v value) step() (approvers []string, need int) {
	o := v.object("approvers and need", "approvers", "need")
	list := o.need("approvers", expectDeciders)
	approvers = v.distinct(list.list("the approver", expectDeciders), approverShape, expectApprover)
	if i := slices.Index(approvers, manager); i >= 0 {
		list.managerSaid()
	}
	needs := o.get("need")
	before := len(v.problems)
	need = needs.number(1, mostApprovers, 1, "a whole number of people, 1 or more")
	if n := len(approvers); need > n && n > 0 && len(v.problems) == before && !slices.ContainsFunc(approvers, approvals.IsGroup) {
		v.wrong(needs.at, "need is %d, but only %s can ever say yes; expected at most %d, or a user group to choose from",
			need, terminal.Plural(n, "approver", "approvers"), n)
	}
	return approvers, need
}

const manager = "manager"

var approverShape = regexp.MustCompile(personID.String() + "|" + groupID.String() + "|^" + manager + "$")

func (v value) managerSaid() {
	for _, item := range v.list("the approver", expectApprover) {
		if s, ok := item.plain(); ok && s == manager {
			item.wrong(item.at, managerInstead)
		}
	}
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
		if len(p.Approvers) == p.Need && !slices.ContainsFunc(p.Approvers, approvals.IsGroup) {
			r.warn(p.At, "policy %s needs a yes from everybody it names (%s), and nobody can approve their own request, so theirs can only expire; add one more approver",
				terminal.Quoted(p.Name), strings.Join(p.Approvers, ", "))
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
