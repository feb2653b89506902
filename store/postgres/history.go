package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherbot/usher/approvals"
)

// A standby that takes over may not have what was committed last, though people were told of it: nothing in the database says
// so. What tells is the server's history: the number of its cluster, and the timeline, which begins anew with each server that
// takes over. Every transaction that keeps something reads it right before it commits, in an exchange that it has with the
// server anyway, and nothing is kept in another history than was known. Then one of all processes has the database go on
// (goes_on.go), in one transaction before anything else; a crash before that commit leaves all of it to the next.
//
// What is gone only somebody who has seen it can say: witness.go.

// itsHistory names the history of a server, as an expression of SQL.
const itsHistory = "((select system_identifier from pg_control_system())::text || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))"

// errMoved says that the server has another history than was known, and nothing was kept.
var errMoved = errors.New("the database goes on from a copy of itself")

// inHistory refuses to keep anything in another history than is known. Whoever looks for the history doesn't know it yet.
func (t *txn) inHistory(m mark) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.succeeds || t.s.history == "" || t.s.history == m.history {
		return nil
	}
	return errMoved
}

// succeed finds out in which history the database is, and has it go on there where that is another one than it was written in.
// Whoever opened it to look, or decides at rest, leaves that to who runs on it.
func (s *Store) succeed(ctx context.Context) (err error) {
	var is string
	var gone []approvals.Entry
	if s.opt.Life.ID == "" {
		is, err = s.historyNow(ctx)
	} else {
		_, err = s.rerun(ctx, gate{sql: "select schema, number" + asItStands + " from usher.gate for update"}, nil, func(t *txn) error {
			t.succeeds = true
			row, err := simple(t.ctx, t.conn.PgConn(), "select "+s.opt.history+", history from usher.gate")
			if err != nil {
				return t.stumble(err)
			}
			is = row[0]
			err = t.enters(is, row[1])
			gone = t.gone
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("find out in which history the database is: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.history != is {
		s.history = is
		clear(s.claims) // some may never have been made here
	}
	s.witness.forget(gone)
	return nil
}

// takeUp finds out how the database came to stand where it stands, which the audit log is to say before anything else, and begins to
// witness what is kept. What waits for its entry since a restore is written first: a failover takes its place.
func (s *Store) takeUp(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.auditPast, s.succeed, s.auditPast} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if s.opt.Life.ID == "" {
		return nil
	}
	return s.attend(ctx)
}

// recognise has the database go on where it's in another history by now, though nobody has anything to keep: what is gone is to be
// told in a while, and not when somebody next asks for something. In the history that is known it looks at what others have kept.
func (s *Store) recognise(ctx context.Context) error {
	is, err := s.historyNow(ctx)
	if err != nil {
		return fmt.Errorf("read the server's history: %w", err)
	}
	s.mu.Lock()
	known := s.history
	s.mu.Unlock()
	if is != known {
		return s.succeed(ctx)
	}
	return s.attend(ctx)
}

func (s *Store) historyNow(ctx context.Context) (is string, err error) {
	err = s.read(ctx, func(ctx context.Context) error { return s.pool.QueryRow(ctx, "select "+s.opt.history).Scan(&is) })
	return is, err
}

// running reports whether the store was open in the history before.
func (s *Store) running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history != ""
}
