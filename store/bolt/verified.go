package bolt

import (
	"context"
	"crypto/ed25519"
	"errors"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// kVerified is where it is noted how far the log was verified.
var kVerified = []byte("verified")

// VerifyLog verifies the audit log before anything is written after it, and keeps how far it came. An
// error that is store.ErrLog names the first entry that is not as it was written.
func (s *Store) VerifyLog(ctx context.Context) error {
	var run *store.Running
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		run, err = s.verified(ctx, tx)
		return err
	})
	if errors.Is(err, ErrDamaged) {
		return sentence(s.path, err)
	}
	if err != nil {
		return err
	}
	var note []byte
	if run.Due() {
		if note, err = run.Note(s.opt.Key); err != nil {
			return err
		}
	}
	err = s.update(ctx, func(t *txn) error {
		known := []*store.Running{run}
		s.logs, t.log.of = known, known // the writer runs this
		if note == nil {
			return nil
		}
		return t.put(bMeta, kVerified, note)
	})
	if err == nil && !s.believes.Load() {
		s.vouches()
	}
	return err
}

// verified verifies the log as a transaction has it.
func (s *Store) verified(ctx context.Context, tx *bbolt.Tx) (*store.Running, error) {
	head, err := headIn(tx)
	if err != nil {
		return nil, err
	}
	log := store.Log{Head: head, Lines: func(fn func(int64, []byte) error) error { return s.lines(ctx, tx, fn) }}
	return log.Run(ctx, s.opt.Key, tx.Bucket(bMeta).Get(kVerified))
}

// lines reads the log from the file, page after page, which the system reads ahead; in bbolt's mapping each page would be waited for. Where
// so much was written since that it can't be found there, it's read in the mapping.
func (s *Store) lines(ctx context.Context, tx *bbolt.Tx, fn func(int64, []byte) error) error {
	_, known, err := walkOnly(ctx, s.file, tx.Size(), uint64(tx.ID()), bAudit, func(_, key, line []byte) error { return fn(numberFrom(key), line) })
	if err != nil || known {
		return err
	}
	return tx.Bucket(bAudit).ForEach(func(k, line []byte) error { return fn(numberFrom(k), line) })
}

// chronicle is what an attempt writes after the log, whose sum goes on if it is kept.
type chronicle struct {
	of  []*store.Running
	key ed25519.PrivateKey
	now *store.Running
	// was is what it is written after.
	was *store.Running
	// lost: nobody knows the sum of what it is written after.
	lost bool
}

// entry takes in the entry that was written after was; note is how far the log is verified, where that is to be kept.
func (c *chronicle) entry(was, is approvals.Head, line []byte) (note []byte, err error) {
	if c == nil {
		return nil, nil
	}
	if c.now == nil && !c.lost {
		for _, r := range c.of {
			if r.Head() == was {
				c.was, c.now = r, r.Clone()
			}
		}
		c.lost = c.now == nil
	}
	if c.lost {
		return nil, nil
	}
	if c.now.Add(is, line); !c.now.Due() {
		return nil, nil
	}
	return c.now.Note(c.key)
}

// after is the log as it stands after a commit: as it was or as it is, where nobody knows whether that was kept.
func (c *chronicle) after(err error) []*store.Running {
	switch {
	case c.now == nil && !c.lost:
		return c.of
	case c.lost && err == nil:
		return nil
	case c.lost:
		return c.of
	case err == nil:
		return []*store.Running{c.now}
	}
	return []*store.Running{c.was, c.now}
}
