package talks

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// inDoubt is a world with two admins, Carol and Erin, in which Jane's seat was approved and nobody can see
// whether the vendor made it: its answer was lost before or after the effect, and it cannot be read.
func inDoubt(t *testing.T, lost vendorsim.When, f func(h *hands)) {
	handsUnder(t, strings.Replace(world.Config, "admins: [U0ADMIN]", "admins: [U0ADMIN, U0ERIN]", 1), func(h *hands) {
		h.escalated = 1
		world.Plan(h.World, vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: lost})
		h.reach(h.click("U0BOB", "Approve"))
		for len(h.N.Vendor.CallsOf(vendorsim.Create)) == 0 {
			h.Pass(50 * time.Millisecond)
		}
		world.Plan(h.World, vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503})
		for range 30 {
			if h.Pass(10 * time.Second); h.state().State == approvals.InDoubt {
				break
			}
		}
		h.Pass(5 * time.Second)
		for _, who := range []string{"U0ADMIN", "U0ERIN"} {
			require.Equal(t, []string{"It happened", "It did not – try again"}, world.Buttons(h.N.Slack.DM(who)[0]))
		}
		f(h)
	})
}

func (h *hands) state() approvals.Request {
	r, err := h.App.Desk.Request(context.Background(), 1)
	require.NoError(h.T, err)
	return r
}

// press is an admin's press of a button on their own card, as it looked while the doubt lasted.
func (h *hands) press(who, action string) *slacksim.Delivery {
	m := h.N.Slack.DM(who)[0]
	return h.N.Slack.ClickForged(who, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: action, Value: h.Value(1)})
}

// cleared lets the vendor be read again and holds that there was one outcome: the vendor was called at most
// once more, what there is to see happened once, and both admins' cards say so and offer nothing.
func (h *hands) cleared(lost vendorsim.When) (r approvals.Request, byWord bool) {
	h.Pass(5 * time.Second)
	h.N.Vendor.Heal()
	h.Pass(5 * time.Minute)
	r = h.state()
	byWord = r.Outcome != nil && r.Outcome.Said != ""
	s := world.Scenario{Ask: "create", Want: approvals.Done, Op: vendorsim.Create, Tells: 1, Admins: 1}
	if byWord && lost == vendorsim.Before {
		s.Op = "" // the admin's word is believed, also where it is wrong
		require.Empty(h.T, h.N.Vendor.Effects())
	}
	(&world.Played{World: h.World, Scenario: s}).Promises()
	world.Shows(h.T, view.AdminCard(r), h.N.Slack.DM("U0ERIN")[0], "the other admin's card")
	calls := len(h.N.Vendor.CallsOf(vendorsim.Create))
	if byWord || lost == vendorsim.After {
		require.Equal(h.T, 1, calls, "nobody asked the vendor again who could see that it was done, or was told so")
	} else {
		require.Equal(h.T, 2, calls, "the vendor was called once more")
	}
	return r, byWord
}

// TestTwoAdminsSettleADoubtAtOnce, one by each button, in either order: one outcome, and the other admin is
// told privately what the first had said.
func TestTwoAdminsSettleADoubtAtOnce(t *testing.T) {
	t.Parallel()
	outcomes := map[string]int{}
	for _, lost := range []vendorsim.When{vendorsim.Before, vendorsim.After} {
		for i := range 8 {
			inDoubt(t, lost, func(h *hands) {
				pairs := [][2]string{{"U0ADMIN", view.ActionHappened}, {"U0ERIN", view.ActionNotHappened}}
				if i%2 == 1 {
					pairs[0], pairs[1] = pairs[1], pairs[0]
				}
				h.reach(h.press(pairs[0][0], pairs[0][1]), h.press(pairs[1][0], pairs[1][1]))
				r, byWord := h.cleared(lost)
				if byWord {
					outcomes["happened"]++
					require.Equal(t, approvals.Actor("U0ADMIN"), r.Outcome.Said)
					require.Empty(t, h.private("U0ADMIN"))
					require.Len(t, h.N.Slack.Ephemerals("U0ERIN"), 1)
					require.Contains(t, h.private("U0ERIN"), mention("U0ADMIN")+" said")
					require.Contains(t, h.private("U0ERIN"), "that #1 happened")
					return
				}
				outcomes["tried again"]++
				require.Equal(t, approvals.Actor("U0ERIN"), r.AgainBy)
				require.Equal(t, 2, r.Attempt)
				require.Empty(t, h.private("U0ERIN"))
				require.Len(t, h.N.Slack.Ephemerals("U0ADMIN"), 1)
				require.Contains(t, h.private("U0ADMIN"), mention("U0ERIN")+" tried #1 again")
			})
		}
	}
	t.Logf("outcomes: %v", outcomes)
	require.Len(t, outcomes, 2, "each of the two came first at least once")
}

