package paper

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// changes are what came and went, and what came of requests, with who allowed it.
func (w writer) changes() Part {
	p := Part{Title: "What changed", Columns: []Column{{"when", "When"}, {"what", "What"}, {"app", "App"}, {"about", "About"}, {"address", "Address"}, {"request", "Request"}, {"by", "By"}, {"rule", "By policy"}}}
	for _, e := range w.r.Events {
		var by []string
		for _, a := range e.By {
			by = append(by, w.said(a.Text()))
		}
		p.Rows = append(p.Rows, []string{moment(e.At), string(e.What), e.Request.App.ID, Asked(e.Request), e.Request.Change.Email, request(e.Request.Number), strings.Join(by, ", "), e.Rule})
	}
	p.More = w.r.EventCount - len(w.r.Events)
	seen := 0
	for _, a := range w.r.Apps {
		for _, c := range []struct {
			what  string
			names reports.Names
		}{{"new account", a.Changes.Added}, {"account gone", a.Changes.Removed}, {"blocked since", a.Changes.NewlyBlocked}, {"blocked no more", a.Changes.Unblocked}} {
			seen += c.names.Count
			p.More += c.names.Count - len(c.names.First)
			for _, address := range c.names.First {
				p.Rows = append(p.Rows, []string{"", c.what, a.App.ID, "", address, "", "", ""})
			}
		}
	}
	switch {
	case w.r.Since.IsZero() && len(p.Rows) == 0:
		p.Say = []string{"There's no earlier report to compare with yet."}
	case len(p.Rows) == 0 && len(uncompared(w.r)) == 0:
		p.Say = []string{"Nothing has changed since " + day(w.r.Since) + "."}
	case seen == 0 && len(uncompared(w.r)) == len(w.r.Apps):
		p.Say = []string{orNo("No", w.r.EventCount, "request was closed", "requests were closed") + "."}
	default:
		p.Say = []string{fmt.Sprintf("%s, %s.", orNo("No", w.r.EventCount, "request was closed", "requests were closed"), orNo("no", seen, "account changed", "accounts changed"))}
	}
	if !w.r.Since.IsZero() {
		p.Say = append(p.Say, uncompared(w.r)...)
	}
	p.Say = append(p.Say, w.removed()...)
	return p
}

// removed says that something of then is gone by now.
func (w writer) removed() []string {
	if w.r.Removed == "" {
		return nil
	}
	return []string{"Closed requests are kept for " + w.r.Removed + ": what came of those that have been removed since isn't known any more."}
}

// uncompared says of which apps nobody knows what changed in them.
func uncompared(r reports.Report) (out []string) {
	for _, a := range r.Apps {
		if a.Since.IsZero() || a.Unreadable != nil {
			out = append(out, "Which accounts changed in "+appName(a.App)+" isn't known.")
		}
	}
	return out
}

// waiting are requests and tasks, and for whom they wait.
func (w writer) waiting() Part {
	p := Part{Title: "Waiting", Columns: []Column{{"request", "Request"}, {"state", "State"}, {"app", "App"}, {"about", "About"}, {"address", "Address"}, {"waits_for", "Waits for"}, {"since", "Since"}, {"due", "Due"}}}
	add := func(q approvals.Request, state string, who approvals.Text, since, due string) {
		p.Rows = append(p.Rows, []string{request(q.Number), state, q.App.ID, Asked(q), q.Change.Email, w.said(who), since, due})
	}
	for _, q := range w.r.Waiting {
		who := q.Deciders()
		if w.r.Then {
			who = nil // those who could decide by now may be others
		}
		add(q, "waits for a decision", who, moment(q.Asked), "")
	}
	for _, q := range w.r.Tasks {
		who, due := approvals.Sayf("nobody yet"), ""
		if q.Task != nil {
			if q.Task.Owner != "" {
				who = approvals.Sayf("%v", q.Task.Owner)
			}
			due = moment(q.Task.Due)
		}
		add(q, "carried out by hand", who, moment(q.Decided), due)
	}
	for _, q := range w.r.Stuck {
		add(q, string(q.State), approvals.Sayf("the admins"), moment(q.Decided), "")
	}
	p.More = w.r.WaitingMore
	count := len(p.Rows) + p.More
	if w.r.Then {
		p.Say = []string{orNo("No", count, "request", "requests") + " waited for a decision.", "For whom, and what else waited for somebody, isn't remembered."}
		p.Say = append(p.Say, w.removed()...)
		return p
	}
	if count > 0 {
		p.Say = []string{many(count, "request or task waits", "requests and tasks wait") + " for somebody."}
		return p
	}
	p.Say = []string{"Nothing waits for anybody."}
	return p
}

