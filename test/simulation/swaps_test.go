package simulation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
)

// swapped is what changed hands at the vendor's: an account's address, an account's type, or a website's number.
type swapped struct {
	at time.Time
	// quiet: no deed was under way, so that every look at it came after.
	quiet bool
	// account and email: the account that had the address; its type was and is, "" where it is not there any more.
	account int64
	email   string
	// site is the number; was and is are its hosts then, "" where it is not there any more.
	site    int64
	was, is string
}

// since is from when on no deed may have missed it: a call may be long on its way.
func (w swapped) since() time.Time {
	if w.quiet {
		return w.at
	}
	return w.at.Add(3 * time.Minute)
}

// changesHands lets an account or a website become another while a request about it waits, and mostly has it
// approved then.
func (s *simulation) changesHands() {
	quiet, n, email, sites := s.standing()
	w := swapped{at: time.Now(), quiet: quiet, email: email}
	acc, there := s.N.Vendor.Account(email)
	switch what := s.rng.IntN(3); {
	case len(sites) > 0 && (what == 0 || !there):
		w.site, w.email = pickOf(s, sites), ""
		if w.was = s.hostOf(w.site); w.was == "" {
			return
		}
		s.passesOn(&w)
	case !there:
		return
	case what == 1:
		w.account, w.was, w.is = acc.ID, acc.Type, vendorsim.TypeUser
		if acc.Type == vendorsim.TypeUser {
			w.is = vendorsim.TypeClient
		}
		s.N.Vendor.Edit(email, func(a *vendorsim.Account) { a.Type = w.is })
	default:
		w.account, w.was = acc.ID, acc.Type
		if s.furnished[email] != nil && s.rng.IntN(2) == 0 {
			s.N.Vendor.RemoveAccount(email)
			break
		}
		s.N.Vendor.ReplaceAccount(email)
	}
	s.swaps = append(s.swaps, w)
	s.note("at the vendor's something changes hands: %+v", w)
	s.count("faults: vendor changes hands")
	if n == 0 || s.rng.IntN(4) == 0 {
		return
	}
	for _, who := range deciders {
		s.decides(who, n)
	}
}

// standing says whether no deed is under way, and picks what may change hands: mostly what a request that waits is about.
func (s *simulation) standing() (quiet bool, n int64, email string, sites []int64) {
	email, sites = pickOf(s, []string{"shared0@acme.example", "shared1@acme.example", "updated2@acme.example", "deleted3@acme.example"}), []int64{101, 103, 106}
	if s.App == nil || s.Life.Over() {
		return false, 0, email, sites
	}
	quiet = true
	for _, r := range s.requests() {
		switch {
		case begun(r) && r.Action == catalog.Create && len(sitesOf(r)) > 0:
			if quiet = false; s.seenMade(r.Change.Email) {
				return false, 0, r.Change.Email, s.about(r) // between its steps
			}
		case begun(r):
			quiet = false
		case r.State == approvals.Pending && r.Extends == nil && (r.Action != catalog.Create || s.furnished[r.Change.Email] != nil) && r.Change.Email != owner && n == 0:
			n, email, sites = r.Number, r.Change.Email, s.about(r)
		}
	}
	return quiet, n, email, sites
}

// seenMade reports whether the account of a seat was made a while ago and looked at since: from then on no other is
// taken for it.
func (s *simulation) seenMade(email string) bool {
	a, _ := s.N.Vendor.Account(email)
	return slices.ContainsFunc(s.N.Vendor.Calls(), func(c vendorsim.Call) bool {
		return c.Op == vendorsim.Shared && c.UserID == a.ID && time.Since(c.At) > 10*time.Second
	})
}

// about are the websites that a request is about, or that its words meant.
func (s *simulation) about(r approvals.Request) (sites []int64) {
	ids := r.Change.Values.IDs("sites")
	if len(ids) == 0 {
		ids = s.furnished[r.Change.Email]
	}
	for _, id := range ids {
		sites = append(sites, idIn(id))
	}
	return sites
}

// passesOn gives a website's number to another website, takes it away, or gives its name to another besides.
func (s *simulation) passesOn(w *swapped) {
	switch s.rng.IntN(4) {
	case 0:
		s.count("faults: a website vanishes")
		s.N.Vendor.RemoveSite(w.site)
	case 1:
		name := s.nameOf(w.site)
		if w.site = pickOf(s, s.N.Vendor.Sites()).ID; s.nameOf(w.site) != name {
			s.count("faults: a website has a namesake")
		}
		w.was = s.hostOf(w.site)
		w.is = w.was
		s.N.Vendor.Rehost(w.site, name, "https://"+w.is+"/")
	default:
		w.is = fmt.Sprintf("swapped%d.example", len(s.swaps))
		s.N.Vendor.Rehost(w.site, "Swapped", "https://"+w.is+"/")
	}
}

func (s *simulation) nameOf(site int64) string {
	for _, v := range s.N.Vendor.Sites() {
		if v.ID == site {
			return v.Title
		}
	}
	return ""
}

func (s *simulation) hostOf(site int64) string {
	for _, v := range s.N.Vendor.Sites() {
		if v.ID == site {
			return host(v.URL)
		}
	}
	return ""
}

func host(url string) string {
	_, h, _ := strings.Cut(url, "://")
	h, _, _ = strings.Cut(h, "/")
	return strings.TrimPrefix(h, "www.")
}

