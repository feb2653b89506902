package register

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// Kind is in what way a list and the register differ.
type Kind string

// The kinds, by the names that people read.
const (
	StillThere    Kind = "said done but still there"
	PastEnd       Kind = "past its end and still there"
	Orphan        Kind = "belongs to nobody we know"
	NeverApproved Kind = "there but never approved"
	StillCounted  Kind = "gone but still counted"
	LeftCompany   Kind = "left the company"
	TwoAddresses  Kind = "same person under two addresses"
	RoleDiffers   Kind = "role differs"
	NeverJoined   Kind = "invited and never joined"
	NobodyUses    Kind = "nobody uses it"
	// What another directory says of somebody and Slack doesn't (elsewhere.go).
	OffElsewhere Kind = "switched off elsewhere"
	OffInSlack   Kind = "off in Slack alone"
)

// Kinds are all of them, the most urgent first.
var Kinds = []Kind{LeftCompany, OffElsewhere, StillThere, PastEnd, Orphan, NeverApproved, TwoAddresses, RoleDiffers, NeverJoined, NobodyUses, OffInSlack, StillCounted}

// joinsWithin is how long an invitation may wait: most vendors' links last two weeks.
const joinsWithin = 14 * 24 * time.Hour

// Finding is one thing that differs.
type Finding struct {
	Kind  Kind   `json:"kind"`
	App   string `json:"app"`
	Email string `json:"email"`
	// Also is the other address of the same person.
	Also   string             `json:"also,omitempty"`
	Person approvals.PersonID `json:"person,omitempty"`
	Name   string             `json:"name,omitempty"`
	// Listed is the role that the list has, and Given the one that was approved.
	Listed string `json:"listed_role,omitempty"`
	Given  string `json:"given_role,omitempty"`
	// Lacks is what an account sees none of that nobody uses; "": it was last used at Since. Beside says that what is past its end
	// isn't the account itself.
	Lacks  string `json:"lacks,omitempty"`
	Beside bool   `json:"beside,omitempty"`
	// Stands is how they stand in every directory that has them, where these differ.
	Stands []Standing `json:"stands,omitempty"`
	// Request is the one that gave it, or took it away; 0: none did. Since is when that was, or was to end, or when they were invited.
	Request int64     `json:"request,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	// Rows are where it stands in the list.
	Rows []int `json:"rows,omitempty"`
	// First and Last are when it was found first and last, and Closed when it was seen mended; zero: it is open.
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	Closed time.Time `json:"closed,omitzero"`
	// Later is that it was put off; nil: it wasn't, or not since it was found again.
	Later *Later `json:"later,omitempty"`
}

// Key names what a finding is about: found again it is the same one.
func (f Finding) Key() string {
	addresses := []string{approvals.FoldEmail(f.Email)}
	if f.Also != "" {
		addresses = append(addresses, approvals.FoldEmail(f.Also))
		slices.Sort(addresses)
	}
	return string(f.Kind) + "/" + f.App + "/" + strings.Join(addresses, "/")
}

// Directory is what is known of the people of a company.
type Directory struct {
	ByEmail map[string]approvals.Person // by folded address
	ByID    map[approvals.PersonID]approvals.Person
	// Elsewhere is how they stand in other directories; empty: there is none.
	Elsewhere Standings
}

// NewDirectory is a directory of some people.
func NewDirectory(people []approvals.Person) Directory {
	d := Directory{ByEmail: map[string]approvals.Person{}, ByID: map[approvals.PersonID]approvals.Person{}}
	for _, p := range people {
		d.ByID[p.ID] = p
		key := approvals.FoldEmail(p.Email)
		if was, twice := d.ByEmail[key]; p.Email != "" && (!twice || !was.Active) { // who came back has an account anew
			d.ByEmail[key] = p
		}
	}
	return d
}

// comparing is one list beside the register.
type comparing struct {
	app     approvals.App
	seen    Seen
	held    map[string]Entry
	taken   map[string]approvals.Taken
	people  Directory
	waiting map[string]time.Time
	now     time.Time
}

// Find compares the members of an app, as its vendor lists them, with the requests that were done and with the directory. waiting
// says since when an address has been listed as invited.
func Find(app approvals.App, done []approvals.Request, s Seen, people Directory, waiting map[string]time.Time, now time.Time) []Finding {
	c := compare(app, done, s, people, waiting, now)
	twins := c.twins()
	told := map[string]bool{} // a list that has an address twice has one account of it
	var out []Finding
	for _, m := range s.Members {
		f, found := c.about(m)
		if twin, ok := twins[approvals.FoldEmail(m.Email)]; ok && (!found || slices.Contains([]Kind{Orphan, NeverApproved, NobodyUses}, f.Kind)) {
			f, found = twin, true
		}
		if found && !told[f.Key()] {
			told[f.Key()] = true
			f.App, f.Rows, f.Name = app.ID, m.Rows, cmp.Or(f.Name, m.Name)
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind))
	})
	return out
}

// compare is a list beside what was done in its app.
func compare(app approvals.App, done []approvals.Request, s Seen, people Directory, waiting map[string]time.Time, now time.Time) comparing {
	c := comparing{app: app, seen: s, held: map[string]Entry{}, taken: map[string]approvals.Taken{}, people: people, waiting: waiting, now: now}
	for _, e := range Of(done) {
		if e.App.ID == app.ID {
			c.held[approvals.FoldEmail(e.Email)] = e
		}
	}
	for _, of := range byAccount(done) {
		for _, t := range approvals.TakenAway(of) {
			if t.App.ID == app.ID {
				c.taken[approvals.FoldEmail(t.Email)] = t
			}
		}
	}
	return c
}

// about is what differs of one member. Of several things the one is said whose mending mends the others.
func (c comparing) about(m list.Member) (Finding, bool) {
	key := approvals.FoldEmail(m.Email)
	e, held := c.held[key]
	t, taken := c.taken[key]
	who := c.who(m.Email)
	f := Finding{Email: m.Email, Person: who.ID, Name: m.Name, Listed: shownAs(c.app.Entry, m.Role), Request: e.Request, Since: e.Since}
	stands, differ := c.elsewhere(f, key, who)
	switch {
	case m.Status == list.Off && m.Unpaid:
		return f, false
	case m.Status == list.Off:
		if f.Kind = StillCounted; taken {
			f.Request, f.Since = t.Number, t.At
		}
	case taken && t.At.Before(c.seen.At):
		f.Kind, f.Request, f.Since = StillThere, t.Number, t.At
	case differ:
		return stands, true
	case who.ID != "" && !who.Active:
		f.Kind = LeftCompany
	case held && c.over(e):
		f.Kind, f.Since, f.Beside = PastEnd, e.Until, !e.Seat
	case !taken && !(held && c.gave(e, m)) && c.unasked(who, key) != "":
		f.Kind, f.Request, f.Since = c.unasked(who, key), 0, time.Time{}
	case held && !e.Since.After(c.seen.At) && differs(c.app, e.Role, m.Role):
		f.Kind, f.Given = RoleDiffers, e.Role
	case m.Status == list.Invited && c.now.Sub(c.invited(m, e)) >= joinsWithin:
		f.Kind, f.Since = NeverJoined, c.invited(m, e)
	case c.idle(m, e):
		f.Kind, f.Since = NobodyUses, m.LastUsed()
		if f.Since.IsZero() {
			f.Lacks = c.lacking()
		}
	default:
		return f, false
	}
	return f, true
}

// gave reports whether a request gave what a member has: the account; or, where the list has whom something is shared with too,
// that, as they are listed. In an app whose accounts nobody asks for, what is shared is all that there is.
func (c comparing) gave(e Entry, m list.Member) bool {
	return e.Seat || !makesAccounts(c.app.Entry) || slices.ContainsFunc(e.as(), func(as string) bool {
		return m.Role != "" && !differs(c.app, as, m.Role)
	})
}

// invited is since when somebody has been invited: as the list says, else since they were given it, else since a list was seen
// that said so; now where this one is the first.
func (c comparing) invited(m list.Member, e Entry) time.Time {
	if !m.Invited.IsZero() {
		return m.Invited
	}
	if !e.Since.IsZero() {
		return e.Since
	}
	if at, ok := c.waiting[approvals.FoldEmail(m.Email)]; ok {
		return at
	}
	return c.now
}

// who is somebody in the directory: whom their request was for, else whose the address is. An address that somebody has by now in the
// place of who left is theirs.
func (c comparing) who(email string) approvals.Person {
	key := approvals.FoldEmail(email)
	for _, id := range []approvals.PersonID{c.held[key].Person, c.taken[key].Person} {
		if p, ok := c.people.ByID[id]; ok && id != "" && (p.Active || !c.people.ByEmail[key].Active) {
			return p
		}
	}
	if p := c.people.ByEmail[key]; p.ID != "" {
		return p
	}
	return c.people.also(key)
}

// differs reports whether the role that a list has is another one than was given. A word of the vendor's that the app doesn't
// have here is another one too; what isn't said isn't.
func differs(app approvals.App, given, listed string) bool {
	if given == "" || listed == "" {
		return false
	}
	for word := range strings.SplitSeq(listed, " · ") {
		if list.Same(shownAs(app.Entry, word), given) {
			return false
		}
	}
	return true
}

// twins are the findings about people who are listed under two addresses, by the address that should go: the one that nobody
// approved, else the one that is listed later.
func (c comparing) twins() map[string]Finding {
	out := map[string]Finding{}
	first := map[string]list.Member{}
	for _, m := range c.seen.Members {
		if m.Status == list.Off {
			continue
		}
		for _, name := range c.names(m) {
			o, twice := first[name]
			if !twice {
				first[name] = m
				continue
			}
			stays, goes := o, m
			if _, held := c.held[approvals.FoldEmail(m.Email)]; held && c.held[approvals.FoldEmail(o.Email)].Request == 0 {
				stays, goes = m, o
			}
			e := c.held[approvals.FoldEmail(goes.Email)]
			out[approvals.FoldEmail(goes.Email)] = Finding{Kind: TwoAddresses, Email: goes.Email, Also: stays.Email, Person: c.who(goes.Email).ID, Name: goes.Name,
				Listed: shownAs(c.app.Entry, goes.Role), Request: e.Request, Since: e.Since}
			break
		}
	}
	return out
}

// names are what a member is known by beside their address: as a person in Slack, and by the address without what a plus adds
// to it. A name alone makes nobody the same: people share them.
func (c comparing) names(m list.Member) []string {
	local, domain, _ := strings.Cut(approvals.FoldEmail(m.Email), "@")
	base, _, _ := strings.Cut(local, "+")
	names := []string{"address " + base + "@" + domain}
	if m.Name != "" && strings.Contains(m.Name, " ") {
		names = append(names, "name "+list.Folded(m.Name)+" "+base)
	}
	if who := c.who(m.Email); who.ID != "" {
		names = append(names, "person "+string(who.ID))
	}
	return names
}
