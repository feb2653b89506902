package talks

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// hands is a world in which Jane's seat is asked for and waits, and people reach for it at once.
type hands struct {
	*world.World
	card slacksim.Message
	all  []*slacksim.Delivery
	// more are those who may decide beside Bob and Erin.
	more []string
	// escalated is how many cards an admin has of it.
	escalated int
}

// inHands asks for Jane's seat under a policy that asks everybody in S0LEADS for so many yeses.
func inHands(t *testing.T, need int, f func(h *hands)) {
	handsUnder(t, strings.Replace(world.Config, "approvers: [U0BOB, S0LEADS]\n", fmt.Sprintf("approvers: [S0LEADS]\n        need: %d\n", need), 1), f)
}

func handsUnder(t *testing.T, config string, f func(h *hands)) {
	world.In(t, config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		h := &hands{World: w}
		group := []string{"U0BOB", "U0ERIN"}
		for i := range 18 {
			id := fmt.Sprintf("U0LEAD%02d", i)
			w.N.Slack.AddUser(slacksim.User{ID: id, Name: strings.ToLower(id), RealName: "Lead " + id, Email: strings.ToLower(id) + "@acme.example"})
			w.N.Slack.Invite("C0APPROVE", id)
			h.more = append(h.more, id)
		}
		w.N.Slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: append(group, h.more...)})
		w.Start()
		h.reach(w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked"))
		w.Pass(10 * time.Second)
		cards := w.N.Slack.Messages("C0APPROVE")
		require.Len(t, cards, 1)
		h.card = cards[0]
		f(h)
		h.calm()
	})
}

// reach notes what people did; all of it must be acknowledged.
func (h *hands) reach(d ...*slacksim.Delivery) { h.all = append(h.all, d...) }

// click presses a button on the card as it looked when it was asked for.
func (h *hands) click(who, button string) *slacksim.Delivery {
	return h.N.Slack.ClickForged(who, slacksim.Forged{Channel: h.card.Channel, TS: h.card.TS, ActionID: strings.ToLower(button), Value: h.Value(1)})
}

// form is the form for a reason, opened by somebody who pressed Deny.
func (h *hands) form(who string) slacksim.View {
	h.reach(h.click(who, "Deny"))
	h.Pass(time.Second)
	views := h.N.Slack.Views(who)
	require.NotEmpty(h.T, views)
	return views[len(views)-1]
}

func (h *hands) deny(who string, v slacksim.View) *slacksim.Delivery {
	return h.N.Slack.Submit(who, v.ID, map[string]any{view.FieldReason: "not now"})
}

// private is everything that only one person reads, forms included.
func (h *hands) private(who string) string {
	var all []string
	for _, m := range h.N.Slack.Ephemerals(who) {
		all = append(all, slacksim.PlainText(m))
	}
	for _, v := range h.N.Slack.Views(who) {
		all = append(all, fmt.Sprint(v.View["blocks"]))
	}
	return strings.Join(all, "\n")
}

// settled lets everything come to its end and holds that there was one outcome: one state, one card,
// one message, one effect.
func (h *hands) settled() approvals.Request {
	h.Pass(2 * time.Minute)
	r, err := h.App.Desk.Request(context.Background(), 1)
	require.NoError(h.T, err)
	s := world.Scenario{Ask: "create", Want: r.State, Tells: 1, Admins: h.escalated}
	switch r.State {
	case approvals.Done:
		s.Op = vendorsim.Create
	case approvals.Canceled:
		s.Tells = 0
	case approvals.Denied, approvals.Expired:
	default:
		h.T.Fatalf("#1 came to no end: %s", r.State)
	}
	(&world.Played{World: h.World, Scenario: s}).Promises()
	if s.Op == "" {
		require.Empty(h.T, h.N.Vendor.Effects(), "nothing was done")
	}
	return r
}

// calm holds that nobody saw an error: everything was acknowledged in time, nothing went wrong.
func (h *hands) calm() {
	for _, d := range h.all {
		out := d.Wait()
		require.True(h.T, out.Acked, "%s", out.Error)
		require.Empty(h.T, out.Error)
		require.Empty(h.T, out.Errors)
	}
	for _, u := range h.N.Slack.Users() {
		said := h.private(u.ID)
		require.NotContains(h.T, said, "went wrong")
		require.NotContains(h.T, said, "cannot tell")
	}
	for _, m := range h.N.Slack.Messages("C0APPROVE") {
		require.Empty(h.T, m.Warnings)
	}
	require.Empty(h.T, h.Logs.Take())
}

func mention(who string) string { return "<@" + who + ">" }

