package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/cargo"
)

// Rewrite puts things in the place of others, and whatever also does, in one transaction.
func (s *Store) Rewrite(ctx context.Context, all []cargo.Rewritten, also func(tx approvals.Tx, done int) error) (done int, err error) {
	err = s.update(ctx, func(t *txn) error {
		if done, err = cargo.Count(all, t.rewrite); err != nil || also == nil {
			return err
		}
		return also(t, done)
	})
	if err != nil {
		return 0, err
	}
	return done, nil
}

// rewrite puts one thing in the place of another; false: what stands there isn't what it was.
func (t *txn) rewrite(r cargo.Rewritten) (bool, error) {
	bucket, key := placeOf(r.Was)
	if bucket == nil {
		return false, fmt.Errorf("rewrite %s: they stay as they are", r.Was.Kind)
	}
	if is := t.tx.Bucket(bucket).Get(key); is == nil || !bytes.Equal(is, r.Was.Line) {
		return false, nil
	}
	switch r.Was.Kind {
	case cargo.Request:
		return true, t.rewriteRequest(key, r)
	case cargo.Promise:
		return true, t.rewritePromise(key, r)
	}
	return true, t.put(bucket, key, r.Line)
}

// placeOf is where a thing stands that can be rewritten.
func placeOf(i cargo.Item) (bucket, key []byte) {
	switch i.Kind {
	case cargo.Request:
		return bRequests, number(i.N)
	case cargo.Beside:
		return bBeside, number(i.N)
	case cargo.Promise:
		return bIntents, []byte(i.Name)
	}
	for _, s := range shelves {
		if s.kind == i.Kind {
			return s.bucket, []byte(i.Name)
		}
	}
	return nil, nil
}

// rewriteRequest puts a request in the place of another of its number, with its rows in the indexes.
func (t *txn) rewriteRequest(key []byte, r cargo.Rewritten) error {
	var was, is approvals.Request
	if err := json.Unmarshal(r.Was.Line, &was); err != nil {
		return fmt.Errorf("decode request #%d: %w", r.Was.N, err)
	}
	if err := json.Unmarshal(r.Line, &is); err != nil {
		return fmt.Errorf("decode request #%d as it is to be: %w", r.Was.N, err)
	}
	for _, row := range rows(was) {
		if err := t.delete(row.bucket, row.key); err != nil {
			return err
		}
	}
	for _, row := range rows(is) {
		if err := t.put(row.bucket, row.key, nil); err != nil {
			return err
		}
	}
	return t.put(bRequests, key, r.Line)
}

// rewritePromise puts a promise in the place of another under its key, due when that was.
func (t *txn) rewritePromise(key []byte, r cargo.Rewritten) error {
	var was, is outbox.Intent
	if err := json.Unmarshal(r.Was.Line, &was); err != nil {
		return fmt.Errorf("decode promise %s: %w", key, err)
	}
	if err := json.Unmarshal(r.Line, &is); err != nil {
		return fmt.Errorf("decode promise %s as it is to be: %w", key, err)
	}
	if !bytes.Equal(dueKey(was), dueKey(is)) {
		return fmt.Errorf("rewrite promise %s: it would be due at another time", key)
	}
	return t.put(bIntents, key, r.Line)
}
