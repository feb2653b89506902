package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports"
)

// What of a digest has room beside the accounts blocked by limits, which come first: characters of
// all apps' other figures together and of each list of requests, and how many apps are spelt out.
const (
	figuresRoom  = 3000
	requestsRoom = 1600
	mostApps     = 8
)

// Report is the digest: what matters in the first line, then every account blocked by limits
// by its address, what changed, what waits, and in the small print the head of the audit log. What
// follows the blocked accounts is drawn first, so that they get all the room there is. A note, if there is one, is a
// sentence of its own after the first line, and buttons come last.
func Report(r reports.Report, note approvals.Text, buttons ...slack.Block) Message {
	apps := r.Apps[:min(len(r.Apps), mostApps)]
	tail := newPage()
	tail.most -= len(buttons)
	reportTail(tail, r)
	p := newPage(append(tail.blocks, buttons...)...)
	p.section(append([]approvals.Text{reportHead(r)}, filled([]approvals.Text{note})...)...)
	left := p.left - figuresRoom - 2*blockFrame
	for i, a := range apps {
		left -= appPart(p, a, left/(len(apps)-i), figuresRoom/len(apps), len(r.Apps) > 1)
	}
	if rest := len(r.Apps) - len(apps); rest > 0 {
		p.section(say("and %v that didn't fit", count(rest, "more app", "more apps")))
	}
	p.lines = append(p.lines, tail.lines...)
	return p.message()
}

// reportHead says it all in a line: which app, 22 of 25 used (+1), 3 accounts blocked by limits.
func reportHead(r reports.Report) approvals.Text {
	name := "Seats"
	if len(r.Apps) == 1 {
		name = appName(r.Apps[0].App) + " " + seatsOf(r.Apps[0])
	}
	parts := []approvals.Text{}
	blocked, empty, says := 0, 0, catalog.Reads{}
	var nouns []string
	for i, a := range r.Apps {
		if i < mostApps {
			parts = append(parts, used(a, len(r.Apps) > 1))
		}
		if a.Unreadable != nil {
			continue
		}
		blocked += a.BlockedCount
		says.Blocked = says.Blocked || a.Reads().Blocked
		if held, _ := a.App.Entry.Held(); a.Reads().Holds {
			empty += a.IdleCount
			nouns = append(nouns, held.Noun.One)
		}
	}
	if says.Blocked {
		parts = append(parts, blockedCount(blocked))
	}
	slices.Sort(nouns)
	if nouns = slices.Compact(nouns); len(nouns) > 0 {
		parts = append(parts, say("%v without a %v", empty, strings.Join(nouns, " or ")))
	}
	parts = append(parts, unusedCount(r), orphanCount(r), lateCount(r), waitingCount(r))
	return say("*%v · week %v* — %v", name, week(r), approvals.Join(filled(parts), " · "))
}

// unusedCount says how many seats are paid for though nobody uses them; nil: none that is known.
func unusedCount(r reports.Report) approvals.Text {
	n := 0
	for _, a := range r.Apps {
		n += len(a.Unused)
	}
	if n == 0 {
		return nil
	}
	return say("%v paid for and not used", count(n, "seat", "seats"))
}

// orphanCount says how many accounts belong to nobody; nil: none that is known.
func orphanCount(r reports.Report) approvals.Text {
	n := 0
	for _, a := range r.Apps {
		n += len(a.Stayed.Orphans)
	}
	if n == 0 {
		return nil
	}
	return say("%v to nobody we know", count(n, "account belongs", "accounts belong"))
}

// used is the count of seats, with what it changed by.
func used(a reports.AppReport, named bool) approvals.Text {
	prefix := ""
	if named {
		prefix = appName(a.App) + " "
	}
	if a.Unreadable != nil {
		return say("%v couldn't be read", appName(a.App))
	}
	if !a.Reads().Used {
		return say("%v%v in use: not known", prefix, seatsOf(a))
	}
	line := say("%v%v used", prefix, a.Used)
	if a.Bought > 0 {
		line = say("%v%v of %v used", prefix, a.Used, a.Bought)
	}
	if by := a.Used - a.Changes.UsedBefore; !a.Since.IsZero() && by != 0 {
		line = say("%v (%v)", line, signed(by))
	}
	return line
}

// seatsOf is what the seats of an app are called.
func seatsOf(a reports.AppReport) string {
	if a.App.Entry == nil {
		return "seats"
	}
	return a.App.Entry.Seat.Many
}

// signed is a change with its sign, a true minus included.
func signed(n int) string {
	if n < 0 {
		return fmt.Sprintf("−%d", -n)
	}
	return fmt.Sprintf("+%d", n)
}

func blockedCount(n int) approvals.Text {
	if n == 0 {
		return say("no account blocked by limits")
	}
	return say("%v blocked by limits", count(n, "account", "accounts"))
}

func waitingCount(r reports.Report) approvals.Text {
	n := len(r.Waiting) + r.WaitingMore
	switch {
	case n == 0 || len(r.Waiting) == 0:
		return nil
	case n == 1:
		return say("1 request has been waiting for %v since %v", deciders(r.Waiting[0]), r.Waiting[0].Asked)
	}
	return say("%v requests are waiting, the first for %v since %v", n, deciders(r.Waiting[0]), r.Waiting[0].Asked)
}

// week is the ISO week of the slot on the wall it was for, or of the report's own time.
func week(r reports.Report) int {
	at := r.At
	if local, err := time.Parse("2006-01-02T15:04", r.Slot); err == nil {
		at = local
	}
	_, week := at.ISOWeek()
	return week
}

// reportTail is what follows the apps: requests that are late, wait or are stuck, and the small print.
func reportTail(p *page, r reports.Report) {
	requests(p, say("*Past its end, and not seen gone yet*"), r.Late, 0, func(q approvals.Request) approvals.Text { return overstaying(q, r.At) })
	requests(p, say("*Waiting for a decision*"), r.Waiting, r.WaitingMore, func(q approvals.Request) approvals.Text {
		return say("• #%v · %v · waiting for %v since %v", q.Number, subject(q), deciders(q), q.Asked)
	})
	requests(p, say("*Stuck: the admins have a card for each*"), r.Stuck, 0, func(q approvals.Request) approvals.Text {
		return say("• #%v · %v · %v, approved %v", q.Number, subject(q), state(q), q.Decided)
	})
	var last []approvals.Text
	if r.AskedBy != "" {
		last = append(last, say("Requested by %v", r.AskedBy))
	}
	last = append(last, say("Report %v, made %v", clip(r.Name, nameLength), r.At))
	if r.Head.Seq > 0 {
		last = append(last, say("Audit log up to `%v`", clip(r.Head.String(), 128)))
	}
	p.small("", last...)
}

func requests(p *page, head approvals.Text, list []approvals.Request, more int, line func(approvals.Request) approvals.Text) {
	if len(list) == 0 {
		return
	}
	lines := []approvals.Text{head}
	for _, q := range list {
		lines = append(lines, line(q))
	}
	if more > 0 {
		lines = append(lines, say("and %v more", more))
		more-- // the line itself is not one of them
	}
	p.list(requestsRoom, lines, func(left int) approvals.Text { return say("and %v more", max(left+more, 1)) })
}
