package simulation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// turnoverLaws are what holds in the end.
func (s *simulation) turnoverLaws() {
	all := s.whole()
	s.nothingWithoutAYes(all)
	s.nobodyMadeALeaver()
	s.nothingForgotten(all)
	s.backIsBack(all)
	s.noCardTwice(all)
	s.offeredOnce(all)
	s.whispers()
	s.unpanicked()
}

// nothingWithoutAYes: nothing is taken from anybody, and nothing given, without a yes that somebody pressed who may say it.
func (s *simulation) nothingWithoutAYes(all []approvals.Request) {
	said := map[string]bool{}
	for _, r := range all {
		if !begun(r) && r.State != approvals.Done && r.State != approvals.Failed && r.State != approvals.Ended {
			continue
		}
		yes := 0
		for _, v := range r.Votes {
			switch {
			case !v.Yes:
			case s.votes[ballot{r.Number, string(v.By), true}] == 0:
				s.Errorf("#%d: the yes of %s was counted, who never pressed it", r.Number, v.By)
			case !s.mayTurn(r, v.By):
				s.Errorf("#%d: the yes of %s was counted, who may not say it", r.Number, v.By)
			default:
				yes++
			}
		}
		if yes == 0 && r.ByUsher() && r.Fell == 0 {
			s.Errorf("#%d is %s without a yes: %s", r.Number, r.State, targetOf(r))
			continue
		}
		for _, part := range parts(r) {
			said[part] = said[part] || yes > 0
		}
		s.count("turnover: " + string(r.Occasion.Kind) + ", " + string(r.State))
	}
	emails := s.addresses()
	maps.Copy(emails, s.accounts)
	for _, c := range s.N.Vendor.Effects() {
		for _, part := range s.effectOf(c.Effect, emails) {
			if verb, _, _ := strings.Cut(part, " "); verb != string(catalog.Update) && !said[part] {
				s.Errorf("%s happened at the vendor's, and nobody said yes to it", part)
			}
		}
	}
}

// mayTurn reports whether somebody may decide what Usher asks: the manager of whom it is about, the owners of the app, the admins
// and whom it escalates to, but never whom it is about nor who said that they leave.
func (s *simulation) mayTurn(r approvals.Request, who approvals.Actor) bool {
	owners := map[string][]string{"seranking": {"U0ERIN"}, "office": {"U0DAVE", "U0BOB"}}[r.App.ID]
	may := slices.Concat(owners, turnoverAdmins, []string{"U0FRED", managerIn(string(r.Occasion.Person))})
	return slices.Contains(may, string(who)) && who.Person() != r.Occasion.Person && (r.Occasion.By == "" || who != r.Occasion.By)
}

func managerIn(of string) string {
	i := slices.IndexFunc(staff, func(c colleague) bool { return c.id == of })
	if i < 0 {
		return ""
	}
	return staff[i].manager
}

// heardWithin is how long after somebody is back it may still be heard that they are gone: of a reading that was under way.
const heardWithin = 10 * time.Minute

// nobodyMadeALeaver: nobody is taken for gone but who was deactivated then, or of whom somebody who may said so; and for each time
// that somebody was deactivated once.
func (s *simulation) nobodyMadeALeaver() {
	began := map[string]bool{}
	for _, l := range s.leavings() {
		who := string(l.Person)
		s.count("turnover: leavings that ended " + string(l.State))
		if l.Said() {
			if len(s.said[who]) == 0 {
				s.Errorf("leaving %d: %s is said to leave, and nobody who may said it", l.Number, who)
			}
			continue
		}
		stretch := -1
		for i, at := range s.gone[who] {
			if i%2 == 0 && !l.Heard.Add(app.Tolerance).Before(at) && (i+1 == len(s.gone[who]) || l.Heard.Before(s.gone[who][i+1].Add(heardWithin))) {
				stretch = i
			}
		}
		if stretch < 0 {
			s.Errorf("leaving %d: %s was taken for gone at %v, and was active: %v", l.Number, who, l.Heard, s.gone[who])
			continue
		}
		key := fmt.Sprint(who, stretch)
		if began[key] {
			s.Errorf("leaving %d: %s left once at %v, and that began a leaving twice", l.Number, who, s.gone[who][stretch])
		}
		began[key] = true
	}
}

