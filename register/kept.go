package register

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// keptClosed is how long a finding is remembered after it was mended.
const keptClosed = 365 * 24 * time.Hour

// Kept is what is kept of an app: the last list that was imported, and findings. It is stored as JSON: fields may be added,
// never renamed.
type Kept struct {
	// At is as of when the list is, and Imported when it was imported, by whom.
	At       time.Time       `json:"at,omitzero"`
	Imported time.Time       `json:"imported,omitzero"`
	By       approvals.Actor `json:"by,omitempty"`
	// Blind says that nobody could be asked who has left.
	Blind bool `json:"blind,omitempty"`
	// File is what the list was called, and Sum what tells it from every other.
	File    string        `json:"file,omitempty"`
	Sum     string        `json:"sum,omitempty"`
	Members []list.Member `json:"members,omitempty"`
	// Findings are those that are open, and those that were mended within a year, by their keys.
	Findings []Finding `json:"findings,omitempty"`
	// Waiting says since when an address has been listed as invited.
	Waiting map[string]time.Time `json:"waiting,omitempty"`
}

// Seen is what the list said.
func (k Kept) Seen() Seen { return Seen{At: k.At, How: ByList, Members: k.Members} }

// News is what an import changed.
type News struct {
	New    []Finding `json:"new"`
	Again  []Finding `json:"again"`
	Closed []Finding `json:"closed"`
}

// invitedIn is since when addresses have been listed as invited, with what a list says of it now.
func (k Kept) invitedIn(members []list.Member, now time.Time) map[string]time.Time {
	out := map[string]time.Time{}
	for _, m := range members {
		if m.Status != list.Invited {
			continue
		}
		key := approvals.FoldEmail(m.Email)
		if out[key] = now; !k.Waiting[key].IsZero() {
			out[key] = k.Waiting[key]
		}
	}
	return out
}

// With is what is kept once a list was compared. What was found before and is found again stays the same finding; what isn't
// found any more is closed; what was closed and is found again is open once more, since it first was.
func (k Kept) With(imported Kept, found []Finding, now time.Time) (Kept, News) {
	was := map[string]Finding{}
	for _, f := range k.Findings {
		was[f.Key()] = f
	}
	var news News
	imported.Findings, imported.Waiting = nil, k.invitedIn(imported.Members, now)
	for _, f := range found {
		old, known := was[f.Key()]
		delete(was, f.Key())
		if f.First, f.Last = now, now; known {
			f.First = old.First
		}
		if imported.Findings = append(imported.Findings, f); known && old.Closed.IsZero() {
			news.Again = append(news.Again, f)
		} else {
			news.New = append(news.New, f)
		}
	}
	for _, f := range k.Findings {
		if _, gone := was[f.Key()]; !gone {
			continue
		}
		if imported.Blind && f.Closed.IsZero() && f.Kind.ofPeople() && imported.lists(f.Email) {
			imported.Findings = append(imported.Findings, f) // who could say that it is mended wasn't asked
			continue
		}
		if f.Closed.IsZero() {
			f.Closed = now
			news.Closed = append(news.Closed, f)
		}
		if now.Sub(f.Closed) < keptClosed {
			imported.Findings = append(imported.Findings, f)
		}
	}
	return imported, news
}

// lists reports whether an address is in the list.
func (k Kept) lists(email string) bool {
	return slices.ContainsFunc(k.Members, func(m list.Member) bool { return approvals.SameEmail(m.Email, email) })
}

// ofPeople reports whether a kind hangs on what the directory says.
func (k Kind) ofPeople() bool { return k == LeftCompany || k == TwoAddresses }

// Open are the findings that aren't mended, as far as is known: of those whose cause can be seen in the requests, only those whose
// cause still stands.
func (k Kept) Open(app approvals.App, done []approvals.Request, now time.Time) []Finding {
	still := map[string]bool{}
	for _, f := range Find(app, done, k.Seen(), NewDirectory(nil), k.Waiting, now) {
		still[f.Key()] = true
	}
	return slices.DeleteFunc(slices.Clone(k.Findings), func(f Finding) bool {
		return !f.Closed.IsZero() || !f.Kind.ofPeople() && !still[f.Key()]
	})
}
