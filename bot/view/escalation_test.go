package view

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// escalating is a request that escalates two days after its step began.
func escalating(r approvals.Request) approvals.Request {
	r.Rule.EscalateAfter, r.Rule.EscalateTo = 48*time.Hour, []string{"U0FRANK", "S0OPS"}
	r.Asked, r.Expires = clock(9, 0), clock(9, 0).Add(7*24*time.Hour)
	return r
}

// TestACardSaysToWhomItEscalates, before and after, and who decides now; so do the lists and, once it is decided, the card.
func TestACardSaysToWhomItEscalates(t *testing.T) {
	later := escalating(sample(catalog.Create, approvals.Pending))
	raised := later
	raised.Raised = []approvals.Raise{{Step: 0, At: clock(9, 30)}}
	second := escalating(threeSteps(1))
	second.Raised = []approvals.Raise{{Step: 1, At: clock(9, 40)}}
	done := escalating(sample(catalog.Create, approvals.Done))
	done.Raised = raised.Raised
	for name, row := range map[string]struct {
		r    approvals.Request
		want []string
	}{
		"later":  {later, []string{"Escalates <!date^", "to <@U0FRANK> or anyone in <!subteam^S0OPS>"}},
		"raised": {raised, []string{"Can approve <@U0BOB>, <@U0FRANK>, anyone in <!subteam^S0LEADS> or anyone in <!subteam^S0OPS>", "Escalated <!date^", "to <@U0FRANK> or anyone in <!subteam^S0OPS>"}},
		"second": {second, []string{"(step 2) to <@U0FRANK>\n"}},
		"done":   {done, []string{"Escalated <!date^"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := Card(row.r)
			golden(t, "card-escalation-"+name, held(t, m))
			for _, words := range row.want {
				require.Contains(t, m.Text, words)
			}
		})
	}
	var list []approvals.Request
	for range withButtons + 1 {
		list = append(list, raised)
	}
	pending := Reply(commands.Reply{Head: say("9 requests are waiting for you:"), Waiting: list})
	require.Contains(t, pending.Text, "\nEscalated <!date^")
	require.Contains(t, pending.Text, " · escalated <!date^")
}
