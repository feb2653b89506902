package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/postgres"
)

// TestWhoWasPausedWhileABackupWasRestoredKeepsNothing, whether one was restored before or not: it was opened on another database. Who opens
// it then is at home.
func TestWhoWasPausedWhileABackupWasRestoredKeepsNothing(t *testing.T) {
	url := newShed(t).empty(t)
	for n := range 2 {
		paused := open(t, url, Options{})
		_, err := ask(paused, fmt.Sprint("before ", n))
		require.NoError(t, err)
		postgres.Exec(t, url, "insert into usher.meta values ('restored', $1) on conflict (name) do update set value = excluded.value",
			fmt.Appendf(nil, `{"at":"2026-11-2%dT11:00:00.123456789Z","by":"os:ada","number":10}`, n))
		_, err = ask(paused, fmt.Sprint("after ", n))
		require.ErrorIs(t, err, ErrReplaced)
		require.ErrorIs(t, paused.Promise(ctx, outbox.Promise("tell/1/requester/a", noon)), ErrReplaced)
		_, err = paused.Claim(ctx, "tell/1/requester/a", noon)
		require.ErrorIs(t, err, ErrReplaced)
		require.NoError(t, paused.Close())
		again := open(t, url, Options{})
		_, err = ask(again, fmt.Sprint("again ", n))
		require.NoError(t, err)
		require.NoError(t, again.Close())
	}
}

// TestWhoHasNotEndedInOrderIsFound by whoever holds the database: it was killed, or is paused.
func TestWhoHasNotEndedInOrderIsFound(t *testing.T) {
	url := newShed(t).empty(t)
	b := reach(t, url, Arriving)
	none, err := b.Silent(ctx)
	require.NoError(t, err)
	require.Empty(t, none)
	require.NoError(t, b.Release())
	s := open(t, url, Options{Owner: "one", Lease: brief})
	require.NoError(t, s.Join(ctx, "1.2.3", 2))
	killed(s)
	require.Eventually(t, func() bool { return s.Nobody(ctx) == nil }, 10*time.Second, brief/10)
	b = reach(t, url, Arriving)
	gone, err := b.Silent(ctx)
	require.NoError(t, err)
	require.Len(t, gone, 1)
	require.Equal(t, "1.2.3", gone[0].Version)
}
