package world

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// What is asked about a request before it is decided, and what its requester answers.

// asksFirst is Bob's question, Alice's answer, and then his yes.
func asksFirst(p *Played) {
	p.writes("the question", "U0BOB", "Ask", p.Card, func(r approvals.Request) bool { return len(r.Questions) > 0 })
	p.writes("the answer", "U0ALICE", "Answer", p.question, func(r approvals.Request) bool { return r.Questions[0].Answer != nil })
	Approve(p)
}

// asksInVain is Bob's question, and then his no, before Alice has seen it or after.
func asksInVain(p *Played) {
	p.writes("the question", "U0BOB", "Ask", p.Card, func(r approvals.Request) bool { return len(r.Questions) > 0 })
	deny(p)
}

// writes is somebody pressing a button and sending the form that opens, until it worked.
func (p *Played) writes(what, who, label string, on func() slacksim.Message, worked func(approvals.Request) bool) {
	p.until(what, func() bool {
		m := on()
		p.N.Slack.CloseAllViews(who)
		p.N.Slack.Click(who, m.Channel, m.TS, label).Wait()
		p.Live(5 * time.Second)
		views := p.N.Slack.Views(who)
		if len(views) == 0 {
			return false
		}
		out := p.N.Slack.Submit(who, views[len(views)-1].ID, map[string]any{view.FieldWords: what}).Wait()
		p.N.Slack.CloseAllViews(who)
		return out.Acked && len(out.Errors) == 0 && !strings.Contains(string(out.Payload), "errors")
	}, func() bool { r, _ := p.request(); return worked(r) })
}

// question is the message that asks Alice something, with its button, waited for.
func (p *Played) question() (found slacksim.Message) {
	p.until("the question to Alice", func() bool { return false }, func() bool {
		for _, m := range p.ours(p.N.Slack.DM("U0ALICE")) {
			if outbox.Kind(KeyOf(m)) == approvals.KindAsk && len(Buttons(m)) > 0 {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// questionsHeard holds what was asked to one message each, which shows what is so, and what was answered to one to
// whoever asked.
func (p *Played) questionsHeard(r approvals.Request) {
	for i, q := range r.Questions {
		asked := p.withKey("U0ALICE", approvals.AskKey(r.Number, i+1))
		require.Len(p.T, asked, 1, "messages with a question")
		Shows(p.T, view.Question(r, i+1), asked[0], "what the requester has of a question")
		require.Empty(p.T, Buttons(asked[0]))
		answers := p.withKey(string(q.By.Person()), approvals.AnswerKey(r.Number, i+1))
		require.Len(p.T, answers, One(q.Answer != nil), "messages with an answer")
		if q.Answer != nil {
			require.Contains(p.T, answers[0].Text, q.Answer.Words)
		}
	}
	require.LessOrEqual(p.T, len(r.Questions), 1, "what was asked once is kept once")
}

// withKey are somebody's direct messages that keep one promise.
func (p *Played) withKey(who, key string) (out []slacksim.Message) {
	for _, m := range p.ours(p.N.Slack.DM(who)) {
		if KeyOf(m) == key {
			out = append(out, m)
		}
	}
	return out
}
