package world

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// sleeping is Config in which it is Bob's quiet hours for the first twelve minutes, and requests stay open for hours.
var sleeping = strings.Replace(strings.Replace(alone, "apps:\n", "people: {quiet_hours: \"23:00-00:12\"}\napps:\n", 1), "expires_after: 50m", "expires_after: 3h", 1)

// inTheMorning is Bob's yes, who has the request once his quiet hours are over, and not before.
func inTheMorning(p *Played) {
	p.Live(9 * time.Minute)
	require.Empty(p.T, ToApprover(p.ours(p.N.Slack.DM("U0BOB")), true), "he is asleep")
	p.Live(6 * time.Minute)
	require.Len(p.T, ToApprover(p.ours(p.N.Slack.DM("U0BOB")), true), 1, "he is asked once, when he is up")
	Approve(p)
	r, _ := p.request()
	require.Equal(p.T, []approvals.Actor{"U0BOB"}, r.Yes())
}

// rationed is Config in which nobody is sent more than one message a day unasked, and requests stay open for days.
var rationed = strings.Replace(strings.Replace(alone, "apps:\n", "people: {messages_per_day: 1}\napps:\n", 1), "expires_after: 50m", "expires_after: 5d", 1)

// hadEnough is Alice's nudge, which is held back because Bob has had his message of the day, and Bob's yes.
func hadEnough(p *Played) {
	needs := func() []string { return p.remindersOf("U0BOB", approvals.KindNeeds) }
	p.Live(time.Minute)
	require.Empty(p.T, needs(), "he has had one")
	p.until("the nudge", func() bool { return p.types("nudge 1", "I'm reminding") },
		func() bool { r, ok := p.request(); return ok && r.Reminders.NudgedBy == "U0ALICE" })
	p.Live(2 * time.Minute)
	require.Len(p.T, needs(), 1, "one message stands for the rest")
	Approve(p)
	p.Live(2 * time.Minute)
	require.Len(p.T, needs(), 1)
	for _, m := range p.ours(p.N.Slack.DM("U0BOB")) {
		if KeyOf(m) == needs()[0] {
			require.Contains(p.T, m.Text, "Nothing in this message needs you any more.")
		}
	}
}
