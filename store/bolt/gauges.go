package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// Gauges reads all of it as of one moment.
func (s *Store) Gauges(ctx context.Context) (g store.Gauges, err error) {
	g = store.Gauges{Open: map[approvals.State]int{}, Owed: map[string]store.Owed{}}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		for _, state := range store.OpenStates {
			g.Open[state] = len(newest(tx, bState, prefix(string(state)), 0, -1))
		}
		g.Asked = lastNumber(tx)
		return tx.Bucket(bDue).ForEach(func(k, _ []byte) error {
			kind, _, _ := bytes.Cut(k, []byte{0})
			_, key := dueFrom(k, prefix(string(kind)))
			in, _, err := intentIn(tx, key)
			g.Owed[string(kind)] = g.Owed[string(kind)].With(s.births.unclaimed(in))
			return err
		})
	})
	return g, err
}

// LastReceipt is, of the receipts from key first up to and without end, the last one that left
// something outside; false: none did.
func (s *Store) LastReceipt(ctx context.Context, first, end string) (r outbox.Receipt, ok bool, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bReceipts).Cursor()
		var v []byte
		k, _ := c.Seek([]byte(end))
		if k == nil {
			k, v = c.Last()
		} else {
			k, v = c.Prev()
		}
		for ; k != nil && string(k) >= first; k, v = c.Prev() {
			r = outbox.Receipt{}
			if err := json.Unmarshal(v, &r); err != nil {
				return fmt.Errorf("decode receipt %s: %w", k, err)
			}
			if ok = r.ID != ""; ok {
				return nil
			}
		}
		return nil
	})
	return r, ok, err
}
