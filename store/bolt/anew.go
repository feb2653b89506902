package bolt

import (
	"bytes"
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// ShowAnew forgets where the messages stand that people decide by, and owes each of them at once: the
// cards of open requests, and what admins have of deeds in doubt or failed. It is for a workspace that
// never had them, as the demo's is, which begins empty each time; in one that has them they would stand
// twice. A crash leaves all of it or nothing.
func (s *Store) ShowAnew(ctx context.Context, now time.Time) error {
	return s.update(ctx, func(t *txn) error {
		for _, state := range append([]approvals.State{approvals.Failed, lent}, store.OpenStates...) {
			for _, n := range newest(t.tx, bState, prefix(string(state)), 0, -1) {
				keys := t.receiptsUnder(approvals.AdminKey(n, ""))
				if state != approvals.Failed {
					card, err := t.cardOf(n)
					if err != nil {
						return err
					}
					keys = append(keys, card)
				}
				for _, key := range keys {
					if err := t.anew(key, n, now); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// receiptsUnder lists what was posted under a key that ends in "/".
func (t *txn) receiptsUnder(pre string) (keys []string) {
	c := t.tx.Bucket(bReceipts).Cursor()
	for k, _ := c.Seek([]byte(pre)); k != nil && bytes.HasPrefix(k, []byte(pre)); k, _ = c.Next() {
		keys = append(keys, string(k))
	}
	return keys
}

// anew owes the message of request n as if it had never been posted.
func (t *txn) anew(key string, n int64, now time.Time) error {
	if err := t.delete(bReceipts, []byte(key)); err != nil {
		return err
	}
	return t.promise(*outbox.AtOnce(key, n, now).Put, false)
}

// cardOf is the key of the card on which request n stands.
func (t *txn) cardOf(n int64) (string, error) {
	r, err := t.Request(n)
	return approvals.CardKeyOf(r), err
}
