package badday

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/metricstext"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

func TestMain(m *testing.M) { world.Main(m) }

// busyDay is a whole program among busy people.
type busyDay struct {
	*world.World
	began time.Time
	asked []string // the addresses, by request number from 1
	by    []string // who asked for each
}

func onADay(t *testing.T, config string, f func(d *busyDay)) {
	world.In(t, strings.Replace(config, "seats: 25", "seats: 200", 1), func(w *world.World) {
		w.N.Vendor.SetSeats(200)
		w.Start()
		f(&busyDay{World: w, began: time.Now()})
	})
}

// crowd are the people who may ask; Bob and Erin decide.
var crowd = []string{"U0ALICE", "U0DAVE", "U0FRED", "U0ADMIN"}

// ask asks for one more seat, in turn by everybody.
func (d *busyDay) ask() *slacksim.Delivery {
	n := len(d.asked) + 1
	who, address := crowd[n%len(crowd)], fmt.Sprintf("p%d@acme.example", n)
	d.asked, d.by = append(d.asked, address), append(d.by, who)
	return d.N.Slack.Type(who, "C0GENERAL", "/access create "+address+" Pat because they start")
}

// heard demands that what somebody did was acknowledged.
func (d *busyDay) heard(all ...*slacksim.Delivery) {
	for _, one := range all {
		out := one.Wait()
		require.True(d.T, out.Acked, "%s", out.Error)
	}
}

