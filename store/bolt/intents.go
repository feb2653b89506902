package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/outbox"
)

var _ outbox.Box = (*Store)(nil)

// dueKey is the row that keeps an intent in the order in which its kind falls due.
func dueKey(in outbox.Intent) []byte {
	b := prefix(outbox.Kind(in.Key))
	b = binary.BigEndian.AppendUint64(b, uint64(in.Due.UnixNano()))
	return append(b, in.Key...)
}

func dueFrom(key, pre []byte) (at time.Time, intent string) {
	rest := key[len(pre):]
	return time.Unix(0, int64(binary.BigEndian.Uint64(rest))).UTC(), string(rest[8:])
}

func intentIn(tx *bbolt.Tx, key string) (in outbox.Intent, ok bool, err error) {
	raw := tx.Bucket(bIntents).Get([]byte(key))
	if raw == nil {
		return in, false, nil
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, false, fmt.Errorf("decode intent %s: %w", key, err)
	}
	return in, true, nil
}

// promise owes an intent: anew, or, where it is owed already, raised in revision and no later than
// before, keeping what was noted, whether somebody had claimed it and what that implies.
func (t *txn) promise(in outbox.Intent, once bool) error {
	if once && t.tx.Bucket(bReceipts).Get([]byte(in.Key)) != nil {
		return nil
	}
	old, owed, err := intentIn(t.tx, in.Key)
	if err != nil {
		return err
	}
	if owed && once {
		return nil
	}
	if owed {
		if old.Due.Before(in.Due) {
			in.Due = old.Due
		}
		if outbox.IsAtOnce(old.Due) {
			in.Since = old.Since
		}
		in.Claimed, in.Token, in.Tries, in.Made, in.Note, in.Implied, in.Place = old.Claimed, old.Token, old.Tries, old.Made, old.Note, old.Implied, old.Place
	}
	rev, err := t.tx.Bucket(bIntents).NextSequence()
	if err != nil {
		return fmt.Errorf("number intent %s: %w", in.Key, err)
	}
	in.Rev = int64(rev)
	t.bears(&in)
	return t.keep(in)
}

// keep writes an intent and moves its due row.
func (t *txn) keep(in outbox.Intent) error {
	if err := t.drop(in.Key); err != nil {
		return err
	}
	in.Due, in.Made, in.Since = in.Due.UTC(), in.Made.UTC(), in.Since.UTC()
	if err := t.putJSON(bIntents, []byte(in.Key), in); err != nil {
		return err
	}
	return t.put(bDue, dueKey(in), nil)
}

func (t *txn) drop(key string) error {
	in, owed, err := intentIn(t.tx, key)
	if err != nil || !owed {
		return err
	}
	if err := t.delete(bDue, dueKey(in)); err != nil {
		return err
	}
	return t.delete(bIntents, []byte(key))
}

// Due implements outbox.Box.
func (s *Store) Due(ctx context.Context, kind string, now time.Time, limit int) (list []outbox.Intent, next time.Time, err error) {
	pre := prefix(kind)
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bDue).Cursor()
		k, _ := c.Seek(pre)
		for ; k != nil && bytes.HasPrefix(k, pre) && len(list) < limit; k, _ = c.Next() {
			at, key := dueFrom(k, pre)
			if at.After(now) {
				break
			}
			in, _, err := intentIn(tx, key)
			if err != nil {
				return err
			}
			list = append(list, in)
		}
		// What sleeps begins right after now; a full list may stand before it.
		after := binary.BigEndian.AppendUint64(bytes.Clone(pre), uint64(now.UnixNano())+1)
		if k, _ := c.Seek(after); k != nil && bytes.HasPrefix(k, pre) {
			next, _ = dueFrom(k, pre)
		}
		return nil
	})
	return list, next, err
}

// Claim implements outbox.Box.
func (s *Store) Claim(ctx context.Context, key string, now time.Time) (was outbox.Intent, err error) {
	err = s.update(ctx, func(t *txn) error {
		in, owed, err := intentIn(t.tx, key)
		if err != nil {
			return err
		}
		if !owed || in.Due.After(now) {
			return outbox.ErrGone
		}
		if was, err = claimedBefore(t.tx, s.births.unclaimed(in)); err != nil {
			return err
		}
		if s.births.asBorn(in) {
			t.cradle.taken = append(t.cradle.taken, key)
			if young(in, now) {
				return nil
			}
			in = unclaimed(in)
		}
		token, err := t.tx.Bucket(bIntents).NextSequence()
		if err != nil {
			return fmt.Errorf("number the claim of %s: %w", key, err)
		}
		in.Claimed, in.Token = now.UTC(), int64(token)
		was.Token = in.Token
		return t.putJSON(bIntents, []byte(key), in)
	})
	return was, err
}

