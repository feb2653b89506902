package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
)

// outcome is what becomes of a situation under some policies.
type outcome struct {
	choice approvals.Choice
	rule   approvals.Rule // of a policy that asks: who is asked, words as whom they stand for
	// endless says that the person is asked to give an end first, or an earlier one.
	endless bool
}

// decide finds what becomes of a situation under a configuration.
func decide(cfg *config.Config, s approvals.Situation) outcome {
	o := outcome{choice: approvals.Choose(cfg.Policies(), s)}
	if p := o.choice.Policy; !o.choice.None && !p.Auto && p.Refusal == "" {
		o.rule = p.For(s.App.Owners, cfg.Slack.Admins)
	}
	o.endless = !o.choice.None && o.choice.Policy.TooLong(s)
	return o
}

// ends is what a policy asks of a situation that lasts too long for it; "": nothing.
func (o outcome) ends() string {
	if !o.endless {
		return ""
	}
	return fmt.Sprintf(" for %s at most", approvals.Days(o.choice.Policy.MaxDuration))
}

// verb is what the policy does: refuses, approves or asks.
func (o outcome) verb() string {
	switch p := o.choice.Policy; {
	case p.Refusal != "":
		return "refuses"
	case p.Auto:
		return "approves"
	}
	return "asks"
}

// String is an outcome in the words that a case expects: "small approves", "seats asks U0BOB, S0LEADS, then owners".
func (o outcome) String() string {
	switch {
	case o.choice.None:
		return config.NoPolicy
	case o.choice.Open:
		return fmt.Sprintf("perhaps %s", o.choice.Policy.Name)
	case o.verb() != "asks":
		return o.choice.Policy.Name + " " + o.verb()
	}
	var steps []string
	for _, s := range o.choice.Policy.Stages() {
		who := strings.Join(s.Approvers, ", ")
		if s.Need > 1 {
			who = fmt.Sprintf("%d of %s", s.Need, who)
		}
		steps = append(steps, who)
	}
	return o.choice.Policy.Name + " asks " + strings.Join(steps, ", then ")
}

// asksAs reports whether two outcomes treat a request alike: the same people asked in the same order, or nobody.
func (o outcome) asksAs(other outcome) bool {
	same := o.choice.None == other.choice.None && o.choice.Open == other.choice.Open && o.verb() == other.verb() && o.endless == other.endless
	return same && slices.EqualFunc(o.rule.Stages(), other.rule.Stages(), func(a, b approvals.Stage) bool {
		return a.Need == b.Need && a.Again == b.Again && slices.Equal(slices.Sorted(slices.Values(a.Approvers)), slices.Sorted(slices.Values(b.Approvers)))
	})
}

// managedBy is an outcome with somebody in the place of the word manager.
func (o outcome) managedBy(who string) outcome {
	put := func(list []string) (out []string) {
		for _, a := range list {
			if a == approvals.Manager {
				a = who
			}
			out = append(out, a)
		}
		return out
	}
	o.rule.Approvers, o.rule.Then = put(o.rule.Approvers), slices.Clone(o.rule.Then)
	for i, s := range o.rule.Then {
		o.rule.Then[i].Approvers = put(s.Approvers)
	}
	return o
}

// people are whom a policy asks, step by step, by their ids.
func (o outcome) people() string {
	var steps []string
	for _, s := range o.rule.Stages() {
		steps = append(steps, strings.Join(s.Approvers, ", "))
	}
	return o.choice.Policy.Name + " asks " + strings.Join(steps, ", then ")
}

// lines draws why, for a terminal.
func (o outcome) lines(name func(approvals.Span) string) (lines []string) {
	for _, t := range approvals.Tree(o.choice.Why) {
		lines = append(lines, strings.ReplaceAll(t.Naming(name), "\u2003", "  "))
	}
	return lines
}

// because is why, on one line.
func (o outcome) because() string {
	var all []string
	for _, r := range o.choice.Why {
		say := r.Say.Naming(byID)
		var under []string
		for _, u := range r.Under {
			under = append(under, u.Say.Naming(byID))
		}
		if len(under) > 0 {
			say += ", because " + strings.Join(under, ", and ")
		}
		all = append(all, say)
	}
	if len(all) == 0 {
		return "no policy is about it"
	}
	return strings.Join(all, "; ")
}

// byID names people and groups by their ids.
func byID(s approvals.Span) string { return s.S }
