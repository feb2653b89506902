package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/cargo"
)

// loadedAtOnce is how many bytes of lines one transaction of a loading takes.
const loadedAtOnce = 4 << 20

// load makes a new database of what pour gives, with its indexes. The file is nobody's yet, so it is kept in several
// transactions; whoever loads syncs it and proves it before it bears a name.
func load(ctx context.Context, db *bbolt.DB, pour cargo.Pour) error {
	l := &loading{db: db}
	err := db.Update(initialize)
	if err == nil {
		err = pour(ctx, l.take)
	}
	if err == nil && l.t != nil {
		err = l.counted()
	}
	if l.t == nil {
		return err
	}
	if err != nil {
		return errors.Join(err, l.t.tx.Rollback())
	}
	return l.t.tx.Commit()
}

type loading struct {
	db   *bbolt.DB
	t    *txn
	size int
	// last is the number of the last request that was given one.
	last int64
}

// take keeps one thing.
func (l *loading) take(i cargo.Item) error {
	if err := l.room(len(i.Line)); err != nil {
		return err
	}
	switch i.Kind {
	case cargo.Number:
		l.last = i.N
		return nil
	case cargo.Revision:
		return l.t.tx.Bucket(bIntents).SetSequence(uint64(i.N))
	case cargo.Head:
		if i.N == 0 {
			return nil
		}
		return l.t.putJSON(bMeta, kHead, approvals.Head{Seq: i.N, Hash: i.Name})
	case cargo.Request:
		return l.request(i)
	case cargo.Left:
		return l.t.put(bRemoved, number(i.N), i.Line)
	case cargo.Beside:
		return l.t.put(bBeside, number(i.N), i.Line)
	case cargo.Seen:
		month, err := l.t.tx.Bucket(bSeen).CreateBucketIfNotExists([]byte(i.Month))
		if err != nil {
			return fmt.Errorf("make month of seen keys: %w", err)
		}
		return month.Put([]byte(i.Name), number(i.N))
	case cargo.Entry:
		return l.t.put(bAudit, number(i.N), i.Line)
	case cargo.Promise:
		return l.promise(i)
	}
	for _, s := range shelves {
		if s.kind == i.Kind {
			return l.t.put(s.bucket, []byte(i.Name), i.Line)
		}
	}
	return fmt.Errorf("load %s: a file has no place for that", i.Kind)
}

// room begins the next transaction where the last one is full. What comes is sorted, so pages are filled.
func (l *loading) room(size int) (err error) {
	if l.t != nil && l.size > loadedAtOnce {
		if err = l.t.tx.Commit(); err != nil {
			return fmt.Errorf("write the copy: %w", err)
		}
		l.t = nil
	}
	if l.size += size; l.t != nil {
		return nil
	}
	l.size = size
	tx, err := l.db.Begin(true)
	if err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	l.t = &txn{tx: tx}
	for _, b := range [][]byte{bRequests, bIntents, bReceipts, bReports} {
		tx.Bucket(b).FillPercent = 0.9
	}
	return nil
}

func (l *loading) request(i cargo.Item) error {
	var r approvals.Request
	if err := json.Unmarshal(i.Line, &r); err != nil {
		return fmt.Errorf("decode request #%d: %w", i.N, err)
	}
	err := l.t.put(bRequests, number(i.N), i.Line)
	for _, row := range rows(r) {
		if err == nil {
			err = l.t.put(row.bucket, row.key, nil)
		}
	}
	return err
}

func (l *loading) promise(i cargo.Item) error {
	var in outbox.Intent
	if err := json.Unmarshal(i.Line, &in); err != nil {
		return fmt.Errorf("decode promise %s: %w", i.Name, err)
	}
	if err := l.t.put(bIntents, []byte(i.Name), i.Line); err != nil {
		return err
	}
	return l.t.put(bDue, dueKey(in), nil)
}

// counted sees to it that the next request gets the number it would have had: numbers that were passed over stay so.
func (l *loading) counted() error {
	next, err := l.t.Next()
	if err != nil || next == l.last+1 {
		return err
	}
	return l.t.skip(lastNumber(l.t.tx), l.last+1)
}
