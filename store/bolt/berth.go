package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/store/cargo"
)

// markMove stands in the name of a file that everything is moving into.
const markMove = ".move"

// ErrOlder says that a file is of a schema before this program's.
var ErrOlder = errors.New("database was written by an older Usher")

// Berth is one end of a move in a data folder: its database, locked, so that no Usher can start on it until the berth is
// let go; or the place where there is none yet.
type Berth struct {
	path string
	// db is nil where there is no file.
	db dbFile
}

// Reach locks the database of a folder, if it has one. Nothing is changed.
func Reach(ctx context.Context, dir string) (*Berth, error) {
	b := &Berth{path: filepath.Join(dir, File)}
	o, err := openBolt(ctx, b.path, &bbolt.Options{Timeout: lockWait}, false)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	b.db = o
	err = reading(o).view(ctx, func(tx *bbolt.Tx) error {
		v, err := versionOf(tx, Version)
		if err == nil && v < Version {
			err = fmt.Errorf("%w (schema %d, this program has %d): start `usher run` of this version on it once, then move it", ErrOlder, v, Version)
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return b, nil
}

// Busy is nil: who runs on a file holds it.
func (b *Berth) Busy(context.Context) error { return nil }

// Standing is how the database stands.
func (b *Berth) Standing(ctx context.Context) (s cargo.Standing, err error) {
	s.Empty = true
	if b.db.DB == nil {
		return s, nil
	}
	s.There = true
	err = reading(b.db).view(ctx, func(tx *bbolt.Tx) (err error) {
		if s.Closed, err = closedIn(tx); err != nil {
			return err
		}
		life, err := lifeIn(tx)
		if err != nil {
			return err
		}
		s.Life = life.ID
		if s.Arrivals, err = arrivalsIn(tx); err != nil {
			return err
		}
		if s.Head, err = headIn(tx); err != nil {
			return err
		}
		s.Requests, s.Promises = int64(tx.Bucket(bRequests).Stats().KeyN), int64(tx.Bucket(bIntents).Stats().KeyN)
		next, err := (&txn{tx: tx}).Next()
		if err != nil {
			return err
		}
		s.Number = next - 1
		for _, name := range buckets {
			if k, _ := tx.Bucket(name).Cursor().First(); k != nil && string(name) != string(bMeta) {
				s.Empty = false
			}
		}
		return nil
	})
	return s, err
}

// Check holds the database to every rule, and Unload gives what is in it.
func (b *Berth) Check(ctx context.Context) error { return checked(ctx, reading(b.db)) }

// Unload gives everything in the database to put.
func (b *Berth) Unload(ctx context.Context, put cargo.Put) error {
	return reading(b.db).Unload(ctx, put)
}

// Line is the audit log's entry of a number, or nil.
func (b *Berth) Line(ctx context.Context, seq int64) (line []byte, err error) {
	err = reading(b.db).view(ctx, func(tx *bbolt.Tx) error {
		line = append(line, tx.Bucket(bAudit).Get(number(seq))...)
		return nil
	})
	return line, err
}

// Load puts a database of what comes in the place of what is there, which can be kept beside it under the name kept. The
// order, and what a crash leaves: the copy is made under another name, synced, walked, checked, and handed to how.Held (what
// was there, and a file that the next loading removes); what was there gets its second name; the copy gets its own (the copy).
func (b *Berth) Load(ctx context.Context, how cargo.Loading) (kept string, err error) {
	if err := MakeFolder(filepath.Dir(b.path)); err != nil {
		return "", err
	}
	if _, err := Sweep(b.path, markMove); err != nil {
		return "", err
	}
	fresh, err := NewFile(b.path, markMove)
	if err != nil {
		return "", err
	}
	if err := fresh.succeed(b.old()); err != nil {
		return "", errors.Join(err, fresh.Discard())
	}
	db, err := boltOn(fresh.File, &bbolt.Options{NoSync: true, NoGrowSync: true}) // it is synced once, when it is whole
	if err != nil {
		return "", errors.Join(err, fresh.Discard())
	}
	o := dbFile{DB: db, file: fresh.File}
	if err = loaded(ctx, o, how); err == nil {
		kept, err = b.place(fresh, how)
	}
	if err != nil {
		return "", errors.Join(err, db.Close(), fresh.Discard())
	}
	err = b.Release() // what was there, and has another name or none
	db.NoSync, db.NoGrowSync = false, false
	b.db = o
	return kept, err
}

func (b *Berth) old() held {
	if b.db.DB == nil {
		return held{}
	}
	return held{file: b.db.file}
}

// loaded makes the file, whole on disk and proven.
func loaded(ctx context.Context, o dbFile, how cargo.Loading) error {
	err := load(ctx, o.DB, how.Pour)
	if err == nil && how.Mark != nil {
		err = o.Update(func(tx *bbolt.Tx) error { return (&txn{tx: tx}).putJSON(bMeta, kClosed, how.Mark) })
	}
	if err == nil {
		err = o.Sync()
	}
	if err == nil {
		_, err = proven(ctx, o.file)
	}
	if err == nil {
		err = checked(ctx, reading(o))
	}
	if err != nil {
		return fmt.Errorf("make the copy: %w", err)
	}
	return how.Held(reading(o).Unload)
}

// place gives the copy its name.
func (b *Berth) place(fresh *Fresh, how cargo.Loading) (kept string, err error) {
	if b.db.DB == nil {
		if err = fresh.Publish(); errors.Is(err, fs.ErrExist) {
			err = errors.New("a database was created there in the meantime; is `usher run` running?")
		}
		return "", err
	}
	if err := replaceable(b.path, b.db.file); err != nil {
		return "", err
	}
	if how.Keep {
		if kept, err = keepOld(b.path, how.At); err != nil {
			return "", err
		}
	}
	return kept, fresh.Replace()
}

// Shut marks the database as closed, durably. After an error it may be closed or not.
func (b *Berth) Shut(_ context.Context, mark cargo.Closed) error {
	if err := refresh(b.db.file, b.db.Info().PageSize); err != nil {
		return err
	}
	return b.db.Update(func(tx *bbolt.Tx) error { return (&txn{tx: tx}).putJSON(bMeta, kClosed, mark) })
}

// Settle opens the database to whoever decides, and keeps how it came, both durably or neither.
func (b *Berth) Settle(_ context.Context, how cargo.Arrival) error {
	return b.db.Update(func(tx *bbolt.Tx) error {
		all, err := arrivalsIn(tx)
		if err != nil {
			return err
		}
		t := &txn{tx: tx}
		return errors.Join(t.putJSON(bMeta, []byte(cargo.Arrivals), append(all, how)), t.delete(bMeta, kClosed))
	})
}

// Release lets go of the database.
func (b *Berth) Release() error {
	if b.db.DB == nil {
		return nil
	}
	db := b.db.DB
	b.db = dbFile{}
	return db.Close()
}

// Owner is the account that the database belongs to; "" where there is none, or the machine has no such thing.
func (b *Berth) Owner() string {
	info, err := os.Stat(b.path)
	if err != nil {
		return ""
	}
	uid, _, _ := OwnerOf(info)
	return Account(uid)
}
