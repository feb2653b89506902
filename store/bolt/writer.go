package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// groupMax bounds how many transactions share one commit.
const groupMax = 256

// op is one transaction on its way through the queue.
type op struct {
	fn   func(*txn) error
	done chan error
	// taken decides between the writer, who runs it, and a caller who has stopped waiting.
	taken atomic.Bool
}

// queue queues fn and waits until it is durable.
func (s *Store) queue(ctx context.Context, fn func(*txn) error) error {
	o := &op{fn: fn, done: make(chan error, 1)}
	select {
	case <-s.quit:
		return errClosed
	case s.ops <- o:
	default:
		return approvals.ErrBusy
	}
	select {
	case err := <-o.done:
		return err
	case <-s.done:
		return o.orphaned()
	case <-ctx.Done():
		if o.taken.CompareAndSwap(false, true) {
			return fmt.Errorf("wait for the store: %w", ctx.Err())
		}
		return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, ctx.Err())
	}
}

// orphaned is the answer for an op that was queued while the writer ended.
func (o *op) orphaned() error {
	select {
	case err := <-o.done:
		return err
	default:
		return errClosed
	}
}

// write is the writer: it takes whatever has queued up and commits it together.
func (s *Store) write() {
	defer close(s.done)
	for {
		select {
		case o := <-s.ops:
			s.group(s.gather(o))
		case <-s.quit:
			for {
				select {
				case o := <-s.ops:
					s.group(s.gather(o))
				default:
					return
				}
			}
		}
	}
}

func (s *Store) gather(first *op) []*op {
	var group []*op
	for o := first; ; {
		if o.taken.CompareAndSwap(false, true) {
			group = append(group, o)
		}
		if len(group) >= groupMax {
			return group
		}
		select {
		case o = <-s.ops:
		default:
			return group
		}
	}
}

// group commits ops together. An op whose own function fails after it wrote something takes the
// attempt down with it: the rest is run again without it. So functions may run more than once.
//
// What an op refused, it refused because of what it read, and that may have been written by another op
// of its group. So nobody is answered before the outcome of all is known, and where that is unknown so
// is every refusal.
func (s *Store) group(ops []*op) {
	answers := make(map[*op]error, len(ops))
	left := slices.Clone(ops)
	for {
		own, culprit, err := s.attempt(left)
		if culprit >= 0 {
			answers[left[culprit]] = own[culprit]
			if left = slices.Delete(left, culprit, culprit+1); len(left) > 0 {
				continue
			}
			break
		}
		for i, o := range left {
			answers[o] = own[i]
		}
		for _, o := range ops {
			if err != nil {
				answers[o] = err
			}
		}
		break
	}
	for _, o := range ops {
		o.done <- answers[o]
	}
}

// attempt runs ops in one transaction. own holds each op's own error; an op that failed after it
// wrote something is the culprit (else -1), and nothing was kept then. err is what became of the commit.
func (s *Store) attempt(ops []*op) (own []error, culprit int, err error) {
	own = make([]error, len(ops))
	if err := s.ready(); err != nil {
		return own, -1, err
	}
	tx, err := s.db.Begin(true)
	if err != nil {
		s.reopen()
		return own, -1, fmt.Errorf("begin transaction: %w", err)
	}
	dirty := false
	for i, o := range ops {
		t := &txn{tx: tx, signs: s.signing(), random: s.opt.Random}
		if own[i] = t.run(o.fn); own[i] != nil && t.dirty {
			return own, i, tx.Rollback()
		}
		dirty = dirty || t.dirty
	}
	if !dirty {
		return own, -1, tx.Rollback()
	}
	return own, -1, s.commit(tx)
}

// commit makes a transaction durable. When it fails, what is on disk is not known: the file is
// closed and opened anew, so that the next reader sees what is really there.
func (s *Store) commit(tx *bbolt.Tx) error {
	if err := s.hook("before commit"); err != nil {
		return errors.Join(approvals.ErrUnknownOutcome, err, tx.Rollback())
	}
	err := guarded(tx.Commit)
	if err == nil {
		err = s.hook("after commit")
	}
	if err == nil {
		return nil
	}
	s.opt.Log.Error("commit failed, reading the file again", "err", err)
	// A commit that panicked still holds bbolt's lock, without which the file cannot be closed.
	_ = guarded(tx.Rollback)
	s.reopen()
	return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, err)
}

func (s *Store) hook(point string) error {
	if s.opt.Hook == nil {
		return nil
	}
	return s.opt.Hook(point)
}

// reopen closes and opens the file. Failing leaves the store closed until the next transaction tries again.
func (s *Store) reopen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		if err := s.db.Close(); err != nil {
			s.opt.Log.Error("close database", "err", err)
		}
		s.db = nil
	}
	if _, err := s.open(); err != nil {
		s.opt.Log.Error("open database again", "err", err)
	}
}

// ready makes sure that the file is open, trying again where an earlier reopening failed.
func (s *Store) ready() error {
	s.mu.RLock()
	up := s.db != nil
	s.mu.RUnlock()
	if up {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return errClosed
	default:
	}
	if s.db != nil {
		return nil
	}
	_, err := s.open()
	return err
}
