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

// elsewhere reports whether another store took over what this one had claimed, and also whether it has put it off since, and
// nobody holds it: what was seen before that is old. A promise that was dropped and made anew was claimed by nobody.
func (s *Store) elsewhere(r *row) bool {
	if s.opt.Lease == 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	token, ours := s.claims[r.Key]
	if r.owner == "" {
		return ours && r.token > token
	}
	return r.owner != s.opt.Owner || r.token != token
}

// Claim implements outbox.Box. ErrGone, too: another store holds it, and its lease is not over.
func (s *Store) Claim(ctx context.Context, key string, now time.Time) (was outbox.Intent, err error) {
	err = s.note(ctx, func(t *txn) error {
		r, err := t.hold(key)
		if err != nil {
			return err
		}
		if r == nil || r.Due.After(now) || s.opt.Lease > 0 && r.held && r.owner != s.opt.Owner {
			return outbox.ErrGone
		}
		was = t.restored.Claimed(r.Intent)
		r.Claimed, r.claims = now.UTC(), true
		t.change(r)
		return nil
	})
	return was, err
}

// Mark implements outbox.Box. ErrGone, too: another store took the claim over. What is noted is about to be done, so its lease
// begins anew: one that ran out during a pause and was taken by nobody yet would be no lease.
func (s *Store) Mark(ctx context.Context, key string, rev int64, note json.RawMessage) error {
	return s.note(ctx, func(t *txn) error {
		r, err := t.hold(key)
		if err != nil {
			return err
		}
		if r == nil || r.Rev != rev || s.elsewhere(r) {
			return outbox.ErrGone
		}
		r.Note, r.renews = note, true
		t.change(r)
		return nil
	})
}

// Finish implements outbox.Box. ErrGone: another store took the claim over, and nothing is kept, the receipt neither: what
// comes of it is that store's to say, which has looked first.
func (s *Store) Finish(ctx context.Context, claimed outbox.Intent, result outbox.Result, now time.Time) error {
	return s.note(ctx, func(t *txn) error {
		r, err := t.hold(claimed.Key)
		if err != nil {
			return err
		}
		if r != nil && s.elsewhere(r) {
			return outbox.ErrGone
		}
		if r != nil {
			t.finish(r, claimed.Rev, result)
		}
		receipt := result.Receipt()
		if receipt == nil {
			return nil
		}
		left := *receipt
		left.Key, left.At = claimed.Key, now.UTC()
		line, err := json.Marshal(left)
		if err != nil {
			return fmt.Errorf("encode receipt %s: %w", left.Key, err)
		}
		return t.exec("insert into usher.receipts (key, line) values ($1, $2) on conflict (key) do update set line = excluded.line", left.Key, line)
	})
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

// committed notes in memory which claims this store holds by now.
func (t *txn) committed() {
	s := t.s
	if s.opt.Lease == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range t.intents.touched {
		switch r := t.intents.rows[key]; {
		case r == nil || r.frees:
			delete(s.claims, key)
		case r.claims:
			s.claims[key] = r.token + 1
		}
	}
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

// renewing puts off the end of this store's leases until ctx ends. One that ran out while the program was paused, and that
// nobody took meanwhile, is held again; one that somebody took has another owner.
func (s *Store) renewing(ctx context.Context) {
	tick := time.NewTicker(s.opt.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.renew(ctx); err != nil && ctx.Err() == nil {
			s.opt.Log.Warn("cannot tell the database that what is under way still is", "err", err)
		}
	}
}

func (s *Store) renew(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, fmt.Sprintf("update usher.intents set lease_until = clock_timestamp() + interval '%d microseconds' where owner = $1", s.opt.Lease.Microseconds()), s.opt.Owner)
	if err != nil {
		return fmt.Errorf("renew leases: %w", err)
	}
	return nil
}
