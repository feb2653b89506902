package approvals

import (
	"fmt"
	"slices"
)

// Lists is what was read of an app to see what a request means.
type Lists struct {
	Seats SeatList
	Sites SiteList
	// Shared and Owned are the websites of the account that is meant, by number, once it is known.
	Shared, Owned []int64
	// Detail is what else the account has that is meant; nil: it was not read.
	Detail *SeatDetail
	// Known are the permissions that the app knows. Those that restrict work on client seats alone.
	Known []Permission
}

// AccountsOf are the seats that a change is about: the account it is pinned to, else those with its address.
func AccountsOf(c Change, list SeatList) []Seat {
	var out []Seat
	for _, s := range list.Seats {
		if c.Account == s.ID || c.Account == 0 && FoldEmail(s.Email) == FoldEmail(c.Email) {
			out = append(out, s)
		}
	}
	return out
}

// Meant is a request's change as the lists make it out, the account pinned and the websites found that its
// words mean; with what the account has now, and what stands against the change, a sentence each. What cannot be
// made out stays as it was typed.
func Meant(r Request, l Lists) (Change, Look) {
	m := meaning{r: r, c: r.Change, l: l}
	m.c.Words, m.c.Sites = slices.Clone(m.c.Words), slices.Clone(m.c.Sites)
	m.account()
	m.lookalike()
	switch r.Action {
	case Share, Unshare:
		m.sites()
		m.idle()
	case Update:
		m.restricted()
		m.replaced()
	case Delete:
		m.removed()
	}
	return m.c, Look{Against: m.against, Was: m.was}
}

// meaning is one reading of a request.
type meaning struct {
	r       Request
	c       Change
	l       Lists
	seat    Seat
	against []Text
	was     *Was
}

func (m *meaning) object(format string, args ...any) {
	m.against = append(m.against, Sayf(format, args...))
}

// account finds whose account is meant, and pins it.
func (m *meaning) account() {
	found, app := AccountsOf(m.c, m.l.Seats), m.r.App.Name
	switch {
	case m.r.Action == Create && len(found) > 0 && found[0].Type == UserSeat:
		m.object("%v already has a user seat in %v, which sees every website.", m.c.Email, app)
	case m.r.Action == Create && len(found) > 0:
		m.object("%v already has a seat in %v.", m.c.Email, app)
	case m.r.Action == Create:
	case len(found) == 0 && m.c.Account != 0:
		m.object("%v no longer has the account this is about (id %v).", app, m.c.Account)
	case len(found) == 0:
		m.object("%v has no account for %v.", app, m.c.Email)
	case len(found) > 1:
		m.object("%v has %v accounts for %v, and I won't guess which one is meant.", app, len(found), m.c.Email)
	default:
		m.seat = found[0]
		m.c.Account, m.c.Email, m.c.FirstName, m.c.LastName, m.c.Type = m.seat.ID, m.seat.Email, m.seat.FirstName, m.seat.LastName, m.seat.Type
	}
}

// lookalike says which letters of an address that exists may be taken for others. A new one has none.
func (m *meaning) lookalike() {
	if odd := strange(m.c.Email); odd != "" {
		m.object("Look closely at the address %v: %v may look like plain letters but aren't.", m.c.Email, odd)
	}
}

// sites finds the websites that words mean; those that mean none or several stay words.
func (m *meaning) sites() {
	var left []string
	for _, n := range NameSites(m.l.Sites.Sites, m.c.Words) {
		switch {
		case !n.One():
			m.object("%v", n.Doubt(m.r.App))
			left = append(left, n.Typed)
		case !slices.ContainsFunc(m.c.Sites, func(s Site) bool { return s.ID == n.Sites[0].ID }):
			m.c.Sites = append(m.c.Sites, n.Sites[0])
		}
	}
	m.c.Words = left
}

// idle says where sharing would change nothing.
func (m *meaning) idle() {
	if m.seat.Type == UserSeat {
		m.object("%v has a user seat, which sees every website: sharing changes nothing.", m.c.Email)
		return
	}
	if m.c.Account == 0 {
		return
	}
	idle := SitesThat(m.c.Sites, func(s Site) bool { return slices.Contains(m.l.Shared, s.ID) == (m.r.Action == Share) })
	switch {
	case len(idle) > 0 && m.r.Action == Share:
		m.object("Already shared: %v.", Labels(idle))
	case len(idle) > 0:
		m.object("Not shared: %v.", Labels(idle))
	}
}

// restricted says which permissions a user seat does not know.
func (m *meaning) restricted() {
	for _, p := range PermissionsOf(m.c.Access, m.l.Known) {
		if m.seat.Type == UserSeat && p.Restricts {
			m.object("“%v” takes something away and only works on client seats; %v has a user seat.", p.Name(), m.c.Email)
		}
	}
}

// replaced keeps what an update replaces, and says where it would replace nothing.
func (m *meaning) replaced() {
	d := m.l.Detail
	if m.c.Account == 0 || d == nil {
		return
	}
	m.was = &Was{Access: PermissionsOf(d.Access, m.l.Known), HasAccess: d.HasAccess, Amount: d.Amount, Period: d.Period, HasLimit: d.HasLimit}
	access := !m.c.HasAccess || d.HasAccess && sameCodes(d.Access, m.c.Access)
	limit := !m.c.HasLimit || d.HasLimit && d.Amount == m.c.Amount && d.Period == m.c.Period
	if access && limit {
		m.object("%v is already set up that way: nothing would change.", m.c.Email)
	}
}

func sameCodes(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// removed keeps what goes with an account. It is not removed while it owns websites: nobody publishes what
// becomes of them.
func (m *meaning) removed() {
	if m.c.Account == 0 {
		return
	}
	m.was = &Was{Shares: len(m.l.Shared), Shared: m.l.Sites.Named(m.l.Shared[:min(len(m.l.Shared), mostKept)]), Owns: len(m.l.Owned), Owned: m.l.Sites.Named(m.l.Owned[:min(len(m.l.Owned), mostKept)])}
	if m.was.Owns > 0 {
		m.object("%v owns %v, and I don't delete accounts that own any: %v. Hand them over in %v first.", m.c.Email, websites(m.was.Owns), someLabels(m.was.Owned, m.was.Owns), m.r.App.Name)
	}
}

// Labels names up to five websites and counts the rest.
func Labels(sites []Site) Text { return someLabels(sites, len(sites)) }

// mostKept is how many websites are kept by name with a request.
const mostKept = 60

func websites(n int) string {
	if n == 1 {
		return "1 website"
	}
	return fmt.Sprintf("%d websites", n)
}

// someLabels names up to five of so many websites and counts the rest.
func someLabels(sites []Site, all int) Text {
	const most = 5
	var names []Text
	for _, s := range sites[:min(len(sites), most)] {
		names = append(names, Sayf("%v", s.Label()))
	}
	if more := all - most; more > 0 {
		return Sayf("%v and %v more", Join(names, ", "), more)
	}
	return Join(names, ", ")
}