// waiting are the cards that can be decided.
func (d *busyDay) waiting() []slacksim.Message {
	var all []slacksim.Message
	for _, m := range d.N.Slack.Messages("C0APPROVE") {
		if len(world.Buttons(m)) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// approve approves whatever waits, and demands that each click is heard.
func (d *busyDay) approve() {
	for _, m := range d.waiting() {
		d.heard(d.N.Slack.Click("U0BOB", m.Channel, m.TS, "Approve"))
	}
}

// complete holds that each request was done once, shows it on one card, and was told once.
func (d *busyDay) complete() {
	d.T.Helper()
	require.NoError(d.T, d.App.Store.Check(context.Background()))
	told := map[string]int{}
	for i, address := range d.asked {
		r, err := d.App.Desk.Request(context.Background(), int64(i+1))
		require.NoError(d.T, err)
		require.Equal(d.T, approvals.Done, r.State, "#%d for %s: %v", i+1, address, r.Outcome)
		_, there := d.N.Vendor.Account(r.Change.Email)
		require.True(d.T, there)
		told[string(r.Requester)]++
		cards := 0
		for _, m := range d.N.Slack.Messages("C0APPROVE") {
			if strings.HasPrefix(m.Text, fmt.Sprintf("#%d ", r.Number)) {
				cards++
				world.Shows(d.T, view.Card(r), m, fmt.Sprintf("the card of #%d", r.Number))
			}
		}
		require.Equal(d.T, 1, cards, "cards of #%d", r.Number)
	}
	require.Len(d.T, d.N.Vendor.Effects(), len(d.asked))
	require.Len(d.T, d.N.Slack.Messages("C0APPROVE"), len(d.asked))
	for _, who := range crowd[:3] {
		require.Len(d.T, world.ToApprover(d.N.Slack.DM(who), false), told[who], "messages to %s", who)
	}
}

// TestRefreshesEveryFewSeconds under load lose nothing and do nothing twice.
func TestRefreshesEveryFewSeconds(t *testing.T) {
	onADay(t, world.Config, func(d *busyDay) {
		begun := len(d.N.Slack.CallsOf("apps.connections.open"))
		for i := range 60 {
			if i%2 == 0 {
				require.True(t, d.N.Slack.Refresh())
			}
			asked := d.ask()
			d.approve()
			d.heard(asked)
			d.Pass(2 * time.Second)
		}
		d.Pass(time.Minute)
		d.approve()
		d.Pass(2 * time.Minute)
		d.complete()
		require.Empty(t, d.Logs.Take())
		require.Equal(t, 2, d.N.Slack.Connections())
		t.Logf("60 requests over %d connections", len(d.N.Slack.CallsOf("apps.connections.open"))-begun)
	})
}

// TestGhostConnectionsAreReported within a minute: in the log, in the status that becomes a metric, and
// to the admins, once a day. They are left to age out, and then all is well.
func TestGhostConnectionsAreReported(t *testing.T) {
	onADay(t, world.Config, func(d *busyDay) {
		d.Pass(time.Minute)
		before := len(d.N.Slack.CallsOf("apps.connections.open"))
		require.True(t, d.N.Slack.Ghost())
		d.Pass(4 * time.Minute) // three pings later it is known to be dead
		logged := strings.Join(d.Logs.Take(), "\n")
		require.Contains(t, logged, "not mine")
		require.Contains(t, logged, "counted=3 open=2")
		var numbers strings.Builder
		require.NoError(t, d.App.Control("").Metrics(t.Context(), &numbers))
		shown := metricstext.Shown(metricstext.WellFormed(t, numbers.String()))
		require.Equal(t, 3.0, shown[`usher_slack_connections{counted_by="slack"}`])
		require.Equal(t, 2.0, shown[`usher_slack_connections{counted_by="usher"}`])
		require.Len(t, d.N.Slack.DM("U0ADMIN"), 1)
		require.Contains(t, slacksim.PlainText(d.N.Slack.DM("U0ADMIN")[0]), "Slack counts 3 connections for me, and I have 2")
		d.Pass(20 * time.Minute)
		require.Equal(t, 2, d.App.Bot.Status().Counted)
		for range 3 {
			require.True(t, d.N.Slack.Ghost())
			d.Pass(20 * time.Minute)
		}
		require.Len(t, d.N.Slack.DM("U0ADMIN"), 1, "once a day")
		require.LessOrEqual(t, len(d.N.Slack.CallsOf("apps.connections.open"))-before, 20)
		d.Logs.Take()
		d.heard(d.ask())
		d.Pass(10 * time.Second)
		d.approve()
		d.Pass(time.Minute)
		d.complete()
	})
}

// foreign opens connections that are not the bot's, as dead ones are not any more, and keeps them until
// the test ends.
func foreign(t *testing.T, n *demo.Neighbours, howMany int) {
	around := n.Surroundings()
	for range howMany {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, n.Env().SlackAPIURL+"apps.connections.open", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+n.Env().SlackAppToken.Reveal())
		answer, err := around.SlackHTTP.Do(req)
		require.NoError(t, err)
		var to struct{ URL string }
		require.NoError(t, errors.Join(json.NewDecoder(answer.Body).Decode(&to), answer.Body.Close()))
		dial := websocket.Dialer{NetDialContext: around.SlackDial}
		ws, answer, err := dial.DialContext(context.Background(), to.URL, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusSwitchingProtocols, answer.StatusCode)
		go func() {
			for {
				if _, _, err := ws.ReadMessage(); err != nil { // pings are answered meanwhile
					return
				}
			}
		}()
	}
	synctest.Wait() // Slack has counted each of them
}

// TestTenConnectionsAreReported: when Slack's ten are taken, all but one or all by others, it cannot be
// asked to count again, and the log, the metric and an admin say so within a minute all the same.
func TestTenConnectionsAreReported(t *testing.T) {
	for _, row := range []struct {
		foreign, ours int
		says          string
	}{{9, 1, "Slack counts 10 connections for me, and I have 1."}, {10, 0, "Slack closes every connection I open right away, as it does when an app already has 10."}} {
		t.Run(fmt.Sprint(row.foreign), func(t *testing.T) {
			t.Parallel()
			world.In(t, world.Config, func(w *world.World) {
				foreign(t, w.N, row.foreign)
				w.Begin()
				w.Pass(time.Minute)
				require.Contains(t, strings.Join(w.Logs.Take(), "\n"), "not mine")
				var numbers strings.Builder
				require.NoError(t, w.App.Control("").Metrics(t.Context(), &numbers))
				shown := metricstext.Shown(metricstext.WellFormed(t, numbers.String()))
				require.Equal(t, 10.0, shown[`usher_slack_connections{counted_by="slack"}`])
				require.Equal(t, float64(row.ours), shown[`usher_slack_connections{counted_by="usher"}`])
				require.Len(t, w.N.Slack.DM("U0ADMIN"), 1)
				require.Contains(t, slacksim.PlainText(w.N.Slack.DM("U0ADMIN")[0]), row.says)
				w.Pass(20 * time.Hour)
				require.Len(t, w.N.Slack.DM("U0ADMIN"), 1, "once a day")
				w.Logs.Take()
			})
		})
	}
}

// TestLimits on posting, updating and opening forms at once delay what they must and lose nothing;
// nobody calls before Slack says so (the simulator objects).
func TestLimits(t *testing.T) {
	onADay(t, world.Config, func(d *busyDay) {
		for round := range 4 {
			for _, method := range []string{"chat.postMessage", "chat.update", "conversations.open", "views.open"} {
				d.N.Slack.RateLimit(method, 2, time.Duration(5+10*round)*time.Second)
			}
			var all []*slacksim.Delivery
			for range 6 {
				all = append(all, d.ask())
			}
			d.heard(all...)
			d.Pass(2 * time.Minute)
			for _, m := range d.waiting()[:2] {
				d.heard(d.N.Slack.Click("U0ERIN", m.Channel, m.TS, "Deny"))
				d.Pass(time.Second)
			}
			require.Len(t, d.N.Slack.Ephemerals("U0ERIN"), 2*(round+1), "told that no form opened")
			d.approve()
			d.Pass(3 * time.Minute)
		}
		d.complete()
		require.Empty(t, d.Logs.Take())
	})
}

// TestAChannelThatIsShut is mended by an admin, who is told once a day; what is owed appears then.
func TestAChannelThatIsShut(t *testing.T) {
	t.Parallel()
	pace.Lives(t, 50*time.Hour)
	shut := map[string][2]func(s *slacksim.Server){
		"archived": {func(s *slacksim.Server) { s.Archive("C0APPROVE", true) }, func(s *slacksim.Server) { s.Archive("C0APPROVE", false) }},
		"removed":  {func(s *slacksim.Server) { s.Kick("C0APPROVE", slacksim.BotUser) }, func(s *slacksim.Server) { s.Invite("C0APPROVE", slacksim.BotUser) }},
	}
	for name, do := range shut {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onADay(t, demo.Config, func(d *busyDay) {
				d.heard(d.ask(), d.ask())
				d.Pass(10 * time.Second)
				old := d.waiting()
				require.Len(t, old, 2)
				do[0](d.N.Slack)
				d.heard(d.ask(), d.N.Slack.Click("U0BOB", old[0].Channel, old[0].TS, "Approve"))
				d.Pass(50 * time.Hour)
				require.Len(t, d.N.Slack.DM("U0ADMIN"), 3, "one for each of three days")
				do[1](d.N.Slack)
				d.Pass(11 * time.Minute)
				require.Len(t, d.waiting(), 2, "the card that was owed, and the one that stood")
				d.approve()
				d.Pass(time.Minute)
				d.complete()
				require.Len(t, d.N.Slack.DM("U0ADMIN"), 4, "and one because she asked for #3")
				require.Empty(t, d.Logs.Take())
			})
		})
	}
}

