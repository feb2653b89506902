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