// ending is what was given for a time: what is over soon, and what should be gone and isn't.
func (w writer) ending() Part {
	p := Part{Title: "Ending", Columns: []Column{{"request", "Request"}, {"app", "App"}, {"about", "About"}, {"address", "Address"}, {"ends", "Ends"}, {"late", "Late"}}}
	for _, q := range w.r.Late {
		p.Rows = append(p.Rows, []string{request(q.Number), q.App.ID, Asked(q), q.Change.Email, moment(q.End.At), "yes"})
	}
	for _, q := range w.r.Ending {
		p.Rows = append(p.Rows, []string{request(q.Number), q.App.ID, Asked(q), q.Change.Email, moment(q.EndsAt), ""})
	}
	if w.r.Then {
		ended := many(len(p.Rows), "thing given for a time ended", "things given for a time ended")
		if len(p.Rows) == 0 {
			ended = "Nothing given for a time ended"
		}
		p.Say = []string{ended + " soon after, by the ends that are set now.", "What was past its end then isn't remembered."}
		return p
	}
	p.Say = []string{"No access ends soon."}
	if soon := len(w.r.Ending); soon > 0 {
		p.Say = []string{many(soon, "thing given for a time ends", "things given for a time end") + " soon."}
	}
	if late := len(w.r.Late); late > 0 {
		p.Say = append(p.Say, many(late, "thing is", "things are")+" past the end and not seen gone yet.")
	}
	return p
}

// units are what is left of what an app's calls are paid from.
func (w writer) units() Part {
	p := Part{Title: "Units", Columns: []Column{{"app", "App"}, {"left", "Left"}, {"most", "Most since the last top-up"}, {"runs_out", "Runs out about"}, {"read", "Read"}, {"note", "Note"}}}
	for _, a := range w.r.Apps {
		if a.Balance == nil {
			continue
		}
		b, note := *a.Balance, ""
		if !b.Blind.IsZero() {
			note = "Can't be read since " + day(b.Blind) + ": " + w.said(b.Why)
		}
		row := []string{a.App.ID, "", "", "", moment(b.Read), note}
		say := appName(a.App) + ": how many units are left isn't known yet."
		if b.Known() {
			row[1], row[2], row[3] = fmt.Sprint(b.Left), fmt.Sprint(b.Full), day(b.Out)
			say = fmt.Sprintf("%s: %s units left", appName(a.App), approvals.Grouped(b.Left))
			if !b.Out.IsZero() {
				say += ", at this pace until about " + day(b.Out)
			}
			say += "."
		}
		p.Say, p.Rows = append(p.Say, say), append(p.Rows, row)
	}
	switch {
	case w.r.Then:
		p.Say = []string{"How many units were left then isn't remembered."}
	case len(p.Say) == 0:
		p.Say = []string{"No app here has units that are watched."}
	}
	return p
}

// cost is what the seats cost a month, by currency.
func (w writer) cost() Part {
	p := Part{Title: "Cost", Columns: []Column{{"currency", "Currency"}, {"a_month", "A month"}, {"idle", "Of it idle"}, {"saved", "Saved since the last report"}, {"apps", "Apps"}, {"counted", "Counted"}}}
	for _, c := range w.r.Cost {
		var apps []string
		for _, a := range c.Apps {
			apps = append(apps, a.ID)
		}
		counted := "seats bought"
		if c.Used {
			counted = "seats in use, where how many are bought isn't known"
		}
		idle := amount(c.Idle)
		if c.IdleUnknown && c.Idle.Amount == 0 {
			idle = ""
		}
		saved := amount(c.Saved)
		if w.r.Since.IsZero() {
			saved = "" // there is no report since which anything could have been
		}
		p.Rows = append(p.Rows, []string{c.All.Currency, amount(c.All), idle, saved, strings.Join(apps, ", "), counted})
		say := c.All.String()
		if c.Idle.Amount > 0 {
			say += fmt.Sprintf(", of it %s for what nobody is seen to use", c.Idle)
		}
		if c.IdleUnknown {
			say += ", not counting what can't be seen to be idle"
		}
		if n := len(w.r.Costless); n > 0 {
			say += ", without " + many(n, "app", "apps") + " of which that isn't known"
		}
		p.Say = append(p.Say, say+".")
		if c.FreedSeats > 0 {
			p.Say = append(p.Say, many(c.FreedSeats, "seat was", "seats were")+" given back and, as far as is known, paid for still.")
		}
	}
	for _, a := range w.r.Costless {
		why := "how many seats it has isn't known"
		switch {
		case w.r.Then:
			why = "it isn't remembered of then"
		case a.Price.Currency == "":
			why = "no price is set"
		}
		p.Rows = append(p.Rows, []string{"", "", "", "", a.ID, "not known: " + why})
		p.Say = append(p.Say, fmt.Sprintf("What %s costs isn't known: %s.", appName(a), why))
	}
	if len(p.Say) == 0 {
		p.Say = []string{"What the seats cost isn't known."}
	}
	return p
}

// amount is a price without its currency, as programs read it.
func amount(p approvals.Price) string { return fmt.Sprintf("%d.%02d", p.Amount/100, p.Amount%100) }
