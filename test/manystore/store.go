package manystore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
)

// Store is a Database as one program has it open. Nobody but itself knows it for the owner of its claims: who starts again is another.
type Store struct {
	*bolt.Store
	d     *Database
	pulse Pulse
	// hook is called around each transaction as around a commit.
	hook func(string) error
	// closed is when it was; nil: it wasn't.
	closed atomic.Pointer[time.Time]
}

var _ store.Store = (*Store)(nil)

// Open opens it for a program that fares so; nil: nothing happens to it.
func (d *Database) Open(opt bolt.Options, fares Pulse) (*Store, error) {
	if fares == nil {
		fares = running{}
	}
	hook := opt.Hook
	if hook == nil {
		hook = func(string) error { return nil }
	}
	file, err := d.take(opt)
	if err != nil {
		return nil, err
	}
	s := &Store{Store: file, d: d, hook: hook}
	s.pulse = until{fares, s}
	return s, nil
}

// until is how a program fares until it closes the store.
type until struct {
	Pulse
	s *Store
}

// Last implements Pulse.
func (u until) Last() time.Time {
	if at := u.s.closed.Load(); at != nil {
		return *at
	}
	return u.Pulse.Last()
}

// Close lets go of it.
func (s *Store) Close() error {
	now := s.d.opt.Now()
	s.closed.Store(&now)
	return s.d.leave()
}

// Lapse lets every lease of the database run out.
func (s *Store) Lapse() { s.d.Lapse() }

// write is a transaction, with what may happen to a program around it.
func (s *Store) write(do func() error) error {
	if err := s.pulse.Gate(); err != nil {
		return errors.Join(approvals.ErrUnknownOutcome, err)
	}
	if err := s.hook("before commit"); err != nil {
		return errors.Join(approvals.ErrUnknownOutcome, err)
	}
	err := do()
	if err == nil {
		if hooked := s.hook("after commit"); hooked != nil {
			err = errors.Join(approvals.ErrUnknownOutcome, hooked)
		}
	}
	if over := s.pulse.Gate(); over != nil {
		return errors.Join(approvals.ErrUnknownOutcome, over)
	}
	return err
}

// Due implements outbox.Box. What another store holds isn't listed.
func (s *Store) Due(ctx context.Context, kind string, now time.Time, limit int) (list []outbox.Intent, next time.Time, err error) {
	if err := s.pulse.Gate(); err != nil {
		return nil, next, err
	}
	const most = 1 << 20 // what others hold may stand before what is free
	all, next, err := s.Store.Due(ctx, kind, now, most)
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	for _, in := range all {
		if len(list) < limit && !s.d.elsewhere(s, in) {
			list = append(list, in)
		}
	}
	return list, next, err
}

// Claim implements outbox.Box. Nobody else claims anything between the look whose it is and the writing.
func (s *Store) Claim(ctx context.Context, key string, now time.Time) (in outbox.Intent, err error) {
	err = s.write(func() error {
		s.d.mu.Lock()
		defer s.d.mu.Unlock()
		list, err := s.Intents(ctx, key)
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Key != key || s.d.elsewhere(s, list[0]) {
			return outbox.ErrGone
		}
		if in, err = s.Store.Claim(ctx, key, now); err != nil {
			return err
		}
		s.d.holds[key] = hold{s, in.Token, false}
		return nil
	})
	return in, err
}

// Mark implements outbox.Box. The lease begins anew with it.
func (s *Store) Mark(ctx context.Context, claimed outbox.Intent, note json.RawMessage) error {
	return s.write(func() error {
		s.d.mu.Lock()
		defer s.d.mu.Unlock()
		if err := s.Store.Mark(ctx, claimed, note); err != nil {
			return err
		}
		s.d.anew(s, claimed)
		return nil
	})
}

// Implies implements outbox.Box: of several processes none can tell by a claim of another what it has begun.
func (*Store) Implies(context.Context, outbox.Intent, time.Time) (bool, error) { return false, nil }

// anew begins the lease of a claim anew. The caller has the lock.
func (d *Database) anew(s *Store, claimed outbox.Intent) {
	if h := d.holds[claimed.Key]; h.by == s && h.token == claimed.Token {
		h.lapsed = false
		d.holds[claimed.Key] = h
	}
}

// Stands implements outbox.Box.
func (s *Store) Stands(ctx context.Context, claimed outbox.Intent) error {
	if err := s.pulse.Gate(); err != nil {
		return err
	}
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	list, err := s.Intents(ctx, claimed.Key)
	switch {
	case err != nil:
		return fmt.Errorf("ask whose %s is: %w", claimed.Key, err)
	case len(list) == 0 || list[0].Key != claimed.Key || list[0].Token < claimed.Token:
		return outbox.ErrGone
	case list[0].Token > claimed.Token:
		return outbox.ErrTaken
	}
	s.d.anew(s, claimed)
	return nil
}

// Finish implements outbox.Box.
func (s *Store) Finish(ctx context.Context, claimed outbox.Intent, r outbox.Result, now time.Time) error {
	return s.write(func() error {
		s.d.mu.Lock()
		defer s.d.mu.Unlock()
		if err := s.Store.Finish(ctx, claimed, r, now); err != nil {
			return err
		}
		if h := s.d.holds[claimed.Key]; h.token == claimed.Token {
			delete(s.d.holds, claimed.Key)
		}
		return nil
	})
}

// Promise implements outbox.Box. A promise that is dropped has no claim any more.
func (s *Store) Promise(ctx context.Context, changes ...outbox.Change) error {
	return s.write(func() error { return s.Store.Promise(ctx, changes...) })
}

// Update implements approvals.Book. Of what only reads nothing is committed, so nothing can happen to that.
func (s *Store) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	_ = s.pulse.Gate() // whoever is over is told so by the hook
	var writes atomic.Bool
	err := s.Store.Update(ctx, func(tx approvals.Tx) error {
		t := &noting{Tx: tx}
		if err := fn(t); err != nil || !t.writes {
			return err
		}
		writes.Store(true)
		if err := s.hook("before commit"); err != nil {
			return errors.Join(approvals.ErrUnknownOutcome, err)
		}
		return nil
	})
	if err == nil && writes.Load() {
		if hooked := s.hook("after commit"); hooked != nil {
			err = errors.Join(approvals.ErrUnknownOutcome, hooked)
		}
	}
	if over := s.pulse.Gate(); over != nil && writes.Load() {
		return errors.Join(approvals.ErrUnknownOutcome, over)
	}
	return err
}

// Record implements register.Book.
func (s *Store) Record(ctx context.Context, fn func(register.Tx) error) error {
	return s.write(func() error { return s.Store.Record(ctx, fn) })
}

// Alter implements leavers.Book.
func (s *Store) Alter(ctx context.Context, fn func(leavers.Tx) error) error {
	return s.write(func() error { return s.Store.Alter(ctx, fn) })
}

// Admit implements joiners.Book.
func (s *Store) Admit(ctx context.Context, fn func(joiners.Tx) error) error {
	return s.write(func() error { return s.Store.Admit(ctx, fn) })
}

// Revise implements reviews.Book.
func (s *Store) Revise(ctx context.Context, fn func(reviews.Tx) error) error {
	return s.write(func() error { return s.Store.Revise(ctx, fn) })
}
