package outbox_test

import (
	"context"
	"errors"
	"fmt"
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

type bench struct {
	t      *testing.T
	ctx    context.Context
	stop   context.CancelFunc
	store  *bolt.Store
	worker *outbox.Worker
	done   chan struct{}
}

// inBubble runs f with a worker over a real store; lanes are added by f before it calls start.
func inBubble(t *testing.T, f func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Log: log})
		require.NoError(t, err)
		b := &bench{t: t, store: s, worker: &outbox.Worker{Box: s, Now: time.Now, Log: log}}
		f(b)
		b.end()
		require.NoError(t, s.Close())
	})
}

func (b *bench) start() {
	b.ctx, b.stop = context.WithCancel(context.Background())
	b.done = make(chan struct{})
	go func() { b.worker.Run(b.ctx); close(b.done) }()
	synctest.Wait()
}

func (b *bench) end() {
	if b.stop != nil {
		b.stop()
		<-b.done
		b.stop = nil
	}
}

func (b *bench) promise(changes ...outbox.Change) {
	b.t.Helper()
	require.NoError(b.t, b.store.Promise(context.Background(), changes...))
	b.worker.Wake()
	synctest.Wait()
}

// pass lets time go by in the bubble.
func pass(d time.Duration) { <-time.After(d); synctest.Wait() }

func do(f func(job outbox.Job) outbox.Result) outbox.Doer {
	return outbox.DoerFunc(func(_ context.Context, job outbox.Job) outbox.Result { return f(job) })
}

func TestTimersFireWhenDueAndNotBefore(t *testing.T) {
	inBubble(t, func(b *bench) {
		var at []time.Duration
		start := time.Now()
		b.worker.Add(outbox.Lane{Kind: "expire", Width: 1, Doer: do(func(outbox.Job) outbox.Result {
			at = append(at, time.Since(start))
			return outbox.Done()
		})})
		b.start()
		b.promise(outbox.Promise("expire/1", start.Add(72*time.Hour)), outbox.Promise("expire/2", start.Add(time.Hour)))
		pass(73 * time.Hour)
		require.Equal(t, []time.Duration{time.Hour, 72 * time.Hour}, at)
	})
}

func TestARetryComesBackAndADoneDoesNot(t *testing.T) {
	inBubble(t, func(b *bench) {
		tries := 0
		b.worker.Add(outbox.Lane{Kind: "tell", Width: 1, Doer: do(func(j outbox.Job) outbox.Result {
			require.False(t, j.Retaken)
			require.Equal(t, tries, j.Tries)
			if tries++; tries < 3 {
				return outbox.RetryAt(time.Now().Add(time.Minute), "not yet")
			}
			return outbox.Done()
		})})
		b.start()
		b.promise(outbox.Promise("tell/1", time.Now()))
		pass(time.Hour)
		require.Equal(t, 3, tries)
	})
}

func TestASlowKindHoldsUpNoOther(t *testing.T) {
	inBubble(t, func(b *bench) {
		var slow, quick atomic.Int32
		b.worker.Add(outbox.Lane{Kind: "deed", Width: 2, Doer: do(func(outbox.Job) outbox.Result {
			slow.Add(1)
			<-time.After(time.Hour)
			slow.Add(-1)
			return outbox.Done()
		})})
		b.worker.Add(outbox.Lane{Kind: "card", Width: 1, Doer: do(func(outbox.Job) outbox.Result {
			quick.Add(1)
			return outbox.Done()
		})})
		b.start()
		var all []outbox.Change
		for i := range 10 {
			all = append(all, outbox.Promise(fmt.Sprintf("deed/%d", i), time.Now()), outbox.Promise(fmt.Sprintf("card/%d", i), time.Now()))
		}
		b.promise(all...)
		require.EqualValues(t, 2, slow.Load(), "no more than the lane is wide")
		require.EqualValues(t, 10, quick.Load())
		pass(6 * time.Hour)
		require.Zero(t, slow.Load())
	})
}

func TestWhatACrashCutOffIsRetaken(t *testing.T) {
	inBubble(t, func(b *bench) {
		require.NoError(t, b.store.Promise(context.Background(), outbox.Promise("deed/1", time.Now())))
		crashed, err := b.store.Claim(context.Background(), "deed/1", time.Now())
		require.NoError(t, err)
		require.NoError(t, b.store.Mark(context.Background(), crashed, []byte(`"asked"`)))
		var jobs []outbox.Job
		b.worker.Add(outbox.Lane{Kind: "deed", Width: 1, Doer: do(func(j outbox.Job) outbox.Result {
			jobs = append(jobs, j)
			return outbox.Done()
		})})
		b.start()
		pass(time.Second)
		require.Len(t, jobs, 1)
		require.True(t, jobs[0].Retaken)
		require.Equal(t, `"asked"`, string(jobs[0].Note))
	})
}

func TestStoppingFinishesWhatIsInHandAndKeepsTheClaimOfWhatItCuts(t *testing.T) {
	for _, row := range []struct {
		takes time.Duration
		left  int
	}{{5 * time.Second, 0}, {time.Hour, 1}} {
		t.Run(row.takes.String(), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				b.worker.Add(outbox.Lane{Kind: "deed", Width: 1, Doer: outbox.DoerFunc(func(ctx context.Context, _ outbox.Job) outbox.Result {
					select {
					case <-time.After(row.takes):
						return outbox.Done()
					case <-ctx.Done():
						return outbox.RetryAt(time.Now(), "cut off")
					}
				})})
				b.start()
				b.promise(outbox.Promise("deed/1", time.Now()))
				stopped := time.Now()
				b.end()
				require.LessOrEqual(t, time.Since(stopped), 10*time.Second)
				left, err := b.store.Intents(context.Background(), "deed/")
				require.NoError(t, err)
				require.Len(t, left, row.left)
			})
		})
	}
}

// shakyBox loses the first results.
type shakyBox struct {
	outbox.Box
	fails int
}

func (s *shakyBox) Finish(ctx context.Context, in outbox.Intent, r outbox.Result, now time.Time) error {
	if s.fails > 0 {
		s.fails--
		return errors.New("input/output error")
	}
	return s.Box.Finish(ctx, in, r, now)
}

func TestAResultThatCannotBeWrittenLeavesTheClaim(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.worker.Box = &shakyBox{Box: b.store, fails: 2}
		var retaken []bool
		b.worker.Add(outbox.Lane{Kind: "tell", Width: 1, Doer: do(func(j outbox.Job) outbox.Result {
			retaken = append(retaken, j.Retaken)
			return outbox.Done()
		})})
		b.start()
		b.promise(outbox.Promise("tell/1", time.Now()))
		pass(time.Minute)
		require.Equal(t, []bool{false, true, true}, retaken, "it must look each time before it acts again")
	})
}

func TestBackoffDoublesUpToItsBound(t *testing.T) {
	var got []time.Duration
	for n := range 6 {
		got = append(got, outbox.Backoff(n, time.Second, 10*time.Second))
	}
	require.Equal(t, []time.Duration{1e9, 2e9, 4e9, 8e9, 10e9, 10e9}, got)
	require.Equal(t, 10*time.Second, outbox.Backoff(1000, time.Second, 10*time.Second))
}
