package badday

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// joiningBy is what so many people need who join a group one an hour, from joining to the message about what came of it.
func joiningBy(people int) map[string]int {
	return map[string]int{
		"usergroups.users.list":              (2*12 + 1) * people, // this group and the one that decides, every five minutes of the hour, and at the change
		"users.info":                         7 * people,          // who joined, their manager, and both before it is carried out
		"chat.postMessage":                   3 * people,          // the card, what the manager has, and what came of it
		"chat.update":                        3 * people,          // both, decided, and the card, done
		"conversations.open":                 1,
		"vendor " + string(vendorsim.Create): people,
		"vendor " + string(vendorsim.List):   4 * people, // what they have, for the card, before the deed, and after it
	}
}

// TestCallsOfJoiners counts every call of people who join a group, each offered a seat and given it: one reading of the group says who is
// new, whoever was in it before.
func TestCallsOfJoiners(t *testing.T) {
	config := strings.Replace(strings.Replace(demo.Config, "bundles:\n", "bundles:\n  newcomer:\n    joiners: [S0SEO]\n    items: [{app: seranking, action: create, type: client}]\n", 1),
		"apps:\n", "people: {managers: {U0DAVE: U0BOB, U0ALICE: U0BOB}}\napps:\n", 1)
	onADay(t, config, func(d *busyDay) {
		group := slacksim.Group{ID: "S0SEO", Handle: "seo", Name: "SEO", Users: []string{"U0ERIN"}}
		d.N.Slack.AddGroup(group)
		d.Pass(10 * time.Minute) // it's read, and who is in it now is offered nothing
		began := d.calls()
		for n, who := range []string{"U0DAVE", "U0ALICE"} {
			group.Users = append(group.Users, who)
			d.N.Slack.AddGroup(group)
			d.Pass(8 * time.Minute)
			dm := d.N.Slack.DM("U0BOB")
			require.Len(t, dm, 2*n+1)
			d.heard(d.N.Slack.Click("U0BOB", dm[2*n].Channel, dm[2*n].TS, "Give it"))
			d.Pass(52 * time.Minute)
			require.Len(t, d.N.Slack.DM("U0BOB"), 2*n+2)
		}
		d.frugal(t, began, joiningBy(2))
	})
}
