package register

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register/list"
)

// Seen is what a vendor said of its members at one time.
type Seen struct {
	At      time.Time
	How     How
	Members []list.Member
	// Idle are the accounts that see nothing though they could, by folded address.
	Idle map[string]bool
	// Count is how many there are, where Members are not all of them.
	Count int
	// answer is what the app answered, where it did.
	answer approvals.Accounts
}

// Read is what a vendor answered, as a list.
func Read(all approvals.Accounts) (Seen, error) {
	return readSome(all, func(list.Member) bool { return true })
}

// readSome is Read, with those members alone that somebody wants.
func readSome(all approvals.Accounts, wanted func(list.Member) bool) (Seen, error) {
	s := Seen{At: all.At, How: ByAPI, Idle: map[string]bool{}, Count: all.Count, answer: all}
	err := all.Each(func(seat approvals.Seat) bool {
		m := list.Member{Email: seat.Email, Name: strings.TrimSpace(seat.FirstName + " " + seat.LastName), Role: seat.Sort, Status: list.Active}
		if !wanted(m) {
			return true
		}
		if s.Members = append(s.Members, m); all.App.Idle(seat) {
			s.Idle[approvals.FoldEmail(seat.Email)] = true
		}
		return true
	})
	return s, err
}

// count is how many members there are.
func (s Seen) count() int { return max(s.Count, len(s.Members)) }

// Match is the entries of one app as a list verifies them, and behind them those that only the list knows. A list that was
// made before an entry came to be says nothing of it.
func Match(app approvals.App, entries []Entry, s Seen) []Entry {
	if s.At.IsZero() {
		return entries
	}
	by := indexed(s.Members)
	out := slices.Clone(entries)
	known := map[string]bool{}
	for i, e := range out {
		if e.App.ID != app.ID {
			continue
		}
		key := approvals.FoldEmail(e.Email)
		known[key] = true
		m, listed := by[key]
		if !listed && (!e.Since.Before(s.At) || e.beside()) {
			continue
		}
		if s.At.Before(e.Verified.At) { // what was read back since is newer
			continue
		}
		out[i].Verified = Verified{How: s.How, At: s.At}
		out[i].Missing, out[i].Status, out[i].Listed = !listed, m.Status, shownAs(app.Entry, m.Role)
		if e.Name == "" {
			out[i].Name = m.Name
		}
	}
	for _, m := range s.Members {
		if !known[approvals.FoldEmail(m.Email)] {
			out = append(out, s.entry(app, m))
		}
	}
	return out
}

// entry is a member of whom only the list knows.
func (s Seen) entry(app approvals.App, m list.Member) Entry {
	return Entry{App: app, Email: m.Email, Name: m.Name, Seat: true, Found: true, Status: m.Status, Listed: shownAs(app.Entry, m.Role), Verified: Verified{How: s.How, At: s.At}}
}

// beside reports whether somebody has things of an app without an account in it, so that a list of accounts says nothing of them
// where it doesn't have them.
func (e Entry) beside() bool {
	_, listed := e.App.Entry.Held()
	return !e.Seat && !e.Coming && !listed && makesAccounts(e.App.Entry)
}

// makesAccounts reports whether an app's accounts are asked for by a request of their own.
func makesAccounts(e *catalog.Entry) bool {
	return e != nil && slices.ContainsFunc(e.Actions, func(a catalog.Action) bool { return a.New })
}

func indexed(members []list.Member) map[string]list.Member {
	by := map[string]list.Member{}
	for _, m := range members {
		by[approvals.FoldEmail(m.Email)] = m
	}
	return by
}

// shownAs is a role as people read it, where the vendor names one that its app has here.
func shownAs(e *catalog.Entry, listed string) string {
	if c, ok := choiceOf(e, listed); ok {
		return c.Words
	}
	return listed
}

// choiceOf is the choice that a word of a list means.
func choiceOf(e *catalog.Entry, word string) (catalog.Choice, bool) {
	if e == nil || word == "" {
		return catalog.Choice{}, false
	}
	for _, a := range e.Actions {
		f, ok := a.Field(roleKey(e))
		if !ok {
			continue
		}
		if c, ok := choiceIn(f, word); ok {
			return c, true
		}
	}
	return catalog.Choice{}, false
}

// choiceIn is the choice of a field that a word of a list means.
func choiceIn(f catalog.Field, word string) (catalog.Choice, bool) {
	for _, c := range f.Choices {
		for _, name := range append([]string{c.ID, c.Words}, c.Also...) {
			if word != "" && list.Same(name, word) {
				return c, true
			}
		}
	}
	return catalog.Choice{}, false
}
