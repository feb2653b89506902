package bolt_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
)

// counted is a hook that counts commits; each is two fdatasync, or three where the file grows.
func counted(commits *atomic.Int64) bolt.Hook {
	return func(point string) error {
		if point == "after commit" {
			commits.Add(1)
		}
		return nil
	}
}

// BenchmarkCommit is one durable transaction, by one caller and by many at once: a lone caller waits
// for nobody, many share a sync.
func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			var commits, next atomic.Int64
			s, err := bolt.Open(b.TempDir(), bolt.Options{Log: slog.New(slog.DiscardHandler), Hook: counted(&commits)})
			require.NoError(b, err)
			b.ResetTimer()
			done := make(chan error, callers)
			for range callers {
				go func() {
					var err error
					for err == nil && next.Add(1) <= int64(b.N) {
						err = s.KeepSnapshot(context.Background(), "weekly", []byte("what it showed"))
					}
					done <- err
				}()
			}
			for range callers {
				require.NoError(b, <-done)
			}
			b.StopTimer()
			b.ReportMetric(2*float64(commits.Load())/float64(b.N), "fdatasync/op")
			require.NoError(b, s.Close())
		})
	}
}

// BenchmarkLifecycle is one request from the asking to the message that it is done, with its card: how
// many syncs it costs is what counts on a slow disk.
func BenchmarkLifecycle(b *testing.B) {
	var commits atomic.Int64
	o := newOutside()
	told := make(chan struct{}, 1)
	o.listen = func(s said) {
		if s.What == "told" && s.Key == approvals.TellKey(s.N, approvals.Done, 1) {
			told <- struct{}{}
		}
	}
	l, err := begin(b.TempDir(), o, wiring{hook: counted(&commits)})
	require.NoError(b, err)
	l.desk.Limits = approvals.Limits{Pending: 1 << 30, PerMinute: 1 << 30}
	b.ResetTimer()
	for i := range b.N {
		n, err := l.ask(fmt.Sprint("p", i))
		require.NoError(b, err)
		require.NoError(b, l.vote(n, true))
		<-told
	}
	b.StopTimer()
	b.ReportMetric(2*float64(commits.Load())/float64(b.N), "fdatasync/op")
	require.NoError(b, l.end())
}

// BenchmarkAsk is one request asked, and BenchmarkVote one yes, each with its commit.
func BenchmarkAsk(b *testing.B) {
	l := still(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		_, err := l.ask(fmt.Sprint("p", i))
		require.NoError(b, err)
		i++
	}
	require.NoError(b, l.store.Close())
}

func BenchmarkVote(b *testing.B) {
	l := still(b)
	numbers := make([]int64, b.N)
	for i := range numbers {
		var err error
		numbers[i], err = l.ask(fmt.Sprint("p", i))
		require.NoError(b, err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for _, n := range numbers {
		require.NoError(b, l.vote(n, true))
	}
	b.StopTimer()
	require.NoError(b, l.store.Close())
}

// still is a life in which nothing that is owed is carried out.
func still(b *testing.B) *life {
	l, err := begin(b.TempDir(), newOutside(), wiring{})
	require.NoError(b, err)
	l.stop()
	<-l.done
	l.ctx = b.Context()
	l.desk.Limits = approvals.Limits{Pending: 1 << 30, PerMinute: 1 << 30}
	return l
}

// BenchmarkDeliver is what a delivery takes of the store: what is due, a claim, a note, a result.
func BenchmarkDeliver(b *testing.B) {
	s, err := bolt.Open(b.TempDir(), bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	ctx, now, i := b.Context(), time.Now(), int64(0)
	b.ReportAllocs()
	for b.Loop() {
		i++
		require.NoError(b, s.Promise(ctx, outbox.Promise(approvals.CardKey(i), now)))
		due, _, err := s.Due(ctx, approvals.KindCard, now, 9)
		require.NoError(b, err)
		in, err := s.Claim(ctx, due[0].Key, now)
		require.NoError(b, err)
		require.NoError(b, s.Mark(ctx, in, []byte(`{}`)))
		require.NoError(b, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Key: in.Key, ID: "1.1"}), now))
	}
	require.NoError(b, s.Close())
}

// BenchmarkOpen is a start on a file with 100,000 audit entries: its pages are walked, and nothing is decoded.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	opt := bolt.Options{Log: slog.New(slog.DiscardHandler)}
	s, err := bolt.Open(dir, opt)
	require.NoError(b, err)
	fill(b, s, 100_000)
	require.NoError(b, s.Close())
	for b.Loop() {
		s, err := bolt.Open(dir, opt)
		require.NoError(b, err)
		require.NoError(b, s.Close())
	}
}

// fill puts so many entries into the audit log, of a length that they have.
func fill(b testing.TB, s *bolt.Store, n int) {
	b.Helper()
	for i := 0; i < n; i += 5000 {
		require.NoError(b, s.Update(context.Background(), func(tx approvals.Tx) error {
			for j := range min(5000, n-i) {
				if err := tx.Audit(entryOf(i + j)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// entryOf is the i-th, of a length that they have.
func entryOf(i int) approvals.Entry {
	return approvals.Entry{At: time.Unix(int64(i), 0), Actor: "U0BOB", What: "voted yes", Surface: "slack", Before: approvals.Pending, After: approvals.Approved,
		Detail: []byte(`{"app":"seranking","email":"jane@acme.example","reason":"she tracks rankings for the launch of the first quarter"}`),
		Why:    []string{"policy seats (0123456789abcdef): step 1 of 1", "1 of 1 said yes: U0BOB"}}
}

// BenchmarkVerifyLog is what a start verifies of a signed log of 100,000 entries: all of it entry by entry
// the first time, then its bytes.
func BenchmarkVerifyLog(b *testing.B) {
	opt := bolt.Options{Log: slog.New(slog.DiscardHandler), Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
	s, err := bolt.Open(b.TempDir(), opt)
	require.NoError(b, err)
	fill(b, s, 100_000)
	start := time.Now()
	require.NoError(b, s.VerifyLog(context.Background()))
	first := time.Since(start)
	for b.Loop() {
		require.NoError(b, s.VerifyLog(context.Background()))
	}
	b.ReportMetric(first.Seconds(), "s/first")
	require.NoError(b, s.Close())
}
