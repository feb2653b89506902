package simulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// What is asked about a request before it is decided, and what its requester answers.

// inquires lets somebody press Ask, and write a question in the form that opens, if it does; now and then the program
// dies about then.
func (s *simulation) inquires() {
	who, n := pickOf(s, append(deciders, strangers[0])), s.number()
	s.N.Slack.CloseAllViews(who)
	s.done(s.press(who, n, "Ask", view.ActionAsk))
	s.spend(4 * time.Second)
	if len(s.N.Slack.Views(who)) > 0 && s.rng.IntN(3) == 0 {
		s.aimed()
	}
	s.writes(who, "question")
}

// replies lets a requester press Answer on one of their messages that has the button, mostly.
func (s *simulation) replies() {
	var open []slacksim.Message
	for _, who := range askers {
		for _, m := range s.N.Slack.DM(who) {
			if outbox.Kind(world.KeyOf(m)) == approvals.KindAsk && !s.lost[world.OfOf(m)] && len(world.Buttons(m)) > 0 {
				open = append(open, m)
			}
		}
	}
	if len(open) == 0 {
		return
	}
	m := pickOf(s, open)
	who := s.whoseDM(m)
	s.note("%s presses Answer on %s", who, world.KeyOf(m))
	s.count("acts: pressed Answer")
	s.heard[who]++
	s.N.Slack.CloseAllViews(who)
	s.done(s.N.Slack.Click(who, m.Channel, m.TS, "Answer"))
	s.spend(4 * time.Second)
	s.writes(who, "answer")
}

// Inquire implements bot.Desk.
func (d named) Inquire(ctx context.Context, n int64, q approvals.Question, now time.Time) (approvals.Request, error) {
	return d.Desk.Inquire(context.WithValue(ctx, whose{}, q.By), n, q, now)
}

// whoseDM is the person with whom a direct message is.
func (s *simulation) whoseDM(m slacksim.Message) string {
	for _, c := range s.N.Slack.Channels() {
		if c.ID == m.Channel {
			return c.User
		}
	}
	return ""
}

// writes fills in the form that is open, if one is, in words that nobody has used before; an ack that says nothing
// against it is a promise.
func (s *simulation) writes(who, what string) {
	views := s.N.Slack.Views(who)
	if len(views) == 0 {
		return
	}
	words := fmt.Sprintf("%s %d of %s", what, len(s.wrote)+1, who)
	s.note("%s writes %q", who, words)
	s.wrote[words] = false
	d := s.N.Slack.Submit(who, views[len(views)-1].ID, map[string]any{view.FieldWords: words})
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	if out := s.done(d); out.Acked && len(out.Payload) == 0 {
		s.wrote[words] = true
	}
	s.N.Slack.CloseAllViews(who)
}

// questions: each was written by somebody who may decide and had not asked for it, once, while it waited; each answer
// by its requester; and what was acknowledged is there.
func (s *simulation) questions(all []approvals.Request) {
	kept := map[string]int{}
	for _, r := range all {
		for i, q := range r.Questions {
			s.count("questions: asked")
			kept[q.Words]++
			who := string(q.By.Person())
			switch _, written := s.wrote[q.Words]; {
			case !written:
				s.Errorf("#%d: nobody wrote %q", r.Number, q.Words)
			case who == string(r.Requester), who == idOf(r.Change.Email), !slices.Contains(deciders, who) && !slices.Contains(r.Rule.EscalateTo, who):
				s.Errorf("#%d: %s asked question %d, who may not", r.Number, who, i+1)
			case q.Answer != nil:
				s.count("questions: answered")
				kept[q.Answer.Words]++
			}
		}
	}
	for words, acknowledged := range s.wrote {
		if kept[words] > 1 || acknowledged && kept[words] == 0 {
			s.Errorf("%q is kept %d times; acknowledged: %v", words, kept[words], acknowledged)
		}
	}
}

// asking are the messages that the questions of a request call for: each to its requester once, and each answer to
// whoever asked.
func (s *simulation) asking(r approvals.Request, expect func(string, expectation)) {
	for i, q := range r.Questions {
		requester, who := string(r.Requester), string(q.By.Person())
		e := expectation{must: !s.everLeft(requester), in: requester}
		if shown := view.Question(r, i+1); e.must {
			e.show = &shown
		}
		expect(approvals.AskKey(r.Number, i+1), e)
		if q.Answer != nil {
			expect(approvals.AnswerKey(r.Number, i+1), expectation{must: !s.everLeft(who), in: who})
		}
	}
}
