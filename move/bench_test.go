package move

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
)

// BenchmarkMove moves 100,000 requests that are over, with three entries and two receipts each, into a database and back.
// It says how large the file is, and how much memory of Go's was in use at most.
func BenchmarkMove(b *testing.B) {
	for b.Loop() {
		from, to := folder(b), database(b)
		loadMany(b, from, 100_000)
		info, err := os.Stat(filepath.Join(from.dir, bolt.File))
		require.NoError(b, err)
		b.ReportMetric(float64(info.Size())/1e6, "MB-file")
		measured(b, "there", from, to)
		measured(b, "back", to, from)
	}
}

func measured(b *testing.B, way string, from, to Place) {
	begun := time.Now()
	_, err := moves(from, to, "")
	require.NoError(b, err)
	b.ReportMetric(time.Since(begun).Seconds(), "s-"+way)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/1e6, "MB-heap-"+way)
}

// loadMany fills a folder with n requests.
func loadMany(b *testing.B, p Place, n int64) {
	berth, err := bolt.Reach(ctx, p.dir)
	require.NoError(b, err)
	_, err = berth.Load(ctx, cargo.Loading{At: noon, Pour: many(n), Held: func(cargo.Pour) error { return nil }})
	require.NoError(b, err)
	require.NoError(b, berth.Release())
}

// many are n requests that were denied, in the order in which a store gives them.
func many(n int64) cargo.Pour {
	return func(_ context.Context, put cargo.Put) error {
		raw := func(v any) []byte { line, _ := json.Marshal(v); return line }
		var lines [][]byte
		var head approvals.Head
		for i := range 3 * n {
			what := []approvals.Entry{{What: "asked", After: approvals.Pending}, {What: "voted no", After: approvals.Denied}, {What: "said", After: approvals.Denied}}[i%3]
			what.At, what.Actor, what.Request, what.Detail = noon, "U0ALICE", i/3+1, raw(map[string]string{"reason": "Rank tracking for the launch"})
			line, next, err := approvals.Seal(what, head, nil)
			if err != nil {
				return err
			}
			lines, head = append(lines, line), next
		}
		items := []cargo.Item{{Kind: cargo.Number, N: n}, {Kind: cargo.Revision, N: n}, {Kind: cargo.Head, N: head.Seq, Name: head.Hash}}
		for _, i := range items {
			if err := put(i); err != nil {
				return err
			}
		}
		for i := int64(1); i <= n; i++ {
			r := approvals.Request{Number: i, Requester: approvals.PersonID(fmt.Sprintf("U%d", i%2000)), State: approvals.Denied, App: approvals.App{ID: "seranking", Name: "SE Ranking"},
				Change: approvals.Change{Email: fmt.Sprintf("jane%d@acme.example", i)}, Asked: noon, Expires: noon, Reason: "Rank tracking for the launch"}
			if err := put(cargo.Item{Kind: cargo.Request, N: i, Line: raw(r)}); err != nil {
				return err
			}
		}
		for i, line := range lines {
			if err := put(cargo.Item{Kind: cargo.Entry, N: int64(i + 1), Line: line}); err != nil {
				return err
			}
		}
		for _, key := range []func(int64) string{approvals.CardKey, func(i int64) string { return approvals.TellKey(i, approvals.Denied, 0) }} {
			for i := int64(1); i <= n; i++ {
				if err := put(cargo.Item{Kind: cargo.Receipt, Name: key(i), Line: raw(outbox.Receipt{Key: key(i), Place: "C0APPROVE", ID: "1.1"})}); err != nil {
					return err
				}
			}
		}
		return put(cargo.Item{Kind: cargo.Meta, Name: "life", Line: []byte(`{"id":"a-life"}`)})
	}
}
