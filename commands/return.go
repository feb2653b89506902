package commands

import (
	"context"
	"fmt"
	"slices"
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
	whom, rest, answer := l.perhapsWhom()
	if answer != nil {
		return nil, answer
	}
	c := giveBack{whom: whom, app: l.options["app"], reason: l.reason}
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
	r, known, err := h.asked(ctx, call)
	if err != nil {
		return Reply{}, err
	}
	mine, err := h.theirs(ctx, call.User)
	if err != nil {
		return Reply{}, err
	}
	switch {
	case known:
		return mine.leavingBeside(onTheTable(h.heard(ctx, call.User)(r), nil), r.App, mine.named(r)), nil
	case c.whom.nobody:
		return h.toReturn(ctx, mine), nil
	}
	if mine, err = h.meaning(ctx, mine, c.whom, c.app); err != nil {
		return Reply{}, err
	}
	switch held := mine.held(); {
	case len(held) == 1:
		return c.giveBack(ctx, h, call, held[0], mine, now)
	case len(held) > 1:
		return c.whichApp(held), nil
	case len(mine.leaving) > 0:
		left := approvals.Sayf("Nothing else is left to give back there. Whatever was there before stays.")
		if mine.leaving[0].Manual() {
			left = approvals.Sayf("Nothing else is left to give back there.")
		}
		return Reply{Head: approvals.Join(mine.removing(), " "), Lines: []approvals.Text{left}}, nil
	}
	return Reply{}, approvals.Refuse(approvals.NotFound, "I've set nothing up for %v that you have or asked for, so there's nothing to give back. `/access return` lists what you can.", c.whom.text())
}

// whichApp asks which of several things is meant that somebody has under one address.
func (c giveBack) whichApp(held []approvals.Holding) Reply {
	reply := Reply{Head: approvals.Sayf("%v has something in %v apps. Which one do you mean? Nothing was sent.", c.whom.text(), len(held))}
	for _, o := range held {
		reply.Examples = append(reply.Examples, giveBack{whom: c.whom, app: o.App.ID, reason: c.reason}.Typed())
	}
	return reply
}

// toReturn lists what there is to give back, and how.
func (h *House) toReturn(ctx context.Context, mine theirs) Reply {
	held, leaving := mine.held(), mine.removing()
	reply := Reply{Head: approvals.Sayf("You can give back %v:", plural(len(held), "thing", "things"))}
	switch {
	case len(held)+len(leaving) == 0:
		return Reply{Head: approvals.Sayf("I've set nothing up that you have or asked for, so there's nothing to give back.")}
	case len(held) == 0:
		return Reply{Head: approvals.Sayf("Nothing is left to give back."), Lines: leaving}
	}
	for _, o := range held {
		what := approvals.Sayf("%v in %v, since %v (#%v)", o.Holder.Text(), o.App.Name, o.Since, o.Number)
		if r, ok := o.App.Entry.Held(); ok && len(o.Items) > 0 {
			what = approvals.Sayf("%v · %v", what, r.Noun.Count(len(o.Items)))
		} else if len(o.Items) > 0 {
			what = approvals.Sayf("%v · %v", what, thingsOf(o.Items))
		}
		reply.Lines = append(reply.Lines, approvals.Sayf("• %v", what))
		reply.Examples = append(reply.Examples, giveBack{whom: h.whomOf(ctx, o.Holder), app: o.App.ID}.Typed())
	}
	reply.Lines = append(reply.Lines, leaving...)
	return reply
}

// giveBack ends what was given for a time, and asks for the removal of the rest. An account is given back whole. What is
// ended is so whatever becomes of the rest, also where a crash comes between: so the answer says both, and so does that to
// whoever asks once more.
func (c giveBack) giveBack(ctx context.Context, h *House, call Call, o approvals.Holding, mine theirs, now time.Time) (Reply, error) {
	rest, account := o.Items, o.Seat
	var ended []approvals.Request
	for _, r := range mine.gave {
		if !r.Lent() || o.Seat && r.Number != o.Number {
			continue
		}
		is, err := h.Desk.EndNow(ctx, r.Number, approvals.Actor(call.User), surface, now)
		if err != nil {
			return mine.besides(Reply{}, err)
		}
		ended, mine.leaving = append(ended, is), append(mine.leaving, is)
		rest, account = catalog.Minus(rest, r.Things()), account && r.Number != o.Number
	}
	if len(ended) > 0 && (o.Seat && !account || len(rest) == 0) {
		if ended[0].Manual() {
			return Reply{Head: approvals.Sayf("Thanks: what %v gave is somebody's task to remove now.", numbers(ended))}, nil
		}
		return Reply{Head: approvals.Sayf("Thanks: I'm removing what %v gave. Whatever was there before stays.", numbers(ended))}, nil
	}
	wish, err := c.removal(o, mine, rest)
	if err != nil {
		return mine.besides(Reply{}, err)
	}
	return mine.besides(h.ask(ctx, call, wish, now))
}

// removal is the command that takes back what was given for good: by the action that undoes the one that gave it.
func (c giveBack) removal(o approvals.Holding, mine theirs, rest []catalog.Item) (asking, error) {
	i := slices.IndexFunc(mine.gave, func(r approvals.Request) bool { return r.Number == o.Number })
	if i < 0 {
		return asking{}, fmt.Errorf("find what #%d gave", o.Number)
	}
	action, ok := o.App.Entry.Action(mine.gave[i].Form().Undo)
	if !ok {
		return asking{}, approvals.Refuse(approvals.Invalid, "%v has nothing that takes that back, so please ask an admin.", o.App.Name)
	}
	wish := asking{app: o.App, named: o.App.ID, action: action, whom: whomIs(o), reason: or(c.reason, noLonger), picked: true}
	if fields := action.Resources(); len(fields) > 0 {
		v := catalog.Value{Key: fields[0].Key}
		for _, item := range rest {
			v.Typed = append(v.Typed, item.ID)
		}
		wish.values = catalog.Values{v}
	}
	return wish.ofThings(rest)
}

// ofThings is a removal of things that a request names one at a time; of several it asks which.
func (c asking) ofThings(rest []catalog.Item) (asking, error) {
	f, ok := c.action.Thing()
	if !ok || len(rest) == 0 {
		return c, nil
	}
	var each []catalog.Value
	for _, item := range rest {
		id := item.ID
		if len(f.Choices) == 0 {
			id = item.Words()
		}
		each = append(each, catalog.Value{Key: f.Key, Items: []catalog.Item{{ID: id}}})
	}
	if len(each) == 1 {
		c.values = catalog.Values{each[0]}
		return c, nil
	}
	reply := Reply{Head: approvals.Sayf("%v has %v things in %v, and they're given back one at a time. Which one first? Nothing was sent.", c.whom.text(), len(each), c.app.Name)}
	for _, v := range each {
		reply.Examples = append(reply.Examples, c.with(v))
	}
	return c, &stop{reply}
}

// thingsOf names things that somebody has.
func thingsOf(items []catalog.Item) approvals.Text {
	var out []approvals.Text
	for _, i := range items {
		out = append(out, approvals.Sayf("%v", i.Held()))
	}
	return approvals.Join(out, ", ")
}