// Mark implements outbox.Box.
func (s *Store) Mark(ctx context.Context, claimed outbox.Intent, note json.RawMessage) error {
	return s.update(ctx, func(t *txn) error {
		in, err := s.held(t.tx, claimed)
		if err != nil {
			return err
		}
		in.Note, in.Implied = note, time.Time{}
		return t.putJSON(bIntents, []byte(in.Key), in)
	})
}

// held is a promise that is still claimed as it was.
func (*Store) held(tx *bbolt.Tx, claimed outbox.Intent) (outbox.Intent, error) {
	in, owed, err := intentIn(tx, claimed.Key)
	switch {
	case err != nil:
		return in, err
	case owed && in.Token > claimed.Token:
		return in, outbox.ErrTaken
	case !owed || in.Rev != claimed.Rev || in.Token != claimed.Token:
		return in, outbox.ErrGone
	}
	return in, nil
}

// Stands implements outbox.Box. There is one process to a file, so nobody else ever claims anything meanwhile.
func (s *Store) Stands(context.Context, outbox.Intent) error { return nil }

// Finish implements outbox.Box.
func (s *Store) Finish(ctx context.Context, claimed outbox.Intent, result outbox.Result, now time.Time) error {
	commit := s.update
	if _, _, again := result.IsRetry(); !again && outbox.HoldOf(ctx) == nil {
		commit = s.patiently
	}
	return commit(ctx, func(t *txn) error {
		in, owed, err := intentIn(t.tx, claimed.Key)
		if err != nil {
			return err
		}
		if owed && in.Token > claimed.Token {
			return outbox.ErrTaken
		}
		if err := t.leave(claimed, result.Receipt(), now); err != nil || !owed {
			return err
		}
		next, owed := in.Ended(claimed.Rev, result)
		switch {
		case !owed:
			return t.drop(in.Key)
		case in.Rev != claimed.Rev:
			return t.again(next)
		}
		return t.keep(next)
	})
}

// leave keeps what a delivery left outside. Where whoever took it over has left something since, theirs stays.
func (t *txn) leave(claimed outbox.Intent, left *outbox.Receipt, now time.Time) error {
	if left == nil {
		return nil
	}
	var last outbox.Receipt
	if raw := t.tx.Bucket(bReceipts).Get([]byte(claimed.Key)); raw != nil {
		if err := json.Unmarshal(raw, &last); err != nil {
			return fmt.Errorf("decode receipt %s: %w", claimed.Key, err)
		}
	}
	if last.Token > claimed.Token {
		return outbox.ErrTaken
	}
	r := *left
	r.Key, r.At, r.Token = claimed.Key, now.UTC(), claimed.Token
	return t.putJSON(bReceipts, []byte(r.Key), r)
}

// Promise implements outbox.Box.
func (s *Store) Promise(ctx context.Context, changes ...outbox.Change) error {
	return s.update(ctx, func(t *txn) error {
		for _, c := range changes {
			if err := t.Change(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Receipt implements outbox.Box.
func (s *Store) Receipt(ctx context.Context, key string) (r outbox.Receipt, ok bool, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		raw := tx.Bucket(bReceipts).Get([]byte(key))
		if raw == nil {
			return nil
		}
		ok = true
		return json.Unmarshal(raw, &r)
	})
	if err != nil {
		err = fmt.Errorf("read receipt %s: %w", key, err)
	}
	return r, ok, err
}

// Intents lists every intent whose key begins with pre, in the order of the keys.
func (s *Store) Intents(ctx context.Context, pre string) (list []outbox.Intent, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bIntents).Cursor()
		for k, v := c.Seek([]byte(pre)); k != nil && bytes.HasPrefix(k, []byte(pre)); k, v = c.Next() {
			var in outbox.Intent
			if err := json.Unmarshal(v, &in); err != nil {
				return errors.Join(fmt.Errorf("decode intent %s", k), err)
			}
			list = append(list, s.births.unclaimed(in))
		}
		return nil
	})
	return list, err
}

// Known implements outbox.Box.
func (s *Store) Known(ctx context.Context, pre string) (keys []string, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		keys = known(tx, pre, -1)
		return nil
	})
	return keys, err
}

// known are the keys that begin with pre and are owed or have a receipt, in their order; of more than limit, some. A
// negative limit is none.
func known(tx *bbolt.Tx, pre string, limit int) (keys []string) {
	for _, bucket := range [][]byte{bIntents, bReceipts} {
		c := tx.Bucket(bucket).Cursor()
		for k, _ := c.Seek([]byte(pre)); k != nil && bytes.HasPrefix(k, []byte(pre)) && len(keys) != limit; k, _ = c.Next() {
			keys = append(keys, string(k))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
