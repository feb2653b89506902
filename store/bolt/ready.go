package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/outbox"
)

var _ outbox.Herald = (*Store)(nil)

// Ready implements outbox.Herald: it jumps from kind to kind, over as many rows as there are kinds of which something is owed. What is being
// carried out counts as due, since whether it is only its lane knows.
func (s *Store) Ready(ctx context.Context, now time.Time) (kinds []string, next time.Time, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bDue).Cursor()
		for k, _ := c.First(); k != nil; {
			name, _, _ := bytes.Cut(k, []byte{0})
			kind := string(name) // a copy: k is the file's
			pre := prefix(kind)
			at, _ := dueFrom(k, pre)
			if !at.After(now) {
				kinds = append(kinds, kind)
				// What sleeps begins right after now.
				if k, _ = c.Seek(binary.BigEndian.AppendUint64(bytes.Clone(pre), uint64(now.UnixNano())+1)); k != nil && bytes.HasPrefix(k, pre) {
					at, _ = dueFrom(k, pre)
				}
			}
			if at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
			k, _ = c.Seek([]byte(kind + "\x01"))
		}
		return nil
	})
	return kinds, next, err
}