// nothingForgotten: whatever somebody still has who is gone is being taken, is asked of somebody who is there, was left by somebody by
// name, or is with the admins, who say whether so many really left; and what is called gone is.
func (s *simulation) nothingForgotten(all []approvals.Request) {
	roster, err := s.App.Leavers.Book.Roster(context.Background())
	require.NoError(s.T, err)
	for _, c := range staff {
		n, known := roster.Of[approvals.PersonID(c.id)]
		if !s.isGoneNow(c.id) {
			continue
		}
		if !known {
			s.Errorf("%s left at %v, and nobody knows", c.id, s.gone[c.id][len(s.gone[c.id])-1])
			continue
		}
		l, err := s.App.Leavers.Book.Leaving(context.Background(), n)
		require.NoError(s.T, err)
		s.whereItIs(c, l, roster, all)
	}
}

func (s *simulation) whereItIs(c colleague, l leavers.Leaving, roster leavers.Roster, all []approvals.Request) {
	switch l.State {
	case leavers.CalledOff:
		if l.EndedBy == approvals.Usher || l.EndedBy == "" {
			s.Errorf("leaving %d: %s is gone, and it is called off by nobody", l.Number, c.id)
		}
		s.count("turnover: left, and an admin says by mistake")
		return
	case leavers.Held:
		if roster.Hold == nil || !slices.Contains(roster.Hold.Leavings, l.Number) {
			s.Errorf("leaving %d: %s is held, and nobody is asked about it", l.Number, c.id)
		}
		return
	case leavers.Gathering, leavers.Scheduled:
		if l.Said() && l.Due.After(time.Now()) {
			return // whoever said on which day has that in hand
		}
		s.Errorf("leaving %d: %s is gone since %v, and it is still %s", l.Number, c.id, l.Off, l.State)
		return
	}
	if a, there := s.N.Vendor.Account(c.email); there {
		s.accountedFor(c, l, "seranking", fmt.Sprint("account ", a.ID), all)
	}
	if slices.Contains(s.badges, c.email) {
		s.accountedFor(c, l, "office", "badge", all)
	}
}

// accountedFor: one thing that somebody had when they left is an item of it, and somebody's.
func (s *simulation) accountedFor(c colleague, l leavers.Leaving, app, what string, all []approvals.Request) {
	i := slices.IndexFunc(l.Items, func(i leavers.Item) bool {
		return i.App == app && approvals.SameEmail(i.Email, c.email) && i.Action != catalog.Unshare
	})
	if i < 0 {
		if app == "office" && s.everTaken(c.email, all) {
			return // before they were back once
		}
		s.Errorf("leaving %d: nobody is asked about the %s of %s", l.Number, what, c.id)
		return
	}
	item := l.Items[i]
	switch {
	case item.Gone != nil:
		s.count("turnover: seen gone")
		if app == "seranking" {
			s.Errorf("leaving %d: the %s of %s is called gone, and is there", l.Number, what, c.id)
		} else if !s.everTaken(c.email, all) && item.Gone.How != "" && len(item.Gone.By) < 2 {
			s.Errorf("leaving %d: the %s of %s is called gone, and is there", l.Number, what, c.id)
		}
	case item.Left != nil:
		s.count("turnover: left where it is")
		if item.Left.By == "" || item.Left.By == approvals.Usher {
			s.Errorf("leaving %d: the %s of %s is left by nobody", l.Number, what, c.id)
		}
	case item.Request != 0:
		s.count("turnover: with somebody")
		s.isSomebodys(c, l, all[item.Request-1])
	case item.Owner == "" || s.everLeft(string(item.Owner)):
		s.Errorf("leaving %d: the %s of %s isn't asked about (%s), and nobody sees to it", l.Number, what, c.id, item.Why)
	}
	if l.State == leavers.Closed && !item.Settled() {
		s.Errorf("leaving %d is closed, and the %s of %s is neither gone nor left", l.Number, what, c.id)
	}
}

