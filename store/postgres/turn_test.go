package postgres

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/postgres"
)

// TestOneOfAProcessStandsAtTheGate: while another one decides, whoever else of the process wants to waits without a connection, so that those
// who deliver and ask have theirs, and decides when it's their turn; who stops waiting has decided nothing.
func TestOneOfAProcessStandsAtTheGate(t *testing.T) {
	const crowd = 12
	url := postgres.Database(t, "")
	s := open(t, url, Options{Connections: 4})
	other, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close(ctx)) }()
	held, err := other.Begin(ctx)
	require.NoError(t, err)
	_, err = held.Exec(ctx, "select number from usher.gate for update")
	require.NoError(t, err)

	impatient, leaves := context.WithCancel(ctx)
	over := make(chan error, crowd)
	for i := range crowd {
		go func() {
			with := ctx
			if i == 0 {
				with = impatient
			}
			over <- s.Update(with, func(tx approvals.Tx) error {
				n, err := tx.Next()
				if err != nil {
					return err
				}
				return tx.Put(approvals.Request{Number: n, State: approvals.Denied})
			})
		}()
	}
	for len(s.room) < crowd {
		runtime.Gosched()
	}
	for range 20 {
		_, err := s.Request(ctx, 1)
		require.ErrorIs(t, err, approvals.ErrNoRequest, "who asks doesn't wait")
	}
	require.EqualValues(t, 1, s.pool.Stat().AcquiredConns())
	leaves()
	require.NoError(t, held.Rollback(ctx))
	kept := 0
	for range crowd {
		if err := <-over; err == nil {
			kept++
		} else {
			require.ErrorIs(t, err, context.Canceled)
		}
	}
	require.GreaterOrEqual(t, kept, crowd-1)
	require.Equal(t, fmt.Sprint(kept), postgres.Value(t, url, "select count(*)::text from usher.requests"))
}
