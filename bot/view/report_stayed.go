package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// mostOrphans is how many are named; the button shows all.
const mostOrphans = 5

// orphanCount says how many accounts belong to nobody; nil: none that is known.
func orphanCount(r reports.Report) approvals.Text {
	n := 0
	for _, a := range r.Apps {
		n += len(a.Stayed.Orphans)
	}
	if n == 0 || !r.Shows(reports.SectionOrphans) {
		return nil
	}
	return say("%v to nobody we know", count(n, "account belongs", "accounts belong"))
}

// orphans are the accounts that belong to nobody, as far as there is room for them; nil: there are none.
func orphans(a reports.AppReport) approvals.Text {
	all := a.Stayed.Orphans
	if len(all) == 0 {
		return nil
	}
	var whose []approvals.Text
	for _, o := range all[:min(len(all), mostOrphans)] {
		as := say("known since %v", o.Since)
		if o.As != "" {
			as = say("%v, %v", clip(o.As, nameLength), as)
		}
		whose = append(whose, say("%v (%v)", clip(o.Email, emailLength), as))
	}
	line := approvals.Join(whose, ", ")
	if rest := len(all) - len(whose); rest > 0 {
		line = say("%v and %v more", line, rest)
	}
	return say("*%v to nobody we know* · %v", count(len(all), "account belongs", "accounts belong"), line)
}

// oddities are what else isn't as it should be, a kind after the other, each with the first of those it is about; nil: none.
func oddities(r reports.Report, a reports.AppReport) approvals.Text {
	var list []approvals.Text
	for _, t := range r.Others(a) {
		kind := say("%v %v", t.Many, t.Of)
		var who []string
		for _, o := range t.Who {
			who = append(who, clip(o, emailLength))
		}
		if len(who) > 0 {
			kind = say("%v (%v)", kind, few(reports.Names{First: who, Count: t.Many}))
		}
		list = append(list, kind)
	}
	if len(list) == 0 {
		return nil
	}
	return say("*Not as it should be:* %v", approvals.Join(list, " · "))
}