func (s *simulation) everTaken(email string, all []approvals.Request) bool {
	return slices.ContainsFunc(all, func(r approvals.Request) bool {
		return r.App.ID == "office" && r.Action == catalog.Delete && r.State == approvals.Done && approvals.SameEmail(r.Change.Email, email)
	})
}

// isSomebodys: a request that isn't over waits for somebody who is there.
func (s *simulation) isSomebodys(c colleague, l leavers.Leaving, r approvals.Request) {
	there := func(id approvals.PersonID) bool { return id != "" && string(id) != c.id && !s.isGoneNow(string(id)) }
	switch {
	case r.State == approvals.Pending && !slices.ContainsFunc(r.Eligible().People(), there):
		s.Errorf("leaving %d: #%d waits for nobody who is there: %v", l.Number, r.Number, r.Eligible().People())
	case r.Working() && !there(r.Task.Owner) && !s.shownTo(r):
		s.Errorf("leaving %d: the task of #%d is nobody's", l.Number, r.Number)
	case r.State == approvals.Canceled || r.State == approvals.Expired:
		s.Errorf("leaving %d: #%d is %s, and what it asked for is nobody's", l.Number, r.Number, r.State)
	}
}

// shownTo reports whether a task that is nobody's alone stands where its owners see it.
func (s *simulation) shownTo(r approvals.Request) bool {
	return slices.ContainsFunc(s.N.Slack.Messages("C0APPROVE"), func(m slacksim.Message) bool { return world.KeyOf(m) == approvals.TaskKey(r.Number) })
}

// backIsBack: of somebody who is back and was seen so nothing is asked any more that nobody had decided.
func (s *simulation) backIsBack(all []approvals.Request) {
	for _, l := range s.leavings() {
		if l.Said() || s.isGoneNow(string(l.Person)) {
			continue
		}
		for _, r := range all {
			if r.State == approvals.Pending && r.ByUsher() && strings.HasPrefix(r.Occasion.ID, fmt.Sprintf("leaving/%d/", l.Number)) {
				s.Errorf("#%d is still asked about %s, who is back since %v", r.Number, l.Person, s.gone[string(l.Person)])
			}
		}
		if !l.State.Over() && l.Back.IsZero() {
			s.Errorf("leaving %d is %s, and %s is back since %v", l.Number, l.State, l.Person, s.gone[string(l.Person)])
		}
	}
}

// noCardTwice: each message stands once, each card of an occasion too, and each has reached those whom it names; of an occasion and of
// a hold there is one for each.
func (s *simulation) noCardTwice(all []approvals.Request) {
	stand := s.nothingTwice()
	asked := map[string]int64{}
	for _, r := range all {
		if !r.ByUsher() {
			s.Errorf("#%d was asked by %q", r.Number, r.Requester)
			continue
		}
		card := fmt.Sprintf("%s of %s in C0APPROVE", approvals.CardKeyOf(r), all[r.Shown()-1].Nonce)
		if stand[card] == 0 {
			s.Errorf("#%d stands on no card", r.Number)
		}
		one := fmt.Sprint(r.Occasion.ID, " ", r.Occasion.Card)
		if first, known := asked[one]; known && first != r.Occasion.First {
			s.Errorf("%s is asked on #%d and on #%d", one, first, r.Occasion.First)
		}
		asked[one] = r.Occasion.First
	}
}

// offeredOnce: for each time that somebody joined a team they were offered its bundle once, unless that was taken back to be asked with
// what they leave for it.
func (s *simulation) offeredOnce(all []approvals.Request) {
	offers := map[string]map[string]bool{}
	for _, r := range all {
		if !r.ByUsher() || r.Occasion.Into == "" || !r.Gives() || r.State == approvals.Canceled && r.DecidedBy == approvals.Usher {
			continue
		}
		key := string(r.Occasion.Person) + " " + string(r.Occasion.Into)
		if offers[key] == nil {
			offers[key] = map[string]bool{}
		}
		if offers[key][r.Occasion.ID] = true; len(offers[key]) > s.joined[key] {
			s.Errorf("%s: offered %d times, and joined %d times", key, len(offers[key]), s.joined[key])
		}
	}
}
