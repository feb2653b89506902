package reports

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

func TestAReportAskedForIsPostedWhereItWasAskedFor(t *testing.T) {
	w := newWorld(t, monday, weekly, "daily: 0 9 * * *")
	require.Equal(t, []string{"weekly", "daily"}, w.manual.Names())
	require.NoError(t, w.manual.Post(ctx, "daily", "C0HERE", "13.37.abc", "U0CAROL"))
	require.NoError(t, w.manual.Post(ctx, "daily", "C0HERE", "13.37.abc", "U0CAROL"), "a redelivery")
	w.work()
	require.NoError(t, w.manual.Post(ctx, "daily", "C0HERE", "13.37.abc", "U0CAROL"), "a late one")
	w.work()
	require.Len(t, w.slack.posts, 1)
	p := w.slack.posts[0]
	require.Equal(t, []any{"report/daily/now/13.37.abc", "C0HERE", "daily", "", approvals.PersonID("U0CAROL")},
		[]any{p.key, p.channel, p.Name, p.Slot, p.AskedBy})
	require.NoError(t, w.manual.Post(ctx, "daily", "C0HERE", "13.38.abd", "U0CAROL"))
	w.work()
	require.Len(t, w.slack.posts, 2, "asked again is asked again")
}

func TestAReportAskedForSurvivesACrashAnywhere(t *testing.T) {
	crashes := 0
	for stop := 1; ; stop++ {
		w := newWorld(t, monday, weekly)
		w.Effects, w.Stop = 0, stop
		kept := false
		if !w.Crashes(func() {
			require.NoError(t, w.manual.Post(ctx, "weekly", "C0HERE", "k", "U0CAROL"))
			kept = true
			w.work()
		}) {
			break
		}
		crashes++
		w.Stop = 0
		w.startAt(monday.Add(time.Second))
		w.until(monday.Add(time.Hour))
		require.LessOrEqual(t, len(w.slack.posts), 1)
		if kept {
			require.Len(t, w.slack.posts, 1, "stopped at effect %d", stop)
		}
	}
	require.GreaterOrEqual(t, crashes, 10)
}

func TestAReportNobodyCanWaitForAnyMoreIsNotPosted(t *testing.T) {
	w := newWorld(t, monday.Add(time.Hour), weekly)
	require.NoError(t, w.manual.Post(ctx, "weekly", "C0HERE", "k", "U0CAROL"))
	w.startAt(monday.Add(26 * time.Hour))
	require.Empty(t, w.slack.posts)
}

func TestReportsThatCannotBePromised(t *testing.T) {
	w := newWorld(t, monday, weekly)
	err := w.manual.Post(ctx, "wekly", "C0HERE", "k", "U0CAROL")
	require.Equal(t, approvals.NotFound, approvals.CodeOf(err))
	require.ErrorContains(t, w.manual.Post(ctx, "weekly", "C0HERE", "", "U0CAROL"), "no key")
	for cause, code := range map[error]approvals.Code{
		approvals.ErrBusy:           approvals.Busy,
		approvals.ErrUnknownOutcome: approvals.Unsure,
		errors.New("on fire"):       "",
	} {
		w.manual.Box = broken{cause: cause}
		err := w.manual.Post(ctx, "weekly", "C0HERE", "k", "U0CAROL")
		require.ErrorIs(t, err, cause)
		require.Equal(t, code, approvals.CodeOf(err))
	}
}

// broken is a Box that cannot keep promises.
type broken struct {
	outbox.Box
	cause error
}

func (b broken) Promise(context.Context, ...outbox.Change) error { return b.cause }
