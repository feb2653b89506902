package app

import (
	"log/slog"
	"net/http"
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

// TestAnAnswerThatWasLongOnItsWayIsNoWitness: a process that is stopped while answers are on their way hears them late. They'd contradict
// those that come after, and of three that don't agree the last would be believed.
func TestAnAnswerThatWasLongOnItsWayIsNoWitness(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	elapsed := time.Hour
	c := testClock(&elapsed, noon.Add(40*24*time.Hour))
	for _, still := range []time.Duration{0, 22 * time.Second, 0} {
		said := noon.Add(elapsed)
		answer := roundTrip(func(*http.Request) (*http.Response, error) {
			elapsed += still
			return &http.Response{Header: http.Header{"Date": {said.Format(http.TimeFormat)}}}, nil
		})
		resp, err := witnessed{answer, c}.RoundTrip(nil)
		require.NoError(t, err)
		require.NotNil(t, resp)
	}
	require.Equal(t, noon.Add(elapsed), c.Now())
	require.False(t, c.doubted())
}

// roundTrip is a way out that is one function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
