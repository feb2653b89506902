package config

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/terminal"
)

const (
	mostSteps     = 10
	expectSteps   = "a list of 1 to 10 steps, each with approvers and need"
	mostApprovers = 1000
)

var (
	ownerShape    = regexp.MustCompile(personID.String() + "|" + groupID.String())
	approverShape = regexp.MustCompile(ownerShape.String() + "|^" + approvals.Manager + "$|^" + approvals.Owners + "$|^" + approvals.Admins + "$")
)

// steps reads the steps of a policy, in order, and holds each to who can decide it.
func (v value) steps(cfg *Config, p *approvals.Policy) {
	before := len(v.Problems)
	items := v.list("the step", expectSteps)
	if len(items) > mostSteps {
		items[mostSteps].Wrong(items[mostSteps].At, "steps has %d of them; expected at most %d", len(items), mostSteps)
		items = items[:mostSteps]
	}
	for i, item := range items {
		s := item.step(cfg, *p)
		if i == 0 {
			p.Approvers, p.Need = s.Approvers, s.Need
			continue
		}
		p.Then = append(p.Then, s)
	}
	if len(items) > 0 && len(v.Problems) == before {
		v.fillable(cfg, *p, items)
	}
}

func (v value) step(cfg *Config, p approvals.Policy) (s approvals.Stage) {
	o := v.object("approvers, need and distinct", "approvers", "need", "distinct")
	list := o.need("approvers", expectDeciders)
	before := len(v.Problems)
	items := list.list("the approver", expectDeciders)
	s.Approvers = v.distinct(items, approverShape, expectApprover)
	v.words(items, cfg, p)
	need := o.get("need")
	s.Again = !o.get("distinct").Truth(true)
	s.Need = need.Number(1, mostApprovers, 1, "a whole number of people, 1 or more")
	if len(v.Problems) > before || len(s.Approvers) == 0 {
		return s
	}
	for _, rule := range cfg.rules(approvals.Policy{Apps: p.Apps, Actions: p.Actions, Approvers: s.Approvers, Need: s.Need}) {
		if n := len(rule.Approvers); s.Need > n && !slices.ContainsFunc(rule.Approvers, approvals.IsGroup) {
			v.Wrong(need.At, "need is %d, but only %s can ever say yes; expected at most %d, or a user group to choose from",
				s.Need, terminal.Plural(n, "approver", "approvers"), n)
			break
		}
	}
	return s
}

// words looks at the words among approvers: manager means something where anything says who is whose, and owners where
// each app that the policy rules says who they are.
func (v value) words(items []value, cfg *Config, p approvals.Policy) {
	for _, item := range items {
		switch s, ok := item.Plain(); {
		case ok && s == approvals.Manager && !cfg.People.says:
			item.Wrong(item.At, "nothing says who anybody's manager is; add people: with managers: {U0ALICE: U0BOB} or with manager_field, or name people here")
		case ok && s == approvals.Owners:
			for _, a := range cfg.Apps {
				if len(a.Owners) == 0 && !slices.Contains(cfg.misnamed, a.ID) && (len(p.Apps) == 0 || slices.Contains(p.Apps, a.ID)) {
					item.Wrong(item.At, "app %s doesn't say who its owners are; add owners: [U…, S…] to it, or name people here", a.ID)
					break
				}
			}
		}
	}
}

// fillable finds a step that cannot have enough people beside those whom the steps before it take.
func (v value) fillable(cfg *Config, p approvals.Policy, items []value) {
	for _, rule := range cfg.rules(p) {
		if i := approvals.Short(rule.Stages()); i >= 0 {
			items[i].Wrong(items[i].At, "too few people are left for step %d, because whoever decided an earlier step can't decide it too; add approvers, or say distinct: false", i+1)
			return
		}
	}
}

// rules are a policy as it is pinned for each app that it rules.
func (c *Config) rules(p approvals.Policy) (out []approvals.Rule) {
	if p.Auto || p.Refusal != "" {
		return nil // it asks nobody
	}
	for _, a := range c.Apps {
		if !slices.Contains(c.misnamed, a.ID) && (len(p.Apps) == 0 || slices.Contains(p.Apps, a.ID)) {
			out = append(out, p.For(a.Owners, c.Slack.Admins))
		}
	}
	return out
}

// RulesOf are a policy as requests are pinned to it: for each app that it rules.
func (c *Config) RulesOf(p PolicyConfig) []approvals.Rule { return c.rules(p.Policy) }

// needsAll are the people of a step that needs each of them; nil: it has others to choose from. Whoever asks is not
// their own manager.
func (c *Config) needsAll(p PolicyConfig, s approvals.Stage) []string {
	for _, rule := range c.rules(approvals.Policy{Apps: p.Apps, Approvers: s.Approvers, Need: s.Need}) {
		if len(rule.Approvers) == rule.Need && !slices.ContainsFunc(rule.Approvers, approvals.IsGroup) {
			return slices.DeleteFunc(rule.Approvers, func(a string) bool { return a == approvals.Manager })
		}
	}
	return nil
}

// stepOf names a step of a policy, where it has several.
func stepOf(p PolicyConfig, i int) string {
	if len(p.Then) == 0 {
		return "it"
	}
	return fmt.Sprintf("its step %d", i+1)
}
