package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// tries is how often a transaction is run where others or the network are in its way, which takes two seconds at most beside
// what it waits for.
const tries = 8

// limits are how long we wait for locks, and the server for a statement and for the next one. A program that is paused
// holds others up for so long and no longer.
func limits(idle time.Duration) string {
	return fmt.Sprintf("set local lock_timeout = '4s'; set local statement_timeout = '10s'; set local idle_in_transaction_session_timeout = '%dms'", idle.Milliseconds())
}

// durable has a commit wait for the disk where the database says that it needn't: whoever is told that something was kept must be
// able to believe it. Where it says to wait for a standby too, it does.
const durable = "select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'"

// idle is how long a transaction may do nothing.
const idle = 10 * time.Second

// again is the error of an attempt that kept nothing and may be run again.
type again struct {
	error
	// busy: others were in the way; else the server or the network was.
	busy bool
}

func (a again) Unwrap() error { return a.error }

// asItStands is what of the whole database is read with the gate: whether it is closed, and when it was restored, if ever.
const asItStands = ", coalesce(closed, ''), coalesce((select convert_from(value, 'UTF8') from usher.meta where name = 'restored'), '')"

// gate is how a transaction reads the row that all who decide pass. turn has room for the one of this process that is there at this moment: the
// others wait here, where they hold no connection that somebody needs who only delivers or asks, and the server has no line of them to
// wake. nil: nobody waits.
type gate struct {
	sql  string
	turn chan struct{}
}

// await waits for a turn, and leave gives it to the next, in the order in which they came.
func (g gate) await(ctx context.Context) error {
	if g.turn == nil {
		return nil
	}
	select {
	case g.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to decide: %w", ctx.Err())
	}
}

func (g gate) leave() {
	if g.turn != nil {
		<-g.turn
	}
}

// decide runs fn where no other transaction decides meanwhile. See approvals.Book.Update for what errors mean.
func (s *Store) decide(ctx context.Context, fn func(*txn) error) error {
	return s.update(ctx, gate{"select schema, number" + asItStands + " from usher.gate for update", s.turn}, fn)
}

// note runs fn beside whatever is being decided: it rests on nothing but the rows that it locks.
func (s *Store) note(ctx context.Context, fn func(*txn) error) error {
	return s.update(ctx, gate{sql: "select schema, 0" + asItStands + " from usher.gate"}, fn)
}

func (s *Store) update(ctx context.Context, gate gate, fn func(*txn) error) error {
	if s.reading {
		return errReading
	}
	select {
	case s.room <- struct{}{}:
	default:
		return approvals.ErrBusy
	}
	defer func() { <-s.room }()
	held := outbox.HoldOf(ctx)
	dropped, err := s.rerun(ctx, gate, held, fn)
	if held != nil {
		return held.Heard(err, dropped)
	}
	return err
}

// rerun runs fn until it is kept, refused, or was in somebody's way too often. dropped says that it ended the claim under which it is made.
func (s *Store) rerun(ctx context.Context, gate gate, held *outbox.Hold, fn func(*txn) error) (dropped bool, err error) {
	for try := 1; ; try++ {
		dropped, err = s.attempt(ctx, gate, held, fn)
		var more again
		if !errors.As(err, &more) {
			return dropped, err
		}
		if try == tries && more.busy {
			return false, fmt.Errorf("%w: %w", approvals.ErrBusy, more.error)
		}
		if try == tries {
			return false, away(fmt.Errorf("write to the database: %w", more.error))
		}
		s.opt.Log.DebugContext(ctx, "a transaction is run again", "try", try, "err", more.error)
		if err := pause(ctx, 5*time.Millisecond<<try); err != nil {
			return false, fmt.Errorf("wait for the database: %w", err)
		}
	}
}

