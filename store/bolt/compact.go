package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

const (
	// leastSpare is how many free bytes a start gives back at the least: a file that small is none's trouble.
	leastSpare = 1 << 20
	// copiedAtOnce is how many bytes of keys and values one transaction of a copy takes.
	copiedAtOnce = 4 << 20
)

// Space is how large a database's file is, and how much of it holds nothing. What is free is used again, but
// never given back to the disk as long as the file is the same.
type Space struct{ Bytes, Free int64 }

// mostly reports whether more than half of a file is free, and no less than that.
func (s Space) mostly(least int64) bool { return s.Free > s.Bytes/2 && s.Free >= least }

// Due reports whether the next start gives back what is free.
func (s Space) Due() bool { return s.mostly(leastSpare) }

// Compacted is what a compacting did.
type Compacted struct {
	Before, After Space
	// Placed says that the smaller file stands in the place of the other one; an error then is about the folder
	// that could not be synced. Otherwise what was there is there, as it was.
	Placed bool
}

// Compact writes the database of folder dir anew, beside it and without what is free, and puts that in its
// place, unless it would be no smaller. The order, and what a crash leaves after each step: hold the old
// file, so that nobody starts on it; copy it under another name, sync, hold the copy against the old file
// key by key and against all that Check knows (the old file, and a copy that the next start removes); rename
// the copy (the one or the other, both whole and the same); sync the folder (the new one).
func Compact(ctx context.Context, dir string) (c Compacted, err error) {
	path := filepath.Join(dir, File)
	old, err := openBolt(ctx, path, &bbolt.Options{Timeout: lockWait}, false)
	if err != nil {
		return c, err
	}
	s := reading(old)
	if err = s.view(ctx, s.known); err == nil {
		_, err = Sweep(path, markCompact)
	}
	if err == nil {
		c, err = condense(ctx, path, old, migrations)
	}
	return c, errors.Join(err, old.Close())
}

// giveBack compacts the file of a store that nobody uses yet, where more than half of it is free. What
// keeps it from that, as a disk that is too full, is said, and the start goes on with the file as it is.
func (s *Store) giveBack(old dbFile) error {
	if !old.space.mostly(s.opt.Spare) {
		return nil
	}
	if old.beliefs > 0 { // all of it is read now, so it may as well be proven
		if _, err := proven(context.Background(), old.file); err != nil {
			return s.met(sentence(s.path, err))
		}
	}
	log := s.opt.Log.With("path", s.path)
	log.Info("more than half of the database is free, making it smaller first", "bytes", old.space.Bytes, "free", old.space.Free)
	c, err := condense(context.Background(), s.path, old, s.opt.steps)
	switch {
	case c.Placed && err != nil:
		return fmt.Errorf("make the database smaller: %w", err)
	case err != nil:
		log.Warn("the database couldn't be made smaller, going on with it as it is", "err", err, "bytes", old.space.Bytes, "free", old.space.Free)
		return nil
	case !c.Placed:
		return nil
	}
	log.Info("the database is smaller now", "bytes", c.After.Bytes, "before", c.Before.Bytes)
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close what was replaced: %w", err)
	}
	_, err = s.open(false)
	s.believes.Store(false)
	return err
}

// condense puts a copy without free space in the place of an open database, which stays open and locked.
func condense(ctx context.Context, path string, old dbFile, steps ladder) (c Compacted, err error) {
	c = Compacted{Before: old.space, After: old.space}
	if err := replaceable(path, old.file); err != nil {
		return c, err
	}
	fresh, err := NewFile(path, markCompact)
	if err != nil {
		return c, err
	}
	if err = fresh.succeed(held{file: old.file}); err != nil {
		return c, errors.Join(err, fresh.Discard())
	}
	db, err := boltOn(fresh.File, &bbolt.Options{NoSync: true, NoGrowSync: true}) // it is synced once, when it is whole
	if err != nil {
		return c, errors.Join(err, fresh.Discard())
	}
	copied := dbFile{DB: db, file: fresh.File}
	if copied.space, err = condensed(ctx, old, copied, steps); err == nil && copied.space.Bytes < old.space.Bytes {
		if c.Placed, err = fresh.replaces(old); c.Placed {
			c.After = copied.space
		}
	}
	if err = errors.Join(err, db.Close()); !c.Placed {
		err = errors.Join(err, fresh.Discard())
	}
	return c, err
}

// replaceable refuses what a rename would not do right by: a link would become a file, on another disk than
// somebody chose, and another account's file would become ours.
func replaceable(path string, old *os.File) error {
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is a link to the database, which would be lost", path)
	}
	if !mine(info) {
		return fmt.Errorf("%s can't be replaced%s", path, belongs(path))
	}
	return standsAt(path, old)
}

// replaces gives the file its name, and says whether it has it. Whatever cannot be found out counts as
// replaced: to go on with a file that has no name would lose everything.
func (f *Fresh) replaces(old dbFile) (placed bool, err error) {
	if err := standsAt(f.to, old.file); err != nil {
		return false, err
	}
	if err = f.Replace(); err != nil && standsAt(f.to, old.file) == nil {
		return false, err
	}
	return true, err
}

// condensed makes the copy, whole on disk and proven.
func condensed(ctx context.Context, old, to dbFile, steps ladder) (now Space, err error) {
	err = guarded(func() error { return bbolt.Compact(to.DB, old.DB, copiedAtOnce) })
	if err == nil {
		err = trim(to)
	}
	if err != nil {
		return now, fmt.Errorf("copy the database: %w", err)
	}
	if now, err = proven(ctx, to.file); err != nil {
		return now, fmt.Errorf("prove the copy: %w", err)
	}
	err = guarded(func() error {
		return old.View(func(a *bbolt.Tx) error {
			return to.View(func(b *bbolt.Tx) error { return sameTree(ctx, a.Cursor().Bucket(), b.Cursor().Bucket()) })
		})
	})
	if err == nil {
		s := reading(to)
		s.opt.steps = steps
		err = checked(ctx, s)
	}
	if err != nil {
		return now, fmt.Errorf("hold the copy against the database: %w", err)
	}
	return now, nil
}

// trim ends a file after the last page that it speaks of, and syncs it.
func trim(o dbFile) error {
	m, _, err := metaOf(o.file, 0)
	if err == nil {
		err = o.file.Truncate(int64(m.top * m.page))
	}
	return errors.Join(err, o.Sync())
}

// sameTree holds that two buckets have the same keys in the same order, with the same values and the same
// sequence numbers (those of promises are their revisions), all the way down.
func sameTree(ctx context.Context, a, b *bbolt.Bucket) error {
	if a.Sequence() != b.Sequence() {
		return fmt.Errorf("its sequence is %d, and was %d", b.Sequence(), a.Sequence())
	}
	x, y := a.Cursor(), b.Cursor()
	k, v := x.First()
	l, w := y.First()
	for k != nil || l != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !bytes.Equal(k, l) || (v == nil) != (w == nil) || !bytes.Equal(v, w) {
			return fmt.Errorf("at key %q it differs", k)
		}
		if v == nil {
			if err := sameTree(ctx, a.Bucket(k), b.Bucket(k)); err != nil {
				return fmt.Errorf("in bucket %q: %w", k, err)
			}
		}
		k, v = x.Next()
		l, w = y.Next()
	}
	return nil
}
