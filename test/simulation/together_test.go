package simulation

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/values"
)

// askTogether types one line for two: people who get a new seat, accounts that go, that get other permissions, or that
// get or lose websites of their own, which may be one account twice.
func (s *simulation) askTogether() *slacksim.Delivery {
	verb := pickOf(s, slices.Concat(values.Verbs(), []approvals.Action{catalog.Create, catalog.Share}))
	var two []seat
	for _, t := range s.fresh[verb] {
		if len(two) < 2 && (verb == catalog.Update || !strings.Contains(t.extra, "=")) {
			two = append(two, t)
		}
	}
	if len(two) < 2 {
		return nil
	}
	if verb == catalog.Update {
		two[0].extra = "" // the permissions of the second are for both
	}
	who, at := pickOf(s, askers), time.Now()
	var people []string
	for _, t := range two {
		s.fresh[verb] = slices.DeleteFunc(s.fresh[verb], func(o seat) bool { return o == t || verb == catalog.Update && o.email == t.email })
		people = append(people, strings.TrimSpace(t.email+" "+t.extra))
	}
	text := fmt.Sprintf("%s %s because number %d", verb, strings.Join(people, ", "), len(s.wishes))
	for _, t := range two {
		s.wishes = append(s.wishes, &wish{who: who, text: text, target: target(verb, t.email, t.extra), at: at})
	}
	s.count("asks: several in one go")
	s.count("asks: several to " + string(verb))
	return s.types(who, text)
}

// othersOf notes of a line for several, which is typed again, what it asks for the others.
func (s *simulation) othersOf(w *wish) {
	for _, o := range slices.Concat(s.forgotten, s.wishes) {
		if o.text == w.text && o.target != w.target && !slices.ContainsFunc(s.wishes, func(x *wish) bool { return x.at.Equal(w.at) && x.target == o.target }) {
			s.wishes = append(s.wishes, &wish{who: w.who, text: w.text, target: o.target, at: w.at})
		}
	}
}

var asksForAll = regexp.MustCompile(`requests(?: sent)?, \*#(\d+)\* to \*#(\d+)\*`)

// kept holds the program to the requests that it said it had taken in one go.
func (s *simulation) kept(out slacksim.Outcome) {
	m := asksForAll.FindSubmatch(out.Payload)
	if m == nil || s.App == nil || s.Life.Over() {
		return
	}
	first, _ := strconv.ParseInt(string(m[1]), 10, 64) // digits only
	last, _ := strconv.ParseInt(string(m[2]), 10, 64)
	for n := first; n <= last; n++ {
		r, err := s.App.Desk.Request(context.Background(), n)
		if err != nil || r.Shown() != first {
			s.Errorf("#%d was acknowledged among #%d to #%d, and is not there: %v", n, first, last, err)
		}
		s.seen[n] = approvals.Pending
	}
}

// shown is the number of the request on whose card a request stands.
func (s *simulation) shown(n int64) int64 {
	if r, ok := s.request(n); ok {
		return r.Shown()
	}
	return n
}

// decidesAll presses the button that approves all, or the one that denies them, on a card of several requests.
func (s *simulation) decidesAll(who string) {
	r, ok := s.several()
	if !ok {
		return
	}
	list, err := s.App.Desk.Besides(context.Background(), r)
	if err != nil {
		return
	}
	yes, yesTo, noTo := s.rng.IntN(3) > 0, "Approve all", "Deny all"
	if r.Bundled() {
		yesTo, noTo = "Approve", "Deny"
	}
	for _, o := range list {
		s.votes[ballot{o.Number, who, yes}]++
	}
	s.count("acts: decided several at once")
	if yes {
		s.done(s.press(who, r.Shown(), yesTo, view.ActionApproveAll))
		return
	}
	s.N.Slack.CloseAllViews(who)
	s.done(s.press(who, r.Shown(), noTo, view.ActionDenyAll))
	s.spend(4 * time.Second)
	if views := s.N.Slack.Views(who); len(views) > 0 {
		d := s.N.Slack.Submit(who, views[len(views)-1].ID, map[string]any{view.FieldReason: "not now"})
		s.last, s.lastBy, s.lastAt = d, who, time.Now()
		s.done(d)
		s.N.Slack.CloseAllViews(who)
	}
}

// several is a request that waits and was asked in one go with others.
func (s *simulation) several() (approvals.Request, bool) {
	if s.App == nil || s.Life.Over() {
		return approvals.Request{}, false
	}
	all := slices.DeleteFunc(s.requests(), func(r approvals.Request) bool { return r.State != approvals.Pending || r.Together == nil })
	if len(all) == 0 {
		return approvals.Request{}, false
	}
	return pickOf(s, all), true
}

// sightOf is what a card of several requests shows of one of them.
func (s *simulation) sightOf(r approvals.Request, m slacksim.Message) approvals.Sight {
	for _, b := range m.Blocks {
		if sights := view.ShownOfAll(fmt.Sprint(b["block_id"])); len(sights) > int(r.Number-r.Shown()) {
			return sights[r.Number-r.Shown()]
		}
	}
	return approvals.Sight{}
}

// together: what was asked in one go is there, all of it, by one person and of one moment, and stands on one card.
func (s *simulation) together(all []approvals.Request) {
	for _, r := range all {
		if r.Together == nil {
			continue
		}
		for n := r.Shown(); n < r.Shown()+int64(r.Together.Of); n++ {
			if n > int64(len(all)) || all[n-1].Together == nil || *all[n-1].Together != *r.Together || all[n-1].Requester != r.Requester || !all[n-1].Asked.Equal(r.Asked) {
				s.Errorf("#%d was asked in one go with #%d, which does not know of it", r.Number, n)
			}
		}
		s.count("requests: asked in one go")
	}
}
