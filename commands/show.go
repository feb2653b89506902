package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var showGuide = guide{
	name: "show", usage: "EMAIL",
	of:       approvers,
	does:     "shows one account: its websites, permissions and limit (admins and approvers)",
	options:  []string{"app"},
	examples: []string{"/access show jane@acme.example", "/access show @jane"},
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
	return command("show", c.whom.typed(), settings{app: c.app}.typed())
}

func (c show) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	if err := h.reader(ctx, call.User, "what an account has"); err != nil {
		return Reply{}, err
	}
	a, err := h.account(ctx, c)
	if err != nil {
		return Reply{}, err
	}
	detail, err := h.Inventory.Detail(ctx, a.app.ID, a.seat.ID)
	if err != nil {
		return Reply{}, unshown(a.app, err)
	}
	detail.Seat = a.seat // the list alone says what is blocked
	return Reply{Head: seatLine(a.seat), Lines: append(h.detailLines(detail), approvals.Sayf("%v account %v · list read %v", a.app.Name, a.seat.ID, a.list.At))}, nil
}

func (h *House) detailLines(d approvals.SeatDetail) []approvals.Text {
	var lines []approvals.Text
	if d.Type != approvals.UserSeat {
		lines = append(lines, siteNames("Shared with it", d.Shared))
	}
	if len(d.Owned) > 0 {
		lines = append(lines, siteNames("Owned by it", d.Owned))
	}
	var labels []string
	for _, code := range d.Access {
		labels = append(labels, h.label(code))
	}
	slices.Sort(labels)
	lines = append(lines, approvals.Sayf("*Permissions* %v", or(strings.Join(labels, ", "), "none")))
	switch {
	case d.Period == "":
	case d.Amount == 0:
		lines = append(lines, approvals.Sayf("*Limit* 0 a %v. %v", d.Period, approvals.NoAmount))
	default:
		lines = append(lines, approvals.Sayf("*Limit* %v a %v, in the account's currency", d.Amount, d.Period))
	}
	if d.Lang != "" {
		lines = append(lines, approvals.Sayf("*Language* %v", d.Lang))
	}
	return lines
}

// siteNames is a line of websites, cut where it gets long.
func siteNames(title string, sites []approvals.Site) approvals.Text {
	const most = 40
	var names []string
	for _, s := range sites[:min(len(sites), most)] {
		names = append(names, siteLine(s).Plain())
	}
	if more := len(sites) - most; more > 0 {
		names = append(names, plural(more, "more", "more"))
	}
	return approvals.Sayf("*%v* %v", title, or(strings.Join(names, ", "), "no website"))
}
