package simulation

import (
	"context"
	"log/slog"
	"time"

	"github.com/stretchr/testify/require"

	byday "github.com/usherbot/usher/reports/history"
)

// daysRemembered: whatever crashed, each day of each app that is remembered can be read to the account, none twice, as many as its figures
// say; days follow each other, and none lies ahead.
func (s *simulation) daysRemembered() {
	ctx := context.Background()
	apps, err := s.App.Store.HistoryApps(ctx)
	require.NoError(s.T, err)
	keeper := &byday.Keeper{Memory: s.App.Store, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for _, app := range apps {
		last := ""
		require.NoError(s.T, s.App.Store.HistoryDays(ctx, app, "", func(day string, _ []byte) {
			require.Less(s.T, last, day, "days of %s", app)
			last = day
		}))
		day, known, err := keeper.At(ctx, app, time.Now())
		require.NoError(s.T, err)
		require.True(s.T, known, "the last day of %s, %s, lies ahead", app, last)
		require.Equal(s.T, last, day.At.UTC().Format(time.DateOnly), app)
		seen := map[string]bool{}
		for a, err := range day.All {
			require.NoError(s.T, err)
			require.False(s.T, seen[a.ID], "account %s of %s is remembered twice", a.ID, app)
			seen[a.ID] = true
		}
		require.Len(s.T, seen, day.Count, app)
	}
}
