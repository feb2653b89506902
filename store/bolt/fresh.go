package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Fresh is a file that is made beside the place it is for, under a name nobody can foresee, and bears its
// own name only when it is whole on disk. Nothing that stands there is followed, opened or replaced:
// neither by the first name (made exclusively) nor by the second (given without replacing). It is locked
// while it is made, so whoever finds one that is not knows that its maker is dead.
type Fresh struct {
	*os.File
	to string
}

// NewFile makes a file that is to be named to. mark stands between that name and a random number, so
// that people see what it is, and Sweep finds it after a crash. It belongs to us, and nobody else may read it.
func NewFile(to, mark string) (*Fresh, error) {
	f, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+mark+"-*")
	if err != nil {
		return nil, err
	}
	fresh := &Fresh{File: f, to: to}
	if err := lock(f, false, 0); err != nil { // shared: it is proven before it bears its name
		return nil, errors.Join(err, fresh.Discard())
	}
	return fresh, nil
}

// Like gives the file to the account that another one belongs to. Only root gives files away; whatever
// anybody else makes is theirs. Without it, what root makes could be read by root alone.
func (f *Fresh) Like(info fs.FileInfo) error {
	uid, gid, ok := OwnerOf(info)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	if err := f.Chown(uid, gid); err != nil {
		return fmt.Errorf("give %s to the account that %s belongs to: %w", f.Name(), info.Name(), err)
	}
	return nil
}

// Publish gives the file, whose bytes are on disk by now, its name. A file that has the name already
// stays, and the error is fs.ErrExist. A crash leaves one name, both, or the second.
func (f *Fresh) Publish() error {
	err := os.Link(f.Name(), f.to)
	switch {
	case errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist):
		return err
	case err != nil: // a file system without links
		if err = renameNoReplace(f.Name(), f.to); err != nil {
			return fmt.Errorf("the folder's file system can neither link a file nor rename it without replacing another: %w", err)
		}
	default:
		err = os.Remove(f.Name())
	}
	if err == nil {
		err = standsAt(f.to, f.File)
	}
	return errors.Join(err, syncDir(filepath.Dir(f.to)))
}

// Replace gives the file its name, which another file has; who else could change that one is locked out.
func (f *Fresh) Replace() error {
	return errors.Join(os.Rename(f.Name(), f.to), syncDir(filepath.Dir(f.to)))
}

// Discard takes away what did not become whole.
func (f *Fresh) Discard() error {
	_ = f.Close() // what is written is not wanted, and it may be closed already
	if err := os.Remove(f.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what is half done: %w", err)
	}
	return nil
}

// errReplaced says that a path leads to another file than the one that was opened.
var errReplaced = errors.New("another file stands in its place")

// standsAt holds that path still leads to the open file.
func standsAt(path string, f *os.File) error {
	there, err := os.Stat(path)
	if err != nil {
		return err
	}
	ours, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if !os.SameFile(there, ours) {
		return fmt.Errorf("%s: %w", path, errReplaced)
	}
	return nil
}

// Sweep removes what makers of a file named to left half done under a mark when they died, and names it.
// Only what is beyond doubt theirs goes: an ordinary file of our account, of such a name, that nobody
// holds locked, or another name of a file that was published.
func Sweep(to, mark string) (swept []string, err error) {
	entries, err := os.ReadDir(filepath.Dir(to))
	if err != nil {
		return nil, fmt.Errorf("look for what was left half done: %w", err)
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), filepath.Base(to)+mark)
		if !ours || !e.Type().IsRegular() || rest != "" && !isMarked(rest) {
			continue
		}
		path := filepath.Join(filepath.Dir(to), e.Name())
		if gone, err := sweep(path, to); err != nil {
			return swept, err
		} else if gone {
			swept = append(swept, path)
		}
	}
	return swept, nil
}

// isMarked reports whether a name ends as those of NewFile do. Earlier programs gave none an end.
func isMarked(rest string) bool {
	digits, ok := strings.CutPrefix(rest, "-")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

func sweep(path, to string) (gone bool, err error) {
	f, err := openNoFollow(path)
	if err != nil {
		return false, nil // it is gone, or not ours to open
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !mine(info) {
		return false, nil // somebody else's
	}
	if there, err := os.Lstat(to); err != nil || !os.SameFile(there, info) {
		if lock(f, true, 0) != nil {
			return false, nil // its maker lives
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("remove what was left half done: %w", err)
	}
	return true, nil
}

// mine reports whether a file is an ordinary one of our account. Root gives away what it makes (Like), so
// for root any account counts.
func mine(info fs.FileInfo) bool {
	uid, _, ok := OwnerOf(info)
	return info.Mode().IsRegular() && (!ok || uid == os.Geteuid() || os.Geteuid() == 0)
}

// lockWait is how long to wait for another process to let go of a file, where nobody says otherwise.
const lockWait = time.Second
