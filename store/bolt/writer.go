package bolt

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// groupMax bounds how many transactions share one commit.
const groupMax = 256

// write is the writer: it takes whatever has queued up and commits it together.
func (s *Store) write() {
	defer close(s.done)
	r := &riders{patience: s.opt.Patience}
	for {
		select {
		case o := <-s.ops:
			s.take(o, r)
		case <-r.over():
			s.ride(r)
		case <-s.quit:
			for {
				select {
				case o := <-s.ops:
					s.take(o, r)
				default:
					s.ride(r)
					return
				}
			}
		}
	}
}

func (s *Store) take(first *op, r *riders) {
	group := s.gather(first, r)
	if len(group) > 0 {
		r.stay(s.group(group, r.waiting))
	}
	if len(r.waiting) >= groupMax {
		s.ride(r)
	}
}

func (s *Store) gather(first *op, r *riders) []*op {
	var group []*op
	for o := first; ; {
		if !o.isGone() && !r.board(o) {
			group = append(group, o)
		}
		if len(group) >= groupMax || len(r.waiting) >= groupMax {
			return group
		}
		select {
		case o = <-s.ops:
		default:
			return group
		}
	}
}

// group commits ops together, and with what they write those along; along is left out where they write nothing, unless there is
// nothing else. It returns who was left out. An op whose own function fails after it wrote something takes the
// attempt down with it: the rest is run again without it. So functions may run more than once.
//
// What an op refused, it refused because of what it read, and that may have been written by another op
// of its group. So nobody is answered before the outcome of all is known, and where that is unknown so
// is every refusal.
func (s *Store) group(ops, along []*op) (out []*op) {
	answers := make(map[*op]error, len(ops)+len(along))
	left, must := slices.Concat(ops, along), len(ops)
	for len(left) > 0 {
		own, culprit, err := s.attempt(left, must)
		if culprit < 0 {
			answer(answers, left[:len(own)], own, err)
			break
		}
		answers[left[culprit]] = own[culprit]
		left = slices.Delete(left, culprit, culprit+1)
		if culprit < must {
			must--
		}
	}
	for o, err := range answers {
		o.done <- err
	}
	return slices.DeleteFunc(along, func(o *op) bool { _, went := answers[o]; return went })
}

// answer is what each hears: its own error, or what became of the commit.
func answer(answers map[*op]error, ops []*op, own []error, err error) {
	for i, o := range ops {
		answers[o] = own[i]
	}
	if err == nil {
		return
	}
	for o := range answers {
		answers[o] = err
	}
}

// attempt runs the first ops, as many as must be, in one transaction, and the others where those wrote something or there are none. own
// holds the own error of each that was run; an op that failed after it wrote something is the culprit (else -1), and nothing was kept
// then. err is what became of the commit.
func (s *Store) attempt(ops []*op, must int) (own []error, culprit int, err error) {
	if must == 0 {
		must = len(ops)
	}
	own = make([]error, must, len(ops))
	if err := s.ready(); err != nil {
		return own, -1, err
	}
	tx, err := s.db.Begin(true)
	if err != nil {
		s.reopen()
		return own, -1, fmt.Errorf("begin transaction: %w", err)
	}
	dirty, cradle, log := false, newCradle(s.opt.Place), &chronicle{of: s.logs, key: s.opt.Key}
	for i, o := range ops {
		if i >= must && !dirty {
			break
		}
		t := &txn{tx: tx, signs: s.signing(), random: s.opt.Random, cradle: cradle, log: log}
		own = append(own[:i], s.met(o.run(t)))
		if own[i] != nil && t.dirty {
			return own, i, tx.Rollback()
		}
		dirty = dirty || t.dirty
	}
	if dirty {
		err = s.commit(tx)
		s.logs = log.after(err)
	} else {
		err = tx.Rollback()
	}
	if err == nil {
		s.births.keeps(cradle)
	}
	return own, -1, err
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
	s.doubts()
	s.wanted.Add(1)
	s.mu.Lock()
	s.wanted.Add(-1)
	defer s.mu.Unlock()
	if s.db != nil {
		if err := s.db.Close(); err != nil {
			s.opt.Log.Error("close database", "err", err)
		}
		s.db = nil
	}
	if _, err := s.open(false); err != nil {
		s.opt.Log.Error("open database again", "err", err)
	}
}

// ready makes sure that the file is open, trying again where an earlier reopening failed.
func (s *Store) ready() error {
	if s.isOpen() {
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
	_, err := s.open(false)
	return err
}

func (s *Store) isOpen() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.db != nil
}
