package app

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testClock(elapsed *time.Duration, wall time.Time) *clock {
	return newClock(func() time.Time { return wall }, func() time.Duration { return *elapsed }, slog.New(slog.DiscardHandler))
}

func TestTheClockFollowsElapsedTimeAndASecondWitness(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	var elapsed time.Duration
	c := testClock(&elapsed, noon)
	require.True(t, c.doubted())
	elapsed = time.Hour
	require.Equal(t, noon.Add(time.Hour), c.Now())
	c.witness(noon.Add(time.Hour + 10*time.Second))
	require.Equal(t, noon.Add(time.Hour), c.Now(), "a few seconds are nothing")
	c.witness(noon.Add(50 * time.Hour))
	require.Equal(t, noon.Add(time.Hour), c.Now(), "one answer alone is not believed")
	c.witness(noon.Add(20 * time.Hour))
	require.Equal(t, noon.Add(time.Hour), c.Now(), "nor two that differ")
	c.witness(noon.Add(20*time.Hour + 2*time.Second))
	require.Equal(t, noon.Add(20*time.Hour+2*time.Second), c.Now(), "two that agree are")
	require.False(t, c.doubted())
}

func TestTheClockIsDoubtedUntilSomebodyConfirmsIt(t *testing.T) {
	var elapsed time.Duration
	c := testClock(&elapsed, time.Unix(0, 0))
	elapsed = 100 * time.Hour
	require.True(t, c.doubted())
	c.silent()
	require.False(t, c.doubted(), "answers without a date are no witness, and never will be")
	elapsed = 59 * time.Second
	require.True(t, c.doubted())
}
