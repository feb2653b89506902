package world

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// editsFirst is Bob changing the first name of what is asked, and for how long, and then his yes to that.
func editsFirst(p *Played) {
	p.until("the edit", p.edits, func() bool { r, _ := p.request(); return len(r.Edits) > 0 })
	Approve(p)
	r, _ := p.request()
	require.Len(p.T, r.Edits, 1, "what was edited once")
	require.Equal(p.T, []any{"Janet", 1, 10 * 24 * time.Hour}, []any{r.Change.FirstName, r.Votes[0].Edition, r.Term.For}, "what was said yes to")
	require.Equal(p.T, r.Outcome.At.Add(r.Term.For), r.EndsAt, "what was given ends as the last edit has it")
}

// editsHeard holds each edit to one message to who asked.
func (p *Played) editsHeard(r approvals.Request) {
	for i := range r.Edits {
		require.Len(p.T, p.withKey("U0ALICE", approvals.EditedKey(r.Number, i+1)), 1, "messages about an edit")
	}
}

// edits is Bob pressing Edit and sending the form that opens, and once more where it stands open though it was taken.
func (p *Played) edits() (acked bool) {
	m := p.Card()
	p.N.Slack.CloseAllViews("U0BOB")
	p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Edit").Wait()
	p.Live(5 * time.Second)
	for range 2 {
		p.revive()
		views := p.N.Slack.Views("U0BOB")
		if len(views) == 0 {
			return acked
		}
		out := p.N.Slack.Submit("U0BOB", views[len(views)-1].ID, map[string]any{"first:outside": "Janet", view.FieldWhile: "10d", view.FieldReason: "Her name"}).Wait()
		acked = acked || out.Acked && len(out.Errors) == 0 && !strings.Contains(string(out.Payload), "errors")
		p.Live(15 * time.Second)
	}
	p.N.Slack.CloseAllViews("U0BOB")
	return acked
}
