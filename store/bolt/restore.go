package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// skipUnknown is how many numbers are passed over where the database before cannot tell how many
// were given.
const skipUnknown = 1000

// Restoring says how a backup is put in place.
type Restoring struct {
	At time.Time
	By approvals.Actor
	// Next is the number of the next request; 0: after those of the database that is replaced, or,
	// where there is none to ask, skipUnknown past those of the backup.
	Next int64
	// Note, when set, gives the note of an intent that may have been carried out since the backup.
	Note func(outbox.Intent) json.RawMessage
	// LockWait is how long to wait for another process to let go of the old database; default 1 s.
	LockWait time.Duration
}

// Restored is what a restoring did.
type Restored struct {
	Contents
	// Kept is where the database that was there is now; "" where there was none.
	Kept string
	// Next is the number of the next request.
	Next int64
	// Owner is the account that the database belongs to.
	Owner string
}

// Restore puts a backup into folder dir. The database that was there is kept beside it. The order,
// and what a crash leaves after each step: verify; hold the old database, so that nobody starts on it;
// copy, alter and check under another name (the old database, and a copy that the next restoring
// removes); give the old one its second name (both names); rename the copy into place (the new
// database). There is no moment without a database. Where there was none, the copy is named without
// replacing: a bot that was started meanwhile keeps its own, and nothing is restored.
func Restore(ctx context.Context, backup, dir string, how Restoring) (Restored, error) {
	out := Restored{}
	var err error
	if out.Contents, err = VerifyBackup(ctx, backup); err != nil {
		return out, err
	}
	if err := MakeFolder(dir); err != nil {
		return out, err
	}
	path := filepath.Join(dir, File)
	old, err := hold(ctx, path, cmp.Or(how.LockWait, lockWait))
	if err != nil {
		return out, err
	}
	out.Next = next(how.Next, out.Number, old)
	if _, err = Sweep(path, markRestore); err == nil {
		out.Kept, err = put(ctx, backup, path, old, out, how)
	}
	if info, err := os.Stat(path); err == nil {
		uid, _, _ := OwnerOf(info)
		out.Owner = Account(uid)
	}
	if err != nil {
		err = fmt.Errorf("restore %s: %w", path, err)
	}
	return out, errors.Join(err, old.close())
}

// held is the database that is to be replaced, locked so that no bot starts on it meanwhile and nobody
// else replaces it; its file is nil where there is none.
type held struct {
	file *os.File
	// known says that it could be read, and number is the last request in it.
	known  bool
	number int64
}

func (h held) close() error {
	if h.file == nil {
		return nil
	}
	return h.file.Close()
}

