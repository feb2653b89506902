package control

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/terminal"
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
func (c *Server) named(ctx context.Context, texts ...approvals.Text) names {
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

func (c *Server) person(ctx context.Context, known map[approvals.PersonID]string, id approvals.PersonID) {
	if _, asked := known[id]; asked || ctx.Err() != nil {
		return
	}
	known[id] = ""
	if who, err := c.Desk.Directory.Person(ctx, id); err == nil {
		known[id] = who.Name
	}
}

func (c *Server) group(ctx context.Context, known map[approvals.GroupID]string, id approvals.GroupID) {
	if _, asked := known[id]; asked || ctx.Err() != nil || c.Groups == nil {
		return
	}
	known[id] = ""
	if name, err := c.Groups.GroupName(ctx, id); err == nil {
		known[id] = name
	}
}

// Plain is a sentence for a terminal, with names in it.
func (c *Server) Plain(ctx context.Context, t approvals.Text) string {
	return c.named(ctx, t).Plain(t)
}

// Plain is a text with its people and groups by name.
func (n names) Plain(t approvals.Text) string {
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
		if strings.EqualFold(terminal.Printable(other), terminal.Printable(name)) {
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
