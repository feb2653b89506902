package talks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// fifty requests ask for the one seat that is left, each of somebody else, and each has an approver of its own.
type fifty struct {
	*world.World
	cards []slacksim.Message
}

const many = 50

func asker(i int) string { return fmt.Sprintf("U0ASKER%02d", i) }
func lead(i int) string  { return fmt.Sprintf("U0LEAD%02d", i) }

func inFifty(t *testing.T, f func(f *fifty)) {
	config := strings.NewReplacer("seats: 25", "seats: 9", "approvers: [U0BOB, S0LEADS]\n", "approvers: [S0LEADS]\n").Replace(world.Config)
	require.Contains(t, config, "seats: 9")
	world.In(t, config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.N.Vendor.SetSeats(9)
		var leads []string
		for i := range many {
			for _, id := range []string{asker(i), lead(i)} {
				w.N.Slack.AddUser(slacksim.User{ID: id, Name: strings.ToLower(id), RealName: id, Email: strings.ToLower(id) + "@acme.example"})
			}
			w.N.Slack.Invite("C0APPROVE", lead(i))
			w.N.Slack.Invite("C0GENERAL", asker(i))
			leads = append(leads, lead(i))
		}
		w.N.Slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: leads})
		w.Start()
		for i := range many {
			w.N.Slack.Type(asker(i), "C0GENERAL", fmt.Sprintf("/access create new%02d@globex.example New because of the audit", i)).Wait()
		}
		w.Pass(5 * time.Minute)
		cards := w.N.Slack.Messages("C0APPROVE")
		require.Len(t, cards, many)
		f(&fifty{World: w, cards: cards})
		w.Check()
	})
}

// press has every lead press a button at the same moment, where their message has it, and waits until all were heard.
func (f *fifty) press(on func(i int) (slacksim.Message, bool), label string) {
	var all []*slacksim.Delivery
	for i := range many {
		if m, there := on(i); there {
			all = append(all, f.N.Slack.Click(lead(i), m.Channel, m.TS, label))
		}
	}
	for _, d := range all {
		require.True(f.T, d.Wait().Acked)
	}
	f.Pass(time.Minute)
}

// answer is the latest private answer to a lead.
func (f *fifty) answer(i int) (slacksim.Message, bool) {
	list := f.N.Slack.Ephemerals(lead(i))
	if len(list) == 0 {
		return slacksim.Message{}, false
	}
	return list[len(list)-1], true
}

// in are the requests in a state, by the order in which they joined the line.
func (f *fifty) in(s approvals.State) []approvals.Request {
	all, err := f.App.Desk.Every(context.Background(), approvals.Filter{All: true, State: s})
	require.NoError(f.T, err)
	slices.SortFunc(all, func(a, b approvals.Request) int {
		if a.Line == nil || b.Line == nil {
			return int(a.Number - b.Number)
		}
		return int(a.Line.Ticket - b.Line.Ticket)
	})
	return all
}

// TestFiftyApprovalsForOneSeat: fifty people approve fifty requests for the last seat at the same moment. One account is
// made, and forty-nine read that the seat is gone and which place in line a yes would give; approved again, at the same
// moment, they stand in line, each in a place of its own, and the seats that become free go to the first of them.
func TestFiftyApprovalsForOneSeat(t *testing.T) {
	inFifty(t, func(f *fifty) {
		f.press(func(i int) (slacksim.Message, bool) { return f.cards[i], true }, "Approve")
		require.Len(t, f.in(approvals.Done), 1)
		require.Len(t, f.in(approvals.Pending), many-1)
		require.Len(t, f.N.Vendor.Effects(), 1)
		asked := 0
		for i := range many {
			if m, told := f.answer(i); told {
				asked++
				require.Contains(t, slacksim.PlainText(m), "The last free seat went to #")
				require.Contains(t, slacksim.PlainText(m), "so nothing was approved.")
				require.Contains(t, slacksim.PlainText(m), "first in line for the next free seat?")
			}
		}
		require.Equal(t, many-1, asked, "everybody else reads what became of their click")

		f.press(f.answer, "Yes, put it in line")
		line := f.in(approvals.Approved)
		require.Len(t, line, many-1)
		for i, r := range line {
			require.True(t, r.InLine())
			require.Equal(t, i+1, r.Line.Place, "each has a place of its own")
			m, _ := f.answer(slices.IndexFunc(f.cards, func(m slacksim.Message) bool { return strings.Contains(m.Text, fmt.Sprintf("#%d ", r.Number)) }))
			require.Contains(t, slacksim.PlainText(m), fmt.Sprintf("#%d is approved and %s in line", r.Number, approvals.Ordinal(i+1)))
		}
		require.Len(t, f.N.Vendor.Effects(), 1)

		for _, gone := range []string{"dale@globex.example", "wei.chen@acme.example", "priya.nair@acme.example"} {
			require.True(t, f.N.Vendor.RemoveAccount(gone))
		}
		f.Pass(11 * time.Minute)
		require.Len(t, f.in(approvals.Done), 4)
		for i, r := range f.in(approvals.Approved) {
			require.Equal(t, line[i+3].Number, r.Number, "the first were served, and nobody before them")
		}
		require.Len(t, f.N.Vendor.Accounts(), 9)
	})
}