// TestAReportsChannelThatIsShut keeps the digest back where the bot was taken out: the admins learn once a day what to mend,
// through a crash too, and it is posted once when that is done, unless the next one has come due by then. Where the channel is
// archived it comes to the admins instead, once a slot, and stands there again from the first slot on after that was mended.
func TestAReportsChannelThatIsShut(t *testing.T) {
	t.Parallel()
	daily := strings.NewReplacer(`"0 9 * * MON"`, `"15 0 * * *"`, "reports_channel: C0REPORTS", "reports_channel: C0SEATS").Replace(demo.Config)
	shut := map[string][2]func(s *slacksim.Server){
		"is archived": {func(s *slacksim.Server) { s.Archive("C0SEATS", true) }, func(s *slacksim.Server) { s.Archive("C0SEATS", false) }},
		"/invite":     {func(s *slacksim.Server) { s.Kick("C0SEATS", slacksim.BotUser) }, func(s *slacksim.Server) { s.Invite("C0SEATS", slacksim.BotUser) }},
	}
	for _, row := range []struct {
		says          string
		hours, alarms int
		posted        []string
	}{{"is archived", 5, 1, []string{"2000-01-02T00:15"}}, {"/invite", 23, 1, []string{"2000-01-01T00:15", "2000-01-02T00:15"}}, {"is archived", 34, 2, []string{"2000-01-03T00:15"}}} {
		do := shut[row.says]
		t.Run(fmt.Sprint(row.says, " for ", row.hours, " h"), func(t *testing.T) {
			t.Parallel()
			pace.Lives(t, time.Duration(row.hours+25)*time.Hour)
			onADay(t, daily, func(d *busyDay) {
				d.N.Slack.AddChannel(slacksim.Channel{ID: "C0SEATS", Name: "seats", Private: true, Members: []string{"U0ADMIN", slacksim.BotUser}})
				do[0](d.N.Slack)
				d.Pass(3 * time.Hour)
				told := world.Digests(d.N.Slack.DM("U0ADMIN"))
				require.Len(t, told, 1)
				require.Contains(t, slacksim.PlainText(told[0]), row.says)
				require.Contains(t, slacksim.PlainText(told[0]), "C0SEATS")
				d.Crash()
				d.Start()
				d.Pass(time.Duration(row.hours-3) * time.Hour)
				require.Len(t, world.Digests(d.N.Slack.DM("U0ADMIN")), row.alarms, "once a day")
				require.Empty(t, world.Digests(d.N.Slack.Messages("C0SEATS")))

				do[1](d.N.Slack)
				d.Pass(11 * time.Minute)
				require.Len(t, world.Digests(d.N.Slack.Messages("C0SEATS")), len(row.posted)-1, "the latest that is due, and no other")
				d.Pass(25 * time.Hour)
				var posted []string
				for _, m := range world.Digests(d.N.Slack.Messages("C0SEATS")) {
					posted = append(posted, strings.TrimPrefix(world.KeyOf(m), "report/weekly-seats/"))
				}
				require.Equal(t, row.posted, posted, "and the one of the next day")
				require.Len(t, world.Digests(d.N.Slack.DM("U0ADMIN")), row.alarms)
				require.NoError(t, d.App.Store.Check(context.Background()))
				require.Empty(t, d.Logs.Take())
			})
		})
	}
}

