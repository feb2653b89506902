package conform

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// bookTroubleRules are what errors of approvals.Book.Update mean.
var bookTroubleRules = []rule{
	{"ErrUnknownOutcome after what was kept: whoever reads then sees it, and asking again makes no second", func(l *life) { unknown(l, true) }},
	{"ErrUnknownOutcome after what was not kept: whoever reads then sees nothing of it, and asking again makes it", func(l *life) { unknown(l, false) }},
	{"ErrBusy: nothing was kept, and there is room again", func(l *life) {
		if l.place.Fill == nil {
			l.Skip("this engine always has room")
		}
		l.place.Fill(func() {
			_, err := l.ask("key", "jane@acme.example")
			require.ErrorIs(l, err, approvals.ErrBusy)
			require.ErrorIs(l, l.Promise(l.Context(), outbox.Promise("card/9", at(0))), approvals.ErrBusy)
		})
		require.Empty(l, l.all())
		_, owed := l.owed("card/9")
		require.False(l, owed)
		require.EqualValues(l, 1, l.asked("key", "jane@acme.example"))
		require.Equal(l, []int64{1}, l.all())
	}},
	{"any other error, as to a caller who has stopped waiting: nothing was kept", func(l *life) {
		gone, cancel := context.WithCancel(l.Context())
		cancel()
		err := l.Update(gone, func(tx approvals.Tx) error {
			return keep(tx, request(1, alice, "jane@acme.example", approvals.Pending))
		})
		if err != nil && !errors.Is(err, approvals.ErrUnknownOutcome) {
			l.asked("key", "lee@acme.example") // whatever was queued before it is over by now
			require.Equal(l, []int64{1}, l.all())
			r, err := l.Keyed(l.Context(), "key")
			l.must(err)
			require.EqualValues(l, 1, r.Number)
			return
		}
		if err == nil {
			require.Equal(l, []int64{1}, l.all())
		}
	}},
	{"once Update has returned, its fn isn't running, and won't run again", func(l *life) {
		gone, cancel := context.WithCancel(l.Context())
		var runs, running atomic.Int32
		_ = l.Update(gone, func(tx approvals.Tx) error { // kept or not: what the caller hears is told by the other rules
			runs.Add(1)
			running.Add(1)
			defer running.Add(-1)
			cancel()
			for range 1000 {
				runtime.Gosched()
			}
			return keep(tx, request(1, alice, "jane@acme.example", approvals.Pending))
		})
		require.Zero(l, running.Load())
		before := runs.Load()
		_, err := l.ask("another key", "lee@acme.example") // whatever was under way is over by then
		l.must(err)
		require.Equal(l, before, runs.Load())
	}},
}

// boxTroubleRules are what an error of outbox.Box means.
var boxTroubleRules = []rule{
	{"an error of a Box means that nobody knows: the caller asks again, and it is once", func(l *life) {
		broken(l)
		for _, kept := range []bool{true, false} {
			l.place.Break(kept)
			require.Error(l, l.Promise(l.Context(), outbox.Promise("card/1", at(0)), outbox.Promise("deed/1", at(0))))
			for _, key := range []string{"card/1", "deed/1"} {
				_, owed := l.owed(key)
				require.Equal(l, kept, owed, "all of it is kept, or nothing")
			}
			l.promise(outbox.Promise("card/1", at(0)), outbox.Forget("deed/1"))
			l.place.Break(kept)
			_, err := l.Claim(l.Context(), "card/1", at(0))
			require.Error(l, err)
			require.NotErrorIs(l, err, outbox.ErrGone)
			in := l.claim("card/1", 0)
			require.Equal(l, kept, !in.Claimed.IsZero(), "who claims again hears of the claim that may have been followed by the act")
			l.place.Break(kept)
			require.Error(l, l.Finish(l.Context(), in, outbox.DoneWith(outbox.Receipt{ID: "1.1"}), at(0)))
			l.finish(in, outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
			_, owed := l.owed("card/1")
			require.False(l, owed)
			require.NotNil(l, l.receipt("card/1"))
		}
	}},
}

// broken skips a rule for an engine that cannot be made to fail.
func broken(l *life) {
	if l.place.Break == nil {
		l.Skip("this engine's commits do not fail so that nobody knows")
	}
}

// unknown is a request whose commit fails, kept or not.
func unknown(l *life, kept bool) {
	broken(l)
	l.place.Break(kept)
	_, err := l.ask("key", "jane@acme.example")
	require.ErrorIs(l, err, approvals.ErrUnknownOutcome)
	require.Equal(l, kept, l.state(1) == approvals.Pending)
	require.EqualValues(l, 1, l.asked("key", "jane@acme.example"))
	require.Equal(l, []int64{1}, l.all())
	l.crash()
	require.Equal(l, []int64{1}, l.all())
	require.EqualValues(l, 1, l.head().Seq)
}
