package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// counted is a hook that counts commits; each is two fdatasync, or three where the file grows.
func counted(commits *atomic.Int64) store.Hook {
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
			s, err := store.Open(b.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler), Hook: counted(&commits)})
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
