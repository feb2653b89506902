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
	// Restricts are the permissions that client seats alone know.
	Restricts []string
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
// words mean; and what stands against it, a sentence each. What cannot be made out stays as it was typed.
func Meant(r Request, l Lists) (Change, []Text) {
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
	case Delete:
		m.owned()
	}
	return m.c, m.against
}

// meaning is one reading of a request.
type meaning struct {
	r       Request
	c       Change
	l       Lists
	seat    Seat
	against []Text
}

func (m *meaning) object(format string, args ...any) {
	m.against = append(m.against, Sayf(format, args...))
}

// account finds whose account is meant, and pins it.
func (m *meaning) account() {
	found, app := AccountsOf(m.c, m.l.Seats), m.r.App.Name
	switch {
	case m.r.Action == Create && len(found) > 0 && found[0].Type == UserSeat:
		m.object("%v has a seat in %v already, of the type user: it sees every website.", m.c.Email, app)
	case m.r.Action == Create && len(found) > 0:
		m.object("%v has a seat in %v already.", m.c.Email, app)
	case m.r.Action == Create:
	case len(found) == 0 && m.c.Account != 0:
		m.object("%v does not list the account any more that was meant (id %v).", app, m.c.Account)
	case len(found) == 0:
		m.object("%v lists no account for %v.", app, m.c.Email)
	case len(found) > 1:
		m.object("%v lists %v accounts for %v, and I don't guess which is meant.", app, len(found), m.c.Email)
	default:
		m.seat = found[0]
		m.c.Account, m.c.Email, m.c.FirstName, m.c.LastName, m.c.Type = m.seat.ID, m.seat.Email, m.seat.FirstName, m.seat.LastName, m.seat.Type
	}
}

// lookalike says which letters of an address that exists may be taken for others. A new one has none.
func (m *meaning) lookalike() {
	if odd := strange(m.c.Email); odd != "" {
		m.object("Look closely at the address %v: %v may look like plain letters and are none.", m.c.Email, odd)
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
		m.object("%v has a user seat, which sees every website: sharing has no effect on it.", m.c.Email)
		return
	}
	if m.c.Account == 0 {
		return
	}
	idle := SitesThat(m.c.Sites, func(s Site) bool { return slices.Contains(m.l.Shared, s.ID) == (m.r.Action == Share) })
	switch {
	case len(idle) > 0 && m.r.Action == Share:
		m.object("Shared already: %v.", someLabels(idle))
	case len(idle) > 0:
		m.object("Not shared: %v.", someLabels(idle))
	}
}

// restricted says which permissions a user seat does not know.
func (m *meaning) restricted() {
	for _, code := range m.c.Access {
		if m.seat.Type == UserSeat && slices.Contains(m.l.Restricts, code) {
			m.object("`%v` takes something away and works on client seats only; %v has a user seat.", code, m.c.Email)
		}
	}
}

// owned says which websites would go with an account: it is not removed while it owns any.
func (m *meaning) owned() {
	var owned []Site
	for _, id := range m.l.Owned {
		site := Site{ID: id}
		if i := slices.IndexFunc(m.l.Sites.Sites, func(s Site) bool { return s.ID == id }); i >= 0 {
			site = m.l.Sites.Sites[i]
		}
		owned = append(owned, site)
	}
	if len(owned) > 0 {
		m.object("It owns %v, and I remove nothing while it does: %v.", websites(len(owned)), someLabels(owned))
	}
}

func websites(n int) string {
	if n == 1 {
		return "1 website"
	}
	return fmt.Sprintf("%d websites", n)
}

// someLabels names up to five websites and counts the rest.
func someLabels(sites []Site) Text {
	const most = 5
	var names []Text
	for _, s := range sites[:min(len(sites), most)] {
		names = append(names, Sayf("%v", s.Label()))
	}
	if more := len(sites) - most; more > 0 {
		return Sayf("%v and %v more", Join(names, ", "), more)
	}
	return Join(names, ", ")
}
