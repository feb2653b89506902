package world

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
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

// escalatedOnce holds the log to one escalation of each step that is kept as escalated.
func (p *Played) escalatedOnce(r approvals.Request) {
	var logged, kept []int
	for _, e := range r.Raised {
		kept = append(kept, e.Step+1)
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
