package postgres

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/postgres"
)

// TestWhatIsSaidWhileTheDatabaseIsAway: what is asked of it meanwhile ends with an error that says so, and nothing of it is kept; when
// it's back everything goes on by itself.
func TestWhatIsSaidWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	p, through := between(t, postgres.Database(t, ""))
	s := open(t, through, Options{})
	promises := func() error { return s.Promise(ctx, outbox.AtOnce("tell/1/x", 1, time.Now())) }
	p.shut.Store(true)
	p.cutAll()
	require.ErrorIs(t, promises(), approvals.ErrAway)
	_, err := s.Intents(ctx, "")
	require.ErrorIs(t, err, approvals.ErrAway)
	p.shut.Store(false)
	list, err := s.Intents(ctx, "")
	require.NoError(t, err)
	require.Empty(t, list)
	require.NoError(t, promises())
}