// pause waits, unless the caller stops waiting.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// attempt runs fn once. Where the answer to its commit was lost, the server is asked what became of it.
func (s *Store) attempt(ctx context.Context, gate gate, held *outbox.Hold, fn func(*txn) error) (dropped bool, err error) {
	began := s.elapsed()
	t, m, err := s.once(ctx, gate, held, fn)
	if errors.Is(err, errMoved) {
		if err = s.succeed(ctx); err == nil {
			err = again{errMoved, false}
		}
		return false, err
	}
	var u unheard
	if errors.As(err, &u) {
		err = s.ask(ctx, m, u.error)
	}
	if t == nil {
		return false, err
	}
	if t.began = began; err == nil {
		t.committed()
		t.keptLast()
	}
	return t.dropped, err
}

// once runs fn on a connection of its own, and says by what its transaction can be asked after; nil: nothing was to be kept.
func (s *Store) once(ctx context.Context, gate gate, held *outbox.Hold, fn func(*txn) error) (*txn, mark, error) {
	if err := gate.await(ctx); err != nil {
		return nil, mark{}, err
	}
	defer gate.leave()
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, mark{}, failed("reach the database", err)
	}
	defer conn.Release()
	pg := conn.Conn().PgConn()
	t, err := s.begin(ctx, conn, gate.sql)
	if err != nil {
		return nil, mark{}, s.undo(ctx, pg, err)
	}
	t.held = held
	if err := t.run(fn); err != nil || t.broken != nil {
		if t.broken != nil { // whatever fn made of it
			err = t.failed("read and write", t.broken)
		}
		return nil, mark{}, s.undo(ctx, pg, err)
	}
	m, err := t.flush()
	if err != nil || !t.dirty {
		return nil, mark{}, s.undo(ctx, pg, err)
	}
	return t, m, s.commit(ctx, pg)
}

// begin opens a transaction and passes the gate, in one exchange with the server.
func (s *Store) begin(ctx context.Context, conn *pgxpool.Conn, gate string) (*txn, error) {
	row, err := simple(ctx, conn.Conn().PgConn(), "begin isolation level read committed; "+limits(s.opt.idle)+"; "+gate+"; "+durable)
	if err != nil {
		return nil, failed("begin a transaction", err)
	}
	if len(row) != 4 {
		return nil, ErrForeign
	}
	if schema, _ := strconv.Atoi(row[0]); schema > len(s.opt.steps) {
		return nil, newer(schema, len(s.opt.steps))
	}
	t := &txn{ctx: ctx, s: s, conn: conn.Conn()}
	if t.last, err = strconv.ParseInt(row[1], 10, 64); err != nil {
		return nil, fmt.Errorf("read the number of the last request: %w", err)
	}
	if err := closedBy(row[2]); err != nil {
		return nil, err
	}
	if row[3] != "" {
		if err := json.Unmarshal([]byte(row[3]), &t.restored); err != nil {
			return nil, fmt.Errorf("decode when the database was restored: %w", err)
		}
	}
	return t, s.beneath(t)
}

// failed says of an error before COMMIT whether it is worth another attempt.
func failed(what string, err error) error {
	switch wrapped := fmt.Errorf("%s: %w", what, err); {
	case contested[code(err)]:
		return again{wrapped, true}
	case lost(err):
		return again{wrapped, false}
	default:
		return away(wrapped)
	}
}

// failed, too, where the connection broke under the transaction, whatever the library says of that.
func (t *txn) failed(what string, err error) error {
	if t.conn.IsClosed() && t.ctx.Err() == nil {
		return again{fmt.Errorf("%s: %w", what, err), false}
	}
	return failed(what, err)
}

// undo ends a transaction of which nothing is to be kept. A connection on which that fails is thrown away, and the server
// rolls back what it carried. One that can't be written to any more isn't the only one: all are made anew.
func (s *Store) undo(ctx context.Context, pg *pgconn.PgConn, err error) error {
	if code(err) == "25006" {
		s.pool.Reset()
	}
	_ = rollback(ctx, pg)
	return err
}

func rollback(ctx context.Context, pg *pgconn.PgConn) error {
	if pg.IsClosed() || pg.TxStatus() == 'I' {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_, err := simple(ctx, pg, "rollback")
	return err
}
