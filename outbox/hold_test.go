package outbox_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// lending is a box that several may claim from, as two programs on one database do; taken says of a claim that somebody else has it.
type lending struct {
	*bolt.Store
	taken *atomic.Bool
}

func (b lending) Stands(context.Context, outbox.Intent) error {
	if b.taken.Load() {
		return outbox.ErrTaken
	}
	return nil
}

// TestWhoLostTheirClaimStopsAtTheirNextCall: nothing they write is kept, their context has ended, and it's said once, in the log alone.
func TestWhoLostTheirClaimStopsAtTheirNextCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		box := lending{s, &atomic.Bool{}}
		worker := &outbox.Worker{Box: box, Now: time.Now, Log: slog.New(slog.NewTextHandler(&said, nil))}
		worker.Add(outbox.Lane{Kind: "deed", Width: 1, Doer: outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
			require.NoError(t, outbox.Stands(ctx))
			require.NoError(t, s.Learn(ctx, "before", []byte("{}")))
			box.taken.Store(true)
			took, err := s.Claim(t.Context(), job.Key, time.Now())
			require.NoError(t, err)
			require.ErrorIs(t, outbox.Stands(ctx), outbox.ErrTaken)
			require.ErrorIs(t, context.Cause(ctx), outbox.ErrTaken)
			box.taken.Store(false)
			require.ErrorIs(t, outbox.Stands(ctx), outbox.ErrTaken, "once lost is lost")
			require.ErrorIs(t, s.Learn(context.WithoutCancel(ctx), "after", []byte("{}")), outbox.ErrTaken)
			require.NoError(t, s.Finish(t.Context(), took, outbox.DoneUntil(time.Now().Add(time.Hour), nil), time.Now()))
			return outbox.Done()
		})})
		require.NoError(t, s.Promise(t.Context(), outbox.Promise("deed/1", time.Now())))
		ctx, stop := context.WithCancel(t.Context())
		go worker.Run(ctx)
		<-time.After(time.Minute)
		stop()
		synctest.Wait()
		left, err := s.Intents(t.Context(), "deed/1")
		require.NoError(t, err)
		require.Len(t, left, 1, "what comes of it is the other's to say")
		kept, err := s.Learned(t.Context(), "after")
		require.NoError(t, err)
		require.Nil(t, kept)
		require.Equal(t, 1, strings.Count(said.String(), "\n"), said.String())
		require.Contains(t, said.String(), "somebody else has taken over what was begun here")
		require.NoError(t, s.Close())
	})
}
