package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
)

var _ approvals.Book = (*Store)(nil)

// readWithin is how long a question to the database may take.
const readWithin = 10 * time.Second

// read asks the database something, and once more where the connection it was given had broken: one that lay idle while
// the server was restarted is only noticed so.
func (s *Store) read(ctx context.Context, ask func(context.Context) error) error {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	for try := 1; ; try++ {
		err := ask(within)
		if err == nil {
			return nil
		}
		if try == tries || !lost(err) || pause(within, 5*time.Millisecond<<try) != nil {
			return away(fmt.Errorf("read the database: %w", err))
		}
	}
}

// bytes is the one value that a question has for its answer; nil: it has none.
func (s *Store) bytes(ctx context.Context, sql string, args ...any) (raw []byte, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		raw = nil
		_, err := found(s.pool.QueryRow(ctx, sql, args...).Scan(&raw), func(err error) error { return err })
		return err
	})
	return raw, err
}

// names are the texts that a question has for its answer.
func (s *Store) names(ctx context.Context, sql string, args ...any) (list []string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		if list, err = pgx.CollectRows(rows, pgx.RowTo[string]); len(list) == 0 {
			list = nil
		}
		return err
	})
	return list, err
}

// decoded reads JSON that stands under a name; false: nothing does.
func (s *Store) decoded(ctx context.Context, name string, v any) (there bool, err error) {
	raw, err := s.Snapshot(ctx, name)
	if err != nil || raw == nil {
		return false, err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("decode %s: %w", name, err)
	}
	return true, nil
}

// Update implements approvals.Book.
func (s *Store) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return s.decide(ctx, func(t *txn) error { return fn(t) })
}

// Request implements approvals.Book.
func (s *Store) Request(ctx context.Context, n int64) (approvals.Request, error) {
	r, err := s.request(ctx, "number = $1", n)
	if !errors.Is(err, approvals.ErrNoRequest) {
		return r, err
	}
	line, err := s.bytes(ctx, "select line from usher.removed where number = $1", n)
	if err != nil {
		return r, err
	}
	return r, removed(line)
}

// Keyed implements approvals.Book.
func (s *Store) Keyed(ctx context.Context, key string) (approvals.Request, error) {
	return s.request(ctx, "number = (select number from usher.seen where key = $1)", text(key))
}

func (s *Store) request(ctx context.Context, where string, arg any) (r approvals.Request, err error) {
	line, err := s.bytes(ctx, "select line from usher.requests where "+where, arg)
	if err != nil {
		return r, err
	}
	if line == nil {
		return r, approvals.ErrNoRequest
	}
	return decode(line)
}

// undertaken are the states of approvals.Request.Undertaken, as the index of addresses has them (schema/009.sql).
const undertaken = "'running', 'done', 'failed', 'in doubt', 'ending', 'ended'"

// Requests implements approvals.Book.
func (s *Store) Requests(ctx context.Context, f approvals.Filter, limit int) (list []approvals.Request, err error) {
	sql, args := listing(f, limit)
	err = s.read(ctx, func(ctx context.Context) (err error) {
		list, err = decoded(s.pool.Query(ctx, sql, args...))
		return err
	})
	return list, err
}

// listing is the statement that lists what a filter picks.
func listing(f approvals.Filter, limit int) (sql string, args []any) {
	sql, args = "true", []any{int64(limit)}
	and := func(cond string, arg any) {
		args = append(args, arg)
		sql += fmt.Sprintf(" and "+cond, len(args))
	}
	if f.Of != "" {
		and("requester = $%d and requester <> ''", text(string(f.Of)))
	}
	if f.For != "" {
		and("person = $%d and person <> ''", text(string(f.For)))
	}
	if f.About != "" {
		and("email = $%d and state in ("+undertaken+")", text(approvals.FoldEmail(f.About)))
	} else if f.State != "" {
		and("state = $%d", text(string(f.State)))
	} else if !f.All {
		sql += " and live"
	}
	if f.Below > 0 {
		and("number < $%d", f.Below)
	}
	order := "desc"
	if f.From > 0 {
		order = ""
		and("number >= $%d", f.From)
	}
	return "select line from usher.requests where " + sql + " order by number " + order + " limit $1", args
}

// Head is the end of the audit log.
func (s *Store) Head(ctx context.Context) (h approvals.Head, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, "select seq, hash from usher.head").Scan(&h.Seq, &h.Hash)
	})
	return h, err
}

// Absences are those that were kept last.
func (s *Store) Absences(ctx context.Context) (all []approvals.Absence, err error) {
	raw, err := s.bytes(ctx, "select value from usher.meta where name = 'absences'")
	if err != nil || raw == nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("decode absences: %w", err)
	}
	return all, nil
}

// page is how many lines of the log are held at once.
const page = 500

// AuditLines calls fn with each line of the audit log from sequence number from on, as it stands. It holds nothing open
// while fn is at work.
func (s *Store) AuditLines(ctx context.Context, from int64, fn func(seq int64, line []byte) error) error {
	return s.pages(ctx, "usher.audit", from, fn)
}

// AuditBeside calls fn likewise with what is kept beside entries.
func (s *Store) AuditBeside(ctx context.Context, from int64, fn func(seq int64, beside []byte) error) error {
	return s.pages(ctx, "usher.beside", from, fn)
}

// pages reads a table of lines that are numbered, a page at a time.
func (s *Store) pages(ctx context.Context, table string, from int64, fn func(seq int64, line []byte) error) error {
	type entry struct {
		Seq  int64
		Line []byte
	}
	for {
		var lines []entry
		err := s.read(ctx, func(ctx context.Context) error {
			rows, err := s.pool.Query(ctx, "select seq, line from "+table+" where seq >= $1 order by seq limit $2", from, int64(page))
			if err != nil {
				return err
			}
			lines, err = pgx.CollectRows(rows, pgx.RowToStructByPos[entry])
			return err
		})
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := fn(l.Seq, l.Line); err != nil {
				return err
			}
			from = l.Seq + 1
		}
		if len(lines) < page {
			return nil
		}
	}
}
