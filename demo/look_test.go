package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/control"
)

// TestTheNextLook is when the last of the apps is read that are read next; what is owed already, and what is no reading, says nothing of it.
func TestTheNextLook(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	in := func(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }
	require.True(t, lookOf(nil, now).IsZero())
	require.True(t, lookOf([]control.Promised{{Key: "card/1"}, {Key: "expire/1", Due: in(90)}, {Key: "sweep/seranking/2026-11-30", Due: in(-1)}}, now).IsZero())
	require.Equal(t, in(19), lookOf([]control.Promised{
		{Key: "units/semrush/2026-11-30T12:00", Due: in(3)},
		{Key: "sweep/semrush/2026-12-01", Due: in(18)},
		{Key: "sweep/seranking/2026-12-01", Due: in(19)},
		{Key: "sweep/seranking/2026-12-02", Due: in(43)},
		{Key: "expire/1", Due: in(90)},
	}, now))
}
