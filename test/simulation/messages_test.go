package simulation

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// messages: every message of the bot keeps a promise that was called for, none twice, each shows what
// is so, and none is missing.
func (s *simulation) messages(all []approvals.Request) {
	may := s.expected(all)
	for _, c := range s.N.Slack.Channels() {
		for _, m := range s.N.Slack.Messages(c.ID) {
			if m.User == slacksim.BotUser && world.KeyOf(m) != "" && !s.lost[world.OfOf(m)] {
				s.explain(may, c, m)
			}
		}
	}
	world.FiledOnce(s, s.N.Slack.Messages("C0REPORTS"))
	for b, e := range may {
		if e.must && e.found == 0 {
			s.Errorf("the message %s is missing", b.Key)
		}
	}
	for topic := range s.alarmed {
		if s.heard[topic] == 0 {
			s.Errorf("the admins were not told of %s", topic)
		}
	}
}

// expectation is a message that may or must stand, in which conversation, and what it shows.
type expectation struct {
	must  bool
	in    string // a channel, or the person of a direct message
	show  *view.Message
	found int
}

func (s *simulation) explain(may map[world.Promised]*expectation, c slacksim.Channel, m slacksim.Message) {
	key, in := world.KeyOf(m), c.ID
	if c.IM {
		in = c.User
	}
	e, ours := may[world.BorneBy(m)], world.OfOf(m) == s.database()
	if ours && strings.HasPrefix(key, courier.KindAlarm+"/") && in == "U0ADMIN" && s.alarming(key) {
		s.heard[strings.Split(key, "/")[1]]++
		if s.heard[key]++; s.heard[key] > 1 {
			s.Errorf("%s was said %d times", key, s.heard[key])
		}
		return
	}
	if e == nil {
		s.Errorf("nobody can explain %s in %s: %s", key, in, m.Text)
		return
	}
	e.found++
	s.timely(m)
	switch {
	case e.in != in:
		s.Errorf("%s stands in %s instead of %s", key, in, e.in)
	case e.found > 1:
		s.Errorf("%s stands there %d times", key, e.found)
	case e.show != nil && (m.Text != e.show.Text || !reflect.DeepEqual(world.Blocks(s.T, e.show.Blocks), world.Blocks(s.T, m.Blocks)) || !strings.Contains(string(m.Metadata.Payload), e.show.Digest())):
		s.Errorf("%s shows what is not so:\n%s\ninstead of\n%s", key, m.Text, e.show.Text)
	}
}

// alarming reports whether there was cause for an alarm.
func (s *simulation) alarming(key string) bool {
	topic := strings.Split(key, "/")[1]
	if strings.HasPrefix(topic, "leaver ") {
		return len(s.gone) > 0 // who is still named as an owner or a manager
	}
	switch kind, about, _ := strings.Cut(topic, "-"); kind {
	case "channel":
		return s.blocked[about]
	case "answers":
		return s.garbled(about)
	case "connections":
		return s.figures["faults: slack ghost"] > 0 || s.replicas > 1 // each counts its own
	case "stuck":
		return s.figures["faults: vendor away"]+s.figures["faults: vendor silent"]+s.figures["faults: vendor halfway"] > 0 || s.refusing
	}
	return false
}

// garbled reports whether Slack has answered a method in a way that cannot be read.
func (s *simulation) garbled(method string) bool {
	return slices.Contains(s.methods(), method) && slices.ContainsFunc([]slacksim.Kind{slacksim.HTML, slacksim.Torn, slacksim.OtherID, slacksim.NoID}, func(k slacksim.Kind) bool {
		return s.figures[fmt.Sprintf("faults: slack %s, applied false", k)]+s.figures[fmt.Sprintf("faults: slack %s, applied true", k)] > 0
	})
}

