package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

var _ store.Store = (*Store)(nil)

// Under these names stand what the database is called, and how far its log was verified: the names that a file has for them.
const (
	named    = "life"
	verified = "verified"
)

// name gives the database its name, where it has none: the first of those that start on it at once does.
func (s *Store) name(ctx context.Context) error {
	if s.opt.Life.ID == "" {
		return nil
	}
	return s.note(ctx, func(t *txn) error {
		raw, err := json.Marshal(store.Life{ID: s.opt.Life.ID})
		if err != nil {
			return fmt.Errorf("encode the database's name: %w", err)
		}
		return t.exec("insert into usher.meta (name, value) values ($1, $2) on conflict (name) do nothing", named, raw)
	})
}

// Life is the database's name; its zero value where nobody gave it one.
func (s *Store) Life(ctx context.Context) (l store.Life, err error) {
	raw, err := s.bytes(ctx, "select value from usher.meta where name = $1", named)
	if err != nil || raw == nil {
		return l, err
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, fmt.Errorf("decode the database's name: %w", err)
	}
	return l, nil
}

// moment is a reading of several things as of one moment.
var moment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Gauges reads all of it as of one moment.
func (s *Store) Gauges(ctx context.Context) (g store.Gauges, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		g = store.Gauges{Open: map[approvals.State]int{}, Owed: map[string]store.Owed{}}
		return pgx.BeginTxFunc(ctx, s.pool, moment, func(tx pgx.Tx) error {
			return errors.Join(counted(ctx, tx, &g), owed(ctx, tx, &g))
		})
	})
	return g, err
}

// counted counts the requests that are open.
func counted(ctx context.Context, tx pgx.Tx, g *store.Gauges) error {
	if err := tx.QueryRow(ctx, "select number from usher.gate").Scan(&g.Asked); err != nil {
		return err
	}
	for _, state := range store.OpenStates {
		g.Open[state] = 0
	}
	rows, err := tx.Query(ctx, "select state, count(*) from usher.requests where live group by state")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var state approvals.State
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return err
		}
		if !state.Terminal() { // what was given for a time is live, and done
			g.Open[state] = n
		}
	}
	return rows.Err()
}

// owed adds up the promises.
func owed(ctx context.Context, tx pgx.Tx, g *store.Gauges) error {
	rows, err := tx.Query(ctx, "select line from usher.intents")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var in outbox.Intent
		if err := decodeRow(rows, &in); err != nil {
			return err
		}
		kind := outbox.Kind(in.Key)
		g.Owed[kind] = g.Owed[kind].With(in)
	}
	return rows.Err()
}

// decodeRow reads the one column of a row, a line of JSON.
func decodeRow(row pgx.CollectableRow, v any) error {
	var line []byte
	if err := row.Scan(&line); err != nil {
		return err
	}
	if err := json.Unmarshal(line, v); err != nil {
		return fmt.Errorf("decode a line: %w", err)
	}
	return nil
}

// LastReceipt is, of the receipts from key first up to and without end, the last one that left something outside;
// false: none did.
func (s *Store) LastReceipt(ctx context.Context, first, end string) (r outbox.Receipt, ok bool, err error) {
	const some = 20
	for {
		var list []outbox.Receipt
		err := s.read(ctx, func(ctx context.Context) error {
			rows, err := s.pool.Query(ctx, "select line from usher.receipts where key >= $1 and key < $2 order by key desc limit $3", first, end, int64(some))
			if err != nil {
				return err
			}
			list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r outbox.Receipt, err error) { return r, decodeRow(row, &r) })
			return err
		})
		if err != nil {
			return r, false, err
		}
		for _, r := range list {
			if r.ID != "" {
				return r, true, nil
			}
			end = r.Key
		}
		if len(list) < some {
			return r, false, nil
		}
	}
}

// verifyWithin is how long the whole log may take.
const verifyWithin = 5 * time.Minute

// VerifyLog verifies the audit log before anything is written after it, and keeps how far it came. An
// error that is store.ErrLog names the first entry that is not as it was written.
func (s *Store) VerifyLog(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, verifyWithin)
	defer cancel()
	var next []byte
	err := pgx.BeginTxFunc(within, s.pool, moment, func(tx pgx.Tx) error {
		log, note, err := logIn(within, tx)
		if err == nil {
			next, err = log.Verify(within, s.opt.Key, note)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrLog):
		return err
	case err != nil:
		return fmt.Errorf("verify the audit log: %w", err)
	case next == nil:
		return nil
	}
	return s.note(ctx, func(t *txn) error { return t.set("meta", verified, next) })
}

// logIn is the log as a transaction has it, and the note of how far it was verified.
func logIn(ctx context.Context, tx pgx.Tx) (l store.Log, note []byte, err error) {
	if err := tx.QueryRow(ctx, "select seq, hash, coalesce((select value from usher.meta where name = $1), '') from usher.head", verified).Scan(&l.Head.Seq, &l.Head.Hash, &note); err != nil {
		return l, nil, err
	}
	if len(note) == 0 {
		note = nil
	}
	l.Lines = func(fn func(int64, []byte) error) error {
		rows, err := tx.Query(ctx, "select seq, line from usher.audit order by seq")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var seq int64
			var line []byte
			if err := rows.Scan(&seq, &line); err != nil {
				return err
			}
			if err := fn(seq, line); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	return l, note, nil
}
