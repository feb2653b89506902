package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Proof is how far a proof of a database came.
type Proof struct {
	// Bytes is the size of the database, once all of its pages were walked.
	Bytes int64
	// Space is the size of its file, and how much of that holds nothing.
	Space Space
	// Requests, Promises and Entries of the audit log are how many were looked at.
	Requests, Promises, Entries int64
	// Unseen says what was not looked at because the time was up; "" where everything was.
	Unseen string
}

// Prove holds the database of a data folder against everything that a backup is held against: its pages,
// every invariant, the audit log entry by entry. It changes nothing. When ctx ends first, what was seen
// until then is no error, and the proof says what was not looked at.
func Prove(ctx context.Context, dir string) (Proof, error) {
	s, err := openReadOnly(ctx, filepath.Join(dir, File))
	if err != nil {
		return unseen(ctx, Proof{}, err)
	}
	seen, err := guardedCheck(ctx, s)
	seen, err = unseen(ctx, seen, err)
	return seen, errors.Join(err, s.Close())
}

// guardedCheck is check; a database too damaged for that is an error like any other.
func guardedCheck(ctx context.Context, s *Store) (seen Proof, err error) {
	err = guarded(func() (err error) {
		seen, err = s.check(ctx)
		return err
	})
	return seen, err
}

// unseen says what lies behind the place where the time was up. Whatever was found before is told first.
func unseen(ctx context.Context, seen Proof, err error) (Proof, error) {
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrDamaged) || ctx.Err() == nil {
		return seen, err
	}
	switch {
	case seen.Bytes == 0:
		seen.Unseen = "its pages, and all that is in them"
	case seen.Entries > 0:
		seen.Unseen = fmt.Sprintf("the audit log after entry %d", seen.Entries)
	case seen.Promises > 0:
		seen.Unseen = "part of its promises, and the audit log"
	default:
		seen.Unseen = fmt.Sprintf("its requests after the first %d, its promises and the audit log", seen.Requests)
	}
	return seen, nil
}

// Folder is what others than our account may do in a data folder, or with the database in it.
type Folder struct {
	// Path is the folder or the file that others may enter, and Mode its mode.
	Path string
	Mode os.FileMode
	// Write says that they may change it; otherwise they may only read it.
	Write bool
}

// OpenToOthers is what of a data folder others may change or read; the worst first, at most one each of
// folder and database. A folder or a file that does not exist is open to nobody.
func OpenToOthers(dir string) (open []Folder, err error) {
	for _, path := range []string{dir, filepath.Join(dir, File)} {
		info, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", path, err)
		}
		f := Folder{Path: path, Mode: info.Mode().Perm(), Write: info.Mode()&0o022 != 0}
		switch {
		case f.Write:
			open = append([]Folder{f}, open...)
		case info.Mode()&0o044 != 0:
			open = append(open, f)
		}
	}
	return open, nil
}
