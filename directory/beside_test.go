package directory_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/outbox"
)

// beside is a source during whose answer something else happens.
type beside struct {
	directory.Source
	during func()
}

func (b *beside) Read(ctx context.Context, was []directory.Record, mark string) (directory.Answer, error) {
	a, err := b.Source.Read(ctx, was, mark)
	if during := b.during; during != nil {
		b.during = nil
		during()
	}
	return a, err
}

// TestTwoProcessesKeepOneReading: while one reads, another that took its promise over has read what is so by now, and kept it. The first
// doesn't put what it read in its place.
func TestTwoProcessesKeepOneReading(t *testing.T) {
	h := newHouse(t)
	another := *h.readings
	slow := &beside{Source: h}
	h.readings.Directories = []directory.Directory{{Name: "Okta", Origin: "okta acme", Source: slow}}
	slow.during = func() {
		h.people = slices.Clone(h.people)
		h.people[0].Off = true
		due, _, err := h.store.Due(ctx, directory.Kind, h.now, 1)
		require.NoError(t, err)
		require.True(t, another.Do(ctx, outbox.NewJob(due[0], h.store)).IsDone())
	}
	h.until(start.Add(3 * time.Hour))
	require.Equal(t, 2, h.asked)
	require.Equal(t, "off", h.stands("ann@x.example"))
	h.until(start.Add(12 * time.Hour))
	require.Equal(t, 2, h.asked, "the day is read")
	require.Empty(t, h.alarms)
}
