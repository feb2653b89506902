package view

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports"
)

// mostTold is how many blocked accounts are told of at length in plain lines: with more of them each has a line of its address alone, so
// that all of them have room.
const mostTold = 25

// blockedPart names the accounts of an app that are blocked by limits, each with since when and why as far as that is known, and says
// first of an app that couldn't be read so, and how old its figures are. It returns how much room it used.
func blockedPart(p *page, r reports.Report, a reports.AppReport, room int) int {
	before := p.left
	if a.Unreadable != nil {
		p.section(say("*%v couldn't be read:* %v", appName(a.App), a.Unreadable), fellBack(r, a))
	}
	if n := a.BlockedCount; n > 0 && r.Shows(reports.SectionBlocked) {
		head, rows := blockedRows(a)
		t := Table{
			Title: blockedTitle(r, a), Caption: "Accounts blocked by limits, " + a.App.Name, Head: head, Rows: rows,
			More: func(left int) approvals.Text {
				return say("and %v more: `/access accounts blocked`", grouped(min(left+n-len(a.Blocked), n)))
			},
		}
		var seats []approvals.Seat
		for _, b := range a.Blocked {
			seats = append(seats, b.Seat)
		}
		p.table(room, t.remedied(a.App, r.At, seats, commands.IsBlocked))
	}
	return before - p.left
}

func blockedTitle(r reports.Report, a reports.AppReport) approvals.Text {
	title := say("*Blocked by limits: %v*", count(a.BlockedCount, "account", "accounts"))
	if len(r.Apps) > 1 {
		title = say("*%v · blocked by limits: %v*", appName(a.App), count(a.BlockedCount, "account", "accounts"))
	}
	if !a.AsOf.IsZero() {
		return say("%v as of %v", title, a.AsOf)
	}
	if a.Bought > 0 && a.Used > a.Bought && a.App.Entry != nil {
		return say("%v · there are more accounts than seats (%v for %v), which can be why", title, grouped(a.Used), grouped(a.Bought))
	}
	return title
}

// fellBack is what is told in place of an app that couldn't be read, and how old that is.
func fellBack(r reports.Report, a reports.AppReport) approvals.Text {
	if a.AsOf.IsZero() {
		return say("Nothing is remembered of it either, so its figures are missing here.")
	}
	return say("What's told of it here is as of %v, %v: %v.", a.AsOf, readAgo(r.At.Sub(a.AsOf)), usedOf(a))
}

// blockedRows are the accounts, with a column for what is known of any of them and none for what isn't.
func blockedRows(a reports.AppReport) (head []string, rows []Row) {
	since := slices.ContainsFunc(a.Blocked, func(b reports.BlockedAccount) bool { return !b.Since.IsZero() })
	why := slices.ContainsFunc(a.Blocked, func(b reports.BlockedAccount) bool { return b.Why != nil })
	head = []string{"Account"}
	if since {
		head = append(head, "Blocked")
	}
	if why {
		head = append(head, "What's known")
	}
	for _, b := range a.Blocked {
		row := Row{Cells: []approvals.Text{say("%v", address(b.Seat))}, Line: say("• %v", address(b.Seat))}
		if a.BlockedCount <= mostTold {
			row.Line = say("• %v", approvals.Join(filled([]approvals.Text{row.Cells[0], blockedSince(b), b.Why}), " · "))
		}
		if since {
			row.Cells = append(row.Cells, orUnknown(blockedSince(b)))
		}
		if why {
			row.Cells = append(row.Cells, orUnknown(b.Why))
		}
		rows = append(rows, row)
	}
	return head, rows
}

func orUnknown(t approvals.Text) approvals.Text {
	if t == nil {
		return say("not known")
	}
	return t
}

// address is what an account is called: its address, or its number where it has none.
func address(s approvals.Seat) string {
	if s.Email == "" {
		return "account " + clip(s.ID, nameLength)
	}
	return clip(s.Email, emailLength)
}

// blockedSince is from when on an account is known to be blocked; nil: that isn't known.
func blockedSince(b reports.BlockedAccount) approvals.Text {
	switch {
	case b.Since.IsZero():
		return nil
	case b.Before:
		return say("since before %v", b.Since)
	}
	return say("since %v", b.Since)
}
