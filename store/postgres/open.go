package postgres

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// Options are what a Store needs to know beside the address of its database.
type Options struct {
	// Key signs the audit log; without one the log is chained by hashes alone.
	Key ed25519.PrivateKey
	// Before signed it until now; needed to change the key, and for nothing else.
	Before ed25519.PrivateKey
	// Random draws the keys under which what may be somebody's is kept beside the log; nil: it stays in the entries, for ever.
	Random io.Reader
	Log    *slog.Logger
	// Queue is how many transactions may wait or run; default 1024.
	Queue int
	// Connections is how many this store opens at most; default 8.
	Connections int
	// Owner names this life of the program in its claims. It must be drawn anew at every start; needed with a Lease.
	Owner string
	// Lease is how long a claim holds off others without being renewed, which the store does by itself; 0: nobody else is there.
	Lease time.Duration
	// Life names a database that has no name yet; ID "": it stays without.
	Life store.Life
	// Failover, when set, says what is owed to people once the database goes on from a copy of itself, and Note is the note of a
	// promise that may have been carried out by then.
	Failover func(Failover) ([]outbox.Change, error)
	Note     func(outbox.Intent) json.RawMessage
	// Elapsed is the time that has passed since some moment, whatever becomes of the clock; with it a store knows by itself that a lease
	// of its own stands. Without it the database is asked before every call.
	Elapsed func() time.Duration
	// Hook, when set, is called around every commit; tests stop the program there.
	Hook Hook
	// steps are the migrations; nil: those of every released schema. Tests put in steps yet to come.
	steps []string
	// oldest is the oldest server that will do, askWithin how long a lost commit is asked after, and idle how long the server
	// waits for the next statement of a transaction; tests put in others.
	oldest int
	// history is the expression that names a server's history; tests that need no second server put in another.
	history         string
	askWithin, idle time.Duration
}

// Hook observes commits: "before commit" may still prevent one by an error, which leaves nothing
// kept; "after commit" makes the caller believe that a commit that was kept has failed.
type Hook func(point string) error

// Store is an open database. It is safe for concurrent use.
type Store struct {
	opt  Options
	pool *pgxpool.Pool
	room chan struct{}
	// turn has room for the one of this process that is at the gate.
	turn chan struct{}
	// life ends when the store is closed.
	life context.Context
	quit context.CancelFunc
	busy sync.WaitGroup
	// others is how many connections to Slack other programs keep.
	others atomic.Int64
	// entered: others know that this program runs.
	entered bool
	// restored is when the database was, as it was opened; nil: it's being opened.
	restored *time.Time
	// reading: it was opened to be read, perhaps from a standby.
	reading bool

	// mu guards claims, what this store has claimed and not yet ended, and locks, the tokens of the locks that somebody in this process
	// holds, 0: that somebody asks for, by their names.
	mu     sync.Mutex
	claims map[string]lease
	locks  map[string]int64
	// history is that of the server in which it keeps ("": not yet known), and witness what it knows to be there.
	history string
	witness witness
}

// Open connects to the database and brings it to the current schema. Its errors are sentences for the person who
// started the program; none names the password.
func Open(ctx context.Context, url apiclient.Secret, opt Options) (*Store, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	if opt.Lease > 0 && opt.Owner == "" {
		return nil, fmt.Errorf("open the database: a lease needs an owner")
	}
	pool, config, err := poolOf(ctx, url, opt.Connections)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: opt, pool: pool, room: make(chan struct{}, opt.Queue), turn: make(chan struct{}, 1), claims: map[string]lease{}, locks: map[string]int64{}}
	err = s.migrate(ctx)
	if err == nil {
		err = s.name(ctx)
	}
	if err == nil {
		err = s.takeUp(ctx)
	}
	if err == nil {
		err = s.remember(ctx)
	}
	if err != nil {
		pool.Close()
		return nil, inWords(err, config.ConnConfig)
	}
	s.life, s.quit = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.tidyPace(ctx); err != nil {
		opt.Log.WarnContext(ctx, "cannot forget old turns in the database; the next start does", "err", err)
	}
	if opt.Lease > 0 {
		s.busy.Go(func() { s.renewing(s.life) })
	}
	return s, nil
}

// poolOf prepares so many connections to a database, and makes none of them yet.
func poolOf(ctx context.Context, url apiclient.Secret, connections int) (*pgxpool.Pool, *pgxpool.Config, error) {
	config, err := configOf(url, connections)
	if err != nil {
		return nil, nil, err
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), config)
	if err != nil {
		return nil, nil, fmt.Errorf("prepare connections to the database: %w", err)
	}
	return pool, config, nil
}

// filled is opt with what nobody gave.
func (opt Options) filled() (Options, error) {
	opt.Queue, opt.Connections = cmp.Or(opt.Queue, 1024), cmp.Or(opt.Connections, 8)
	opt.oldest, opt.askWithin, opt.idle = cmp.Or(opt.oldest, oldest), cmp.Or(opt.askWithin, askWithin), cmp.Or(opt.idle, idle)
	opt.history = cmp.Or(opt.history, itsHistory)
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.steps == nil {
		steps, err := released()
		if err != nil {
			return opt, err
		}
		opt.steps = steps
	}
	return opt, nil
}

// Close waits for what is under way and closes every connection.
func (s *Store) Close() error {
	s.quit()
	s.busy.Wait()
	if s.entered {
		s.leave(context.Background())
	}
	s.pool.Close()
	return nil
}
