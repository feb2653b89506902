package postgres

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/postgres"
)

// TestTurnsOfManyAreOneAfterTheOther: however many replicas ask at one moment, no two have a turn closer to each other than the gap; and
// whoever would have to wait for too long is given a time of their own.
func TestTurnsOfManyAreOneAfterTheOther(t *testing.T) {
	const gap, many = time.Minute, 30
	const patience = 12*gap + gap/2
	url := newShed(t).empty(t)
	stores := []*Store{open(t, url, Options{}), open(t, url, Options{}), open(t, url, Options{})}
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]int{}
	start := time.Now()
	for i := range many {
		all.Go(func() {
			wait, later, err := stores[i%3].Turn(ctx, "slack/C0TEAM", "slack/chat.postMessage", gap, patience)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			// The first turn came after start, so each is between its minute and how long all of this took.
			seen[fmt.Sprintf("%v %v", later, (wait+time.Since(start)).Truncate(gap))]++
		})
	}
	all.Wait()
	want := map[string]int{}
	for i := range many {
		want[fmt.Sprintf("%v %v", i > 12, time.Duration(i)*gap)]++
	}
	require.Equal(t, want, seen)
	wait, later, err := stores[0].Turn(ctx, "slack/C0OTHER", "slack/chat.postMessage", gap, patience)
	require.NoError(t, err)
	require.False(t, later)
	require.Zero(t, wait, "another channel has its own")
}

// TestAHoldIsEverybodys: after a 429 of one replica none has a turn before it is over, of the channel that it was for or another; and one
// that is too long for anybody to wait gives each a time of their own.
func TestAHoldIsEverybodys(t *testing.T) {
	url := newShed(t).empty(t)
	one, two := open(t, url, Options{}), open(t, url, Options{})
	held, err := two.Held(ctx, "slack/chat.postMessage")
	require.NoError(t, err)
	require.Zero(t, held)
	require.NoError(t, one.Hold(ctx, "slack/chat.postMessage", time.Hour))
	require.NoError(t, one.Hold(ctx, "slack/chat.postMessage", time.Minute), "a shorter one ends no longer one")
	held, err = two.Held(ctx, "slack/chat.postMessage")
	require.NoError(t, err)
	require.InDelta(t, time.Hour, held, float64(time.Minute))
	for i := range 3 {
		wait, later, err := two.Turn(ctx, "slack/C0TEAM", "slack/chat.postMessage", time.Minute, 3*time.Second)
		require.NoError(t, err)
		require.True(t, later)
		require.InDelta(t, time.Hour+time.Duration(i)*time.Minute, wait, float64(30*time.Second))
	}
	require.NoError(t, one.Hold(ctx, "seranking/1", time.Hour))
	wait, later, err := two.Turn(ctx, "seranking/1", "", time.Second, 2*time.Hour)
	require.NoError(t, err)
	require.False(t, later)
	require.InDelta(t, time.Hour, wait, float64(time.Minute))

	postgres.Exec(t, url, "update usher.pace set next = next - interval '3 days', tail = tail - interval '3 days' where key like 'slack/%'")
	require.NoError(t, two.tidyPace(ctx))
	require.Equal(t, "seranking/1", postgres.Value(t, url, "select string_agg(key, ' ') from usher.pace"))
}

// TestALockIsOnes until they let go, or were silent for their lease; then whoever had it before hears that before they act.
func TestALockIsOnes(t *testing.T) {
	url := newShed(t).empty(t)
	one, two := open(t, url, Options{Owner: "one", Lease: time.Hour}), open(t, url, Options{Owner: "two", Lease: time.Hour})
	const name = "seranking/jane@acme.example"
	ends := func() {
		postgres.Exec(t, url, "update usher.locks set until = clock_timestamp() - interval '1 second'")
	}
	takes := func(s *Store, want bool) (token int64) {
		t.Helper()
		token, held, err := s.Lock(ctx, name)
		require.NoError(t, err)
		require.Equal(t, want, held)
		return token
	}
	still := func(s *Store, token int64, want bool) {
		t.Helper()
		held, err := s.Still(ctx, name, token)
		require.NoError(t, err)
		require.Equal(t, want, held)
	}
	first := takes(one, true)
	takes(one, false)
	takes(two, false)
	still(one, first, true)
	ends()
	still(one, first, true) // paused, and nobody took it meanwhile
	takes(two, false)
	ends()
	require.NoError(t, one.renewLocks(ctx))
	takes(two, false)
	ends()
	second := takes(two, true)
	require.Greater(t, second, first)
	still(one, first, false)
	require.NoError(t, one.Unlock(ctx, name, first))
	still(two, second, true)
	takes(one, false)
	require.NoError(t, two.Unlock(ctx, name, second))
	third := takes(one, true)

	// An answer that was lost: the row is ours, and nobody here holds it.
	one.reserved(name, 0, false)
	require.NoError(t, one.renewLocks(ctx))
	require.Greater(t, takes(one, true), third)
	_, held, err := two.Lock(ctx, "seranking/lee@acme.example")
	require.NoError(t, err)
	require.True(t, held, "another name is another lock")
}
