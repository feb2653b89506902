package view

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TestAReminderListsWhatWaits: to a person and in a group's channel, one and several, the first with its button; and one
// that somebody asked for.
func TestAReminderListsWhatWaits(t *testing.T) {
	one := sample(catalog.Create, approvals.Pending)
	two := sample(catalog.Update, approvals.Pending)
	two.Number, two.Asked, two.Reason = 13, clock(10, 0), ""
	raised := escalating(sample(catalog.Share, approvals.Pending))
	raised.Number, raised.Raised = 14, []approvals.Raise{{Step: 0, At: clock(9, 30)}}
	for name, row := range map[string]struct {
		m      Message
		button string
		want   string
	}{
		"one":     {Reminder("U0BOB", []approvals.Request{one}), "Open it", "#12 is still waiting for you, since <!date^"},
		"three":   {Reminder("U0BOB", []approvals.Request{one, raised, two}), "Open the first", "3 requests are waiting for you, the oldest since <!date^"},
		"group":   {Reminder("S0LEADS", []approvals.Request{one, two}), "Open the first", "2 requests are waiting for anyone in <!subteam^S0LEADS>, the oldest since <!date^"},
		"nudge":   {Nudge("U0BOB", one, "U0ALICE"), "Open it", "<@U0ALICE> is asking: #12 is still waiting for you, since <!date^"},
		"channel": {Nudge("S0LEADS", raised, "U0CAROL"), "Open it", "<@U0CAROL> is asking: #14 is still waiting for anyone in <!subteam^S0LEADS>, since <!date^"},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "reminder-"+name, held(t, row.m))
			require.True(t, strings.HasPrefix(row.m.Text, row.want), row.m.Text)
			require.Equal(t, []string{row.button}, buttonsOf(t, row.m), "none that decides: it stays when it is over")
		})
	}
	golden(t, "opened", held(t, Opened(one)))
	require.Equal(t, buttonsOf(t, Card(one)), buttonsOf(t, Opened(one)))
}

// TestAReminderOfVeryMuchIsCut, and says how much more there is.
func TestAReminderOfVeryMuchIsCut(t *testing.T) {
	var list []approvals.Request
	for i := range 300 {
		r := sample(catalog.Update, approvals.Pending)
		r.Number, r.Asked = int64(i+1), clock(9, 0).Add(time.Duration(i)*time.Minute)
		r.Reason = strings.Repeat("because it matters a great deal ", 60)
		list = append(list, r)
	}
	m := Reminder("U0BOB", list)
	held(t, m)
	require.Contains(t, m.Text, "300 requests are waiting for you")
	require.Contains(t, string(held(t, m)), "more; `/access pending` lists them all")
}
