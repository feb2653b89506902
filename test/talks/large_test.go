package talks

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

const large = `slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  seranking: {kind: seranking, name: SE Ranking, base_url: "http://127.0.0.1/v1", seats: 25}
policies:
  - name: seats
    steps: [{approvers: [S0LEADS]}]
`

// TestALargeGroupDecides: of a user group of three hundred, the last in it decides like the first, and who isn't in it
// doesn't. Nobody is looked up but who asks, who clicks, and one who could.
func TestALargeGroupDecides(t *testing.T) {
	inLife(t, large, "", func(k *talk) {
		var in []string
		for i := range 300 {
			id := fmt.Sprintf("U0MANY%d", i+1)
			in = append(in, id)
			k.N.Slack.AddUser(slacksim.User{ID: id, Name: fmt.Sprintf("many%d", i+1), RealName: fmt.Sprintf("Many %d", i+1), Email: fmt.Sprintf("many%d@acme.example", i+1)})
		}
		k.N.Slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: in})
		k.play([]string{
			"alice types /access create a@globex.example A because of the audit", `alice sees "#1"`,
			`card 1 says "anyone in <!subteam^S0LEADS>"`,
			"bob clicks Approve on card 1", `bob sees "#1 isn't yours to decide"`, "request 1 is pending",
			"many300 clicks Approve on card 1", "request 1 is done", `alice is told "#1"`, `card 1 says "Approved by <@U0MANY300>"`,
		})
		require.Less(k.T, len(k.N.Slack.CallsOf("users.info")), 12)
	})
}
