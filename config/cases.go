package config

import (
	"regexp"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Case is an example kept with a policy: a request that somebody might make, and what should become of it.
type Case struct {
	At Position
	approvals.Situation
	// Expect is what should become of it: "small approves", "external refuses", "seats asks U0BOB, then owners", or
	// "no policy".
	Expect string
}

const (
	expectCase   = "by, app, action, expect and fields of the app"
	expectCases  = "a list of examples such as {by: U0ALICE, app: seranking, action: create, expect: \"seats asks\"}"
	expectExpect = "the name of a policy with refuses, approves or asks behind it, such as \"seats asks\", or \"no policy\""
)

var expectShape = regexp.MustCompile(`^(.+ (refuses|approves|asks)( .+)?|no policy)$`)

// NoPolicy is what a case expects that nothing rules.
const NoPolicy = "no policy"

// cases reads the examples of a policy. They are about any policy: which one rules them is what they are there to say.
func (v value) cases(cfg *Config) (out []Case) {
	for _, item := range v.list("the case", expectCases) {
		out = append(out, item.example(cfg))
	}
	return out
}

func (v value) example(cfg *Config) (c Case) {
	special := []string{"by", "app", "action", "for", "in", "seats_left", "lasts", "expect"}
	o := v.beside(cfg.keys(approvals.Policy{}, v, expectCase, special...), expectCase, special...)
	c.At, c.By = v.At, approvals.PersonID(o.need("by", "a person's id, such as U0ALICE").shaped(personID, "a person's id, such as U0ALICE"))
	c.App, c.Action = cfg.asked(o)
	c.Known.For = approvals.Beneficiary(o.get("for").OneOf(string(approvals.ForSelf), string(approvals.ForOther), string(approvals.ForExternal)))
	for _, g := range o.get("in").distinct(o.get("in").list("the group", "a list of user groups (S…)"), groupID, "a user group (S…)") {
		c.Known.In = append(c.Known.In, approvals.GroupID(g))
	}
	c.Known.Left = o.get("seats_left").left()
	c.Lasts = o.get("lasts").duration(0, longestExpiry)
	c.Values = o.values(c.App.Entry, c.Action)
	c.Expect = o.need("expect", expectExpect).shaped(expectShape, expectExpect)
	return c
}

// asked are the app and the action of a case.
func (c *Config) asked(o object) (app approvals.App, action approvals.Action) {
	id := o.need("app", "an app's id").OneOf(c.appIDs()...)
	for _, a := range c.Catalog() {
		if a.ID == id {
			app = a
		}
	}
	if id != "" && app.Entry == nil { // its actions aren't known, so it may be any
		action, _ := o.need("action", "an action, such as create").Text("an action, such as create")
		return app, approvals.Action(action)
	}
	return app, approvals.Action(o.need("action", "an action, such as create").OneOf(c.actionNames()...))
}

// shaped is text of a shape; "" where it is left out or wrong.
func (v value) shaped(shape *regexp.Regexp, expected string) string {
	s, ok := v.Text(expected)
	if ok && !shape.MatchString(s) {
		v.Bad(expected)
		return ""
	}
	return s
}

// values are a case's values of the fields of its action.
func (o object) values(e *catalog.Entry, action approvals.Action) (out catalog.Values) {
	form, ok := e.Action(action)
	if !ok {
		return nil
	}
	for _, f := range form.Fields {
		if v := o.get(f.Key); v.Given() {
			out = append(out, catalog.Value{Key: f.Key, Items: ItemsOf(f, v.some())})
		}
	}
	return out
}

// some is one value or a list of them, as text.
func (v value) some() (out []string) {
	const expected = "a value, or a list of them"
	items := []value{v}
	if _, ok := v.Node.(*ast.SequenceNode); ok {
		items = v.list("the value", expected)
	}
	for _, item := range items {
		switch item.Node.(type) {
		case *ast.IntegerNode, *ast.FloatNode:
			out = append(out, item.Node.GetToken().Value)
			continue
		}
		if s, ok := item.Text(expected); ok {
			out = append(out, s)
		}
	}
	return out
}

// ItemsOf are values of a field as somebody writes them who asks no vendor: a resource is meant by whichever of number,
// name and address it is.
func ItemsOf(f catalog.Field, written []string) (items []catalog.Item) {
	if f.Kind != catalog.Resources {
		return f.ItemsOf(written)
	}
	for _, s := range written {
		items = append(items, catalog.Item{ID: s, Name: s, Host: s})
	}
	return items
}

// Cases are the examples of all policies, in the order of the file.
func (c *Config) Cases() (out []Case) {
	for _, p := range c.Rules {
		out = append(out, p.Cases...)
	}
	slices.SortStableFunc(out, func(a, b Case) int { return a.At.Line - b.At.Line })
	return out
}

// groupsAsked are the user groups that conditions name; a case is in those that it says, and in no other.
func (c *Config) groupsAsked() (out []approvals.GroupID) {
	for _, p := range c.Rules {
		for _, g := range p.When.Groups() {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// Situation is a case as it is decided: who asks is in no group that it doesn't name, and asks for themself unless it
// says otherwise.
func (c *Config) Situation(k Case) approvals.Situation {
	s := k.Situation
	for _, g := range c.groupsAsked() {
		if !slices.Contains(s.Known.In, g) {
			s.Known.Out = append(s.Known.Out, g)
		}
	}
	if s.Known.For == "" {
		s.Known.For = approvals.ForSelf
	}
	return s
}
