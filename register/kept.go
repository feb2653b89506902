package register

import (
	"cmp"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// keptClosed is how long a finding is remembered after it was mended.
const keptClosed = 365 * 24 * time.Hour

// Kept is what is kept of an app: the last list that was imported or read, and findings. It is stored as JSON: fields may be added,
// never renamed.
type Kept struct {
	// At is as of when the list is, How it was had ("": it was imported), and Imported when it was imported, by whom.
	At       time.Time       `json:"at,omitzero"`
	How      How             `json:"how,omitempty"`
	Imported time.Time       `json:"imported,omitzero"`
	By       approvals.Actor `json:"by,omitempty"`
	// Blind says that nobody could be asked who has left.
	Blind bool `json:"blind,omitempty"`
	// Unsure are directories beside Slack that couldn't say it for days.
	Unsure []string `json:"unsure,omitempty"`
	// File is what the list was called, and Sum what tells it from every other. Of a list that its app gives whenever it is asked, no
	// more members are kept than findings are about.
	File    string        `json:"file,omitempty"`
	Sum     string        `json:"sum,omitempty"`
	Members []list.Member `json:"members,omitempty"`
	// Swept is when it was compared last by the sweep, for Slot, and Count and People how many accounts and active people there
	// were then. Odd is how many there suddenly were on the days since.
	Swept  time.Time `json:"swept,omitzero"`
	Slot   string    `json:"slot,omitempty"`
	Count  int       `json:"count,omitempty"`
	People int       `json:"people,omitempty"`
	Odd    *Odd      `json:"odd,omitempty"`
	// Outside are the accounts of outsiders that requests gave, and what was asked about them.
	Outside []Outsider `json:"outside,omitempty"`
	// Asked are those who were asked what is to become of an account, the latest last; of a year back nothing is kept. Asks is how often
	// anybody was asked.
	Asked []Asked `json:"asked,omitempty"`
	Asks  int     `json:"asks,omitempty"`
	// Revision rises with each change, so that nothing takes the place of what it wasn't compared with.
	Revision int64 `json:"revision,omitempty"`
	// Findings are those that are open, and those that were mended within a year, by their keys.
	Findings []Finding `json:"findings,omitempty"`
	// Waiting says since when an address has been listed as invited.
	Waiting map[string]time.Time `json:"waiting,omitempty"`
}

// Seen is what the list said, as far as it is kept.
func (k Kept) Seen() Seen { return Seen{At: k.At, How: cmp.Or(k.How, ByList), Members: k.Members} }

// looked is when its findings were found last.
func (k Kept) looked() time.Time {
	if k.Swept.After(k.Imported) {
		return k.Swept
	}
	return k.Imported
}

// compared is as of when the list is that was compared last with who there is; zero: none was, or it couldn't be asked who there is.
// What requests gave an app that nobody has a list of is no such list.
func (k Kept) compared() time.Time {
	if k.Blind {
		return time.Time{}
	}
	return k.At
}

// same reports whether it is still what another thing was compared with.
func (k Kept) same(o Kept) bool {
	return k.Imported.Equal(o.Imported) && k.Swept.Equal(o.Swept) && k.Revision == o.Revision
}

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
	imported.Asked, imported.Asks = k.Asked, k.Asks
	imported.Revision = k.Revision + 1
	for _, f := range found {
		f, old, known := inPlaceOf(f, was, imported.Blind)
		delete(was, old.Key())
		if f.First, f.Last = now, now; known {
			f.First = old.First
			if old.Closed.IsZero() {
				f.Later = old.Later
			}
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
		asked := !imported.Blind && !f.unsure(imported.Unsure)
		if !asked && f.Closed.IsZero() && f.Kind.ofPeople() && imported.lists(f.Email) {
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

// inPlaceOf is what was found before of the same thing: what nobody approved may have been found to be nobody's since, or to be
// somebody's. Without the directory it stays what it was.
func inPlaceOf(f Finding, was map[string]Finding, blind bool) (now, old Finding, known bool) {
	if old, known = was[f.Key()]; known || f.Kind != Orphan && f.Kind != NeverApproved {
		return f, old, known
	}
	other := f
	if other.Kind = Orphan; f.Kind == Orphan {
		other.Kind = NeverApproved
	}
	old, known = was[other.Key()]
	if known = known && old.Closed.IsZero(); !known {
		return f, Finding{}, false
	}
	if blind {
		f.Kind = old.Kind
	}
	return f, old, true
}

// lists reports whether an address is in the list.
func (k Kept) lists(email string) bool {
	return slices.ContainsFunc(k.Members, func(m list.Member) bool { return approvals.SameEmail(m.Email, email) })
}

// ofPeople reports whether a kind hangs on what the directory says.
func (k Kind) ofPeople() bool {
	return k == LeftCompany || k == TwoAddresses || k == OffElsewhere || k == OffInSlack
}

// follows reports whether a kind follows from requests and a list alone.
func (k Kind) follows() bool { return !k.ofPeople() && k != NobodyUses }

// Open are the findings that aren't mended, as far as is known: of those whose cause can be seen in the requests, only those whose
// cause still stands.
func (k Kept) Open(app approvals.App, done []approvals.Request, now time.Time) []Finding {
	still := map[string]bool{}
	seen := k.Seen()
	seen.How = ByList // who is nobody's, the directory would say: without it they are those whom nobody approved
	for _, f := range Find(app, done, seen, NewDirectory(nil), k.Waiting, now) {
		still[f.Key()] = true
	}
	return slices.DeleteFunc(slices.Clone(k.Findings), func(f Finding) bool {
		cause := f
		if f.Kind == Orphan {
			cause.Kind = NeverApproved
		}
		return !f.Closed.IsZero() || f.Kind.follows() && !still[cause.Key()]
	})
}
