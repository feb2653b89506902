package simulation

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// follows lets somebody press the button with which whoever asked for the same follows a request, now and then somebody
// who was never offered it.
func (s *simulation) follows() {
	who, n := pickOf(s, []string{"U0BOB", "U0ERIN", "U0ADMIN", "U0ALICE"}), s.number()
	s.note("%s follows #%d", who, n)
	s.count("acts: followed")
	before := len(s.N.Slack.Ephemerals(who))
	s.heard[who]++
	s.pressed = time.Now()
	out := s.done(s.N.Slack.ClickForged(who, slacksim.Forged{Channel: "C0APPROVE", TS: "946684800.000001", ActionID: view.ActionFollow, Value: s.bears(n)}))
	for _, m := range s.N.Slack.Ephemerals(who)[before:] {
		if out.Acked && strings.Contains(m.Text, "I'll send you a direct message") {
			s.followed[ballot{n: n, who: who}] = true
		}
	}
}

// followers: who was told that they follow a request does, and nobody who may not read it; each hears once when it is over.
func (s *simulation) followers(all []approvals.Request) {
	for _, r := range all {
		if slices.Contains(r.Followers, "U0ALICE") {
			s.Errorf("#%d is followed by U0ALICE, who may not read it", r.Number)
		}
	}
	for b := range s.followed {
		if r := all[b.n-1]; r.Requester != approvals.PersonID(b.who) && !slices.Contains(r.Followers, approvals.PersonID(b.who)) {
			s.Errorf("#%d: that %s follows it was acknowledged, and is not there", b.n, b.who)
		}
	}
}

// following are the words to whoever follows a request.
func (s *simulation) following(r approvals.Request, expect func(string, expectation)) {
	for _, who := range r.Followers {
		over := slices.Contains([]approvals.State{approvals.Done, approvals.Denied, approvals.Expired, approvals.Canceled, approvals.Ended}, r.State)
		if over || r.Lapsed {
			expect(approvals.FollowerKey(r.Number, who), expectation{must: !s.everLeft(string(who)), in: string(who)})
			s.count("followers: told that it is " + string(r.State))
		}
	}
}
