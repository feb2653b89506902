package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/outbox"
)

var _ outbox.Box = (*Store)(nil)

// Due implements outbox.Box. What another store holds under a lease is not listed: it is under way there.
func (s *Store) Due(ctx context.Context, kind string, now time.Time, limit int) (list []outbox.Intent, next time.Time, err error) {
	others := ""
	if s.opt.Lease > 0 {
		others = " and (owner is null or owner = $4 or lease_until is null or lease_until <= clock_timestamp())"
	}
	args := []any{kind, now.UnixNano(), int64(limit)}
	if others != "" {
		args = append(args, s.opt.Owner)
	}
	err = s.read(ctx, func(ctx context.Context) error {
		list, next = nil, time.Time{}
		rows, err := s.pool.Query(ctx, "select line from usher.intents where kind = $1 and due <= $2"+others+" order by due, key limit $3", args...)
		if list, err = intents(rows, err); err != nil {
			return err
		}
		var at *int64
		if err := s.pool.QueryRow(ctx, "select min(due) from usher.intents where kind = $1 and due > $2", kind, now.UnixNano()).Scan(&at); err != nil {
			return err
		}
		if at != nil {
			next = time.Unix(0, *at).UTC()
		}
		return nil
	})
	return list, next, err
}

func intents(rows pgx.Rows, err error) ([]outbox.Intent, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (in outbox.Intent, err error) {
		var line []byte
		if err := row.Scan(&line); err != nil {
			return in, err
		}
		if err := json.Unmarshal(line, &in); err != nil {
			return in, fmt.Errorf("decode a promise: %w", err)
		}
		return in, nil
	})
}

// hold locks one promise to change it; nil: nobody owes it.
func (t *txn) hold(key string) (*row, error) {
	if err := t.lock([]string{key}, nil, 0); err != nil {
		return nil, err
	}
	return t.intents.rows[key], nil
}

// change writes a promise that hold returned.
func (t *txn) change(r *row) {
	t.dirty = true
	t.intents.put(r)
}

// Claim implements outbox.Box. ErrGone, too: another store holds it, and its lease is not over.
func (s *Store) Claim(ctx context.Context, key string, now time.Time) (was outbox.Intent, err error) {
	err = s.note(ctx, func(t *txn) error {
		if err := t.lock([]string{key}, nil, 1); err != nil {
			return err
		}
		r := t.intents.rows[key]
		if r == nil || r.Due.After(now) || s.opt.Lease > 0 && r.held && r.owner != s.opt.Owner {
			return outbox.ErrGone
		}
		was = t.restored.Claimed(r.Intent)
		r.Claimed, r.Token, r.claims = now.UTC(), t.intents.number(), true
		was.Token = r.Token
		t.change(r)
		return nil
	})
	return was, err
}

// Mark implements outbox.Box. What is noted is about to be done, so its lease begins anew: one that ran out during a pause and
// was taken by nobody yet would be no lease.
func (s *Store) Mark(ctx context.Context, claimed outbox.Intent, note json.RawMessage) error {
	return s.note(ctx, func(t *txn) error {
		r, err := t.hold(claimed.Key)
		switch {
		case err != nil:
			return err
		case r != nil && r.Token > claimed.Token:
			return outbox.ErrTaken
		case r == nil || r.Rev != claimed.Rev || r.Token != claimed.Token:
			return outbox.ErrGone
		}
		r.Note, r.Implied, r.renews = note, time.Time{}, true
		t.change(r)
		return nil
	})
}

// Implies implements outbox.Box. No claim is born here: whose a promise becomes is open until one of several processes claims it.
func (*Store) Implies(context.Context, outbox.Intent, time.Time) (bool, error) { return false, nil }

// Finish implements outbox.Box. Where somebody else claimed it since nothing is kept, the receipt neither: what comes of it is
// theirs to say, who have looked first.
func (s *Store) Finish(ctx context.Context, claimed outbox.Intent, result outbox.Result, now time.Time) error {
	return s.note(ctx, func(t *txn) error {
		r, err := t.hold(claimed.Key)
		if err != nil {
			return err
		}
		if r != nil && r.Token > claimed.Token {
			return outbox.ErrTaken
		}
		if r != nil {
			t.finish(r, claimed.Rev, result)
		}
		return t.leave(claimed, result.Receipt(), now)
	})
}

// leave keeps what a delivery left outside. Where whoever took it over has left something since, theirs stays.
func (t *txn) leave(claimed outbox.Intent, left *outbox.Receipt, now time.Time) error {
	if left == nil {
		return nil
	}
	var raw []byte
	if _, err := t.one(&raw, "select line from usher.receipts where key = $1 for update", claimed.Key); err != nil {
		return err
	}
	var last outbox.Receipt
	if raw != nil && json.Unmarshal(raw, &last) != nil {
		return fmt.Errorf("decode receipt %s", claimed.Key)
	}
	if last.Token > claimed.Token {
		return outbox.ErrTaken
	}
	r := *left
	r.Key, r.At, r.Token = claimed.Key, now.UTC(), claimed.Token
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode receipt %s: %w", r.Key, err)
	}
	return t.exec("insert into usher.receipts (key, line) values ($1, $2) on conflict (key) do update set line = excluded.line", r.Key, line)
}

// finish ends a claim.
func (t *txn) finish(r *row, rev int64, result outbox.Result) {
	t.dirty = true
	next, owed := r.Ended(rev, result)
	if !owed {
		t.intents.drop(r.Key)
		return
	}
	r.Intent, r.frees = next, true
	t.change(r)
}

// Promise implements outbox.Box.
func (s *Store) Promise(ctx context.Context, changes ...outbox.Change) error {
	return s.note(ctx, func(t *txn) error {
		t.dirty, t.changes = true, changes
		return nil
	})
}

// Receipt implements outbox.Box.
func (s *Store) Receipt(ctx context.Context, key string) (r outbox.Receipt, ok bool, err error) {
	raw, err := s.bytes(ctx, "select line from usher.receipts where key = $1", key)
	if err != nil || raw == nil {
		return r, false, err
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, false, fmt.Errorf("decode receipt %s: %w", key, err)
	}
	return r, true, nil
}

// Intents lists every intent whose key begins with pre, in the order of the keys.
func (s *Store) Intents(ctx context.Context, pre string) (list []outbox.Intent, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "select line from usher.intents where key >= $1 and key < $2 order by key", pre, after(pre))
		list, err = intents(rows, err)
		return err
	})
	return list, err
}

// Known implements outbox.Box.
func (s *Store) Known(ctx context.Context, pre string) ([]string, error) {
	return s.names(ctx, `select key from usher.intents where key >= $1 and key < $2
		union select key from usher.receipts where key >= $1 and key < $2 order by 1`, pre, after(pre))
}