// expected are all messages that the end of a history may show.
func (s *simulation) expected(all []approvals.Request) map[world.Promised]*expectation {
	may := map[world.Promised]*expectation{}
	for _, r := range all {
		card := world.CardOf(s.T, s.App.Desk, r)
		key, shown := approvals.CardKeyOf(r), all[r.Shown()-1].Nonce
		expect := func(key string, e expectation) { may[world.Promised{Key: key, Of: r.Nonce}] = &e }
		onCard := func(key string, e expectation) { // what several that were asked in one go stand on is due where one of them owes it
			if had := may[world.Promised{Key: key, Of: shown}]; had != nil {
				e.must = e.must || had.must
			}
			may[world.Promised{Key: key, Of: shown}] = &e
		}
		onCard(key, expectation{must: !s.deleted[key], in: "C0APPROVE", show: &card})
		requester := string(r.Requester)
		s.lendingMessages(r, expect)
		s.taskMessages(r, expect)
		s.onOccasion(r, onCard)
		if r.State.Terminal() && r.State != approvals.Canceled && r.End == nil && r.Fell == 0 && !r.ByUsher() { // whoever asked hears of that with the one it went with
			expect(approvals.TellKey(r.Number, r.State, r.Attempt), expectation{must: !s.everLeft(requester), in: requester})
		}
		expectLine(r, expect)
		if r.Said != nil && !r.Said.Blind { // that it could not be approved as it stood
			expect(approvals.WarnKey(r.Number), expectation{in: requester})
		}
		for attempt := 1; attempt < r.Attempt; attempt++ { // it failed, was told, and was started again
			expect(approvals.TellKey(r.Number, approvals.Failed, attempt), expectation{in: requester})
		}
		if r.Lapsed { // at once, or when its time came
			expect(approvals.LapsedKey(r.Number, r.Attempt), expectation{in: requester})
		}
		for _, who := range called(r) {
			asks, left := world.ApproverCardOf(s.T, s.App.Desk, r, who), s.everLeft(string(who))
			e := expectation{must: r.State == approvals.Pending && !left && len(r.Votes) == 0 && r.Change.Email != "bob@acme.example", in: string(who)}
			if !left {
				e.show = &asks
			}
			onCard(approvals.ApproverKeyOf(r, who), e)
		}
		s.asking(r, expect)
		s.following(r, expect)
		s.editing(r, expect)
		if r.Escalated {
			desk := view.AdminCard(r)
			expect(approvals.AdminKey(r.Number, "U0ADMIN"), expectation{must: r.State == approvals.Failed || r.State == approvals.Ending, in: "U0ADMIN", show: &desk})
		}
	}
	for key, called := range s.called {
		may[world.Promised{Key: key, Of: all[approvals.NumberOf(key)-1].Nonce}] = &expectation{in: called.in}
	}
	s.digests(may)
	s.warnings(may)
	s.ofLeavers(may)
	s.rest(may)
	return may
}

// called are who is named on the steps that have begun, but who asked and whom it is for.
func called(r approvals.Request) (out []approvals.PersonID) {
	for i := range r.Reached() + 1 {
		for _, p := range r.Stages()[i].People() { // those too who have left since they were asked
			if p != r.Requester && p != r.Change.Person && (slices.Contains(r.EligibleOn(i).People(), p) || slices.Contains(r.Gone, string(p))) {
				out = append(out, p)
			}
		}
	}
	for _, a := range r.Away {
		if a.Deputy != "" && a.Deputy != r.Requester && a.Deputy != r.Change.Person {
			out = append(out, a.Deputy)
		}
	}
	if r.Extends != nil {
		for _, a := range r.Extends.Allowed {
			out = append(out, a.By)
		}
	}
	for _, e := range r.Edits {
		out = append(out, e.Called...)
	}
	if r.Occasion != nil {
		out = append(out, r.Occasion.Told...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// whispers: nobody got more private answers than they gave cause for, and the files of a report that came to them once, below it.
func (s *simulation) whispers() {
	for _, u := range s.N.Slack.Users() {
		n := 0
		for _, m := range append(s.N.Slack.Ephemerals(u.ID), s.N.Slack.DM(u.ID)...) {
			n += world.One(m.User == slacksim.BotUser && world.KeyOf(m) == "" && !world.Filed(m))
		}
		world.FiledOnce(s, s.N.Slack.DM(u.ID))
		if n > s.heard[u.ID] {
			s.Errorf("%s got %d private answers to %d acts", u.ID, n, s.heard[u.ID])
		}
	}
}

// saysWhatItWouldDo reports whether the card of a request stands and says what a yes would do; a yes on another is refused.
func (s *simulation) saysWhatItWouldDo(n int64) bool {
	m, stands := s.cardOf(n)
	if r, ok := s.request(n); ok && r.Together != nil {
		sight := s.sightOf(r, m)
		return stands && sight.Waits && !sight.Unread
	}
	raw, err := json.Marshal(m.Blocks)
	return stands && err == nil && !strings.Contains(string(raw), view.BlockUnread)
}
