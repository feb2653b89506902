package approvals

import (
	"slices"

	"github.com/usherbot/usher/catalog"
)

// Lists is what was read of an app to see what a request means.
type Lists struct {
	Seats SeatList
	// Items are the resources, by key.
	Items map[string]ItemList
	// Held and Owned are the resources of the account that is meant, by id, once it is known.
	Held, Owned []string
	// Detail is what else the account has that is meant; nil: it was not read.
	Detail *SeatDetail
}

// AccountsOf are the seats that a change is about: the account it is pinned to, else those with its address.
func AccountsOf(c Change, list SeatList) []Seat {
	var out []Seat
	for _, s := range list.Seats {
		if c.Account != "" && c.Account == s.ID || c.Account == "" && FoldEmail(s.Email) == FoldEmail(c.Email) {
			out = append(out, s)
		}
	}
	return out
}

// Meant is a request's change as the lists make it out, the account pinned and the resources found that its
// words mean; with what the account has now, and what stands against the change, a sentence each. What cannot be
// made out stays as it was typed.
func Meant(r Request, l Lists) (Change, Look) {
	m := meaning{r: r, form: r.Form(), c: r.Change, l: l}
	m.account()
	m.lookalike()
	m.misfits()
	for _, f := range m.form.Resources() {
		m.resources(f)
		m.idle(f)
	}
	m.restricted()
	m.replaced()
	m.removed()
	return m.c, Look{Against: m.against, Was: m.was, Bars: m.bars, Blocked: m.seat.Blocked, Limits: m.limits()}
}

// meaning is one reading of a request.
type meaning struct {
	r       Request
	form    catalog.Action
	c       Change
	l       Lists
	seat    Seat
	against []Text
	was     *Was
	bars    bool
}

func (m *meaning) object(format string, args ...any) {
	m.against = append(m.against, Sayf(format, args...))
}

// say objects in the app's words, about these resources.
func (m *meaning) say(w catalog.Words, items []catalog.Item, all int) {
	r := m.r
	r.Change = m.c
	m.against = append(m.against, r.about(w, items, all))
}

// about is a sentence of the app's about some of its resources.
func (r Request) about(w catalog.Words, items []catalog.Item, all int) Text {
	return Fill(w, func(place string) any {
		switch held, _ := r.App.Entry.Held(); place {
		case catalog.PlaceCount:
			return held.Noun.Count(all)
		case catalog.PlaceList:
			return someLabels(items, all)
		}
		return r.common(place)
	})
}

// account finds whose account is meant, and pins it.
func (m *meaning) account() {
	found, app := AccountsOf(m.c, m.l.Seats), m.r.App.Name
	switch {
	case m.form.New && len(found) > 0:
		says := m.r.Says()
		if sort, _ := m.r.App.Entry.SortOf(found[0].Sort); sort.All {
			says.There = says.ThereAll
		}
		m.say(says.There, nil, 0)
	case m.form.New:
	case m.r.Needs != 0 && m.c.Account == "": // it is made before
	case len(found) == 0 && m.c.Account != "":
		m.object("%v no longer has the account this is about (id %v).", app, m.c.Account)
	case len(found) == 0:
		m.object("%v has no account for %v.", app, m.c.Email)
	case len(found) > 1:
		m.object("%v has %v accounts for %v, and I won't guess which one is meant.", app, len(found), m.c.Email)
	default:
		m.seat = found[0]
		m.c.Account, m.c.Email, m.c.FirstName, m.c.LastName, m.c.Sort = m.seat.ID, m.seat.Email, m.seat.FirstName, m.seat.LastName, m.seat.Sort
	}
}

// limits are what the account that is meant is limited to, in money.
func (m *meaning) limits() (v catalog.Values) {
	if m.l.Detail == nil || m.seat.ID == "" {
		return nil
	}
	for _, f := range m.r.App.Entry.Moneys() {
		for _, key := range []string{f.Key, f.Per} {
			if now, ok := m.l.Detail.Values.Get(key); ok {
				v = append(v, now)
			}
		}
	}
	return v
}

// lookalike says which letters of an address that exists may be taken for others. A new one has none.
func (m *meaning) lookalike() {
	if odd := strange(m.c.Email); odd != "" {
		m.object("Look closely at the address %v: %v may look like plain letters but aren't.", m.c.Email, odd)
	}
}

// misfits say what the app no longer has.
func (m *meaning) misfits() { m.against = append(m.against, m.r.Misfits()...) }

