package view

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports"
)

// oddParts is what of the apps is not as it should be, beside accounts that are blocked: what nobody uses, what is nobody's, and a
// button that shows the latter to who looks after the app. It returns how much room it used.
func oddParts(p *page, r reports.Report, apps []reports.AppReport, room int) int {
	before := p.left
	var lines []approvals.Text
	var buttons []slack.Block
	for _, a := range apps {
		var of []approvals.Text
		if r.Shows(reports.SectionIdle) {
			of = append(of, without(a), unused(a), dormant(a, true), dormant(a, false))
			buttons = append(buttons, idleButtons(r, a)...)
		}
		if r.Shows(reports.SectionOrphans) {
			of = append(of, orphans(a), oddities(r, a))
		}
		if r.Odd(a) && r.Shows(reports.SectionOrphans) || len(a.Stayed.Idle) > 0 && r.Shows(reports.SectionIdle) {
			buttons = append(buttons, findingsButton(r, a))
		}
		if of = filled(of); len(of) > 0 && len(r.Apps) > 1 {
			of = append([]approvals.Text{say("*%v*", appName(a.App))}, of...)
		}
		lines = append(lines, of...)
	}
	buttons = buttons[:min(len(buttons), mostButtons)]
	for _, b := range buttons {
		p.left -= weight(b)
	}
	p.list(room, lines, func(left int) approvals.Text { return say("and %v more", count(left, "line", "lines")) })
	for _, b := range buttons {
		if p.room() > 0 {
			p.blocks = append(p.blocks, b)
		}
	}
	return before - p.left
}

// mostButtons is how many apps have a button that shows what was found in them.
const mostButtons = 4

// idleButtons mends one of the accounts that see nothing; none where there are none, or the app has nothing that would.
func idleButtons(r reports.Report, a reports.AppReport) []slack.Block {
	if a.IdleCount == 0 || !commands.Mendable(a.App, commands.IsIdle) {
		return nil
	}
	button := pickButton(commands.Ailing{App: a.App.ID, Wrong: commands.IsIdle, Day: r.At.UTC().Format(time.DateOnly)}, "Mend an idle one…", a.App.Name)
	return []slack.Block{slack.NewActionBlock("", button)}
}

func findingsButton(r reports.Report, a reports.AppReport) slack.Block {
	words := "Look at them"
	if len(r.Apps) > 1 {
		words = plain(75, "Look at them: "+a.App.Name)
	}
	return slack.NewActionBlock(ActionFindings+"-"+a.App.ID, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionFindings, Text: typed(words),
		Value: MendValue{App: a.App.ID}.String(), AccessibilityLabel: plain(75, "Look at them, "+a.App.Name)})
}

// without are the accounts that see nothing though they could.
func without(a reports.AppReport) approvals.Text {
	if a.IdleCount == 0 {
		return nil
	}
	emails := reports.Names{Count: a.IdleCount}
	for _, s := range a.Idle {
		emails.First = append(emails.First, address(s))
	}
	held, _ := a.App.Entry.Held()
	line := say("*Without a %v: %v* · %v", held.Noun.One, count(a.IdleCount, "account", "accounts"), few(emails))
	if !a.AsOf.IsZero() {
		return say("%v · as of %v", line, a.AsOf)
	}
	return line
}

// dormant are the accounts that somebody was invited to and never joined, or else those that nobody has used for long; nil: none.
func dormant(a reports.AppReport, never bool) approvals.Text {
	all := slices.DeleteFunc(slices.Clone(a.Stayed.Idle), func(i approvals.IdleAccount) bool { return i.Never != never })
	if len(all) == 0 {
		return nil
	}
	var whose []approvals.Text
	for _, i := range all[:min(len(all), mostOrphans)] {
		since := say("last used %v", i.Since)
		if never {
			since = say("invited %v", i.Since)
		}
		whose = append(whose, say("%v (%v)", clip(i.Email, emailLength), since))
	}
	line := approvals.Join(whose, ", ")
	if rest := len(all) - len(whose); rest > 0 {
		line = say("%v and %v more", line, rest)
	}
	if never {
		return say("*Invited and never joined: %v* · %v", seatCount(a, len(all)), line)
	}
	return say("*Not used for long: %v* · %v", seatCount(a, len(all)), line)
}

// dormantCounts say how many never joined, and how many nobody has used for long.
func dormantCounts(r reports.Report) (out []approvals.Text) {
	never, unused := 0, 0
	for _, a := range r.Apps {
		for _, i := range a.Stayed.Idle {
			if i.Never {
				never++
			} else {
				unused++
			}
		}
	}
	if never > 0 && r.Shows(reports.SectionIdle) {
		out = append(out, say("%v who never joined", never))
	}
	if unused > 0 && r.Shows(reports.SectionIdle) {
		out = append(out, say("%v not used for long", count(unused, "account", "accounts")))
	}
	return out
}

// unusedCount says how many seats are paid for though nobody uses them; nil: none that is known.
func unusedCount(r reports.Report) approvals.Text {
	n := 0
	for _, a := range r.Apps {
		n += len(a.Unused)
	}
	if n == 0 || !r.Shows(reports.SectionIdle) {
		return nil
	}
	return say("%v paid for and not used", count(n, "seat", "seats"))
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
	for _, u := range a.Unused[:min(len(a.Unused), mostOrphans)] {
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

// few names some addresses and says how many more there are.
func few(emails reports.Names) approvals.Text {
	var out []approvals.Text
	for _, e := range emails.First[:min(len(emails.First), someNames)] {
		out = append(out, say("%v", clip(e, emailLength)))
	}
	if rest := emails.Count - len(out); rest > 0 {
		return say("%v and %v more", approvals.Join(out, ", "), grouped(rest))
	}
	return approvals.Join(out, ", ")
}
