package main

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// groupNames says what people call a user group; *bot.Directory is one. "": Slack knows no such group.
type groupNames interface {
	GroupName(ctx context.Context, id approvals.GroupID) (string, error)
}

// namesWithin is how long Slack is asked for names: deciding here must work while Slack does not.
const namesWithin = 2 * time.Second

// names are those of one answer: an id of whom nothing was found out has an empty one.
type names struct {
	People map[approvals.PersonID]string `json:"people,omitempty"`
	Groups map[approvals.GroupID]string  `json:"groups,omitempty"`
}

// named asks Slack for the names of everybody in some texts.
func (c *control) named(ctx context.Context, texts ...approvals.Text) names {
	ctx, cancel := context.WithTimeout(ctx, namesWithin)
	defer cancel()
	n := names{map[approvals.PersonID]string{}, map[approvals.GroupID]string{}}
	for _, t := range texts {
		for _, s := range t {
			switch s.Kind {
			case approvals.SpanPerson:
				c.person(ctx, n.People, approvals.PersonID(s.S))
			case approvals.SpanGroup:
				c.group(ctx, n.Groups, approvals.GroupID(s.S))
			}
		}
	}
	return n
}

func (c *control) person(ctx context.Context, known map[approvals.PersonID]string, id approvals.PersonID) {
	if _, asked := known[id]; asked || ctx.Err() != nil {
		return
	}
	known[id] = ""
	if who, err := c.desk.Directory.Person(ctx, id); err == nil {
		known[id] = who.Name
	}
}

func (c *control) group(ctx context.Context, known map[approvals.GroupID]string, id approvals.GroupID) {
	if _, asked := known[id]; asked || ctx.Err() != nil || c.groups == nil {
		return
	}
	known[id] = ""
	if name, err := c.groups.GroupName(ctx, id); err == nil {
		known[id] = name
	}
}

// plain is a sentence for a terminal, with names in it.
func (c *control) plain(ctx context.Context, t approvals.Text) string {
	return c.named(ctx, t).plain(t)
}

// plain is a text with its people and groups by name.
func (n names) plain(t approvals.Text) string {
	return t.Naming(func(s approvals.Span) string {
		switch s.Kind {
		case approvals.SpanPerson:
			return n.person(approvals.PersonID(s.S))
		case approvals.SpanGroup:
			return n.group(approvals.GroupID(s.S))
		}
		return "channel " + s.S
	})
}

// person is a name; with the id where another one in the answer bears it too, and the id alone where Slack did not say.
func (n names) person(id approvals.PersonID) string {
	name := n.People[id]
	switch {
	case name == "":
		return "person " + string(id)
	case n.twice(name):
		return name + " (" + string(id) + ")"
	}
	return name
}

// twice reports whether two people bear one name, to the eye: everybody chooses their own.
func (n names) twice(name string) bool {
	bear := 0
	for _, other := range n.People {
		if strings.EqualFold(printable(other), printable(name)) {
			bear++
		}
	}
	return bear > 1
}

func (n names) group(id approvals.GroupID) string {
	if name := n.Groups[id]; name != "" {
		return name
	}
	return "group " + string(id)
}