// resources finds the resources that words mean; those that mean none or several stay words.
func (m *meaning) resources(f catalog.Field) {
	value, ok := m.c.Values.Get(f.Key)
	if !ok {
		return
	}
	resource, _ := m.r.App.Entry.Resource(f.Resource)
	items, left := slices.Clone(value.Items), []string(nil)
	for _, n := range NameItems(m.l.Items[f.Resource].Items, value.Typed) {
		switch {
		case !n.One():
			m.object("%v", n.Doubt(m.r.App, resource.Noun))
			left = append(left, n.Typed)
		case !slices.ContainsFunc(items, func(i catalog.Item) bool { return i.ID == n.Items[0].ID }):
			items = append(items, n.Items[0])
		}
	}
	m.c.Values = m.c.Values.With(catalog.Value{Key: f.Key, Items: items, Typed: left})
}

// idle says where resources are as they are to be already.
func (m *meaning) idle(f catalog.Field) {
	if sort, _ := m.r.Sort(); sort.All && m.form.New && m.c.Values.Has(f.Key) {
		m.object("A %v %v anyway.", sort.Words, sort.Sees)
		return
	}
	if sort, _ := m.r.App.Entry.SortOf(m.seat.Sort); sort.All {
		m.say(m.r.Says().All, nil, 0)
		return
	}
	if m.c.Account == "" || m.form.New || !m.r.App.Entry.Reads.Holds {
		return
	}
	idle := ItemsThat(m.c.Values.Items(f.Key), func(i catalog.Item) bool {
		return slices.Contains(m.l.Held, i.ID) == (m.form.Effect == catalog.Gives)
	})
	if len(idle) > 0 {
		m.say(m.r.Says().Idle, idle, len(idle))
	}
}

// restricted says which choices mean nothing for an account of its sort.
func (m *meaning) restricted() {
	sort, ok := m.r.App.Entry.SortOf(m.seat.Sort)
	for _, c := range ChoicesFor(m.form, m.c.Values, m.seat.Sort) {
		if ok {
			only, _ := m.r.App.Entry.SortOf(c.Only)
			m.object("“%v” takes something away and only works on %v; %v has a %v.", c.Words, only.Plural, m.c.Email, sort.Words)
		}
	}
}

// ChoicesFor are those of some values that mean nothing for an account of a sort.
func ChoicesFor(form catalog.Action, v catalog.Values, sort string) (out []catalog.Choice) {
	for _, f := range form.Fields {
		for _, i := range v.Items(f.Key) {
			if c, ok := f.Choice(i.ID); ok && c.Only != "" && c.Only != sort {
				out = append(out, c)
			}
		}
	}
	return out
}

// replaced keeps what a change replaces, and says where it would replace nothing.
func (m *meaning) replaced() {
	if m.form.Effect != catalog.Changes || m.c.Account == "" || m.l.Detail == nil {
		return
	}
	m.was = &Was{}
	same := true
	for _, f := range m.form.Fields {
		now, known := m.l.Detail.Values.Get(f.Key)
		if known {
			m.was.Values = append(m.was.Values, catalog.Value{Key: f.Key, Items: now.Items})
		}
		if asked, ok := m.c.Values.Get(f.Key); ok && (!known || !catalog.SameItems(asked.Items, now.Items)) {
			same = false
		}
	}
	if same {
		m.object("%v is already set up that way: nothing would change.", m.c.Email)
	}
}

// removed keeps what goes with an account that is taken away. One that is to be spared while it owns resources stays:
// nobody publishes what becomes of them.
func (m *meaning) removed() {
	if !m.form.Ends || m.c.Account == "" {
		return
	}
	held, _ := m.r.App.Entry.Held()
	list, some := m.l.Items[held.Key], func(ids []string) []string { return ids[:min(len(ids), mostKept)] }
	m.was = &Was{Holds: len(m.l.Held), Held: list.Named(some(m.l.Held)), Owns: len(m.l.Owned), Owned: list.Named(some(m.l.Owned))}
	if m.bars = m.form.Spares && m.was.Owns > 0; m.bars {
		m.say(m.r.Says().Bars, m.was.Owned, m.was.Owns)
	}
}

// Labels names up to five resources and counts the rest.
func Labels(items []catalog.Item) Text { return someLabels(items, len(items)) }

// mostKept is how many resources are kept by name with a request.
const mostKept = 60

// someLabels names up to five of so many resources and counts the rest.
func someLabels(items []catalog.Item, all int) Text {
	const most = 5
	var names []Text
	for _, i := range items[:min(len(items), most)] {
		names = append(names, Sayf("%v", i.Label()))
	}
	if more := all - most; more > 0 {
		return Sayf("%v and %v more", Join(names, ", "), more)
	}
	return Join(names, ", ")
}
