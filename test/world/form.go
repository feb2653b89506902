package world

import (
	"strings"
	"time"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// fillsIn is Alice asking for a scenario's seat by the form, as far as it goes: whatever doesn't work she does again, with
// what is on her screen. acked says that the form was taken.
func (p *Played) fillsIn() (acked bool) {
	p.revive()
	words := strings.Fields(p.Scenario.Ask) // create EMAIL FIRST because …
	v, ok := p.openedForm()
	if !ok {
		return false
	}
	if !strings.Contains(slacksim.ViewText(v), "E-mail address") {
		for _, whom := range []string{"me", "outside"} { // a choice that is made already has to be made anew
			p.N.Slack.ClickView("U0ALICE", v.ID, view.FieldFor, whom).Wait()
			p.Live(15 * time.Second)
		}
	}
	p.revive()
	err := p.N.Slack.Fill("U0ALICE", v.ID, map[string]any{view.FieldEmail: words[1], "first:outside": words[2], view.FieldReason: strings.Join(words[4:], " ")})
	if err != nil {
		return false // the form has not changed yet
	}
	out := p.N.Slack.Submit("U0ALICE", v.ID, nil).Wait()
	return out.Acked && len(out.Errors) == 0 && out.Payload == nil
}

// openedForm is the form on Alice's screen, or a new one.
func (p *Played) openedForm() (slacksim.View, bool) {
	for range 2 {
		for _, v := range p.N.Slack.Views("U0ALICE") {
			if v.View["submit"] != nil {
				return v, true
			}
			p.N.Slack.CloseAllViews("U0ALICE") // it never came to be one
		}
		p.N.Slack.Type("U0ALICE", "C0GENERAL", "/access request").Wait()
		p.Live(15 * time.Second)
	}
	return slacksim.View{}, false
}

// sendsAgain is Alice sending a form once more that stands open though it was taken: no second request comes of it.
func (p *Played) sendsAgain() {
	for _, v := range p.N.Slack.Views("U0ALICE") {
		p.revive()
		p.N.Slack.Submit("U0ALICE", v.ID, nil).Wait()
		p.Live(15 * time.Second)
	}
}