// TestApproveTwice: of two who approve at once one is heard, and the other told what had happened.
func TestApproveTwice(t *testing.T) {
	inHands(t, 1, func(h *hands) {
		h.reach(h.click("U0BOB", "Approve"), h.click("U0ERIN", "Approve"))
		r := h.settled()
		require.Equal(t, approvals.Done, r.State)
		require.Len(t, r.Votes, 1)
		first, second := string(r.DecidedBy), "U0BOB"
		if first == second {
			second = "U0ERIN"
		}
		require.Empty(t, h.private(first))
		require.Contains(t, h.private(second), mention(first)+" approved #1")
		require.Contains(t, h.private(second), "Nothing is left to decide")
	})
}

// TestApproveAndDenyAtOnce, in either order: one outcome, and the other is told it in their own form or privately.
func TestApproveAndDenyAtOnce(t *testing.T) {
	for i := range 8 {
		inHands(t, 1, func(h *hands) {
			v := h.form("U0ERIN")
			if i%2 == 0 {
				h.reach(h.click("U0BOB", "Approve"), h.deny("U0ERIN", v))
			} else {
				h.reach(h.deny("U0ERIN", v), h.click("U0BOB", "Approve"))
			}
			switch r := h.settled(); r.State {
			case approvals.Done:
				require.Empty(t, h.private("U0BOB"))
				require.Contains(t, h.private("U0ERIN"), mention("U0BOB")+" approved #1")
				require.Empty(t, h.N.Slack.Views("U0ERIN")[0].Errors, "a notice in place of the form, no error under its field")
			case approvals.Denied:
				require.Empty(t, h.N.Slack.Views("U0ERIN"), "the form is closed")
				require.Contains(t, h.private("U0BOB"), mention("U0ERIN")+" denied #1")
			default:
				t.Fatalf("#1 is %s", r.State)
			}
		})
	}
}

// TestTwentyPeopleAtOnce: as many votes count as are needed, and the others are told.
func TestTwentyPeopleAtOnce(t *testing.T) {
	for need := 1; need <= 3; need++ {
		t.Run(fmt.Sprint("need ", need), func(t *testing.T) {
			inHands(t, need, func(h *hands) {
				everybody := append([]string{"U0BOB", "U0ERIN"}, h.more...)
				for _, who := range everybody {
					h.reach(h.click(who, "Approve"))
				}
				r := h.settled()
				require.Equal(t, approvals.Done, r.State)
				require.Len(t, r.Votes, need)
				told := 0
				for _, who := range everybody {
					if _, voted := r.VoteOf(approvals.Actor(who)); voted {
						require.Empty(t, h.private(who))
						continue
					}
					told++
					require.Len(t, h.N.Slack.Ephemerals(who), 1)
					require.Contains(t, h.private(who), string("<@"+r.DecidedBy+"> approved #1"))
				}
				require.Equal(t, 20-need, told)
			})
		})
	}
}

// TestOneOfTwoWhoAreNeeded: the first yes changes the card and no more, and nobody is told an outcome.
func TestOneOfTwoWhoAreNeeded(t *testing.T) {
	inHands(t, 2, func(h *hands) {
		h.reach(h.click("U0BOB", "Approve"))
		h.Pass(time.Minute)
		require.Empty(t, h.N.Slack.DM("U0ALICE"))
		require.Empty(t, h.N.Vendor.Effects())
		cards := h.N.Slack.Messages("C0APPROVE")
		require.Len(t, cards, 1)
		require.Equal(t, []string{"Approve", "Deny", "Edit", "Ask"}, world.Buttons(cards[0]))
		require.Contains(t, slacksim.PlainText(cards[0]), mention("U0BOB"))
		h.reach(h.click("U0BOB", "Approve"))
		h.Pass(time.Minute)
		require.Empty(t, h.N.Vendor.Effects(), "the same person twice is one person")
		h.reach(h.click("U0ERIN", "Approve"))
		require.Equal(t, approvals.Done, h.settled().State)
		require.Empty(t, h.private("U0BOB")+h.private("U0ERIN"))
	})
}

// TestCancelAgainstApprove, in either order.
func TestCancelAgainstApprove(t *testing.T) {
	for i := range 8 {
		inHands(t, 1, func(h *hands) {
			cancel := func() *slacksim.Delivery { return h.N.Slack.Type("U0ALICE", "C0GENERAL", "/access cancel 1") }
			var c *slacksim.Delivery
			if i%2 == 0 {
				h.reach(h.click("U0BOB", "Approve"))
				c = cancel()
			} else {
				c = cancel()
				h.reach(h.click("U0BOB", "Approve"))
			}
			h.reach(c)
			switch r := h.settled(); r.State {
			case approvals.Done:
				require.Contains(t, string(c.Outcome().Payload), "U0BOB")
				require.Contains(t, string(c.Outcome().Payload), "approved #1")
				require.Empty(t, h.private("U0BOB"))
			case approvals.Canceled:
				require.Contains(t, string(c.Outcome().Payload), "canceled: ")
				require.Contains(t, h.private("U0BOB"), mention("U0ALICE")+" canceled #1")
			default:
				t.Fatalf("#1 is %s", r.State)
			}
		})
	}
}

