package postgres

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// BenchmarkDecide is a decision as the Desk makes one (read, state, entry, two promises), by a crowd at one store and at three. BenchmarkDeliver
// is what a delivery writes: a claim, a note and a result. The server of these tests doesn't wait for a disk.
func BenchmarkDecide(b *testing.B) {
	for _, replicas := range []int{1, 3} {
		b.Run(fmt.Sprintf("stores=%d", replicas), func(b *testing.B) {
			url, stores := newShed(b).empty(b), []*Store{}
			for range replicas {
				stores = append(stores, open(b, url, Options{}))
			}
			var n atomic.Int64
			b.SetParallelism(32)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					require.NoError(b, stores[int(n.Add(1))%replicas].Update(ctx, decides))
				}
			})
		})
	}
}

// decides is what an asking reads and writes.
func decides(tx approvals.Tx) error {
	n, err := tx.Next()
	if err != nil {
		return err
	}
	if _, err := tx.OpenFor("seranking", "jane@acme.example"); err != nil {
		return err
	}
	if err := tx.Put(approvals.Request{Number: n, State: approvals.Denied}); err != nil {
		return err
	}
	_ = tx.Change(outbox.Promise(approvals.CardKey(n), noon))
	_ = tx.Change(outbox.Promise(approvals.ExpireKey(n), noon.Add(time.Hour)))
	return tx.Audit(approvals.Entry{At: noon, Actor: "U0ALICE", What: "asked", Request: n})
}

func BenchmarkDeliver(b *testing.B) {
	url := newShed(b).empty(b)
	stores := []*Store{open(b, url, Options{Owner: "first", Lease: time.Hour}), open(b, url, Options{Owner: "second", Lease: time.Hour})}
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			s, key := stores[i%2], fmt.Sprintf("card/%d", i)
			require.NoError(b, s.Promise(ctx, outbox.Promise(key, noon)))
			in, err := s.Claim(ctx, key, noon)
			require.NoError(b, err)
			require.NoError(b, s.Mark(ctx, in, []byte(`{}`)))
			require.NoError(b, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{ID: "1.1"}), noon))
		}
	})
}
