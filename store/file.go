package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// makeFolder makes the data folder and syncs the one it stands in: a power cut that took the folder
// would take every promise in it.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make data folder %s: %w", dir, err)
	}
	return syncDir(filepath.Dir(dir))
}

// createIfMissing makes a new file under another name and moves it into place when it is whole on
// disk: a power cut leaves either no database or a usable one, never a torn one. The folder is synced
// even where the file is there already: the program may have been killed between renaming and syncing.
func createIfMissing(path string, life Life) error {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = create(path, life)
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	return syncDir(filepath.Dir(path))
}

func create(path string, life Life) error {
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove half-made database: %w", err)
	}
	db, err := bolt.Open(tmp, 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error { return errors.Join(initialize(tx), Life{ID: life.ID}.name(tx)) })
	if err := errors.Join(err, db.Sync(), db.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	return nil
}

// openBolt opens a file that exists, turning what can go wrong into sentences. It never makes one: a
// file that somebody took away is an error, not a fresh start.
func openBolt(path string, opt *bolt.Options) (db *bolt.DB, err error) {
	var file *os.File
	opt.OpenFile = func(name string, flag int, perm os.FileMode) (*os.File, error) {
		file, err = os.OpenFile(name, flag&^os.O_CREATE, perm)
		if err != nil {
			return nil, err
		}
		// bbolt would take an empty file for a new one; two meta pages are the least there is.
		if info, err := file.Stat(); err != nil || info.Size() < leastSize {
			return nil, errors.Join(err, berrors.ErrInvalid, file.Close())
		}
		return file, nil
	}
	err = guarded(func() (err error) {
		if db, err = bolt.Open(path, 0o600, opt); err == nil {
			err = whole(db, file)
		}
		return err
	})
	if err == nil {
		return db, nil
	}
	if db != nil {
		_ = db.Close()
	} else if file != nil {
		// bbolt closes what it could not open, but not when it panics: then the lock goes here.
		_ = file.Close()
	}
	return nil, sentence(path, err)
}

// leastSize is two of the smallest pages that machines have.
const leastSize = 2 * 4096

func sentence(path string, err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w: another process holds %s; is `usher run` up already?", ErrLocked, path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %s: %w; restore a backup with `usher restore`", ErrDamaged, path, err)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("%s: %w; restore a backup with `usher restore`", path, err)
	}
	return fmt.Errorf("open database %s: %w", path, err)
}

// whole refuses a file that was cut off: reading a page beyond its end would end the process.
func whole(db *bolt.DB, file *os.File) error {
	return db.View(func(tx *bolt.Tx) error {
		info, err := file.Stat()
		if err != nil {
			return fmt.Errorf("read its size: %w", err)
		}
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: it has %d bytes, and its pages fill %d", ErrDamaged, info.Size(), tx.Size())
		}
		return nil
	})
}

// guarded runs fn. A page that is not there, cannot be read or is not what it should be makes the
// kernel fault or bbolt panic; both become ErrDamaged, so that the process goes on.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return fn()
}

// refresh writes both meta pages again, as they are read, and syncs. Where a sync has failed, now or in
// an earlier life, the kernel may hold a page that it takes for clean and the disk never got: what is
// read would then be gone after a power cut, and later commits would overwrite pages that the disk's
// older meta page still needs. Data pages need no such care: none is used before a commit that wrote
// it was synced.
func refresh(path string, pageSize int) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	metas := make([]byte, 2*pageSize)
	_, err = f.ReadAt(metas, 0)
	if err == nil {
		_, err = f.WriteAt(metas, 0)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("make sure that %s is on disk: %w", path, err)
	}
	return nil
}
