package bolt

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

var _ approvals.Book = (*Store)(nil)

// Update implements approvals.Book.
func (s *Store) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return s.update(ctx, func(t *txn) error { return fn(t) })
}

// Request implements approvals.Book.
func (s *Store) Request(ctx context.Context, n int64) (r approvals.Request, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		r, err = requestIn(tx, n)
		return err
	})
	return r, err
}

// Keyed implements approvals.Book.
func (s *Store) Keyed(ctx context.Context, key string) (r approvals.Request, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		n, err := (&txn{tx: tx}).Keyed(key)
		if err != nil {
			return err
		}
		r, err = requestIn(tx, n)
		return err
	})
	return r, err
}

// Requests implements approvals.Book. Each filter is answered from an index; none scans all requests
// but the one that asks for all of them.
func (s *Store) Requests(ctx context.Context, f approvals.Filter, limit int) (list []approvals.Request, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		numbers := candidates(tx, f, limit)
		for _, n := range numbers {
			if f.State != "" && !stands(tx, f.State, n) {
				continue
			}
			r, err := requestIn(tx, n)
			if err != nil {
				return fmt.Errorf("list requests: %w", err)
			}
			if f.Of != "" && r.Requester != f.Of || f.State != "" && r.State != f.State || !f.All && f.About == "" && f.State == "" && !r.Live() {
				continue
			}
			if list = append(list, r); len(list) == limit {
				return nil
			}
		}
		return nil
	})
	return list, err
}

// candidates are the numbers an index offers for a filter, newest first.
func candidates(tx *bbolt.Tx, f approvals.Filter, limit int) []int64 {
	switch {
	case f.From > 0:
		return oldestFrom(tx, f.From, limit)
	case f.About != "":
		return newest(tx, bAbout, prefix(approvals.FoldEmail(f.About)), f.Below, limit)
	case f.For != "":
		return newest(tx, bWhom, prefix(string(f.For)), f.Below, -1)
	case f.Of != "" && !f.All && !f.State.Terminal():
		return newest(tx, bOpen, prefix(string(f.Of)), f.Below, -1)
	case f.Of != "" && f.State == "":
		return newest(tx, bPerson, prefix(string(f.Of)), f.Below, limit)
	case f.Of != "":
		return newest(tx, bPerson, prefix(string(f.Of)), f.Below, -1)
	case f.State != "":
		return newest(tx, bState, prefix(string(f.State)), f.Below, limit)
	case f.All:
		return newest(tx, bRequests, nil, f.Below, limit)
	}
	var out []int64
	for _, st := range store.OpenStates {
		out = append(out, newest(tx, bState, prefix(string(st)), f.Below, limit)...)
	}
	out = append(out, newest(tx, bState, prefix(lent), f.Below, limit)...)
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// newest walks the keys that begin with pre from the highest number under below down; below 0: from the
// highest; limit < 0: all of them.
func newest(tx *bbolt.Tx, bucket, pre []byte, below int64, limit int) []int64 {
	var out []int64
	end := bytes.Repeat([]byte{0xff}, 9)
	if below > 0 {
		end = number(below)
	}
	c := tx.Bucket(bucket).Cursor()
	k, _ := c.Seek(append(bytes.Clone(pre), end...))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; k != nil && bytes.HasPrefix(k, pre) && len(out) != limit; k, _ = c.Prev() {
		out = append(out, numberFrom(k))
	}
	return out
}

// Head is the end of the audit log.
func (s *Store) Head(ctx context.Context) (h approvals.Head, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		h, err = headIn(tx)
		return err
	})
	return h, err
}

// AuditLines calls fn with each line of the audit log from sequence number from on, as it stands.
// The line is fn's only until it returns.
func (s *Store) AuditLines(ctx context.Context, from int64, fn func(seq int64, line []byte) error) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bAudit).Cursor()
		for k, v := c.Seek(number(from)); k != nil; k, v = c.Next() {
			if err := fn(numberFrom(k), v); err != nil {
				return err
			}
		}
		return nil
	})
}

// AuditBeside calls fn with what is kept beside entries from sequence number from on. It is fn's only until it returns.
func (s *Store) AuditBeside(ctx context.Context, from int64, fn func(seq int64, beside []byte) error) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(bBeside)
		if bucket == nil {
			return nil // the file is of an older schema
		}
		c := bucket.Cursor()
		for k, v := c.Seek(number(from)); k != nil; k, v = c.Next() {
			if err := fn(numberFrom(k), v); err != nil {
				return err
			}
		}
		return nil
	})
}

// learnedAt is where what was found out about a vendor is kept.
func learnedAt(name string) []byte { return []byte("learned/" + name) }

// Absences are those that were kept last.
func (s *Store) Absences(ctx context.Context) (all []approvals.Absence, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		all, err = (&txn{tx: tx}).Absences()
		return err
	})
	return all, err
}

// Learned is what was found out under a name, or nil.
func (s *Store) Learned(ctx context.Context, name string) (raw []byte, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		raw = bytes.Clone(tx.Bucket(bMeta).Get(learnedAt(name)))
		return nil
	})
	return raw, err
}

// Learn keeps what was found out under a name.
func (s *Store) Learn(ctx context.Context, name string, raw []byte) error {
	return s.update(ctx, func(t *txn) error { return t.put(bMeta, learnedAt(name), raw) })
}

// Relearn keeps what was found out under a name where what stands there is still was.
func (s *Store) Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error) {
	return s.amend(ctx, bMeta, learnedAt(name), was, raw)
}

// amend keeps a value where what stands there is still was; nil: nothing.
func (s *Store) amend(ctx context.Context, bucket, key, was, raw []byte) (kept bool, err error) {
	err = s.update(ctx, func(t *txn) error {
		is := t.tx.Bucket(bucket).Get(key)
		if kept = (is == nil) == (was == nil) && bytes.Equal(is, was); !kept {
			return nil
		}
		return t.put(bucket, key, raw)
	})
	return kept && err == nil, err
}

// Snapshot is what a report showed the last time, or nil.
func (s *Store) Snapshot(ctx context.Context, report string) (raw []byte, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		raw = bytes.Clone(tx.Bucket(bReports).Get([]byte(report)))
		return nil
	})
	return raw, err
}

// KeepSnapshot keeps what a report showed, for the next one to compare with.
func (s *Store) KeepSnapshot(ctx context.Context, report string, raw []byte) error {
	return s.update(ctx, func(t *txn) error { return t.put(bReports, []byte(report), raw) })
}

// AmendSnapshot is KeepSnapshot where what stands there is still was.
func (s *Store) AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error) {
	return s.amend(ctx, bReports, []byte(report), was, raw)
}
