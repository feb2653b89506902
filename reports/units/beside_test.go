package units_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports/units"
)

// beside is a meter during whose answer something else happens.
type beside struct {
	units.Meter
	during func()
}

func (b *beside) Read(ctx context.Context) units.Reading {
	in := b.Meter.Read(ctx)
	if during := b.during; during != nil {
		b.during = nil
		during()
	}
	return in
}

// TestTwoProcessesKeepOneRecord: while one waits for a number another has taken its promise over, and has read and kept. What the first
// keeps would take that back: it keeps nothing, looks again, and finds the slot read for.
func TestTwoProcessesKeepOneRecord(t *testing.T) {
	h := newHouse(t, "0 */6 * * *")
	h.until(start.Add(24 * time.Hour))
	slow := &beside{Meter: h.apps[0].Meter}
	another := *h.polls
	h.polls.Apps = []units.App{h.apps[0]}
	h.polls.Apps[0].Meter = slow
	slow.during = func() {
		h.meter.left = 150 // under the first limit
		due, _, err := h.store.Due(ctx, units.Kind, h.now, 1)
		require.NoError(t, err)
		result := another.Do(ctx, outbox.NewJob(due[0], h.store))
		require.True(t, result.IsDone())
	}
	h.until(start.Add(30 * time.Hour))
	require.Len(t, h.said, 1)
	read, ok, err := h.polls.Balance(ctx, "planner")
	require.NoError(t, err)
	require.True(t, ok)
	require.EqualValues(t, 150, read.Left)
}