// TestADoubtThatSettlesItselfSaysSo: the vendor can be read again before any admin speaks, and the card in
// the channel and both admins' cards tell what was seen, whichever it was.
func TestADoubtThatSettlesItselfSaysSo(t *testing.T) {
	t.Parallel()
	for lost, seen := range map[vendorsim.When]string{
		vendorsim.After:  "SE Ranking again, and it had happened.",
		vendorsim.Before: "and it hadn't happened, so I asked once more.",
	} {
		inDoubt(t, lost, func(h *hands) {
			_, byWord := h.cleared(lost)
			require.False(t, byWord)
			for where, m := range map[string]slacksim.Message{"the card": h.N.Slack.Messages("C0APPROVE")[0],
				"an admin's": h.N.Slack.DM("U0ADMIN")[0], "the other admin's": h.N.Slack.DM("U0ERIN")[0]} {
				require.Contains(t, slacksim.PlainText(m), "Settled by itself: I could read SE Ranking again", where)
				require.Contains(t, slacksim.PlainText(m), seen, where)
			}
		})
	}
}

// TestOneAdminPressesTwice: the same button twice is one word and no noise; the other button after it is
// answered with what was said before.
func TestOneAdminPressesTwice(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{0, 200 * time.Millisecond, 30 * time.Second} {
		for _, lost := range []vendorsim.When{vendorsim.Before, vendorsim.After} {
			for _, action := range []string{view.ActionHappened, view.ActionNotHappened} {
				inDoubt(t, lost, func(h *hands) {
					h.reach(h.press("U0ADMIN", action))
					<-time.After(apart)
					h.reach(h.press("U0ADMIN", action))
					_, byWord := h.cleared(lost)
					require.Equal(t, action == view.ActionHappened, byWord)
					require.Empty(t, h.private("U0ADMIN"), "%s, %v apart", action, apart)
				})
			}
		}
		inDoubt(t, vendorsim.Before, func(h *hands) {
			h.reach(h.press("U0ADMIN", view.ActionNotHappened))
			h.Pass(apart + time.Millisecond)
			h.reach(h.press("U0ADMIN", view.ActionHappened))
			_, byWord := h.cleared(vendorsim.Before)
			require.False(t, byWord)
			require.Len(t, h.N.Slack.Ephemerals("U0ADMIN"), 1)
			require.Contains(t, h.private("U0ADMIN"), mention("U0ADMIN")+" tried #1 again")
		})
	}
}

// TestExpiryAgainstDeny: the form for a reason, sent around the very moment at which the request closes itself.
func TestExpiryAgainstDeny(t *testing.T) {
	seen := map[approvals.State]int{}
	for _, offset := range []time.Duration{-time.Second, -time.Nanosecond, 0, 0, 0, 0, time.Nanosecond, time.Second} {
		inHands(t, 1, func(h *hands) {
			v := h.form("U0BOB")
			<-time.After(time.Until(h.state().Expires) + offset) // and not a moment for anybody else to go first
			h.reach(h.deny("U0BOB", v))
			r := h.settled()
			seen[r.State]++
			switch r.State {
			case approvals.Denied:
				require.Negative(t, offset)
				require.Empty(t, h.private("U0BOB"), "the form is closed")
			case approvals.Expired:
				require.GreaterOrEqual(t, offset, time.Duration(0))
				require.Empty(t, h.N.Slack.Views("U0BOB")[0].Errors, "a notice in place of the form, no error under its field")
				require.Regexp(t, "#1 expired|Time ran out for #1", h.private("U0BOB"))
			default:
				t.Fatalf("#1 is %s", r.State)
			}
		})
	}
	require.Equal(t, map[approvals.State]int{approvals.Denied: 2, approvals.Expired: 6}, seen)
}
