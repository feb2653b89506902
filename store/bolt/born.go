package bolt

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/outbox"
)

// What is promised to be carried out at once is born claimed: its claim is written in the transaction that promises it, and
// whoever takes it up soon after (outbox.Fresh) writes nothing: what is taken up later is written, for by the moment of birth the next life
// reckons how long ago the act may have begun. A crash in between leaves a claim that nobody had taken up, and the next life looks before it acts,
// which is always safe.
//
//	promised and claimed (one commit) ──► taken up (no commit) ──► act ──► result
//
// One process holds the file, so which of these claims wait to be taken up is kept in memory, and what isn't known there counts as
// taken up. An orderly end writes down that they were not.
type births struct {
	mu      sync.Mutex
	waiting map[string]int64 // the token of the claim that each was born with, by key
}

// cradle is what one attempt at a group of transactions bears and takes up; it counts once that is kept.
type cradle struct {
	born  map[string]int64
	taken []string
	place func(key string) string
}

func newCradle(place func(key string) string) *cradle {
	return &cradle{born: map[string]int64{}, place: place}
}

// bears has a promise born claimed, under the number that its revision has, where it is one to be carried out at once and nobody has claimed it.
func (t *txn) bears(in *outbox.Intent) {
	if t.cradle == nil || !outbox.IsAtOnce(in.Due) || !in.Claimed.IsZero() {
		return
	}
	in.Claimed, in.Token = in.Since, in.Rev
	if in.Implied.IsZero() && len(in.Note) == 0 {
		in.Implied = in.Claimed
		if t.cradle.place != nil {
			in.Place = t.cradle.place(in.Key)
		}
	}
	t.cradle.born[in.Key] = in.Token
}

// again keeps a promise that was made anew while it was carried out, and so wasn't born claimed: it is now, as one of this moment.
func (t *txn) again(in outbox.Intent) error {
	if outbox.IsAtOnce(in.Due) {
		rev, err := t.tx.Bucket(bIntents).NextSequence()
		if err != nil {
			return fmt.Errorf("number intent %s: %w", in.Key, err)
		}
		in.Rev = int64(rev)
		t.bears(&in)
	}
	return t.keep(in)
}

// asBorn reports whether a promise stands under the claim that it was born with, and nobody has taken that up.
func (b *births) asBorn(in outbox.Intent) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return in.Token != 0 && b.waiting[in.Key] == in.Token
}

// unclaimed is a promise as it is: the claim that it was born with is nobody's until it is taken up.
func (b *births) unclaimed(in outbox.Intent) outbox.Intent {
	if b.asBorn(in) {
		in = unclaimed(in)
	}
	return in
}

// unclaimed is a promise without the claim that it was born with, and what that implies.
func unclaimed(in outbox.Intent) outbox.Intent {
	if in.Implied.Equal(in.Claimed) {
		in.Implied = time.Time{}
	}
	in.Claimed = time.Time{}
	return in
}

// keeps remembers what a group that was kept has borne and taken up.
func (b *births) keeps(c *cradle) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.Copy(b.waiting, c.born)
	for _, key := range c.taken {
		delete(b.waiting, key)
	}
}

// left are the keys whose claim nobody has taken up.
func (b *births) left() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.waiting))
}

// unborn writes down which claims nobody has taken up, so that the next life needn't look for what they are for. It runs once the
// writer has ended.
func (s *Store) unborn() error {
	left := s.births.left()
	if len(left) == 0 {
		return nil
	}
	o := newOp(func(t *txn) error { return s.unclaim(t, left) })
	s.group([]*op{o}, nil)
	return <-o.done
}

func (s *Store) unclaim(t *txn, keys []string) error {
	for _, key := range keys {
		in, owed, err := intentIn(t.tx, key)
		if err != nil {
			return err
		}
		if !owed || !s.births.asBorn(in) {
			continue
		}
		if err := t.putJSON(bIntents, []byte(key), unclaimed(in)); err != nil {
			return err
		}
	}
	return nil
}

// Implies implements outbox.Box: what the claim was born with stands there, and is as old as the claim.
func (s *Store) Implies(ctx context.Context, claimed outbox.Intent, now time.Time) (implied bool, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		in, err := s.held(tx, claimed)
		implied = err == nil && in.Implied.Equal(in.Claimed) && young(in, now)
		return err
	})
	return implied, err
}

// young reports whether a claim was born less than outbox.Fresh ago.
func young(in outbox.Intent, now time.Time) bool {
	since := now.Sub(in.Claimed)
	return since >= 0 && since < outbox.Fresh
}
