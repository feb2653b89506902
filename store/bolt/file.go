package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// MakeFolder makes the data folder and syncs the one it stands in: a power cut that took the folder
// would take every promise in it.
func MakeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make data folder %s: %w", dir, err)
	}
	return syncDir(filepath.Dir(dir))
}

// createIfMissing makes a new file under another name and gives it its own when it is whole on disk: a
// power cut leaves either no database or a usable one, never a torn one. Of two who make one at the same
// time one gives way: what stands there is never replaced. The folder is synced even where the file is
// there already: the program may have been killed between naming and syncing.
func createIfMissing(path string, life Life) error {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path, life); outrun(path, err) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	return syncDir(filepath.Dir(path))
}

// outrun reports whether a file could not get its name because somebody else was faster: theirs stands there, and they
// may have swept ours away in the moment between its making and its lock.
func outrun(path string, err error) bool {
	if errors.Is(err, fs.ErrExist) {
		return true
	}
	_, there := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist) && there == nil
}

// markNew and its siblings stand in the names of files that are being made in the data folder.
const (
	markNew     = ".new"
	markRestore = ".restore"
	markCompact = ".compact"
	// MarkCopy is for the copy that a running bot hands to `usher backup`.
	MarkCopy = ".copy"
)

// create makes the file; it is locked until it has its name.
func create(path string, life Life) error {
	fresh, err := NewFile(path, markNew)
	if err != nil {
		return err
	}
	if err = fresh.inFolder(); err != nil {
		return errors.Join(err, fresh.Discard())
	}
	db, err := boltOn(fresh.File, &bbolt.Options{})
	if err != nil {
		return errors.Join(err, fresh.Discard())
	}
	err = db.Update(func(tx *bbolt.Tx) error { return errors.Join(initialize(tx), name(tx, Life{ID: life.ID})) })
	err = errors.Join(err, db.Sync())
	if err == nil {
		err = fresh.Publish()
	}
	if err != nil {
		_ = db.Close() // it is thrown away, or stands there whole
		return errors.Join(err, fresh.Discard())
	}
	return db.Close()
}

