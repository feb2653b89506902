package commandline

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// TestWhatATerminalShows: who we are, what is open and what comes next, within 80 columns and without a colour.
func TestWhatATerminalShows(t *testing.T) {
	config := strings.Replace(demo.Config, "bundles:\n", "  semrush: {kind: manual, template: semrush, name: Semrush, owners: [U0DAVE], seats: 5}\nbundles:\n", 1)
	require.NotEqual(t, demo.Config, config)
	world.In(t, config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		shows := func(in string) string {
			text, err := w.App.Screen(context.Background(), w.Cfg, in, time.UTC)
			require.NoError(t, err)
			head, rest, ok := strings.Cut(text, "\n\n  Slack ")
			require.True(t, ok)
			require.True(t, strings.HasPrefix(head, "\n  Usher "), head)
			return "  Slack " + rest
		}
		w.Pass(10 * time.Second)
		require.Equal(t, `  Slack     Acme, as @usher
  Apps      SE Ranking (25 seats) · Semrush (by hand, 5 seats)
  Kept in   /var/lib/usher/usher.db
  Open      nothing: no request waits
  Next      the report weekly-seats, NEXT

  The log follows. Ctrl+C stops Usher.

`, strings.Replace(shows("/var/lib/usher/usher.db"), "Mon 3 Jan, 09:00 UTC", "NEXT", 1))
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she starts").Wait()
		w.Pass(time.Hour)
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create joe@acme.example Joe because he starts").Wait()
		w.Pass(time.Minute)
		long := shows("PostgreSQL " + strings.Repeat("at a rather long address ", 6))
		require.Contains(t, long, "\n  Open      2 requests wait for a decision, #1 since ")
		for _, line := range strings.Split(long, "\n") {
			require.LessOrEqual(t, len([]rune(line)), 80, line)
		}
		require.Contains(t, long, "\n            ", "what is long goes on below")
		require.NotContains(t, long, "\x1b")
	})
}
