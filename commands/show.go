package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// showGuide is the help of show, with what an account of the configured apps is shown with.
func (s speech) showGuide() guide {
	parts := "what it has"
	if apps := s.ordered(); len(apps) > 0 && apps[0].Entry.Parts != "" {
		parts = apps[0].Entry.Parts
	}
	return guide{
		name: "show", usage: "EMAIL",
		of:       approvers,
		does:     "shows one account: " + parts + " (admins and approvers)",
		options:  []string{"app"},
		examples: []string{"/access show jane@acme.example", "/access show @jane"},
	}
}

// show looks at one account closely.
type show struct {
	whom whom
	app  string
}

func (l *line) show() (Command, *Reply) {
	who, rest, answer := l.whom()
	if answer != nil {
		return nil, answer
	}
	c := show{whom: who, app: l.options["app"]}
	if answer := l.nothingElse(rest, c.Typed()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (c show) subject() (whom, string) { return c.whom, c.app }

func (c show) Keeps() bool { return false }
func (c show) Typed() string {
	return command("show", c.whom.typed(), appTyped(c.app))
}

func (c show) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	if err := h.reader(ctx, call.User, "what an account has"); err != nil {
		return Reply{}, err
	}
	a, err := h.account(ctx, c)
	if err != nil {
		return Reply{}, err
	}
	head, read := seatLine(a.app, a.seat), approvals.Sayf("%v account %v · list read %v", a.app.Name, a.seat.ID, a.at)
	if !a.app.Entry.Reads.Details {
		return Reply{Head: head, Lines: []approvals.Text{approvals.Sayf("What else it has: not known, because %v doesn't say.", a.app.Name), read}}, nil
	}
	detail, err := h.Inventory.Detail(ctx, a.app.ID, a.seat.ID)
	if err != nil {
		return Reply{}, unshown(a.app, err)
	}
	detail.Seat = a.seat // the list alone says what is blocked
	return Reply{Head: head, Lines: append(detailLines(a.app.Entry, detail), read)}, nil
}

// detailLines are what an account has, a line each; what could not be read is not known.
func detailLines(e *catalog.Entry, d approvals.SeatDetail) []approvals.Text {
	var lines []approvals.Text
	held, _ := e.Held()
	if sort, _ := e.SortOf(d.Sort); e.Reads.Holds && !sort.All {
		lines = append(lines, itemNames(held.HeldAs, held.Noun, d.Held))
	}
	if len(d.Owned) > 0 {
		lines = append(lines, itemNames(held.OwnedAs, held.Noun, d.Owned))
	}
	if quotas := approvals.Quotas(e.Numbers(), d.Values); len(quotas) > 0 {
		lines = append(lines, approvals.Sayf("*Limits* %v", approvals.Join(quotas, ", ")))
	}
	for _, f := range e.Details {
		if line := detailLine(f, d.Values); line != nil {
			lines = append(lines, line)
		}
	}
	return lines
}

// detailLine is what an account has of one field; nil: nothing to speak of.
func detailLine(f catalog.Field, v catalog.Values) approvals.Text {
	if f.Kind == catalog.SomeOf && !v.Has(f.Key) {
		return approvals.Sayf("*%v* not known", f.Label)
	}
	if f.Kind == catalog.SomeOf {
		var words []string
		for _, i := range v.Items(f.Key) {
			words = append(words, i.Words())
		}
		slices.Sort(words)
		return approvals.Sayf("*%v* %v", f.Label, or(strings.Join(words, ", "), "none"))
	}
	shown := approvals.Shown(f, v)
	switch {
	case !v.Has(f.Key) || shown == "none" || f.Kind == catalog.Number: // numbers have a line together
		return nil
	case f.Zero != "" && v.ID(f.Key) == "0":
		return approvals.Sayf("*%v* %v. %v", f.Label, shown, f.Zero)
	case f.Unit != "":
		return approvals.Sayf("*%v* %v, %v", f.Label, shown, f.Unit)
	}
	return approvals.Sayf("*%v* %v", f.Label, shown)
}

// itemNames is a line of resources, cut where it gets long.
func itemNames(title string, noun catalog.Noun, items []catalog.Item) approvals.Text {
	const most = 40
	var names []string
	for _, i := range items[:min(len(items), most)] {
		names = append(names, itemLine(i).Plain())
	}
	if more := len(items) - most; more > 0 {
		names = append(names, plural(more, "more", "more"))
	}
	return approvals.Sayf("*%v* %v", or(title, noun.Many), or(strings.Join(names, ", "), "no "+noun.One))
}