// inFolder gives what root makes to the account whose folder it is.
func (f *Fresh) inFolder() error {
	folder, err := os.Stat(filepath.Dir(f.to))
	if err != nil {
		return fmt.Errorf("look at the folder: %w", err)
	}
	return f.Like(folder)
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

// dbFile is a database with the file it was read from, which bbolt closes with it.
type dbFile struct {
	*bbolt.DB
	file *os.File
	// space is how large it was when it was opened.
	space Space
	// beliefs is how many lives in a row have believed that an earlier one has proven it, this one with them; 0: it's proven.
	beliefs int
}

// openBolt opens a file that exists, turning what can go wrong into sentences. It never makes one: a
// file that somebody took away is an error, not a fresh start. The order matters: the file is opened,
// locked, and only then held against what stands at its path, for a restore may have put another one
// there while we waited; then its pages are walked, and only then bbolt may read them. With believe they aren't where an earlier life did.
func openBolt(ctx context.Context, path string, opt *bbolt.Options, believe bool) (dbFile, error) {
	for range 100 {
		db, err := openOnce(ctx, path, opt, believe)
		if err == nil {
			return db, nil
		}
		if !errors.Is(err, errReplaced) {
			return dbFile{}, sentence(path, err)
		}
	}
	return dbFile{}, fmt.Errorf("open database %s: something keeps replacing it", path)
}

func openOnce(ctx context.Context, path string, opt *bbolt.Options, believe bool) (dbFile, error) {
	file, err := take(path, !opt.ReadOnly, opt.Timeout)
	if err != nil {
		return dbFile{}, err
	}
	o := dbFile{file: file}
	if believe {
		o.beliefs = believed(file)
	}
	if o.beliefs == 0 {
		o.space, err = proven(ctx, file)
	}
	if errors.Is(err, ErrDamaged) {
		_ = os.Remove(path + markProven) // nobody is to believe it; where it can't be taken away the walk behind finds the same
	}
	if err != nil {
		return dbFile{}, errors.Join(err, file.Close())
	}
	if o.DB, err = boltOn(file, opt); err == nil && o.beliefs > 0 {
		o.space, err = o.spared()
	}
	return o, err
}

// spared is how much of an open file holds nothing, by its list of what is free.
func (o dbFile) spared() (Space, error) {
	info, err := o.file.Stat()
	if err != nil {
		return Space{}, errors.Join(fmt.Errorf("read its size: %w", err), o.Close())
	}
	m, _, err := metaOf(o.file, 0)
	if err != nil {
		return Space{}, errors.Join(err, o.Close())
	}
	used := int64(m.top-uint64(o.Stats().FreePageN)) * int64(m.page)
	return Space{Bytes: info.Size(), Free: info.Size() - used}, nil
}

// take opens and locks the file at path, and makes sure that it stands there still.
func take(path string, write bool, wait time.Duration) (*os.File, error) {
	how := os.O_RDONLY
	if write {
		how = os.O_RDWR
	}
	file, err := os.OpenFile(path, how, 0)
	if err != nil {
		return nil, err
	}
	if err = lock(file, write, wait); err == nil {
		err = standsAt(path, file)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// proven walks the pages of a locked file, and says how much of it holds nothing.
func proven(ctx context.Context, file *os.File) (Space, error) {
	info, err := file.Stat()
	if err != nil {
		return Space{}, fmt.Errorf("read its size: %w", err)
	}
	// bbolt would take an empty file for a new one; two meta pages are the least there is.
	if info.Size() < leastSize {
		return Space{}, fmt.Errorf("%w: it has %d bytes, which is too few", ErrDamaged, info.Size())
	}
	w, _, err := walk(ctx, file, info.Size(), 0, nil)
	if err != nil {
		return Space{}, err
	}
	return w.space(info.Size()), nil
}

// boltOn lets bbolt have a file that is open and locked. On an error the file is closed.
func boltOn(file *os.File, opt *bbolt.Options) (db *bbolt.DB, err error) {
	how := *opt
	how.Timeout = time.Second                                              // where we have no lock of our own (lock_other.go)
	if info, err := file.Stat(); err == nil && info.Size() > mostGrown/2 { // what is small is read before anybody can write much
		how.InitialMmapSize = int(info.Size()) + mapped
	}
	how.OpenFile = func(string, int, os.FileMode) (*os.File, error) { return file, nil }
	err = guarded(func() (err error) {
		if db, err = bbolt.Open(file.Name(), 0o600, &how); err == nil {
			db.AllocSize = growth
		}
		return err
	})
	if err != nil {
		_ = file.Close() // bbolt has done so, unless it panicked
		return nil, err
	}
	return db, nil
}

// growth is by how many bytes a file grows that has as many. bbolt's own 16 MB would leave up to half of most files empty.
const growth = 1 << 20

// leastSize is two of the smallest pages that machines have.
const leastSize = 2 * 4096

func sentence(path string, err error) error {
	switch {
	case errors.Is(err, ErrLocked), errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w: another process has %s open; is `usher run` already running?", ErrLocked, path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %s: %w; restore a backup with `usher restore`", ErrDamaged, path, err)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("%s: %w; restore a backup with `usher restore`", path, err)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("open database %s: %w%s", path, err, belongs(path))
	}
	return fmt.Errorf("open database %s: %w", path, err)
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
func refresh(f *os.File, pageSize int) error {
	metas := make([]byte, 2*pageSize)
	_, err := f.ReadAt(metas, 0)
	if err == nil {
		_, err = f.WriteAt(metas, 0)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return fmt.Errorf("make sure that %s is on disk: %w", f.Name(), err)
	}
	return nil
}
