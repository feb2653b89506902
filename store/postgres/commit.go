package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usherbot/usher/approvals"
)

// How long a commit may take, and how long it is asked after. Whoever stopped waiting meanwhile doesn't end either: nobody
// else could say what became of it.
const (
	commitWithin = 10 * time.Second
	askWithin    = 15 * time.Second
	askEvery     = 50 * time.Millisecond
)

// mark is what a transaction is asked after by: its number, and the history of the server in which that was its number.
type mark struct{ xid, history string }

// unheard is the error of a commit whose answer was lost.
type unheard struct{ error }

// commit makes a transaction durable.
func (s *Store) commit(ctx context.Context, pg *pgconn.PgConn) error {
	if err := s.hook("before commit"); err != nil {
		return errors.Join(approvals.ErrUnknownOutcome, err, rollback(ctx, pg))
	}
	ctx = context.WithoutCancel(ctx)
	within, cancel := context.WithTimeout(ctx, commitWithin)
	defer cancel()
	results, err := pg.Exec(within, "commit").ReadAll()
	if hooked := s.hook("after commit"); hooked != nil {
		return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, hooked)
	}
	switch {
	case err == nil && len(results) == 1 && results[0].CommandTag.String() == "COMMIT":
		return nil
	case err == nil:
		return failed("commit", errors.New("the server rolled it back"))
	case plain(err):
		return failed("commit", err)
	}
	return unheard{err}
}

// plain reports whether a server that goes on said no: then nothing was kept.
func plain(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Severity == "ERROR"
}

// ask finds out what became of a transaction. While its connection lives on at the server it may still commit. Its own
// connection must be given back by then: when a server goes, every connection may be one whose commit is asked after.
func (s *Store) ask(ctx context.Context, m mark, cause error) error {
	s.opt.Log.WarnContext(ctx, "the database didn't answer whether something was kept; asking it", "err", cause)
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opt.askWithin)
	defer cancel()
	for {
		status, err := s.status(within, m)
		switch {
		case err == nil && status == "committed":
			return nil
		case err == nil && status == "aborted":
			return again{fmt.Errorf("commit: %w", cause), false}
		case err == nil && status == "":
			return fmt.Errorf("%w: the database has another history by now: %w", approvals.ErrUnknownOutcome, cause)
		}
		if pause(within, askEvery) != nil {
			return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, errors.Join(cause, err))
		}
	}
}

// status is what the server says of a transaction; "": it can't know, since a standby took its place, or it is too long ago.
func (s *Store) status(ctx context.Context, m mark) (status string, err error) {
	err = s.pool.QueryRow(ctx, "select case when "+s.opt.history+" = $1 then coalesce(pg_xact_status($2::text::xid8), '') else '' end",
		m.history, m.xid).Scan(&status)
	return status, err
}

func (s *Store) hook(point string) error {
	if s.opt.Hook == nil {
		return nil
	}
	return s.opt.Hook(point)
}
