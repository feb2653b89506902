package bolt

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store"
)

// kVerified is where it is noted how far the log was verified.
var kVerified = []byte("verified")

// VerifyLog verifies the audit log before anything is written after it, and keeps how far it came. An
// error that is store.ErrLog names the first entry that is not as it was written.
func (s *Store) VerifyLog(ctx context.Context) error {
	var next []byte
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		next, err = s.verified(ctx, tx)
		return err
	})
	if err != nil || next == nil {
		return err
	}
	return s.update(ctx, func(t *txn) error { return t.put(bMeta, kVerified, next) })
}

// verified verifies the log as a transaction has it.
func (s *Store) verified(ctx context.Context, tx *bbolt.Tx) (next []byte, err error) {
	head, err := headIn(tx)
	if err != nil {
		return nil, err
	}
	log := store.Log{Head: head, Lines: func(fn func(int64, []byte) error) error {
		return tx.Bucket(bAudit).ForEach(func(k, line []byte) error { return fn(numberFrom(k), line) })
	}}
	return log.Verify(ctx, s.opt.Key, tx.Bucket(bMeta).Get(kVerified))
}