// TestExpiryAgainstApprove: a click around the very moment at which the request closes itself.
func TestExpiryAgainstApprove(t *testing.T) {
	seen := map[approvals.State]int{}
	for _, offset := range []time.Duration{-time.Second, -time.Nanosecond, 0, 0, 0, 0, time.Nanosecond, time.Second} {
		inHands(t, 1, func(h *hands) {
			r, err := h.App.Desk.Request(context.Background(), 1)
			require.NoError(t, err)
			<-time.After(time.Until(r.Expires) + offset) // and not a moment for anybody else to go first
			h.reach(h.click("U0BOB", "Approve"))
			r = h.settled()
			seen[r.State]++
			switch r.State {
			case approvals.Done:
				require.Negative(t, offset)
				require.Empty(t, h.private("U0BOB"))
			case approvals.Expired:
				require.GreaterOrEqual(t, offset, time.Duration(0))
				require.Contains(t, h.private("U0BOB"), "#1")
				require.Regexp(t, "expired|Time ran out for #1", h.private("U0BOB"))
			default:
				t.Fatalf("#1 is %s", r.State)
			}
		})
	}
	require.Equal(t, map[approvals.State]int{approvals.Done: 2, approvals.Expired: 6}, seen)
}

// TestDoubleClick: one vote and no noise; one form; one refusal.
func TestDoubleClick(t *testing.T) {
	for _, apart := range []time.Duration{0, 200 * time.Millisecond, 30 * time.Second} {
		t.Run(apart.String(), func(t *testing.T) {
			inHands(t, 1, func(h *hands) {
				for _, who := range []string{"U0DAVE", "U0ALICE", "U0BOB"} {
					h.reach(h.click(who, "Approve"))
					<-time.After(apart)
					h.reach(h.click(who, "Approve"))
					h.Pass(3 * time.Second)
				}
				r := h.settled()
				require.Equal(t, approvals.Done, r.State)
				require.Len(t, r.Votes, 1)
				require.Empty(t, h.private("U0BOB"))
				refusals := 1
				if apart > time.Second {
					refusals = 2 // that is no double click: they asked twice
				}
				require.Len(t, h.N.Slack.Ephemerals("U0DAVE"), refusals)
			})
			inHands(t, 1, func(h *hands) {
				h.reach(h.click("U0BOB", "Deny"))
				<-time.After(min(apart, time.Second))
				v := h.form("U0BOB")
				require.Len(t, h.N.Slack.Views("U0BOB"), 1, "one form")
				h.reach(h.deny("U0BOB", v), h.deny("U0BOB", v))
				require.Equal(t, approvals.Denied, h.settled().State)
				require.Empty(t, h.private("U0BOB"))
			})
		})
	}
}

// TestRedelivered: an envelope that Slack delivers again, at once, later, or to the next life of the
// program, changes nothing and says nothing twice.
func TestRedelivered(t *testing.T) {
	acts := map[string]func(h *hands) *slacksim.Delivery{
		"approve": func(h *hands) *slacksim.Delivery { return h.click("U0BOB", "Approve") },
		"deny":    func(h *hands) *slacksim.Delivery { return h.deny("U0BOB", h.form("U0BOB")) },
		"cancel":  func(h *hands) *slacksim.Delivery { return h.N.Slack.Type("U0ALICE", "C0GENERAL", "/access cancel 1") },
	}
	again := map[string]func(h *hands, d *slacksim.Delivery){
		"at once": func(h *hands, d *slacksim.Delivery) { h.N.Slack.Redeliver(d); h.N.Slack.Redeliver(d) },
		"after 15 s": func(h *hands, d *slacksim.Delivery) {
			for range 2 {
				h.Pass(15 * time.Second)
				require.True(h.T, h.N.Slack.Redeliver(d))
			}
		},
		"after a crash": func(h *hands, d *slacksim.Delivery) {
			d.Wait()
			synctest.Wait()
			h.Crash()
			h.Start()
			require.True(h.T, h.N.Slack.Redeliver(d))
		},
	}
	for act, do := range acts {
		for when, repeat := range again {
			t.Run(act+" "+when, func(t *testing.T) {
				inHands(t, 1, func(h *hands) {
					asked := h.all[0]
					d := do(h)
					h.reach(d)
					repeat(h, d)
					repeat(h, asked)
					r := h.settled()
					require.Equal(t, map[string]approvals.State{"approve": approvals.Done, "deny": approvals.Denied, "cancel": approvals.Canceled}[act], r.State)
					require.Empty(t, h.private("U0BOB"))
					own := 1 // what she asked for
					if act == "cancel" {
						own = 2
					}
					require.Len(t, h.N.Slack.Ephemerals("U0ALICE"), own)
				})
			})
		}
	}
}
