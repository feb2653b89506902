package world

import (
	"context"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// leaving is Config with a step that Alice, who asks, leaves to Bob, and that escalates to Dave and Erin after hours.
var leaving = strings.Replace(Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB, U0ALICE]\n    escalate_after: 9h\n    escalate_to: [U0DAVE, U0ERIN]\n", 1)

// handedOn is Dave's yes to what was handed on to him because Bob has left.
func handedOn(p *Played) {
	p.N.Slack.Deactivate("U0BOB", true)
	p.until("the handing on", func() bool { return false }, func() bool {
		r, ok := p.request()
		return ok && len(r.Raised) == 1
	})
	p.approves("U0DAVE", p.decided)
	r, _ := p.request()
	require.Equal(p.T, []string{"U0BOB"}, r.Raised[0].Gone, "why it was handed on")
}

// handedOnOnce holds the log to one handing on for each that is kept.
func (p *Played) handedOnOnce(r approvals.Request) {
	logged, kept := 0, 0
	for _, e := range r.Raised {
		kept += One(len(e.Gone) > 0)
	}
	require.NoError(p.T, p.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		logged += One(strings.Contains(string(line), `"handed_to"`))
		return nil
	}))
	require.Equal(p.T, kept, logged, "handings on in the log")
}
