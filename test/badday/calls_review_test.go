package badday

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// reviewOf is what a review needs of so many accounts that one person answers in so many pages of a form, a minute apart.
func reviewOf(pages int) map[string]int {
	return map[string]int{
		"users.list":            2,         // who is who, when a list is imported and when the review begins: not each by themselves
		"users.info":            8,         // who answers, remembered for a while
		"chat.postMessage":      2,         // how far it is, and what it asks
		"chat.update":           2 * pages, // both of them, after each page
		"conversations.open":    2,
		"views.open":            1,
		"response_url":          1,
		"usergroups.users.list": pages / 4,
	}
}

// TestCallsOfAReview counts every call of a review of three hundred accounts, from the command to the last answer: people are looked up
// together, and a page of answers is one change of each message.
func TestCallsOfAReview(t *testing.T) {
	const lines, pages = 300, 30
	onADay(t, demo.Offered(), func(d *busyDay) {
		d.Pass(time.Minute)
		began := d.calls()
		var rows strings.Builder
		for n := range lines {
			fmt.Fprintf(&rows, "p%03d@outside.example,User\n", n)
		}
		_, err := d.App.Register.Import(context.Background(), register.Import{App: "semrush", File: "list.csv", Raw: []byte("Email,Role\n" + rows.String())}, approvals.OSUser("root"), "command line", time.Now())
		require.NoError(t, err)
		d.heard(d.N.Slack.Type("U0ADMIN", "C0GENERAL", "/access review semrush"))
		d.Pass(time.Minute)
		dm := d.N.Slack.DM("U0BOB")
		require.Len(t, dm, 1)
		for _, m := range dm {
			if strings.Contains(m.Text, "do they still need it?") {
				d.heard(d.N.Slack.Click("U0BOB", m.Channel, m.TS, fmt.Sprintf("Answer the rest… (%d)", lines)))
			}
		}
		for page := range pages {
			d.Pass(time.Minute)
			v := d.N.Slack.Views("U0BOB")
			require.Len(t, v, 1, "page %d", page+1)
			chosen := map[string]any{}
			for i := page * lines / pages; i < (page+1)*lines/pages; i++ {
				chosen[fmt.Sprintf("answer:%d", i)], chosen[fmt.Sprintf("why:%d", i)] = "keep", "they write for us"
			}
			d.heard(d.N.Slack.Submit("U0BOB", v[0].ID, chosen))
		}
		d.Pass(time.Minute)
		r, err := d.App.Store.Review(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, lines, r.Answered(reviews.Keep))
		require.Empty(t, d.N.Slack.Views("U0BOB"))
		d.frugal(t, began, reviewOf(pages))
	})
}
