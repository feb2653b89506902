package simulation

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// talks lets somebody say something in the thread of a card, or in the channel, which nobody keeps.
func (s *simulation) talks() {
	who, n := pickOf(s, append(deciders, strangers[0])), s.number()
	m, stands := s.cardOf(n)
	if !stands {
		return
	}
	words := pickOf(s, []string{"looks good", "Is she the Jane of the agency?", "no", "<!channel> 👍"})
	s.note("%s says %q under #%d", who, words, n)
	s.count("acts: said in a thread")
	s.heard[who]++ // who may decide is offered the buttons
	if s.rng.IntN(4) == 0 {
		s.aimed()
	}
	s.N.Slack.Say(who, "C0APPROVE", words)
	s.done(s.N.Slack.Reply(who, m.Channel, m.TS, words, s.rng.IntN(5) == 0))
}

// talk: what is kept of it was said by who is named, once, and while it waited.
func (s *simulation) talk(all []approvals.Request) {
	said := map[string]slacksim.Message{}
	for _, m := range s.N.Slack.Messages("C0APPROVE") {
		said[m.TS] = m
	}
	for _, r := range all {
		var kept []string
		for _, one := range r.Talk {
			s.count("talk: kept")
			kept = append(kept, one.TS)
			m, there := said[one.TS]
			if !there || m.User != string(one.By) || m.ThreadTS == "" {
				s.Errorf("#%d keeps %q by %s, which was not said there", r.Number, one.Words, one.By)
			}
		}
		slices.Sort(kept)
		if len(slices.Compact(slices.Clone(kept))) != len(kept) {
			s.Errorf("#%d keeps something twice that was said once", r.Number)
		}
	}
}
