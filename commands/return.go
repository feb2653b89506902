package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

var returnGuide = guide{
	name: "return", usage: "[EMAIL]",
	does:     "gives back what you no longer need: what you have, or asked for",
	options:  []string{"app"},
	because:  true,
	examples: []string{"/access return jane@acme.example", "/access return jane@acme.example because she left the project"},
	notes: []approvals.Text{
		approvals.Sayf("`/access return` alone lists everything you can give back."),
		approvals.Sayf("What you were given for a time ends now. For anything else I ask whoever decides on removals."),
	},
}

// noLonger is the reason where none is given: that is what the command says.
const noLonger = "given back, no longer needed"

// giveBack gives back what requests gave to somebody, or what they asked for; without an address it lists that.
type giveBack struct {
	whom   whom
	app    string
	reason string
}

func (l *line) giveBack() (Command, *Reply) {
	c := giveBack{whom: whom{nobody: true}, app: l.options["app"], reason: l.reason}
	if len(l.words) == 0 {
		return c, nil
	}
	var rest []word
	var answer *Reply
	if c.whom, rest, answer = l.whom(); answer != nil {
		return nil, answer
	}
	return c, l.nothingElse(rest, c.Typed())
}

// Keeps implements Command. Without an address it only lists.
func (c giveBack) Keeps() bool { return !c.whom.nobody }

// Typed implements Command.
func (c giveBack) Typed() string {
	if c.whom.nobody {
		return command("return")
	}
	typed := []string{"return", c.whom.typed()}
	if c.app != "" {
		typed = append(typed, "app="+quoted(c.app))
	}
	if !blank(c.reason) {
		typed = append(typed, because(c.reason))
	}
	return command(typed...)
}

func (c giveBack) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if r, known, err := h.asked(ctx, call); err != nil || known {
		return onTheTable(h.heard(ctx, call.User)(r), nil), err
	}
	gave, err := h.Desk.Gave(ctx, call.User)
	if err != nil {
		return Reply{}, err
	}
	if c.whom.nobody {
		return toReturn(approvals.Holdings(gave)), nil
	}
	email, _, err := h.email(ctx, c.whom, false, knownEmail)
	if err != nil {
		return Reply{}, err
	}
	held := slices.DeleteFunc(approvals.Holdings(gave), func(o approvals.Holding) bool {
		named := c.app == "" || strings.EqualFold(c.app, o.App.ID) || strings.EqualFold(c.app, o.App.Name)
		return !approvals.SameEmail(o.Email, email) || !named
	})
	switch len(held) {
	case 0:
		return Reply{}, approvals.Refuse(approvals.NotFound, "I've set nothing up for %v that you have or asked for, so there's nothing to give back. `/access return` lists what you can.", email)
	case 1:
		return c.giveBack(ctx, h, call, held[0], gave, now)
	}
	reply := Reply{Head: approvals.Sayf("%v has something in %v apps. Which one do you mean? Nothing was sent.", email, len(held))}
	for _, o := range held {
		reply.Examples = append(reply.Examples, giveBack{whom: whom{email: email}, app: o.App.ID, reason: c.reason}.Typed())
	}
	return reply, nil
}

// toReturn lists what there is to give back, and how.
func toReturn(held []approvals.Holding) Reply {
	if len(held) == 0 {
		return Reply{Head: approvals.Sayf("I've set nothing up that you have or asked for, so there's nothing to give back.")}
	}
	reply := Reply{Head: approvals.Sayf("You can give back %v:", plural(len(held), "thing", "things"))}
	for _, o := range held {
		what := approvals.Sayf("%v in %v, since %v (#%v)", o.Email, o.App.Name, o.Since, o.Number)
		if r, ok := o.App.Entry.Held(); ok && len(o.Items) > 0 {
			what = approvals.Sayf("%v · %v", what, r.Noun.Count(len(o.Items)))
		}
		reply.Lines = append(reply.Lines, approvals.Sayf("• %v", what))
		reply.Examples = append(reply.Examples, giveBack{whom: whom{email: o.Email}, app: o.App.ID}.Typed())
	}
	return reply
}

// giveBack ends what was given for a time, and asks for the removal of the rest. An account is given back whole.
func (c giveBack) giveBack(ctx context.Context, h *House, call Call, o approvals.Holding, gave []approvals.Request, now time.Time) (Reply, error) {
	gave = slices.DeleteFunc(slices.Clone(gave), func(r approvals.Request) bool {
		return r.App.ID != o.App.ID || !approvals.SameEmail(r.Change.Email, o.Email)
	})
	var ending []approvals.Text
	rest, account := o.Items, o.Seat
	for _, r := range gave {
		if !r.Lent() || o.Seat && r.Number != o.Number {
			continue
		}
		if _, err := h.Desk.EndNow(ctx, r.Number, approvals.Actor(call.User), surface, now); err != nil {
			return Reply{}, err
		}
		ending = append(ending, approvals.Sayf("*#%v*", r.Number))
		rest, account = without(rest, r.Resources()), account && r.Number != o.Number
	}
	if len(ending) > 0 && (o.Seat && !account || len(rest) == 0) {
		return Reply{Head: approvals.Sayf("Thanks: I'm removing what %v gave. Whatever was there before stays.", approvals.Join(ending, ", "))}, nil
	}
	wish, err := c.removal(o, gave, rest)
	if err != nil {
		return Reply{}, err
	}
	reply, err := h.ask(ctx, call, wish, now)
	if err == nil && len(ending) > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("What %v gave for a time I'm removing now.", approvals.Join(ending, ", ")))
	}
	return reply, err
}

// removal is the command that takes back what was given for good: by the action that undoes the one that gave it.
func (c giveBack) removal(o approvals.Holding, gave []approvals.Request, rest []catalog.Item) (asking, error) {
	i := slices.IndexFunc(gave, func(r approvals.Request) bool { return r.Number == o.Number })
	if i < 0 {
		return asking{}, fmt.Errorf("find what #%d gave", o.Number)
	}
	action, ok := o.App.Entry.Action(gave[i].Form().Undo)
	if !ok {
		return asking{}, approvals.Refuse(approvals.Invalid, "%v has nothing that takes that back, so please ask an admin.", o.App.Name)
	}
	wish := asking{app: o.App, named: o.App.ID, action: action, whom: whom{email: o.Email}, reason: or(c.reason, noLonger), picked: true}
	if fields := action.Resources(); len(fields) > 0 {
		v := catalog.Value{Key: fields[0].Key}
		for _, item := range rest {
			v.Typed = append(v.Typed, item.ID)
		}
		wish.values = catalog.Values{v}
	}
	return wish, nil
}

// without are resources but some.
func without(items []catalog.Item, some catalog.Values) []catalog.Item {
	return slices.DeleteFunc(slices.Clone(items), func(i catalog.Item) bool {
		return slices.ContainsFunc(some, func(v catalog.Value) bool {
			return slices.ContainsFunc(v.Items, func(o catalog.Item) bool { return o.ID == i.ID })
		})
	})
}
