package badday

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// TestCallsOfOneClickThatMends counts the calls of a report that is shown alone and posted, and of the holders of its two accounts being
// asked: a message each, drawn anew once when they answer, and one to who had them asked. The app is read for the report alone, for a press
// looks at what was read not long before.
func TestCallsOfOneClickThatMends(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	holders := map[string]string{"U0MARCO": "marco.bianchi@acme.example", "U0AMIRA": "amira.haddad@acme.example"}
	onADay(t, demo.Config, func(d *busyDay) {
		vendorsim.SeedDemo(d.N.Vendor)
		for id, email := range holders {
			d.N.Slack.AddUser(slacksim.User{ID: id, Name: id, RealName: id, Email: email})
		}
		d.Pass(time.Minute)
		began := d.calls()
		d.heard(d.N.Slack.Type("U0ADMIN", "C0GENERAL", "/access report"))
		d.Pass(time.Minute)
		for _, m := range d.N.Slack.Ephemerals("U0ADMIN") {
			if len(world.Buttons(m)) > 0 {
				d.heard(d.N.Slack.Click("U0ADMIN", "C0GENERAL", m.TS, "Post to channel"))
			}
		}
		d.Pass(time.Minute)
		report := world.Digests(d.N.Slack.Messages("C0GENERAL"))[0]
		for id, email := range holders {
			d.heard(d.N.Slack.Click("U0BOB", "C0GENERAL", report.TS, "Mend…, "+email))
			d.Pass(10 * time.Second)
			d.heard(d.N.Slack.ClickView("U0BOB", "", "Ask its holder", nil))
			d.Pass(time.Minute)
			d.N.Slack.CloseAllViews("U0BOB")
			for _, m := range d.N.Slack.DM(id) {
				require.Equal(t, approvals.KindHolder, outbox.Kind(world.KeyOf(m)))
				d.heard(d.N.Slack.Click(id, m.Channel, m.TS, "Leave it"))
			}
			d.Pass(5 * time.Minute)
		}
		made, n := d.calls(), len(holders)
		for method, most := range map[string]int{"chat.postEphemeral": 1, "chat.postMessage": 1 + 2*n, "chat.update": n, "conversations.open": n + 1,
			"conversations.history": 0, "views.open": n, "views.update": 2 * n, "users.lookupByEmail": n, "conversations.info": 2,
			"users.info": n, "vendor " + string(vendorsim.List): 3} {
			require.LessOrEqual(t, made[method]-began[method], most, method)
			t.Logf("%-25s %d of %d", method, made[method]-began[method], most)
		}
		require.Equal(t, 1+2*n, made["chat.postMessage"]-began["chat.postMessage"], "the report, and a question and its answer each")
	})
}
