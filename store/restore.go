package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"

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
}

// Restored is what a restoring did.
type Restored struct {
	Contents
	// Kept is where the database that was there is now; "" where there was none.
	Kept string
	// Next is the number of the next request.
	Next int64
}

// Restore puts a backup into folder dir. The database that was there is kept beside it. The order,
// and what a crash leaves after each step: verify; copy, alter and check under another name (the old
// database, and a copy that the next restoring removes); give the old one its second name (both names);
// rename the copy into place (the new database). There is no moment without a database.
func Restore(ctx context.Context, backup, dir string, how Restoring) (Restored, error) {
	out := Restored{}
	var err error
	if out.Contents, err = VerifyBackup(ctx, backup); err != nil {
		return out, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return out, fmt.Errorf("make data folder %s: %w", dir, err)
	}
	path := filepath.Join(dir, File)
	old, err := hold(path)
	if err != nil {
		return out, err
	}
	out.Next = next(how.Next, out.Number, old)
	err = put(ctx, backup, path, out, how)
	if err == nil {
		out.Kept, err = keepOld(path, how.At)
	}
	if err == nil {
		err = errors.Join(os.Rename(path+".restore", path), syncDir(dir))
	}
	if err != nil {
		err = fmt.Errorf("restore %s: %w", path, err)
	}
	return out, errors.Join(err, old.close())
}

// held is the database that is to be replaced, held so that no bot starts on it meanwhile; its
// database is nil where there is none, or none that can be read.
type held struct {
	db     *bolt.DB
	number int64
}

func (h held) close() error {
	if h.db == nil {
		return nil
	}
	return h.db.Close()
}

// hold refuses while a bot has the file. A file that cannot be read is what restoring is for.
func hold(path string) (held, error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return held{}, nil
	}
	db, err := openBolt(path, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if errors.Is(err, ErrDamaged) {
		return held{}, nil
	}
	if err != nil {
		return held{}, err
	}
	h := held{db: db}
	err = db.View(func(tx *bolt.Tx) error {
		if tx.Bucket(bRequests) != nil {
			h.number = lastNumber(tx)
		}
		return nil
	})
	if err != nil {
		return held{}, errors.Join(err, db.Close())
	}
	return h, nil
}

func next(wish, last int64, old held) int64 {
	switch {
	case wish > last:
		return wish
	case old.db != nil:
		return max(old.number, last) + 1
	}
	return last + skipUnknown + 1
}

// put makes path+".restore": the backup's pages, altered for its new life, and checked.
func put(ctx context.Context, backup, path string, r Restored, how Restoring) error {
	tmp := path + ".restore"
	if err := copyPages(backup, tmp, r.Bytes); err != nil {
		return err
	}
	db, err := openBolt(tmp, &bolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	err = migrate(db, migrations)
	if err == nil {
		err = db.Update(func(tx *bolt.Tx) error { return renew(&txn{tx: tx}, r, how) })
	}
	if err := errors.Join(err, db.Sync(), db.Close()); err != nil {
		return err
	}
	s, err := openReadOnly(tmp)
	if err != nil {
		return err
	}
	return errors.Join(checked(ctx, s), s.Close())
}

func copyPages(from, to string, size int64) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("open backup: %w", err)
	}
	defer in.Close()
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what an earlier restoring left: %w", err)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy backup: %w", err)
	}
	_, err = io.CopyN(out, in, size)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy backup: %w", err)
	}
	return nil
}

// keepOld gives the database at path a second, dated name, so that it is at no moment without one.
func keepOld(path string, at time.Time) (string, error) {
	kept := path + ".before-" + at.UTC().Format("20060102T150405Z")
	err := os.Link(path, kept)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case errors.Is(err, fs.ErrExist):
		return "", fmt.Errorf("keep the database that was there: %s exists already", kept)
	case err != nil: // a file system without links
		err = os.Rename(path, kept)
	}
	if err != nil {
		return "", fmt.Errorf("keep the database that was there: %w", err)
	}
	return kept, nil
}
