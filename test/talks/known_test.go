package talks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// TestAskingWaitsForNobodyWhoIsKnown: everybody is read at the start, so a full member's request is kept and answered though Slack doesn't
// say who anybody is: it isn't asked who asks. Who decides, it is.
func TestAskingWaitsForNobodyWhoIsKnown(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{"start", "wait 1m"})
		k.N.Slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Hang, Times: 1000})
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`})
		require.NotContains(t, whoWasAsked(k), "U0ALICE")
		k.N.Slack.ClearFaults()
		k.play([]string{
			`bob clicks Approve on card 1`,
			`request 1 is done`,
			`vendor effects create 1`,
			`card 1 says done`,
			`alice is told "ready"`,
		})
		require.Contains(t, whoWasAsked(k), "U0BOB")
	})
}

// whoWasAsked are those about whom Slack was asked who they are.
func whoWasAsked(k *drill) (who []any) {
	for _, c := range k.N.Slack.CallsOf("users.info") {
		who = append(who, c.Args["user"])
	}
	return who
}
