package control

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// Folder is where a command finds what is kept: an Usher runs on the folder, which is asked, or none, and its file is read,
// or the database that the environment names instead of one.
type Folder struct {
	// Dir is the data folder.
	Dir string
	// Database is the address of a database; "": what is kept is a file in the folder. NoDatabase is why the address can't be read.
	Database   apiclient.Secret
	NoDatabase error
	// Note, when set, is told what whoever reads it must know: that it has moved.
	Note func(string)
}

// String is the path of the folder.
func (f Folder) String() string { return f.Dir }

// Running reports whether an Usher answers at the folder's socket.
func (f Folder) Running() bool { return Alive(f.socket()) }

func (f Folder) socket() string { return filepath.Join(f.Dir, SocketName) }

// AuditLines reads the audit log, through the Usher that runs on the folder or from the file.
func (f Folder) AuditLines(ctx context.Context, fn func(line []byte) error) error {
	answer, err := f.remote().call(ctx, http.MethodGet, "/v1/audit", nil)
	if errors.Is(err, errNotUp) {
		return f.AtRest(ctx, func(db store.Store) error {
			return db.AuditLines(ctx, 1, func(_ int64, line []byte) error { return fn(line) })
		})
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return EachLine(ctx, "the audit log of the running Usher", answer.Body, fn)
}

// AuditBeside reads what is kept beside the entries of the log, each as a line of JSON that names its entry (Kept).
func (f Folder) AuditBeside(ctx context.Context, fn func(line []byte) error) error {
	answer, err := f.remote().call(ctx, http.MethodGet, "/v1/audit/beside", nil)
	if errors.Is(err, errNotUp) {
		return f.AtRest(ctx, func(db store.Store) error {
			return db.AuditBeside(ctx, 1, func(seq int64, beside []byte) error { return fn(keptLine(seq, beside)) })
		})
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return EachLine(ctx, "the details of the running Usher's audit log", answer.Body, fn)
}

// Kept is a line of what is kept beside the log.
type Kept struct {
	Seq    int64           `json:"seq"`
	Beside json.RawMessage `json:"beside"`
}

func keptLine(seq int64, beside []byte) []byte {
	return fmt.Appendf(nil, `{"seq":%d,"beside":%s}`, seq, beside)
}

// longestLine bounds what one line of an export may take in memory. The log's own lines are far shorter.
const longestLine = 16 << 20

// EachLine calls fn with each line; a last one may lack its line break. what names r in errors.
func EachLine(ctx context.Context, what string, r io.Reader, fn func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	lines.Split(splitLines)
	for lines.Scan() {
		if err := errors.Join(ctx.Err(), fn(lines.Bytes())); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// splitLines cuts at line feeds and nowhere else: bufio.ScanLines would forgive a carriage return,
// and a log must be byte for byte what was sealed.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// CopyStore writes a backup of the data folder: from the Usher that runs on it, or from the file.
func (f Folder) CopyStore(ctx context.Context, w io.Writer) error {
	err := f.remote().CopyTo(ctx, "/v1/backup", w)
	if !errors.Is(err, errNotUp) {
		return err
	}
	return f.AtRest(ctx, func(db store.Store) error { return db.Backup(ctx, w) })
}

// AtRest opens what is kept, where no Usher runs on the folder, to be read. One may run on a database elsewhere: it is read
// beside it.
func (f Folder) AtRest(ctx context.Context, fn func(store.Store) error) error {
	path := filepath.Join(f.Dir, bolt.File)
	db, err := f.OpenReadOnly(ctx)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return terminal.Wrong(fmt.Sprintf("%s: there's no such file; expected the database of a data folder (--data)", path))
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("%s is in use by a running Usher whose socket %s doesn't answer; stop it first, then try again", path, f.socket())
	case err != nil:
		return err
	}
	return errors.Join(fn(db), db.Close())
}

// OpenReadOnly opens what is kept to be read, as it is.
func (f Folder) OpenReadOnly(ctx context.Context) (store.Store, error) {
	db, err := f.openReadOnly(ctx)
	if err != nil || f.Note == nil {
		return db, err
	}
	closed, err := db.Closed(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if closed != nil {
		f.Note(closed.Note())
	}
	return db, nil
}

// closed is why nobody may decide in what is kept, where that can be read; nil: whoever runs may.
func (f Folder) closed(ctx context.Context) error {
	f.Note = nil
	db, err := f.OpenReadOnly(ctx)
	if err != nil {
		return nil
	}
	c, err := db.Closed(ctx)
	if err := errors.Join(err, db.Close()); err != nil || c == nil {
		return nil
	}
	return c
}

// Moved is where what is kept has moved to; "": nowhere, or that can't be read.
func (f Folder) Moved(ctx context.Context) string {
	var c *cargo.Closed
	if errors.As(f.closed(ctx), &c) && c.Moved {
		return c.To
	}
	return ""
}

func (f Folder) openReadOnly(ctx context.Context) (store.Store, error) {
	switch {
	case f.NoDatabase != nil:
		return nil, f.NoDatabase
	case f.Database != "":
		return postgres.OpenReadOnly(ctx, f.Database)
	}
	return bolt.OpenReadOnly(f.Dir)
}

// Open opens what is kept under a key, to be changed while no Usher runs.
func (f Folder) Open(ctx context.Context, key ed25519.PrivateKey) (store.Store, error) {
	switch {
	case f.NoDatabase != nil:
		return nil, f.NoDatabase
	case f.Database != "":
		s, err := postgres.Open(ctx, f.Database, postgres.Options{Key: key})
		if err != nil {
			return nil, err
		}
		if err := s.Nobody(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
	return bolt.Open(f.Dir, bolt.Options{Key: key, Log: slog.New(slog.DiscardHandler)})
}
