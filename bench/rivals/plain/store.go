package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// request is what is kept of one, and State how far it is: pending, approved, done or told.
type request struct {
	N                         int64
	By, Email, First, Reason  string
	State, Card, Approver     string
	Account                   int64
	Asked, Decided, Delivered time.Time
}

var (
	requests = []byte("requests")
	emails   = []byte("emails") // whose request waits
	cards    = []byte("cards")  // requests without a card
	deeds    = []byte("deeds")  // requests that are approved and not told of
)

var (
	errAsked   = errors.New("somebody has asked for that already")
	errDecided = errors.New("that is decided already")
)

// store is one bbolt file; every method is one commit.
type store struct{ db *bbolt.DB }

func open(dir string) (*store, error) {
	db, err := bbolt.Open(filepath.Join(dir, "plain.db"), 0o600, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &store{db}, db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{requests, emails, cards, deeds} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
}

func key(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func put(tx *bbolt.Tx, r request) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return tx.Bucket(requests).Put(key(r.N), raw)
}

// ask keeps a new request that waits for its card.
func (s *store) ask(r request) (request, error) {
	return r, s.db.Update(func(tx *bbolt.Tx) error { return add(tx, &r) })
}

func add(tx *bbolt.Tx, r *request) error {
	if tx.Bucket(emails).Get([]byte(r.Email)) != nil {
		return errAsked
	}
	n, err := tx.Bucket(requests).NextSequence()
	if err != nil {
		return err
	}
	r.N, r.State = int64(n), "pending"
	return errors.Join(put(tx, *r), tx.Bucket(emails).Put([]byte(r.Email), key(r.N)), tx.Bucket(cards).Put(key(r.N), nil))
}

// change lets a step change a request, and what is still to be done about it.
func (s *store) change(n int64, step func(tx *bbolt.Tx, r *request) error) (r request, err error) {
	return r, s.db.Update(func(tx *bbolt.Tx) error {
		if err := json.Unmarshal(tx.Bucket(requests).Get(key(n)), &r); err != nil {
			return fmt.Errorf("read request %d: %w", n, err)
		}
		if err := step(tx, &r); err != nil {
			return err
		}
		return put(tx, r)
	})
}

// first are the first requests of a list of things to do.
func (s *store) first(list []byte, most int) (all []request, err error) {
	return all, s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(list).Cursor()
		for k, _ := c.First(); k != nil && len(all) < most; k, _ = c.Next() {
			var r request
			if err := json.Unmarshal(tx.Bucket(requests).Get(k), &r); err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
}

func (s *store) count() (n int, err error) {
	return n, s.db.View(func(tx *bbolt.Tx) error {
		n = tx.Bucket(requests).Stats().KeyN
		return nil
	})
}

// fill keeps requests that wait and have their cards.
func (s *store) fill(n int) error {
	for done := 0; done < n; done += 10_000 {
		if err := s.db.Update(func(tx *bbolt.Tx) error {
			for i := done; i < min(done+10_000, n); i++ {
				r := request{By: "U0ALICE", Email: fmt.Sprintf("old%07d@acme.example", i), First: "Jordan", Reason: "the audit of the spring", Asked: time.Now(), Card: "1700000000.000100"}
				if err := add(tx, &r); err != nil {
					return err
				}
				if err := tx.Bucket(cards).Delete(key(r.N)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
