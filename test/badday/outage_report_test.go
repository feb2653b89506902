package badday

import (
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// told is the figure and the moment that a digest falls back on.
var told = regexp.MustCompile(`as of <!date\^(\d+)\^[^>]*>, \d+ (?:hour|day)s? ago: 8 of 25 used`)

// TestAnAppThatIsAwayForThreeDays lets the vendor fail for three days, in which an account comes and another is blocked no more, and strikes
// the program somewhere in each reading: each day has its digest once, which says what was known and how old that is; the days that
// nobody read are gaps in what is remembered, and no zeros; and on the fourth day all is as it is.
func TestAnAppThatIsAwayForThreeDays(t *testing.T) {
	pace.Lives(t, 3*24*time.Hour)
	config := strings.Replace(demo.Config, `"0 9 * * MON"`, `"0 9 * * *"`, 1)
	for _, ahead := range []int{0, 1, 2, 4, 7, 12} {
		t.Run(fmt.Sprint("struck at ", ahead), func(t *testing.T) {
			world.In(t, config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				w.Start()
				untilDay(w, 2, 12, ahead)
				away := time.Now()
				world.Plan(w, vendorsim.Fault{Match: vendorsim.Match{Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 503})
				w.N.Vendor.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "New"})
				w.N.Vendor.SetBlocked("amira.haddad@acme.example", false)
				untilDay(w, 5, 12, ahead)
				w.N.Vendor.Heal()
				untilDay(w, 7, 12, ahead)
				all := world.Digests(w.N.Slack.Messages("C0REPORTS"))
				require.Len(t, all, 7, "one a day")
				for day, m := range all {
					switch day + 1 {
					case 1, 2, 6, 7:
						isRead(t, m, day+1 > 2)
					default:
						isOld(t, m, away)
					}
				}
				remembers(t, w)
				require.Contains(t, w.Answered("U0BOB", "trend app=seranking"), "9 of 25 seats used")
				w.Check()
			})
		})
	}
}

// untilDay lets time pass until an hour of a day of January, starting the program again where it died. A minute before each report that comes
// meanwhile it is to die so many places from there.
func untilDay(w *world.World, day, hour, ahead int) {
	for end := time.Date(2000, time.January, day, hour, 0, 0, 0, time.UTC); time.Now().Before(end); {
		if now := time.Now().UTC(); now.Hour() == 8 && now.Minute() == 59 {
			w.Points.Aim(ahead)
		}
		w.Pass(time.Minute)
		if w.Life.Over() {
			w.Crash()
			w.Start()
		}
	}
	w.Points.Aim(0)
}

// isRead: a digest tells what is so; after is after the outage.
func isRead(t *testing.T, m slacksim.Message, after bool) {
	t.Helper()
	require.NotContains(t, m.Text, "couldn't be read")
	require.Contains(t, m.Text, "marco.bianchi@acme.example")
	require.Contains(t, m.Text, map[bool]string{false: "8 of 25 used", true: "9 of 25 used"}[after])
	require.Equal(t, !after, strings.Contains(m.Text, "• amira.haddad@acme.example"), m.Text)
}

// isOld: a digest says that the app couldn't be read, and tells what was known of it when it could, with how old that is.
func isOld(t *testing.T, m slacksim.Message, away time.Time) {
	t.Helper()
	require.Contains(t, m.Text, "SE Ranking couldn't be read:")
	as := told.FindStringSubmatch(m.Text)
	require.NotNil(t, as, m.Text)
	unix, err := strconv.ParseInt(as[1], 10, 64)
	require.NoError(t, err)
	require.False(t, time.Unix(unix, 0).After(away), "nobody read it since")
	require.Less(t, away.Sub(time.Unix(unix, 0)), 24*time.Hour)
	for _, email := range []string{"amira.haddad@acme.example", "marco.bianchi@acme.example"} {
		require.Contains(t, m.Text, "• "+email)
	}
	require.NotContains(t, m.Text, "new@acme.example")
	require.NotContains(t, m.Text, "nobody is blocked")
}

// remembers: the days that could be read are remembered with who had a seat then, and the two whole days between aren't.
func remembers(t *testing.T, w *world.World) {
	t.Helper()
	days := map[string]bool{}
	require.NoError(t, w.App.Store.HistoryDays(t.Context(), "seranking", "", func(day string, _ []byte) { days[day] = true }))
	for _, day := range []string{"2000-01-01", "2000-01-02", "2000-01-06", "2000-01-07"} {
		require.True(t, days[day], "%s of %v", day, days)
	}
	require.False(t, days["2000-01-03"] || days["2000-01-04"], "nobody could read it: %v", days)
	k := &history.Keeper{Memory: w.App.Store, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for day := 1; day <= 7; day++ {
		d, known, err := k.At(t.Context(), "seranking", time.Date(2000, time.January, day, 23, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		require.True(t, known)
		require.Equal(t, map[bool]int{true: 8, false: 9}[day < 5], d.Count, "what was known on day %d", day)
	}
}