// hold refuses while a bot has the file. A file that cannot be read is what restoring is for.
func hold(ctx context.Context, path string, wait time.Duration) (h held, err error) {
	for range 100 {
		if h.file, err = take(path, true, wait); !errors.Is(err, errReplaced) {
			break
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return held{}, nil
	}
	if err != nil {
		return held{}, sentence(path, err)
	}
	info, err := h.file.Stat()
	if err != nil {
		return held{}, errors.Join(fmt.Errorf("look at %s: %w", path, err), h.file.Close())
	}
	_, _, err = walk(ctx, h.file, info.Size(), 0, func(bucket, key, _ []byte) error {
		if bytes.Equal(bucket, bRequests) {
			h.number = max(h.number, numberFrom(key))
		}
		return nil
	})
	h.known = err == nil
	return h, ctx.Err()
}

func next(wish, last int64, old held) int64 {
	switch {
	case wish > last:
		return wish
	case old.known:
		return max(old.number, last) + 1
	}
	return last + skipUnknown + 1
}

// put makes the database out of the backup's pages, altered for its new life and checked, and puts it
// in place. It is locked from its first byte until it stands there.
func put(ctx context.Context, backup, path string, old held, r Restored, how Restoring) (kept string, err error) {
	o, fresh, err := altered(ctx, backup, path, old, r, how)
	if err != nil {
		return "", err
	}
	kept, err = inPlace(fresh, old, how.At)
	if err := errors.Join(err, o.Close()); err != nil {
		return "", errors.Join(err, fresh.Discard())
	}
	return kept, nil
}

// altered makes the database, whole on disk, beside the path that it is for.
func altered(ctx context.Context, backup, path string, old held, r Restored, how Restoring) (o dbFile, fresh *Fresh, err error) {
	if fresh, err = NewFile(path, markRestore); err != nil {
		return o, nil, err
	}
	if err = fresh.succeed(old); err == nil {
		err = copyPages(backup, fresh, r.Bytes)
	}
	if err == nil {
		_, err = proven(ctx, fresh.File)
	}
	if err != nil {
		return o, nil, errors.Join(err, fresh.Discard())
	}
	db, err := boltOn(fresh.File, &bbolt.Options{})
	if err != nil {
		return o, nil, errors.Join(err, fresh.Discard())
	}
	o = dbFile{DB: db, file: fresh.File}
	if err = alter(ctx, o, r, how); err != nil {
		return o, nil, errors.Join(err, db.Close(), fresh.Discard())
	}
	return o, fresh, nil
}

// alter brings a backup to the present schema and tells it that it was restored.
func alter(ctx context.Context, o dbFile, r Restored, how Restoring) error {
	err := migrate(o.DB, migrations)
	if err == nil {
		err = o.Update(func(tx *bbolt.Tx) error { return renew(&txn{tx: tx}, r, how) })
	}
	if err := errors.Join(err, o.Sync()); err != nil {
		return err
	}
	return checked(ctx, reading(o))
}

// inPlace gives the new database the place of the old one.
func inPlace(fresh *Fresh, old held, at time.Time) (kept string, err error) {
	if old.file == nil {
		if err = fresh.Publish(); errors.Is(err, fs.ErrExist) {
			err = errors.New("a database was created there in the meantime; is `usher run` running? Nothing was restored")
		}
		return "", err
	}
	if err := standsAt(fresh.to, old.file); err != nil {
		return "", err
	}
	if kept, err = keepOld(fresh.to, at); err != nil {
		return "", err
	}
	return kept, fresh.Replace()
}

// succeed gives what root restores to the account of what it replaces, or of the folder, and leaves to
// others what they might do with the old file, but to write it.
func (f *Fresh) succeed(old held) error {
	if old.file == nil {
		return f.inFolder()
	}
	info, err := old.file.Stat()
	if err != nil {
		return fmt.Errorf("look at what is replaced: %w", err)
	}
	if err := f.Like(info); err != nil {
		return err
	}
	return f.Chmod(info.Mode().Perm()&^0o133 | 0o600)
}

func copyPages(from string, to *Fresh, size int64) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("open backup: %w", err)
	}
	defer in.Close()
	_, err = io.CopyN(to, in, size)
	if err := errors.Join(err, to.Sync()); err != nil {
		return fmt.Errorf("copy backup: %w", err)
	}
	return nil
}

// keepOld gives the database at path a second, dated name, so that it is at no moment without one. Where
// the file system has no links, it is copied.
func keepOld(path string, at time.Time) (string, error) {
	kept := path + ".before-" + at.UTC().Format("20060102T150405Z")
	err := os.Link(path, kept)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = copyOld(path, kept)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", fmt.Errorf("keep the old database: %s already exists", kept)
	case err != nil:
		return "", fmt.Errorf("keep the database that was there: %w", err)
	}
	return kept, nil
}

func copyOld(path, kept string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fresh, err := NewFile(kept, markRestore)
	if err != nil {
		return err
	}
	if err = fresh.Like(info); err == nil {
		err = copyPages(path, fresh, info.Size())
	}
	if err == nil {
		err = fresh.Publish()
	}
	if err != nil {
		return errors.Join(err, fresh.Discard())
	}
	return fresh.Close()
}
