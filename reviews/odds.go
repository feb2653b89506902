package reviews

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// odds finds what speaks against keeping something.
type odds struct {
	app    approvals.App
	seats  map[string]approvals.Seat // by folded address
	found  []register.Finding
	people register.Directory
	now    time.Time
}

// line is an entry as it is reviewed.
func (o odds) line(e register.Entry) Line {
	l := Line{Email: e.Email, Person: e.Person, Name: e.Name, Holds: e.Holds, Since: e.Since, Request: e.Request, Asked: e.Requester, Allowed: e.Allowed,
		Until: e.Until, Cost: e.Cost, Verified: e.Verified}
	who, known := o.people.ByID[l.Person]
	if !known {
		who = o.people.ByEmail[approvals.FoldEmail(l.Email)]
	}
	if l.Person == "" {
		l.Person = who.ID
	}
	if l.Name == "" {
		l.Name = who.Name
	}
	l.Odds = o.of(e, who)
	return l
}

// of is what speaks against keeping an entry, the most urgent first; what a finding says is not said twice.
func (o odds) of(e register.Entry, who approvals.Person) (out []approvals.Text) {
	said := map[register.Kind]bool{}
	for _, f := range o.found {
		if approvals.SameEmail(f.Email, e.Email) {
			said[f.Kind] = true
			out = append(out, briefly(f))
		}
	}
	put := func(is bool, say string) {
		if is {
			out = append(out, approvals.Sayf(say))
		}
	}
	put(who.ID != "" && !who.Active && !said[register.LeftCompany], "deactivated in Slack.")
	put(e.Found && len(out) == 0, "never approved.")
	if s, seated := o.seats[approvals.FoldEmail(e.Email)]; seated {
		put(o.app.Entry.Reads.Blocked && s.Blocked, "blocked by its limits.")
		put(o.unused(s), "sees nothing.")
	}
	put(!e.Until.IsZero() && e.Until.Before(o.now), "past its end.")
	return out
}

// briefly is a finding in few words.
func briefly(f register.Finding) approvals.Text {
	if f.Kind == register.NeverApproved {
		return approvals.Sayf("never approved.")
	}
	return approvals.Join([]approvals.Text{approvals.Sayf("%v", string(f.Kind)), f.Say()}, ", ")
}

// unused reports whether an account sees none of what its app has to see.
func (o odds) unused(s approvals.Seat) bool {
	if o.app.Entry == nil || !o.app.Entry.Reads.Holds || s.Holds > 0 {
		return false
	}
	sort, known := o.app.Entry.SortOf(s.Sort)
	return !known || !sort.All
}
