package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/postgres"
)

// TestReadyTellsOfAllKindsAtOnce what nobody is at work on: not what sleeps, and what another one holds only once its lease is over.
func TestReadyTellsOfAllKindsAtOnce(t *testing.T) {
	url := newShed(t).empty(t)
	one, two := open(t, url, Options{Owner: "one", Lease: time.Hour}), open(t, url, Options{Owner: "two", Lease: time.Hour})
	ready := func(at time.Time, next time.Time, want ...string) {
		t.Helper()
		kinds, is, err := two.Ready(ctx, at)
		require.NoError(t, err)
		require.ElementsMatch(t, want, kinds)
		require.Equal(t, next, is)
	}
	ready(noon, time.Time{})
	require.NoError(t, one.Promise(ctx, outbox.Promise("deed/1", noon), outbox.Promise("deed/2", noon), outbox.AtOnce("card/1", 1, noon), outbox.Promise("end/1", noon.Add(time.Hour))))
	ready(noon, noon.Add(time.Hour), "deed", "card")
	for _, key := range []string{"deed/1", "deed/2"} {
		_, err := one.Claim(ctx, key, noon)
		require.NoError(t, err)
	}
	ready(noon, noon.Add(time.Hour), "card")
	ready(noon.Add(time.Hour), time.Time{}, "card", "end")
	runOut(t, url)
	ready(noon, noon.Add(time.Hour), "card", "deed")
}

// hears is who listens to a database, and is woken.
func hears(t *testing.T, s *Store) <-chan struct{} {
	t.Helper()
	return hearsWords(t, s, func(string) { t.Error("nobody said a word") })
}

// hearsWords is hears of somebody who is told words, too.
func hearsWords(t *testing.T, s *Store, told func(string)) <-chan struct{} {
	t.Helper()
	life, stop := context.WithCancel(ctx)
	woken, over := make(chan struct{}, 100), make(chan struct{})
	go func() { s.Listen(life, func() { woken <- struct{}{} }, told); close(over) }()
	t.Cleanup(func() { stop(); <-over })
	return woken
}

// wakes waits until somebody is woken.
func wakes(t *testing.T, woken <-chan struct{}) {
	t.Helper()
	select {
	case <-woken:
	case <-time.After(20 * time.Second):
		require.Fail(t, "nobody was woken")
	}
}

// TestWhatIsDueWakesTheOthers, once a transaction, and not what sleeps, is begun or is put off; after a broken connection they look once.
func TestWhatIsDueWakesTheOthers(t *testing.T) {
	url := newShed(t).empty(t)
	one, two := open(t, url, Options{Owner: "one", Lease: time.Hour}), open(t, url, Options{Owner: "two", Lease: time.Hour})
	woken := hears(t, two)
	wakes(t, woken) // it heard itself
	now := time.Now()
	require.NoError(t, one.Promise(ctx, outbox.Promise("end/1", now.Add(time.Hour))))
	require.NoError(t, one.Promise(ctx, outbox.Promise("deed/1", now), outbox.AtOnce("card/1", 1, now), outbox.AtOnce("card/2", 1, now)))
	wakes(t, woken)
	in, err := one.Claim(ctx, "deed/1", now)
	require.NoError(t, err)
	require.NoError(t, one.Finish(ctx, in, outbox.RetryAt(now, "429"), now))
	require.NoError(t, one.Promise(ctx, outbox.PromiseOnce("card/1", now), outbox.Forget("card/2")))
	require.NoError(t, one.Promise(ctx, outbox.Promise("card/3", now)))
	wakes(t, woken)
	require.Empty(t, woken)

	postgres.Exec(t, url, "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()")
	wakes(t, woken)
	require.NoError(t, one.Promise(ctx, outbox.Promise("card/4", now)))
	wakes(t, woken)
}

// TestAWordIsHeardByAll who listen, and wakes nobody.
func TestAWordIsHeardByAll(t *testing.T) {
	url := newShed(t).empty(t)
	one, two := open(t, url, Options{Owner: "one", Lease: time.Hour}), open(t, url, Options{Owner: "two", Lease: time.Hour})
	words := make(chan string, 10)
	woken := hearsWords(t, two, func(word string) { words <- word })
	wakes(t, woken) // it heard itself
	require.NoError(t, one.Tell(ctx, "U0BOB"))
	select {
	case word := <-words:
		require.Equal(t, "U0BOB", word)
	case <-time.After(20 * time.Second):
		require.Fail(t, "nobody heard it")
	}
	require.Empty(t, woken)
}
