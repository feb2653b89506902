package bolt_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// listed is a book that counts how often all that is open of an app is listed.
type listed struct {
	approvals.Book
	times *atomic.Int64
}

func (l listed) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return l.Book.Update(ctx, func(tx approvals.Tx) error { return fn(listedTx{tx, l.times}) })
}

type listedTx struct {
	approvals.Tx
	times *atomic.Int64
}

func (t listedTx) OpenIn(app string) ([]approvals.Request, error) {
	t.times.Add(1)
	return t.Tx.OpenIn(app)
}

// TestAskingAndDecidingListNothing: what a request costs doesn't grow with those that wait.
func TestAskingAndDecidingListNothing(t *testing.T) {
	var times atomic.Int64
	l, err := begin(t.TempDir(), newOutside(), wiring{})
	require.NoError(t, err)
	l.desk.Book = listed{l.desk.Book, &times}
	l.desk.Limits = approvals.Limits{Pending: 1 << 30, PerMinute: 1 << 30}
	first, err := l.ask("first")
	require.NoError(t, err)
	require.Positive(t, times.Load(), "a file that has no tally is counted once")
	before := times.Load()
	for i := range 30 {
		_, err := l.ask(fmt.Sprint("p", i))
		require.NoError(t, err)
	}
	require.NoError(t, l.vote(first, true))
	require.Equal(t, before, times.Load())
	require.NoError(t, l.end())
}
