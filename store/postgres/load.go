package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/cargo"
)

// columns are those of each table, in the order in which values makes a row of a thing.
var columns = map[cargo.Kind][]string{
	cargo.Request: {"number", "state", "requester", "person", "app", "email", "live", "line"},
	cargo.Left:    {"number", "line"},
	cargo.Seen:    {"key", "month", "number"},
	cargo.Entry:   {"seq", "prev", "hash", "line"},
	cargo.Beside:  {"seq", "line"},
	cargo.Promise: {"key", "kind", "due", "line"},
	cargo.Receipt: {"key", "line"},
	cargo.Meta:    {"name", "value"},
	cargo.Shelf:   {"name", "value"},
}

// values is a thing as a row: its line, and by what it is found.
func values(i cargo.Item) ([]any, error) {
	switch i.Kind {
	case cargo.Request:
		r, err := decode(i.Line)
		return append(requestRow(r), i.Line), err
	case cargo.Left, cargo.Beside:
		return []any{i.N, i.Line}, nil
	case cargo.Seen:
		return []any{i.Name, i.Month, i.N}, nil
	case cargo.Entry:
		var e approvals.Entry
		if err := json.Unmarshal(i.Line, &e); err != nil {
			return nil, fmt.Errorf("decode audit entry %d: %w", i.N, err)
		}
		return []any{i.N, e.Prev, e.Hash, i.Line}, nil
	case cargo.Promise:
		var in outbox.Intent
		if err := json.Unmarshal(i.Line, &in); err != nil {
			return nil, fmt.Errorf("decode promise %s: %w", i.Name, err)
		}
		return []any{i.Name, outbox.Kind(i.Name), in.Due.UnixNano(), i.Line}, nil
	}
	return []any{i.Name, notNil(i.Line)}, nil
}

// load fills tables that are empty with what pour gives, inside the transaction that conn is in.
func load(ctx context.Context, conn *pgx.Conn, pour cargo.Pour) error {
	var failed error
	next, stop := iter.Pull(func(yield func(cargo.Item) bool) {
		failed = pour(ctx, func(i cargo.Item) error {
			if !yield(i) {
				return errEnough
			}
			return nil
		})
	})
	l := &loading{conn: conn, next: next}
	l.advance()
	err := l.counters(ctx)
	for _, h := range holds {
		if err == nil {
			err = l.table(ctx, h)
		}
	}
	if err == nil && l.more {
		err = fmt.Errorf("load %s: a database has no place for that", l.item.Kind)
	}
	stop()
	if failed != nil && !errors.Is(failed, errEnough) {
		return failed
	}
	return err
}

var errEnough = errors.New("no more is wanted")

// loading is one look ahead at what comes.
type loading struct {
	conn *pgx.Conn
	next func() (cargo.Item, bool)
	item cargo.Item
	more bool
}

func (l *loading) advance() { l.item, l.more = l.next() }

// counters sets what numbers are given next, and the head of the log. A sequence keeps what it is set to, whatever becomes of the transaction.
func (l *loading) counters(ctx context.Context) (err error) {
	for ; err == nil && l.more; l.advance() {
		switch i := l.item; i.Kind {
		case cargo.Number:
			_, err = l.conn.Exec(ctx, "update usher.gate set number = $1", i.N)
		case cargo.Revision:
			_, err = l.conn.Exec(ctx, "select setval('usher.revision', $1, $2)", max(i.N, 1), i.N > 0)
		case cargo.Head:
			_, err = l.conn.Exec(ctx, "update usher.head set seq = $1, hash = $2", i.N, i.Name)
		default:
			return nil
		}
	}
	return err
}

// table copies what comes next of one kind.
func (l *loading) table(ctx context.Context, h hold) error {
	rows := &copying{loading: l, kind: h.kind}
	_, err := l.conn.CopyFrom(ctx, pgx.Identifier{"usher", h.table}, columns[h.kind], rows)
	if rows.err != nil {
		err = rows.err
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", h.kind, err)
	}
	return nil
}

// copying is the things of one kind as a COPY reads them. Each is encoded before the next is asked for.
type copying struct {
	*loading
	kind  cargo.Kind
	begun bool
	row   []any
	err   error
}

// Next implements pgx.CopyFromSource.
func (c *copying) Next() bool {
	if c.begun {
		c.advance()
	}
	c.begun = true
	if !c.more || c.item.Kind != c.kind {
		return false
	}
	c.row, c.err = values(c.item)
	return c.err == nil
}

// Values implements pgx.CopyFromSource.
func (c *copying) Values() ([]any, error) { return c.row, c.err }

// Err implements pgx.CopyFromSource.
func (c *copying) Err() error { return c.err }
