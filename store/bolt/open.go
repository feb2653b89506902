package bolt

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// File is the name of the database inside the data folder.
const File = "usher.db"

// Options are what a Store needs to know beside its path.
type Options struct {
	// Key signs the audit log; without one the log is chained by hashes alone.
	Key ed25519.PrivateKey
	// Before signed it until now; needed to change the key, and for nothing else.
	Before ed25519.PrivateKey
	// Random draws the keys under which what may be somebody's is kept beside the log; nil: it stays in the entries, for ever.
	Random io.Reader
	Log    *slog.Logger
	// Queue is how many transactions may wait; default 1024.
	Queue int
	// LockWait is how long to wait for another process to let go of the file; default 1 s.
	LockWait time.Duration
	// Spare is how many bytes must be free, and more than half of the file, for a start to give them back to the disk; default 1 MB.
	Spare int64
	// Patience is how long a result that only says "kept" waits for a commit to ride along with; 0: it waits for none.
	Patience time.Duration
	// Place says where what is promised under a key will be, as far as is known by now, for whoever must look there; nil: nowhere.
	Place func(key string) string
	// Hook, when set, is called around every commit; tests stop the program there.
	Hook Hook
	// Life names a database that has no name yet; Since is kept where it was there before. ID "": it stays without.
	Life Life
	// steps are the migrations; nil: those of every released schema. Tests put in steps yet to come.
	steps ladder
}

// Hook observes commits: "before commit" may still prevent one by an error, which leaves nothing
// kept; "after commit" makes the caller believe that a commit that was kept has failed.
type Hook func(point string) error

var _ store.Store = (*Store)(nil)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	path string
	opt  Options
	ops  chan *op
	quit chan struct{}
	done chan struct{}
	// believes: the file was believed at the start, and isn't proven yet (believed.go).
	believes atomic.Bool
	// doubted: a commit has failed in this life, or a page was met that isn't what it should be.
	doubted atomic.Bool
	// wanted is how many wait for mu alone, for whom a proof lets go of it.
	wanted atomic.Int32
	// beliefs is how many lives in a row have believed the file, this one with them.
	beliefs int
	// mapped is up to where bbolt surely has the file mapped; 0: it's small.
	mapped int64
	// logs are the log as it stands, of which one is true where nobody knows whether a commit was kept; the writer's own.
	logs []*store.Running
	// births are the claims that nobody has taken up yet.
	births births

	// mu guards db: readers share it; reopening after a failed commit takes it alone.
	mu sync.RWMutex
	db *bbolt.DB // nil after a reopening failed
	// file is what db reads, and closes.
	file *os.File
}

// ErrLocked says that another process holds the file.
var ErrLocked = errors.New("database is in use")

// ErrDamaged says that the file is not a database this program can read.
var ErrDamaged = errors.New("database cannot be read")

// Open opens the database in folder dir, creating both if need be, and brings it to the current
// schema. Its errors are sentences for the person who started the program.
func Open(dir string, opt Options) (*Store, error) {
	opt.Queue = cmp.Or(opt.Queue, 1024)
	opt.LockWait = cmp.Or(opt.LockWait, lockWait)
	opt.Spare = cmp.Or(opt.Spare, leastSpare)
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.steps == nil {
		opt.steps = migrations
	}
	if err := MakeFolder(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, File)
	if err := createIfMissing(path, opt.Life); err != nil {
		return nil, err
	}
	s := &Store{path: path, opt: opt, ops: make(chan *op, opt.Queue), quit: make(chan struct{}), done: make(chan struct{}), births: births{waiting: map[string]int64{}}}
	o, err := s.open(true)
	if err != nil {
		return nil, err
	}
	s.believes.Store(o.beliefs > 0)
	s.beliefs = o.beliefs
	if err = s.decides(); err == nil {
		err = s.tidy()
	}
	if err == nil {
		err = s.giveBack(o)
	}
	if err == nil {
		if err = s.nameLife(); err != nil {
			err = fmt.Errorf("name the database %s: %w", path, err)
		}
	}
	if err == nil {
		if err = s.auditRestore(); err != nil {
			err = fmt.Errorf("audit that %s was restored: %w", path, err)
		}
	}
	if err == nil {
		if err = s.auditArrivals(); err != nil {
			err = fmt.Errorf("audit that %s was moved: %w", path, err)
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	go s.write()
	return s, nil
}

// tidy takes away what starts and backups left in the folder when they died. What a restore left is for
// the next restore: one may be at work beside us.
func (s *Store) tidy() error {
	for _, mark := range []string{markNew, markCompact, MarkCopy} {
		swept, err := Sweep(s.path, mark)
		if err != nil {
			return err
		}
		for _, path := range swept {
			s.opt.Log.Info("removed what an earlier start left half done", "path", path)
		}
	}
	return nil
}

// open opens the file, makes sure that what is read is on disk, and migrates it. The caller holds mu,
// or nobody else knows s yet.
func (s *Store) open(believe bool) (dbFile, error) {
	o, err := openBolt(context.Background(), s.path, &bbolt.Options{Timeout: s.opt.LockWait}, believe)
	if err != nil {
		return o, err
	}
	err = refresh(o.file, o.Info().PageSize)
	if err == nil {
		err = guarded(func() error { return migrate(o.DB, s.opt.steps) })
	}
	if err != nil {
		return dbFile{}, errors.Join(err, o.Close())
	}
	s.db, s.file, s.mapped = o.DB, o.file, 0
	if o.space.Bytes > mostGrown/2 {
		s.mapped = o.space.Bytes + mapped
	}
	return o, nil
}

// OpenReadOnly opens an existing database for reading only; it changes nothing, not even the schema.
func OpenReadOnly(dir string) (*Store, error) {
	return openReadOnly(context.Background(), filepath.Join(dir, File))
}

func openReadOnly(ctx context.Context, path string) (*Store, error) {
	o, err := openBolt(ctx, path, &bbolt.Options{ReadOnly: true, Timeout: lockWait}, false)
	if err != nil {
		return nil, err
	}
	s := reading(o)
	if err := s.view(ctx, s.known); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return s, nil
}

// reading is a Store that only reads.
func reading(o dbFile) *Store {
	s := &Store{path: o.file.Name(), db: o.DB, file: o.file, opt: Options{steps: migrations, Log: slog.New(slog.DiscardHandler)}, ops: make(chan *op), quit: make(chan struct{}), done: make(chan struct{})}
	close(s.done)
	return s
}

// known refuses a file of a schema that this program does not know.
func (s *Store) known(tx *bbolt.Tx) error {
	_, err := versionOf(tx, s.opt.steps.top())
	return err
}

// Close finishes what is queued and closes the file.
func (s *Store) Close() error {
	select {
	case <-s.quit:
	default:
		close(s.quit)
	}
	<-s.done
	if !s.isOpen() {
		return nil
	}
	err := s.unborn()
	if err == nil && s.believes.Load() {
		s.vouches()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return err
	}
	err = errors.Join(err, s.db.Close())
	s.db = nil
	return err
}

// view runs fn in a read transaction. Readers too try to open a file that could not be reopened:
// there may be nobody else for hours.
func (s *Store) view(_ context.Context, fn func(*bbolt.Tx) error) error {
	if err := s.ready(); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return errClosed
	}
	return s.met(guarded(func() error { return s.db.View(fn) }))
}

var errClosed = errors.New("store: the database is not open")

// signing is what signs the log.
func (s *Store) signing() approvals.Signing {
	return approvals.Signing{Key: s.opt.Key, Before: s.opt.Before}
}
