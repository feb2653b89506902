package bolt

import (
	"bytes"
	"context"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store/cargo"
)

// kClosed is where it stands that nobody may decide in this file, and why (cargo.Closed). It says so of this file alone, so
// it goes along into no other.
var kClosed = []byte("closed")

// shelves are the kinds of things that stand under a name in a bucket as they are.
var shelves = []struct {
	kind   cargo.Kind
	bucket []byte
}{{cargo.Receipt, bReceipts}, {cargo.Meta, bMeta}, {cargo.Shelf, bReports}}

// ownMeta are the notes that a file has of itself: its schema, its head, which goes along as such, and whether it is closed.
var ownMeta = [][]byte{kVersion, kHead, kClosed}

// Unload gives everything there is in the file to put, as of one moment. Its transaction lasts as long as put takes.
func (s *Store) Unload(ctx context.Context, put cargo.Put) error {
	return s.view(ctx, func(tx *bbolt.Tx) error { return (&unloading{ctx, tx, put}).all() })
}

type unloading struct {
	ctx context.Context
	tx  *bbolt.Tx
	to  cargo.Put
}

func (u *unloading) put(i cargo.Item) error {
	if err := u.ctx.Err(); err != nil {
		return err
	}
	return u.to(i)
}

func (u *unloading) all() error {
	parts := []func() error{u.counters,
		func() error { return u.numbered(cargo.Request, bRequests) },
		func() error { return u.numbered(cargo.Left, bRemoved) },
		u.seen,
		func() error { return u.numbered(cargo.Entry, bAudit) },
		func() error { return u.numbered(cargo.Beside, bBeside) },
		func() error { return u.named(cargo.Promise, bIntents) },
	}
	for _, s := range shelves {
		parts = append(parts, func() error { return u.named(s.kind, s.bucket) })
	}
	for _, part := range parts {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (u *unloading) counters() error {
	head, err := headIn(u.tx)
	if err != nil {
		return err
	}
	next, err := (&txn{tx: u.tx}).Next()
	if err == nil {
		err = u.put(cargo.Item{Kind: cargo.Number, N: next - 1})
	}
	if err == nil {
		err = u.put(cargo.Item{Kind: cargo.Revision, N: int64(u.tx.Bucket(bIntents).Sequence())})
	}
	if err == nil {
		err = u.put(cargo.Item{Kind: cargo.Head, N: head.Seq, Name: head.Hash})
	}
	return err
}

func (u *unloading) numbered(kind cargo.Kind, bucket []byte) error {
	if u.tx.Bucket(bucket) == nil {
		return nil // the file is of an older schema, which had none of that
	}
	return u.tx.Bucket(bucket).ForEach(func(k, v []byte) error {
		return u.put(cargo.Item{Kind: kind, N: numberFrom(k), Line: v})
	})
}

func (u *unloading) named(kind cargo.Kind, bucket []byte) error {
	return u.tx.Bucket(bucket).ForEach(func(k, v []byte) error {
		if kind == cargo.Meta && slices.ContainsFunc(ownMeta, func(own []byte) bool { return bytes.Equal(own, k) }) {
			return nil
		}
		return u.put(cargo.Item{Kind: kind, Name: string(k), Line: v})
	})
}

// seen gives each key once, as the latest month has it: that is the one that counts.
func (u *unloading) seen() error {
	seen := u.tx.Bucket(bSeen)
	var months [][]byte
	if err := seen.ForEachBucket(func(name []byte) error {
		months = append(months, bytes.Clone(name))
		return nil
	}); err != nil {
		return err
	}
	for n, month := range months {
		err := seen.Bucket(month).ForEach(func(k, v []byte) error {
			for _, later := range months[n+1:] {
				if seen.Bucket(later).Get(k) != nil {
					return nil
				}
			}
			return u.put(cargo.Item{Kind: cargo.Seen, Month: string(month), Name: string(k), N: numberFrom(v)})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
