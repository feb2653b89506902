package view

import (
	"cmp"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// shortRoom is what each of the apps that aren't spelt out takes at least, where something is wrong with it.
const shortRoom = 200

// worstFirst puts the apps with the most accounts blocked by limits first where not all can be spelt out, then those that couldn't be
// read: what has no room is then what is well.
func worstFirst(r reports.Report) []reports.AppReport {
	if len(r.Apps) <= mostApps {
		return r.Apps
	}
	return slices.SortedStableFunc(slices.Values(r.Apps), func(a, b reports.AppReport) int {
		return cmp.Or(blockedShown(r, b)-blockedShown(r, a), cmp.Compare(rank(a), rank(b)))
	})
}

func rank(a reports.AppReport) int {
	switch {
	case a.Unreadable != nil:
		return 0
	case a.Idles() > 0 || a.Stayed.Any():
		return 1
	}
	return 2
}

// blockedShown is how many accounts of an app are blocked by limits, where a report tells that.
func blockedShown(r reports.Report, a reports.AppReport) int {
	if !r.Shows(reports.SectionBlocked) {
		return 0
	}
	return a.BlockedCount
}

// blockedParts are the accounts blocked by limits of the apps that are spelt out, and behind them, in a line each, those of the others.
func blockedParts(p *page, r reports.Report, apps []reports.AppReport) {
	var short []approvals.Text
	for _, a := range r.Apps[len(apps):] {
		short = append(short, blockedShort(r, a))
	}
	short = filled(short)
	left := p.left - figuresRoom - 2*blockFrame
	keep := 0
	if len(short) > 0 {
		keep = min(lastWord+2*blockFrame+len(short)*shortRoom, left/2)
	}
	left -= keep
	for i, a := range apps {
		left -= blockedPart(p, r, a, left/(len(apps)-i))
	}
	p.list(left+keep, short, func(n int) approvals.Text {
		return say("and %v with something wrong: `/access accounts blocked`", count(n, "more app", "more apps"))
	})
}

// blockedShort is in a line what is wrong with an app that isn't spelt out; nil: nothing.
func blockedShort(r reports.Report, a reports.AppReport) approvals.Text {
	var parts []approvals.Text
	if a.Unreadable != nil {
		parts = append(parts, say("couldn't be read: %v", a.Unreadable))
	}
	if n := blockedShown(r, a); n > 0 {
		emails := reports.Names{Count: n}
		for _, b := range a.Blocked {
			emails.First = append(emails.First, address(b.Seat))
		}
		line := say("%v blocked by limits: %v", count(n, "account", "accounts"), few(emails))
		if !a.AsOf.IsZero() {
			line = say("%v, as of %v", line, a.AsOf)
		}
		parts = append(parts, line)
	}
	if len(parts) == 0 {
		return nil
	}
	return say("• *%v* · %v", appName(a.App), approvals.Join(parts, " · "))
}
