package talks

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// TestAYesOfSomebodyWhoLeftIsNotShownAsOne: Bob says yes and leaves the workspace. The card tells whose
// yes counts when Erin says hers, she hears how it stands, and in the end only those are named who decided.
func TestAYesOfSomebodyWhoLeftIsNotShownAsOne(t *testing.T) {
	config := strings.Replace(world.Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB, U0ERIN, U0ADMIN]\n        need: 2\n", 1)
	handsUnder(t, config, func(h *hands) {
		h.reach(h.click("U0BOB", "Approve"))
		h.Pass(time.Minute)
		h.N.Slack.Deactivate("U0BOB", true)
		h.Pass(10 * time.Minute) // what Slack said of Bob is forgotten by then
		h.reach(h.click("U0ERIN", "Approve"))
		h.Pass(time.Minute)
		card := slacksim.PlainText(h.N.Slack.Messages("C0APPROVE")[0])
		require.Contains(t, card, "1 of 2 said yes: <@U0ERIN>")
		require.Contains(t, card, "Not counted: <@U0BOB> (can't approve any more)")
		require.Len(t, h.N.Slack.Ephemerals("U0ERIN"), 1)
		require.Contains(t, h.private("U0ERIN"), "Your yes to #1 counts. Not counted: <@U0BOB> (can't approve any more). One more person must say yes")
		h.reach(h.click("U0ERIN", "Approve"))
		h.Pass(time.Minute)
		require.Len(t, h.N.Slack.Ephemerals("U0ERIN"), 1, "one vote, and no noise")

		h.reach(h.click("U0ADMIN", "Approve"))
		require.Equal(t, approvals.Done, h.settled().State)
		card = slacksim.PlainText(h.N.Slack.Messages("C0APPROVE")[0])
		require.Contains(t, card, "Approved by <@U0ERIN> and <@U0ADMIN>, ")
		require.NotContains(t, card, "<@U0BOB>")
		require.Empty(t, h.N.Slack.Ephemerals("U0ADMIN"))
	})
}
