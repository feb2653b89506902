package postgres

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
)

// asker is whatever questions can be put to: a connection, or a transaction on one.
type asker interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// unhurried is for a transaction that reads or writes everything: the server waits for it as long as it takes.
const unhurried = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = '10s'"

// hold is a table of what goes along, and how its rows are read, in the order of their keys as bytes, as a kind of thing.
type hold struct {
	table string
	kind  cargo.Kind
	// rows ends with the line, behind a name or a number; of what was seen there is no line.
	rows string
}

// holds are all tables but the gate and the head, which are rows of their own. A table that is not among them does not move.
var holds = []hold{
	{"requests", cargo.Request, "select number, line from usher.requests order by number"},
	{"removed", cargo.Left, "select number, line from usher.removed order by number"},
	{"seen", cargo.Seen, "select month, key, number from usher.seen order by month, key"},
	{"audit", cargo.Entry, "select seq, line from usher.audit order by seq"},
	{"beside", cargo.Beside, "select seq, line from usher.beside order by seq"},
	{"intents", cargo.Promise, "select key, line from usher.intents order by key"},
	{"receipts", cargo.Receipt, "select key, line from usher.receipts order by key"},
	{"meta", cargo.Meta, "select name, value from usher.meta order by name"},
	{"shelf", cargo.Shelf, "select name, value from usher.shelf order by name"},
}

// Unload gives everything there is in the database to put, as of one moment. Its transaction, in which it only reads, lasts as
// long as put takes.
func (s *Store) Unload(ctx context.Context, put cargo.Put) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := simple(ctx, tx.Conn().PgConn(), unhurried); err != nil {
			return fmt.Errorf("read the database: %w", err)
		}
		return unload(ctx, tx, put)
	})
}

// Backup writes what is kept to w as of one moment, as the file that it would be (bolt.Pack), which is made beside w.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	dir := os.TempDir()
	if f, ok := w.(interface{ Name() string }); ok {
		dir = filepath.Dir(f.Name())
	}
	return bolt.Pack(ctx, dir, s.Unload, w)
}

func unload(ctx context.Context, from asker, put cargo.Put) error {
	var number, revision int64
	var called bool
	var head approvals.Head
	err := from.QueryRow(ctx, "select number, last_value, is_called, seq, hash from usher.gate, usher.revision, usher.head").Scan(&number, &revision, &called, &head.Seq, &head.Hash)
	if err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	if !called {
		revision = 0
	}
	for _, i := range []cargo.Item{{Kind: cargo.Number, N: number}, {Kind: cargo.Revision, N: revision}, {Kind: cargo.Head, N: head.Seq, Name: head.Hash}} {
		if err := put(i); err != nil {
			return err
		}
	}
	for _, h := range holds {
		if err := h.unload(ctx, from, put); err != nil {
			return err
		}
	}
	return nil
}

// unload gives the rows of one table. They come as the server reads them, so few are in memory at a time.
func (h hold) unload(ctx context.Context, from asker, put cargo.Put) error {
	rows, err := from.Query(ctx, h.rows)
	if err != nil {
		return fmt.Errorf("read %s: %w", h.kind, err)
	}
	defer rows.Close()
	i := cargo.Item{Kind: h.kind}
	into := []any{&i.Name, &i.Line}
	switch h.kind {
	case cargo.Request, cargo.Left, cargo.Entry, cargo.Beside:
		into[0] = &i.N
	case cargo.Seen:
		into = []any{&i.Month, &i.Name, &i.N}
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", h.kind, err)
		}
		if err := put(i); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", h.kind, err)
	}
	return nil
}