// TestPeopleWhoLeave between request and outcome: nobody is written to who is gone, an approver who is
// gone does not count, and the rest goes on.
func TestPeopleWhoLeave(t *testing.T) {
	t.Run("who asked", func(t *testing.T) {
		onADay(t, demo.Config, func(d *busyDay) {
			d.heard(d.ask())
			d.Pass(10 * time.Second)
			d.N.Slack.Deactivate(d.by[0], true)
			d.approve()
			d.Pass(time.Hour)
			r, err := d.App.Desk.Request(context.Background(), 1)
			require.NoError(t, err)
			require.Equal(t, approvals.Done, r.State)
			world.Shows(t, view.Card(r), d.N.Slack.Messages("C0APPROVE")[0], "the card")
			require.Empty(t, d.N.Slack.DM(d.by[0]))
			require.LessOrEqual(t, len(d.N.Slack.CallsOf("conversations.open")), 3)
		})
	})
	t.Run("who approved first of two", func(t *testing.T) {
		two := strings.Replace(demo.Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB, U0ERIN, U0ADMIN]\n        need: 2\n", 1)
		onADay(t, two, func(d *busyDay) {
			d.heard(d.ask())
			d.Pass(10 * time.Second)
			d.approve()
			d.Pass(time.Minute)
			d.N.Slack.Deactivate("U0BOB", true)
			d.Pass(10 * time.Minute)
			m := d.waiting()[0]
			d.heard(d.N.Slack.Click("U0ERIN", m.Channel, m.TS, "Approve"))
			d.Pass(time.Minute)
			require.Empty(t, d.N.Vendor.Effects(), "the yes of somebody who has left does not count")
			d.heard(d.N.Slack.Click("U0ADMIN", m.Channel, m.TS, "Approve"))
			d.Pass(time.Minute)
			d.complete()
		})
	})
}

// TestACardThatSomebodyDeletes comes back while it waits for a decision, and stays away after it.
func TestACardThatSomebodyDeletes(t *testing.T) {
	onADay(t, demo.Config, func(d *busyDay) {
		d.heard(d.ask(), d.ask())
		d.Pass(10 * time.Second)
		for _, m := range d.waiting() {
			require.True(t, d.N.Slack.DeleteMessage(m.Channel, m.TS))
		}
		d.Pass(time.Hour)
		require.Len(t, d.waiting(), 2)
		second := d.waiting()[1]
		d.approve()
		d.Pass(time.Minute)
		d.complete()
		require.True(t, d.N.Slack.DeleteMessage(second.Channel, second.TS))
		d.Pass(26 * time.Hour)
		require.Len(t, d.N.Slack.Messages("C0APPROVE"), 1)
		require.Empty(t, d.N.Slack.DM("U0ADMIN"), "and nobody is troubled for it")
		require.Empty(t, d.Logs.Take())
	})
}
