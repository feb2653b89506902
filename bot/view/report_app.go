package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// appPart draws one app and returns how much of the room for blocked accounts it used.
func appPart(p *page, a reports.AppReport, room, figures int, named bool) int {
	before := p.left
	if named {
		p.section(say("*%v*", appName(a.App)))
	}
	if a.Unreadable != nil {
		p.section(say("%v couldn't be read: %v", appName(a.App), a.Unreadable), unitsOf(a))
		p.section(unused(a))
		stayed(p, a)
		return before - p.left
	}
	if n := a.BlockedCount; n > 0 {
		lines := []approvals.Text{say("*Blocked by limits: %v*", count(n, "account", "accounts"))}
		p.list(room, append(lines, addresses(a.Blocked)...), func(left int) approvals.Text {
			return say("and %v more: `/access accounts blocked`", min(left+n-len(a.Blocked), n))
		})
	}
	spent := before - p.left
	small := page{left: min(figures, p.left), blocks: p.blocks, lines: p.lines, most: p.most}
	small.section(changed(a)...)
	small.section(unitsOf(a))
	small.section(unused(a))
	small.section(unsaid(a))
	small.section(without(a))
	small.small("", bySort(a))
	stayed(&small, a)
	p.left -= min(figures, p.left) - small.left
	p.blocks, p.lines = small.blocks, small.lines
	return spent
}

// unsaid names what the app does not say of itself.
func unsaid(a reports.AppReport) approvals.Text {
	var what []approvals.Text
	for _, read := range []struct {
		says bool
		what string
	}{{a.Reads().Used, "who has one"}, {a.Reads().Blocked, "who is blocked by limits"}, {a.Reads().Holds, "what accounts see"}} {
		if !read.says {
			what = append(what, say("%v", read.what))
		}
	}
	if len(what) == 0 {
		return nil
	}
	return say("*Not known, because %v doesn't say:* %v", appName(a.App), approvals.Join(what, ", "))
}

// unitsOf is what is known of the app's units, where they are watched.
func unitsOf(a reports.AppReport) approvals.Text {
	if a.Balance == nil {
		return nil
	}
	return say("*Units:* %v", unitsLeft(*a.Balance, a.At))
}

// unused are the seats that are still paid for though nobody uses them, with what they cost where that is known.
func unused(a reports.AppReport) approvals.Text {
	if len(a.Unused) == 0 {
		return nil
	}
	cost := "cost not known"
	if a.App.Price.Amount > 0 {
		cost = a.App.Price.Times(len(a.Unused)).String()
	}
	var whose []approvals.Text
	for _, u := range a.Unused[:min(len(a.Unused), someNames)] {
		why := say("access removed %v, *#%v*", u.Since, u.Number)
		if u.Listed {
			why = say("deactivated and still counted, by its list of %v", u.Since)
		}
		whose = append(whose, say("%v (%v)", clip(u.Email, emailLength), why))
	}
	line := approvals.Join(whose, ", ")
	if rest := len(a.Unused) - len(whose); rest > 0 {
		line = say("%v and %v more", line, rest)
	}
	return say("*Paid for and not used: %v* · %v · %v", seatCount(a, len(a.Unused)), cost, line)
}

// seatCount counts seats in the app's own word.
func seatCount(a reports.AppReport, n int) string {
	if a.App.Entry == nil {
		return count(n, "seat", "seats")
	}
	return a.App.Entry.Seat.Count(n)
}

func addresses(seats []reports.BlockedAccount) []approvals.Text {
	var out []approvals.Text
	for _, s := range seats {
		out = append(out, say("• %v", clip(s.Email, emailLength)))
	}
	return out
}

// changed says what differs from the report before, a line for each kind of change.
func changed(a reports.AppReport) []approvals.Text {
	if a.Since.IsZero() {
		return nil
	}
	if a.Changes.None() {
		return []approvals.Text{say("*Nothing changed* since %v", a.Since)}
	}
	lines := []approvals.Text{say("*Changed* since %v", a.Since)}
	for _, c := range []struct {
		what  string
		names reports.Names
	}{
		{"new", a.Changes.Added},
		{"gone", a.Changes.Removed},
		{"newly blocked", a.Changes.NewlyBlocked},
		{"no longer blocked", a.Changes.Unblocked},
	} {
		if c.names.Count > 0 {
			lines = append(lines, say("• %v %v: %v", c.names.Count, c.what, few(c.names)))
		}
	}
	return lines
}

func without(a reports.AppReport) approvals.Text {
	if a.IdleCount == 0 {
		return nil
	}
	emails := reports.Names{Count: a.IdleCount}
	for _, s := range a.Idle {
		emails.First = append(emails.First, s.Email)
	}
	held, _ := a.App.Entry.Held()
	return say("*Without a %v: %v* · %v", held.Noun.One, count(a.IdleCount, "account", "accounts"), few(emails))
}

// few names some addresses and says how many more there are.
func few(emails reports.Names) approvals.Text {
	var out []approvals.Text
	for _, e := range emails.First[:min(len(emails.First), someNames)] {
		out = append(out, say("%v", clip(e, emailLength)))
	}
	if rest := emails.Count - len(out); rest > 0 {
		return say("%v and %v more", approvals.Join(out, ", "), rest)
	}
	return approvals.Join(out, ", ")
}

func bySort(a reports.AppReport) approvals.Text {
	var out []approvals.Text
	for _, t := range a.BySort {
		kind := clip(t.Sort, nameLength)
		if kind == "" {
			kind = "of unknown type"
		}
		out = append(out, say("%v %v", t.Count, kind))
	}
	if len(out) == 0 {
		return say("Read %v", a.At)
	}
	return say("By type: %v · read %v", approvals.Join(out, ", "), a.At)
}
