package world

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// What happens to a request by itself while it waits.

// escalating is Config with a step of Bob's alone that may be decided by Dave and Erin too after twenty minutes.
var escalating = strings.Replace(Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB]\n    escalate_after: 20m\n    escalate_to: [U0DAVE, U0ERIN]\n", 1)

// escalated is Dave's yes, to whom it was escalated; before that his is not asked for.
func escalated(p *Played) {
	p.Live(10 * time.Minute)
	require.Empty(p.T, ToApprover(p.ours(p.N.Slack.DM("U0DAVE")), true), "it is not his yet")
	p.Live(12 * time.Minute)
	p.approves("U0DAVE", p.decided)
	r, _ := p.request()
	require.Len(p.T, r.Raised, 1, "it was escalated")
}

// reminding is Config with a step of Bob's alone, who is reminded of it after ten minutes and after thirty.
var reminding = strings.Replace(Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB]\n    remind_after: 10m\n", 1)

// reminded is Bob's yes after two reminders, and after one that Alice asked for.
func reminded(p *Played) {
	p.Live(13 * time.Minute)
	p.until("the nudge", func() bool { return p.types("nudge 1", "I'm reminding") },
		func() bool { r, ok := p.request(); return ok && r.Reminders.NudgedBy == "U0ALICE" })
	p.Live(20 * time.Minute)
	Approve(p)
	for kind, want := range map[string]int{approvals.KindReminder: 2, approvals.KindNudge: 1} {
		require.Len(p.T, p.remindersOf("U0BOB", kind), want, "messages of the kind %s", kind)
	}
}

// remindersOf are the keys of the messages of one kind that somebody has.
func (p *Played) remindersOf(who, kind string) (keys []string) {
	for _, m := range p.ours(p.N.Slack.DM(who)) {
		if outbox.Kind(KeyOf(m)) == kind {
			keys = append(keys, KeyOf(m))
		}
	}
	return keys
}

// remindedOnce: no reminder is said twice for its occasion, to whomever.
func (p *Played) remindedOnce() {
	for _, u := range p.N.Slack.Users() {
		keys := append(p.remindersOf(u.ID, approvals.KindReminder), p.remindersOf(u.ID, approvals.KindNudge)...)
		slices.Sort(keys)
		require.Equal(p.T, slices.Compact(slices.Clone(keys)), keys, "reminders of %s", u.ID)
		require.True(p.T, len(keys) == 0 || u.ID == "U0BOB" && p.Scenario.config == reminding, "%s is reminded", u.ID)
	}
}

// escalatedOnce holds the log to one escalation of each step that is kept as escalated.
func (p *Played) escalatedOnce(r approvals.Request) {
	var logged, kept []int
	for _, e := range r.Raised {
		if len(e.Gone) == 0 {
			kept = append(kept, e.Step+1)
		}
	}
	require.NoError(p.T, p.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e struct {
			What   string
			Detail struct{ Step int }
		}
		if !strings.Contains(string(line), `"what":"escalated"`) {
			return nil
		}
		err := json.Unmarshal(line, &e)
		logged = append(logged, e.Detail.Step)
		return err
	}))
	require.Equal(p.T, kept, logged, "escalations in the log")
}
