package register

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register/list"
)

// How says by what something was verified.
type How string

// The ways. What was only said stands as it was said.
const (
	ByAPI    How = "api"
	ByList   How = "list"
	OnlySaid How = "said"
)

// Verified is when an entry was last looked at, and how.
type Verified struct {
	How How       `json:"how"`
	At  time.Time `json:"at,omitzero"`
}

// Entry is what one person holds in one app under one address.
type Entry struct {
	App    approvals.App      `json:"app"`
	Email  string             `json:"email"`
	Person approvals.PersonID `json:"person,omitempty"`
	Name   string             `json:"name,omitempty"`
	// Seat says that the account itself came by a request; without it what it sees did. Role is as what it was given.
	Seat  bool           `json:"seat"`
	Role  string         `json:"role,omitempty"`
	Items []catalog.Item `json:"items,omitempty"`
	// Holds is all of that in words, with what the list says of it.
	Holds string `json:"holds,omitempty"`
	// Since is when the first of it was given, by Request, which Requester asked for and Allowed said yes to under Policy.
	Since     time.Time          `json:"since,omitzero"`
	Request   int64              `json:"request,omitempty"`
	Requester approvals.PersonID `json:"requester,omitempty"`
	Allowed   []approvals.Actor  `json:"allowed,omitempty"`
	Policy    string             `json:"policy,omitempty"`
	// Until is when it ends; zero: it is for good.
	Until time.Time `json:"until,omitzero"`
	// Cost is what it costs, as people read it; "": not known.
	Cost     string   `json:"cost,omitempty"`
	Verified Verified `json:"verified"`
	// Found says that no request gave it, Missing that the last list doesn't have it, and Status and Listed what that says of it.
	Found   bool        `json:"found,omitempty"`
	Missing bool        `json:"missing,omitempty"`
	Status  list.Status `json:"status,omitempty"`
	Listed  string      `json:"listed_role,omitempty"`
	// Coming says that it isn't there yet; Tasks is what is being done about it by hand.
	Coming bool   `json:"coming,omitempty"`
	Tasks  []Work `json:"tasks,omitempty"`
	// Removed is since when nobody can get in, Released since when the seat isn't paid for, and Paid that the first is so and the
	// second not yet.
	Removed  time.Time `json:"access_removed,omitzero"`
	Released time.Time `json:"seat_released,omitzero"`
	Paid     bool      `json:"still_paid,omitempty"`
}

// roleKey is the field that says as what somebody has an account: of what sort it is, or a field that is called so.
func roleKey(e *catalog.Entry) string {
	if e != nil && e.Sort != "" {
		return e.Sort
	}
	return "role"
}

// roleOf is as what a request gave an account, as people read it.
func roleOf(r approvals.Request) string {
	if sort, ok := r.Sort(); ok {
		return sort.Words
	}
	if items := r.Change.Values.Items(roleKey(r.App.Entry)); len(items) == 1 {
		return items[0].Words()
	}
	return ""
}

// Of are the entries that requests make which were done, in the order in which they came. Each names the request that gave the
// account, or the first of what it sees.
func Of(done []approvals.Request) []Entry {
	var out []Entry
	for _, of := range byAccount(done) {
		for _, h := range approvals.Holdings(of, approvals.ByAddress) {
			if i := slices.IndexFunc(of, func(r approvals.Request) bool { return r.Number == h.Number }); i >= 0 {
				out = append(out, entryOf(h, of[i]).changed(of))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Request, b.Request))
	})
	return out
}

func entryOf(h approvals.Holding, gave approvals.Request) Entry {
	e := Entry{App: gave.App, Email: h.Email, Person: gave.Change.Person, Name: nameOf(gave.Change), Seat: h.Seat, Role: roleOf(gave), Items: h.Items,
		Since: h.Since, Request: h.Number, Requester: gave.Requester, Allowed: gave.Yes(), Policy: gave.Rule.Policy, Verified: said(gave)}
	if !h.Seat && len(e.as()) > 0 {
		e.Role = "" // each thing has its own
	}
	if gave.Lent() {
		e.Until = gave.EndsAt
	}
	if p := gave.App.Price; h.Seat && p.Amount > 0 {
		e.Cost = p.String()
	}
	return e
}

// byAccount are requests by the account they are about, in the order in which each is first met: what somebody holds follows
// from those about the same account alone.
func byAccount(done []approvals.Request) (out [][]approvals.Request) {
	at := map[[2]string]int{}
	for _, r := range done {
		key := [2]string{r.App.ID, approvals.FoldEmail(r.Change.Email)}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key], out = i, append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}

// changed is an entry with the role that a later request gave it.
func (e Entry) changed(done []approvals.Request) Entry {
	var last time.Time
	for _, r := range done {
		about := r.App.ID == e.App.ID && approvals.SameEmail(r.Change.Email, e.Email) && r.State == approvals.Done
		if role := roleOf(r); about && r.Form().Effect == catalog.Changes && r.Change.Values.Has(roleKey(r.App.Entry)) && role != "" &&
			!r.DoneAt().Before(e.Since) && !r.DoneAt().Before(last) {
			e.Role, last = role, r.DoneAt()
		}
	}
	return e
}

// said is what is known of a request by its outcome alone: an app that can be read was read back, unless somebody told
// what happened.
func said(r approvals.Request) Verified {
	if r.App.Entry != nil && r.App.Entry.Reads.Used && (r.Outcome == nil || r.Outcome.Said == "") {
		return Verified{How: ByAPI, At: r.DoneAt()}
	}
	return Verified{How: OnlySaid, At: r.DoneAt()}
}

func nameOf(c approvals.Change) string {
	switch {
	case c.LastName == "":
		return c.FirstName
	case c.FirstName == "":
		return c.LastName
	}
	return c.FirstName + " " + c.LastName
}

// as are as what somebody has the things that were given to them.
func (e Entry) as() (roles []string) {
	for _, i := range e.Items {
		if i.As != "" {
			roles = append(roles, i.As)
		}
	}
	return roles
}

// mostNamed is how many things a line names.
const mostNamed = 10

// named are things by their names, and how many more there are.
func named(items []catalog.Item) (names []string) {
	for _, i := range items[:min(len(items), mostNamed)] {
		names = append(names, i.Held())
	}
	if more := len(items) - len(names); more > 0 {
		names = append(names, strconv.Itoa(more)+" more")
	}
	return names
}

// holds is what somebody holds, in words: as what, of what how many, and how far they are.
func (e Entry) holds() string {
	role := e.Role
	switch {
	case role == "":
		role = e.Listed
	case e.Listed != "" && differs(e.App, e.Role, e.Listed):
		role += ", listed as " + e.Listed
	}
	out := []string{role}
	if held, ok := e.App.Entry.Held(); ok && len(e.Items) > 0 {
		out = append(out, held.Noun.Count(len(e.Items)))
	} else {
		out = append(out, named(e.Items)...)
	}
	out = append(out, map[list.Status]string{list.Invited: "invited", list.Off: "deactivated"}[e.Status])
	if e.Found {
		out = append(out, "found: no request gave it")
	}
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), ", ")
}