// changed reports whether anything that a request is about has changed hands.
func (s *simulation) changed(r approvals.Request) bool {
	return slices.ContainsFunc(s.swaps, func(w swapped) bool {
		return w.email == r.Change.Email || slices.ContainsFunc(sitesOf(r), func(x catalog.Item) bool { return idIn(x.ID) == w.site })
	})
}

// besides reports whether the vendor refused a deed for a website that it isn't about and that is there no more: a share
// is written with all the websites that its account has.
func (s *simulation) besides(r approvals.Request) bool {
	return slices.ContainsFunc(s.swaps, func(w swapped) bool {
		return w.site != 0 && w.is == "" && strings.Contains(r.Outcome.Text.Plain(), fmt.Sprintf("Site %d not found", w.site))
	})
}

// onTheCard: no deed ever touched an account or a website that was not on the card of a request for it.
func (s *simulation) onTheCard(all []approvals.Request) {
	emails := s.addresses()
	for _, c := range s.N.Vendor.Effects() {
		id, sites, ok := touched(c.Effect)
		if !ok {
			continue
		}
		what := s.effectOf(c.Effect, emails)
		if _, about, _ := strings.Cut(what[0], " "); isLent(about) {
			continue // endings_test.go
		}
		fits := slices.ContainsFunc(s.ever(all), func(r approvals.Request) bool { return s.covers(r, what) && s.showed(r, id, sites, c.At) })
		if !fits {
			s.Errorf("%q at %v, and no card of %q had shown account %d and websites %v as they were then", c.Effect, c.At.Sub(s.began), what, id, sites)
		}
	}
}

// covers reports whether a request asks for all that a write changed, or the vendor has swept it away (swept).
func (s *simulation) covers(r approvals.Request, changed []string) bool {
	mine := parts(r)
	return !slices.ContainsFunc(changed, func(part string) bool {
		took, swept := strings.CutPrefix(part, string(catalog.Unshare))
		swept = swept && r.Action == catalog.Create && s.setting.Form == integerReplaces && slices.Contains(mine, string(catalog.Share)+took)
		return !swept && !slices.Contains(mine, part)
	})
}

// touched are the account and the websites that a write changed; false for the making of an account.
func touched(effect string) (id int64, sites []int64, ok bool) {
	switch {
	case goneFrom.MatchString(effect):
		return idIn(goneFrom.FindStringSubmatch(effect)[1]), nil, true
	case changedOn.MatchString(effect):
		return idIn(changedOn.FindStringSubmatch(effect)[1]), nil, true
	case sharedOn.MatchString(effect):
		m := sharedOn.FindStringSubmatch(effect)
		after, before := strings.Fields(m[2]), strings.Fields(m[3])
		for _, site := range slices.Concat(after, before) {
			if slices.Contains(after, site) != slices.Contains(before, site) {
				sites = append(sites, idIn(site))
			}
		}
		return idIn(m[1]), sites, true
	}
	return 0, nil, false
}

// sitesOf are the websites that a request names.
func sitesOf(r approvals.Request) []catalog.Item { return r.Change.Values.Items("sites") }

func text(id int64) string { return strconv.FormatInt(id, 10) }

func idIn(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // digits only
	return n
}

// showed reports whether the card of a request had shown an account and websites as they were at a moment.
func (s *simulation) showed(r approvals.Request, id int64, sites []int64, at time.Time) bool {
	if r.Action == catalog.Create {
		made := s.N.Vendor.Effects()
		if !slices.ContainsFunc(made, func(c vendorsim.Call) bool {
			m := madeFor.FindStringSubmatch(c.Effect)
			return m != nil && idIn(m[1]) == id && m[2] == r.Change.Email
		}) {
			return false
		}
	} else if idIn(r.Change.Account) != id || !s.stood(func(w swapped) bool { return w.account == id }, r.Change.Sort, at) {
		return false
	}
	for _, site := range sites {
		i := slices.IndexFunc(sitesOf(r), func(x catalog.Item) bool { return idIn(x.ID) == site })
		if i < 0 || !s.stood(func(w swapped) bool { return w.site == site }, sitesOf(r)[i].Host, at) {
			return false
		}
	}
	return true
}

// stood reports whether something was so at a moment, or might still have been taken to be so.
func (s *simulation) stood(mine func(swapped) bool, so string, at time.Time) bool {
	may := map[string]bool{so: true}
	for _, w := range s.swaps {
		switch {
		case !mine(w) || w.at.After(at):
		case !w.since().After(at):
			may = map[string]bool{w.is: true}
		default:
			may[w.is] = true
		}
	}
	return may[so]
}

// addresses are those of all accounts that there are, or were.
func (s *simulation) addresses() map[string]string {
	emails := map[string]string{}
	for _, w := range s.swaps {
		if w.account != 0 {
			emails[strconv.FormatInt(w.account, 10)] = w.email
		}
	}
	for _, a := range s.N.Vendor.Accounts() {
		emails[strconv.FormatInt(a.ID, 10)] = a.Email
	}
	return emails
}

// stops counts the deeds that stopped because what was approved was not there any more.
func (s *simulation) stops(all []approvals.Request) {
	for _, r := range all {
		if r.State == approvals.Failed && strings.Contains(r.Outcome.Text.Plain(), "isn't what was approved") {
			s.count("stops: not what was approved")
		}
		if r.Lapsed {
			s.count("stops: too late to try again")
		}
	}
}
