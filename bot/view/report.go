package view

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// What of a digest has room beside the accounts blocked by limits, which come first: characters of all apps' other figures
// together, of all lists of requests together and of each, and how many apps are spelt out.
const (
	figuresRoom  = 3000
	requestsRoom = 1600
	listsRoom    = 4500
	mostApps     = 8
)

// Report is the digest. The first line says it all; then comes what is wrong and can be mended, every account blocked by limits by its
// address, what waits for whom, and then how it went: what changed and by whose word, the seats over time, what they cost. What
// has nothing to tell is gathered in one line, and a digest that has nothing to tell at all is one. What follows the blocked
// accounts is drawn first, so that they get all the room there is. A note, if there is one, is a sentence of its own after the
// first line, and buttons come last. A report that is a file says its first line, what the seats cost, and which file.
func Report(r reports.Report, note approvals.Text, buttons ...slack.Block) Message {
	r.Apps = worstFirst(r)
	if r.As != "" {
		return reportAsFile(r, note)
	}
	todo, rest := newPage(), newPage()
	reportTodo(todo, r)
	reportRest(rest, r)
	rest.blocks = append(rest.blocks, buttons...)
	p := newPage(append(slices.Clip(todo.blocks), rest.blocks...)...)
	p.section(append([]approvals.Text{reportHead(r)}, filled([]approvals.Text{note})...)...)
	if quietReport(r) {
		p.tells(rest)
		return p.message()
	}
	apps := r.Apps[:min(len(r.Apps), mostApps)]
	blockedParts(p, r, apps)
	room := figuresRoom - oddParts(p, r, apps, figuresRoom/2)
	p.place(todo)
	p.foot = rest.blocks
	figures(p, r, apps, room)
	if more := len(r.Apps) - len(apps); more > 0 {
		p.section(say("and %v that didn't fit", count(more, "more app", "more apps")))
	}
	p.tells(rest)
	return p.message()
}

// place puts what another page has gathered here, for which room was kept.
func (p *page) place(other *page) {
	p.blocks = append(p.blocks, other.blocks...)
	p.tells(other)
}

// reportHead says it all in a line: which app, 22 of 25 used (+1), 3 accounts blocked by limits.
func reportHead(r reports.Report) approvals.Text {
	name := "Seats"
	if len(r.Apps) == 1 {
		name = appName(r.Apps[0].App) + " " + seatsOf(r.Apps[0])
	}
	parts := []approvals.Text{}
	for i, a := range r.Apps {
		if i < mostApps {
			parts = append(parts, used(a, len(r.Apps) > 1))
		}
	}
	if quietReport(r) {
		for _, c := range r.Cost {
			if r.Shows(reports.SectionCost) {
				parts = append(parts, say("%v", c.All))
			}
		}
		return say("*%v · week %v* — %v. %v", name, week(r), approvals.Join(filled(parts), " · "), quiet(r))
	}
	parts = append(append(append(parts, accountCounts(r)...), dormantCounts(r)...), unusedCount(r), orphanCount(r), lateCount(r), stuckCount(r), waitingCount(r))
	return say("*%v · week %v* — %v", name, week(r), approvals.Join(filled(parts), " · "))
}

// accountCounts say how many accounts are blocked and how many see nothing, as far as apps say that.
func accountCounts(r reports.Report) (out []approvals.Text) {
	blocked, empty := 0, 0
	var nouns []string
	for _, a := range r.Apps {
		if a.Unreadable != nil {
			continue
		}
		blocked += a.BlockedCount
		if held, _ := a.App.Entry.Held(); a.Reads().Holds {
			empty += a.IdleCount
			nouns = append(nouns, held.Noun.One)
		}
	}
	if blocked > 0 && r.Shows(reports.SectionBlocked) {
		out = append(out, say("%v blocked by limits", count(blocked, "account", "accounts")))
	}
	slices.Sort(nouns)
	if nouns = slices.Compact(nouns); empty > 0 && r.Shows(reports.SectionIdle) {
		out = append(out, say("%v without a %v", grouped(empty), strings.Join(nouns, " or ")))
	}
	return out
}

func waitingCount(r reports.Report) approvals.Text {
	n := len(r.Waiting) + r.WaitingMore
	switch {
	case n == 0 || len(r.Waiting) == 0 || !r.Shows(reports.SectionWaiting):
		return nil
	case n == 1:
		return say("1 request has been waiting for %v since %v", deciders(r.Waiting[0]), r.Waiting[0].Asked)
	}
	return say("%v requests are waiting, the first for %v since %v", grouped(n), deciders(r.Waiting[0]), r.Waiting[0].Asked)
}

// stuckCount says how many requests wait for an admin's word; nil: none.
func stuckCount(r reports.Report) approvals.Text {
	if len(r.Stuck) == 0 || !r.Shows(reports.SectionWaiting) {
		return nil
	}
	return say("%v stuck", count(len(r.Stuck), "request", "requests"))
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
