package badday

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
)

// listLives is what so many member lists need, half an hour apart, from the command to the message, with everybody's Home open.
func listLives(lists, homes int) map[string]int {
	return map[string]int{
		"views.open":            lists,
		"files.info":            lists,
		"file_download":         lists,
		"users.list":            lists, // everybody, in one page, for all of its addresses
		"chat.postMessage":      lists,
		"conversations.open":    1,
		"users.info":            (1 + homes) * lists, // who imports, and whose Homes are drawn anew
		"chat.postEphemeral":    lists,               // that it's being read
		"usergroups.users.list": 6 * lists,
		"views.publish":         homes, // at the start: a list in which nothing of theirs stands changes no Home
		"apps.connections.open": 2,
	}
}

// TestCallsOfMemberLists counts every call of some member lists that people add to forms, and holds them against what they need:
// of people Slack is asked once for a whole list, and of the vendor nothing.
func TestCallsOfMemberLists(t *testing.T) {
	const lists = 6
	onADay(t, demo.Offered(), func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		homes := crowd[:3] // an admin's is drawn every minute anyway
		for _, who := range homes {
			d.N.Slack.OpenHome(who).Wait()
		}
		for i := range lists {
			d.heard(d.N.Slack.Type("U0ADMIN", "C0GENERAL", "/access import semrush"))
			d.Pass(10 * time.Second)
			var rows strings.Builder
			for n := range 1000 {
				fmt.Fprintf(&rows, "p%d-%d@outside.example,User\n", i, n)
			}
			v := d.N.Slack.Views("U0ADMIN")
			require.Len(t, v, 1)
			d.heard(d.N.Slack.Submit("U0ADMIN", v[0].ID, map[string]any{"list": d.N.Slack.Attach("U0ADMIN", "members.csv", []byte("Email,Role\n"+rows.String()))}))
			d.Pass(30 * time.Minute)
		}
		require.Len(t, d.N.Slack.DM("U0ADMIN"), lists)
		d.frugal(t, began, listLives(lists, len(homes)))
	})
}
