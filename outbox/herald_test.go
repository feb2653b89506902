package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// asked is a Box that counts how often it is asked of a kind what is due, and a Herald that is asked of all.
type asked struct {
	*bolt.Store
	lanes, heralds atomic.Int64
	trouble        atomic.Bool
	kinds          []string
}

func (b *asked) Due(ctx context.Context, kind string, now time.Time, limit int) ([]outbox.Intent, time.Time, error) {
	b.lanes.Add(1)
	return b.Store.Due(ctx, kind, now, limit)
}

func (b *asked) Ready(ctx context.Context, now time.Time) (kinds []string, first time.Time, err error) {
	b.heralds.Add(1)
	if b.trouble.Load() {
		return nil, first, errors.New("no database")
	}
	for _, k := range b.kinds {
		due, next, err := b.Store.Due(ctx, k, now, 1)
		if err != nil {
			return nil, first, err
		}
		if len(due) > 0 {
			kinds = append(kinds, k)
		}
		if first.IsZero() || !next.IsZero() && next.Before(first) {
			first = next
		}
	}
	return kinds, first, nil
}

// TestAHeraldTellsWhatAnotherProcessPromised within seconds, or as soon as the worker is woken, and when it's due what sleeps; and asks
// for all lanes, which by themselves ask hardly ever. While it can't be asked, that goes on every few seconds.
func TestAHeraldTellsWhatAnotherProcessPromised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Log: log})
		require.NoError(t, err)
		box := &asked{Store: s}
		worker := &outbox.Worker{Box: box, Herald: box, Every: outbox.OthersWithin, Now: time.Now, Log: log, Life: "one"}
		did := make(chan time.Time, 10)
		for i := range 40 {
			kind := string(rune('a'+i/10)) + string(rune('a'+i%10))
			box.kinds = append(box.kinds, kind)
			worker.Add(outbox.Lane{Kind: kind, Width: 1, Doer: outbox.DoerFunc(func(context.Context, outbox.Job) outbox.Result {
				did <- time.Now()
				return outbox.Done()
			})})
		}
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan struct{})
		go func() { worker.Run(ctx); close(over) }()
		synctest.Wait()
		lanes := box.lanes.Load()
		promise := func(after time.Duration) time.Time {
			synctest.Wait()                                                                   // the lane has looked whether there is more
			require.NoError(t, s.Promise(ctx, outbox.Promise("ba/1", time.Now().Add(after)))) // another process does
			return time.Now().Add(after)
		}
		at := promise(0)
		require.LessOrEqual(t, (<-did).Sub(at), 3*time.Second)
		at = promise(0)
		worker.Wake()
		require.Zero(t, (<-did).Sub(at))
		<-time.After(time.Second)
		at = promise(5500 * time.Millisecond)
		require.Zero(t, (<-did).Sub(at))
		box.trouble.Store(true)
		at = promise(0)
		worker.Wake()
		<-time.After(10 * time.Second)
		require.Empty(t, did)
		box.trouble.Store(false)
		require.LessOrEqual(t, (<-did).Sub(at), 13*time.Second)
		synctest.Wait()
		require.LessOrEqual(t, box.lanes.Load()-lanes, int64(16), "only the lane of what was due looked")
		stop()
		<-over
		require.NoError(t, s.Close())
	})
}
