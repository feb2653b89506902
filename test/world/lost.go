package world

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
)

// loss is what a database that is lost has left in Slack.
type loss struct {
	// gone is whose its messages are: the nonce of its request, and its own name.
	gone map[string]bool
	// left are its messages, as they stood when the next database began.
	left []slacksim.Message
	// form is one for a reason, which Bob has left open.
	form string
}

// MessagesOf are the messages of ours that are somebody's.
func MessagesOf(n *demo.Neighbours, whose map[string]bool) (out []slacksim.Message) {
	for _, c := range n.Slack.Channels() {
		for _, m := range n.Slack.Messages(c.ID) {
			if m.User == slacksim.BotUser && whose[OfOf(m)] {
				out = append(out, m)
			}
		}
	}
	return out
}

// LeftAlone is what is wrong with the messages of a database that is lost: each stands as it stood; nobody takes
// it for theirs, changes it or takes it away, and none is added.
func LeftAlone(were, are []slacksim.Message) (wrong []string) {
	stand := map[string]slacksim.Message{}
	for _, m := range are {
		stand[m.Channel+m.TS] = m
	}
	for _, was := range were {
		is, ok := stand[was.Channel+was.TS]
		delete(stand, was.Channel+was.TS)
		switch {
		case !ok:
			wrong = append(wrong, fmt.Sprintf("%s of a database that is lost was taken away: %s", KeyOf(was), was.Text))
		case is.Text != was.Text || !reflect.DeepEqual(is.Blocks, was.Blocks):
			wrong = append(wrong, fmt.Sprintf("%s of a database that is lost was changed:\n%s\ninstead of\n%s", KeyOf(was), is.Text, was.Text))
		}
	}
	for _, m := range stand {
		wrong = append(wrong, fmt.Sprintf("%s of a database that is lost was posted since: %s", KeyOf(m), m.Text))
	}
	return wrong
}

func (p *Played) leftAlone() {
	for _, wrong := range LeftAlone(p.left, MessagesOf(p.N, p.gone)) {
		p.T.Errorf("%s", wrong)
	}
}

// ours are the messages of Usher's that are not a lost database's.
func (p *Played) ours(list []slacksim.Message) []slacksim.Message {
	return slices.DeleteFunc(list, func(m slacksim.Message) bool { return p.gone[OfOf(m)] || m.User != slacksim.BotUser })
}

// lifeBefore asks a database for something, waits for a card with buttons, has Bob open a form, and loses it all.
func (p *Played) lifeBefore() {
	p.until("the asking", func() bool { return p.types(p.Scenario.lost, "*#1*") },
		func() bool { _, ok := p.request(); return ok })
	p.Card()
	p.until("the form", func() bool {
		p.N.Slack.CloseAllViews("U0BOB")
		m := p.Card()
		p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Deny").Wait()
		return false
	}, func() bool { return len(p.N.Slack.Views("U0BOB")) > 0 })
	p.form = p.N.Slack.Views("U0BOB")[0].ID
	if p.Scenario.Want == approvals.Failed {
		Approve(p)
		p.until("the admin's card", func() bool { return false }, func() bool {
			list := p.N.Slack.DM("U0ADMIN")
			return len(list) > 0 && len(Buttons(list[0])) > 0
		})
	}
	r, _ := p.request()
	l, err := p.App.Store.Life(context.Background())
	require.NoError(p.T, err)
	p.Crash()
	p.Lose()
	p.Pass(30 * time.Second) // what was on its way has come
	p.gone = map[string]bool{r.Nonce: true, l.ID: true}
	p.left = MessagesOf(p.N, p.gone)
	p.revive()
}

// strange lets somebody act on what a lost database has left, until they hear that it is another's. The request
// that has the number now is not touched.
func (p *Played) strange(what string, act func(), heard func() bool) {
	was, _ := p.request()
	p.until(what, func() bool { act(); return false }, func() bool {
		if r, _ := p.request(); r.State != was.State || len(r.Votes) != len(was.Votes) || r.Attempt != was.Attempt {
			p.T.Fatalf("%s of a database that is lost has acted on another request: it was %s and is %s", what, was.State, r.State)
		}
		return heard()
	})
}

const isAnother = "This card belongs to a different #1"

// pressesLost presses a button of a card of the lost database.
func (p *Played) pressesLost(who string, in func() []slacksim.Message, label string) {
	heard := func() (n int) {
		for _, m := range p.N.Slack.Ephemerals(who) {
			n += One(strings.Contains(slacksim.PlainText(m), isAnother))
		}
		return n
	}
	before := heard()
	p.strange(label+" on the card", func() {
		theirs := slices.DeleteFunc(in(), func(m slacksim.Message) bool { return !p.gone[OfOf(m)] })
		if len(theirs) == 0 {
			p.T.Fatalf("the card of a database that is lost has become another's")
		}
		p.N.Slack.Click(who, theirs[0].Channel, theirs[0].TS, label).Wait()
	}, func() bool { return heard() > before })
	if len(p.N.Slack.Views(who)) > One(p.form != "") {
		p.T.Fatalf("%s on the card of a database that is lost has opened a form", label)
	}
}

// approveBesideLost presses all that a lost #1 has left, and then approves the #1 that there is.
func approveBesideLost(p *Played) {
	cards := func() []slacksim.Message { return p.N.Slack.Messages("C0APPROVE") }
	p.Card()
	p.pressesLost("U0BOB", cards, "Approve")
	p.pressesLost("U0BOB", cards, "Deny")
	said := ""
	p.strange("the form", func() {
		p.revive()
		out := p.N.Slack.Submit("U0BOB", p.form, map[string]any{view.FieldReason: "not now"}).Wait()
		said = fmt.Sprint(string(out.Payload), out.Errors)
	}, func() bool { return strings.Contains(said, isAnother) })
	p.N.Slack.CloseAllViews("U0BOB")
	p.form = ""
	Approve(p)
}

// refusedBesideLost has the same refused as before, and presses Try again on the card of the lost one.
func refusedBesideLost(p *Played) {
	p.N.Slack.CloseAllViews("U0BOB")
	Approve(p)
	p.until("the failing", func() bool { return false }, func() bool { r, _ := p.request(); return r.State == approvals.Failed })
	p.pressesLost("U0ADMIN", func() []slacksim.Message { return p.N.Slack.DM("U0ADMIN") }, "Try again")
}
