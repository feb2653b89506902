package bolt

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
)

// removedIn is the error for a number that no request has: what is left of the one that was removed, or that there never was any.
func removedIn(tx *bbolt.Tx, n int64) error {
	bucket := tx.Bucket(bRemoved)
	if bucket == nil {
		return approvals.ErrNoRequest // the file is of an older schema, which removed none
	}
	raw := bucket.Get(number(n))
	if raw == nil || n < 1 {
		return approvals.ErrNoRequest
	}
	var r approvals.Removed
	if err := json.Unmarshal(raw, &r); err != nil {
		return fmt.Errorf("decode what is left of request #%d: %w", n, err)
	}
	return r
}

// Owed implements approvals.Tx.
func (t *txn) Owed(under []string) (bool, error) {
	for _, key := range under {
		if len(keysUnder(t.tx.Bucket(bIntents), key, 1)) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// Remove implements approvals.Tx.
func (t *txn) Remove(r approvals.Removed, under []string) error {
	was, err := t.Request(r.Number)
	if err != nil {
		return err
	}
	for _, row := range rows(was) {
		if err := t.delete(row.bucket, row.key); err != nil {
			return err
		}
	}
	if err := t.delete(bRequests, number(r.Number)); err != nil {
		return err
	}
	if err := t.unremember(was); err != nil {
		return err
	}
	for _, key := range under {
		for _, k := range keysUnder(t.tx.Bucket(bReceipts), key, -1) {
			if err := t.delete(bReceipts, k); err != nil {
				return err
			}
		}
	}
	return t.putJSON(bRemoved, number(r.Number), r)
}

// unremember drops the origin key of a request, where its month has not gone yet: after it nobody asked anything.
func (t *txn) unremember(r approvals.Request) error {
	month := t.tx.Bucket(bSeen).Bucket([]byte(r.Asked.UTC().Format("200601")))
	if r.Origin.Key == "" || month == nil || numberFrom(month.Get([]byte(r.Origin.Key))) != r.Number {
		return nil
	}
	t.dirty = true
	return month.Delete([]byte(r.Origin.Key))
}

// keysUnder are the keys of a bucket that are a key, or have a slash and more behind it; at most limit, below 0 all.
func keysUnder(bucket *bbolt.Bucket, key string, limit int) (keys [][]byte) {
	if bucket.Get([]byte(key)) != nil {
		keys = append(keys, []byte(key))
	}
	pre := []byte(key + "/")
	c := bucket.Cursor()
	for k, _ := c.Seek(pre); k != nil && bytes.HasPrefix(k, pre) && len(keys) != limit; k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}

// oldestFrom are the numbers of requests from one on, lowest first.
func oldestFrom(tx *bbolt.Tx, from int64, limit int) (numbers []int64) {
	c := tx.Bucket(bRequests).Cursor()
	for k, _ := c.Seek(number(from)); k != nil && len(numbers) != limit; k, _ = c.Next() {
		numbers = append(numbers, numberFrom(k))
	}
	return numbers
}
