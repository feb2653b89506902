package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Check verifies every invariant of the whole database and returns all that is wrong, joined. It
// reads everything, so it is for tests, restores and people, not for starting up.
func (s *Store) Check(ctx context.Context) error {
	c := checker{known: s.known}
	err := s.view(ctx, func(tx *bolt.Tx) error {
		if err := touch(tx); err != nil {
			return fmt.Errorf("read every page: %w", err)
		}
		c.tx = tx
		c.structure()
		c.requests()
		c.intents()
		c.audit()
		return nil
	})
	return errors.Join(append(c.wrong, err)...)
}

type checker struct {
	tx    *bolt.Tx
	known func(*bolt.Tx) error
	wrong []error
	all   []approvals.Request
}

func (c *checker) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Errorf(format, args...))
}

// touch reads every page. bbolt's own check runs in a goroutine of its own, where a page that is not
// there would end the process; here it is an error.
func touch(tx *bolt.Tx) error {
	sum := uint32(0)
	var walk func(b *bolt.Bucket) error
	walk = func(b *bolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			sum = crc32.Update(crc32.Update(sum, crc32.IEEETable, k), crc32.IEEETable, v)
			if v != nil {
				return nil
			}
			return walk(b.Bucket(k))
		})
	}
	return tx.ForEach(func(_ []byte, b *bolt.Bucket) error { return walk(b) })
}

// structure: the pages of the file hang together, and every bucket of the schema is there.
func (c *checker) structure() {
	for err := range c.tx.Check() {
		c.fail("bbolt: %w", err)
	}
	if err := c.known(c.tx); err != nil {
		c.fail("schema: %w", err)
	}
	for _, name := range buckets {
		if c.tx.Bucket(name) == nil {
			c.fail("bucket %s is missing", name)
		}
	}
}

// requests: numbered from 1 without a gap but those that a restoring left, and indexed exactly once each way.
func (c *checker) requests() {
	skips := skipsIn(c.tx)
	want := map[string]int{}
	last := int64(0)
	_ = c.tx.Bucket(bRequests).ForEach(func(k, v []byte) error {
		var r approvals.Request
		if err := json.Unmarshal(v, &r); err != nil {
			c.fail("request %d: %w", numberFrom(k), err)
			return nil
		}
		if r.Number != after(skips, last) || numberFrom(k) != r.Number {
			c.fail("request %d stands after %d under key %d", r.Number, last, numberFrom(k))
		}
		last = r.Number
		for _, row := range rows(r) {
			want[string(row.bucket)+"\x00"+string(row.key)]++
		}
		c.all = append(c.all, r)
		c.request(r)
		return nil
	})
	for _, b := range [][]byte{bState, bPerson, bOpen, bSubject} {
		_ = c.tx.Bucket(b).ForEach(func(k, _ []byte) error {
			key := string(b) + "\x00" + string(k)
			if want[key] == 0 {
				c.fail("index %s has a row %q that no request calls for", b, k)
			}
			delete(want, key)
			return nil
		})
	}
	for key := range want {
		c.fail("index row %q is missing", key)
	}
}

// request: what its state owes is owed or was kept.
func (c *checker) request(r approvals.Request) {
	n := r.Number
	if r.Origin.Key != "" {
		if got, err := (&txn{tx: c.tx}).Keyed(r.Origin.Key); err != nil || got != 0 && got != n {
			c.fail("request %d: origin key leads to %d (%v)", n, got, err)
		}
	}
	if !c.owed(approvals.CardKey(n)) && !c.kept(approvals.CardKey(n)) {
		c.fail("request %d: its card is neither owed nor posted", n)
	}
	if c.owed(approvals.ExpireKey(n)) != (r.State == approvals.Pending) {
		c.fail("request %d is %s, but its expiry is owed: %v", n, r.State, c.owed(approvals.ExpireKey(n)))
	}
	working := r.State == approvals.Approved || r.State == approvals.Running || r.State == approvals.InDoubt
	if c.owed(approvals.DeedKey(n)) != working {
		c.fail("request %d is %s, but its deed is owed: %v", n, r.State, c.owed(approvals.DeedKey(n)))
	}
	attempt := r.Attempt
	switch r.State {
	case approvals.Denied, approvals.Expired:
		attempt = 0
	case approvals.Done, approvals.Failed:
		if r.Outcome == nil {
			c.fail("request %d is %s without an outcome", n, r.State)
		}
	default:
		return
	}
	if tell := approvals.TellKey(n, r.State, attempt); !c.owed(tell) && !c.kept(tell) {
		c.fail("request %d is %s, and its requester is neither told nor will be", n, r.State)
	}
}

func (c *checker) owed(key string) bool { return c.tx.Bucket(bIntents).Get([]byte(key)) != nil }
func (c *checker) kept(key string) bool { return c.tx.Bucket(bReceipts).Get([]byte(key)) != nil }

// intents: each readable, with exactly one due row.
func (c *checker) intents() {
	want := map[string]bool{}
	_ = c.tx.Bucket(bIntents).ForEach(func(k, v []byte) error {
		var in outbox.Intent
		if err := json.Unmarshal(v, &in); err != nil || in.Key != string(k) {
			c.fail("intent %s: unreadable or under a wrong key (%v)", k, err)
			return nil
		}
		want[string(dueKey(in))] = true
		return nil
	})
	_ = c.tx.Bucket(bDue).ForEach(func(k, _ []byte) error {
		if !want[string(k)] {
			c.fail("due row %q belongs to no intent", k)
		}
		delete(want, string(k))
		return nil
	})
	for k := range want {
		c.fail("due row %q is missing", k)
	}
}

// audit: the chain holds, ends at the head, and its last word on each request is the request's state.
func (c *checker) audit() {
	var chain approvals.Chain
	last := map[int64]approvals.State{}
	_ = c.tx.Bucket(bAudit).ForEach(func(_, v []byte) error {
		e, err := chain.Next(bytes.Clone(v))
		if err != nil {
			c.fail("audit: %w", err)
			return err
		}
		if e.Request != 0 {
			last[e.Request] = e.After
		}
		return nil
	})
	if head, err := headIn(c.tx); err != nil || head != chain.Head() {
		c.fail("audit: the log ends at %s, its head says %s (%v)", chain.Head(), head, err)
	}
	for _, r := range c.all {
		if last[r.Number] != r.State {
			c.fail("request %d is %q, the audit log's last word is %q", r.Number, r.State, last[r.Number])
		}
	}
}
