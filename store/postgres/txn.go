package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// txn is one transaction as approvals sees it. Promises and entries are gathered in it until fn has returned.
type txn struct {
	ctx  context.Context
	s    *Store
	conn *pgx.Conn
	// last is the number of the last request, as the gate had it or as it was raised since.
	last    int64
	raised  bool
	changes []outbox.Change
	entries []approvals.Entry
	// receipts are the keys under which receipts are dropped.
	receipts []string
	// intents are the promises that were read to be changed; nil: none were yet.
	intents *ledger
	dirty   bool
	// restored is when the database was put back from a backup.
	restored store.Restored
	// held is the claim under which it is made; nil: none. dropped says that it ends that by dropping the promise, and
	// began is when it began, by the time that has passed.
	held    *outbox.Hold
	dropped bool
	began   time.Duration
	// sealed are the entries that it has written, by their numbers. succeeds: it looks in which history it is, and gone is what it
	// found to be gone.
	sealed   map[int64]kept
	succeeds bool
	gone     []approvals.Entry
	// broken is the first trouble with the server. Nothing that fn makes of it keeps the transaction alive.
	broken error
}

var _ approvals.Tx = (*txn)(nil)

// run calls fn; a panic in it becomes an error, so that it cannot take the program down.
func (t *txn) run(fn func(*txn) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v", p)
		}
	}()
	return fn(t)
}

// stumble notes trouble with the server.
func (t *txn) stumble(err error) error {
	if err != nil && t.broken == nil {
		t.broken = err
	}
	return err
}

func (t *txn) exec(sql string, args ...any) error {
	t.dirty = true
	_, err := t.conn.Exec(t.ctx, sql, args...)
	return t.stumble(err)
}

// send runs statements in one exchange.
func (t *txn) send(b *pgx.Batch) error {
	if b.Len() == 0 {
		return nil
	}
	return t.stumble(t.conn.SendBatch(t.ctx, b).Close())
}

// one reads one row; false: there is none.
func (t *txn) one(into any, sql string, args ...any) (bool, error) {
	return found(t.conn.QueryRow(t.ctx, sql, args...).Scan(into), t.stumble)
}

func found(err error, stumble func(error) error) (bool, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, stumble(err)
}

// value reads what stands under a name in a table of such; nil: nothing does.
func (t *txn) value(table, name string) (raw []byte, err error) {
	_, err = t.one(&raw, "select value from usher."+table+" where name = $1", text(name))
	return raw, err
}

const upsert = " (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value"

func (t *txn) set(table, name string, value []byte) error {
	return t.exec("insert into usher."+table+upsert, text(name), notNil(value))
}

// shelved reads JSON that stands under a name; false: nothing does.
func (t *txn) shelved(table, name string, v any) (there bool, err error) {
	raw, err := t.value(table, name)
	if err != nil || raw == nil {
		return false, err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("decode %s: %w", name, err)
	}
	return true, nil
}

func (t *txn) setJSON(table, name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return t.set(table, name, raw)
}

// text is what a column of text can hold: no zero byte, and nothing but UTF-8. The line beside it has what was said.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// notNil tells bytes that are empty from none.
func notNil(raw []byte) []byte {
	if raw == nil {
		return []byte{}
	}
	return raw
}

// Audit implements approvals.Tx: the entry gets its place in the chain when fn has returned.
func (t *txn) Audit(e approvals.Entry) error {
	t.dirty = true
	t.entries = append(t.entries, e)
	return nil
}

// Change implements approvals.Tx.
func (t *txn) Change(c outbox.Change) error {
	t.dirty = true
	t.changes = append(t.changes, c)
	return nil
}

// Absences implements approvals.Tx.
func (t *txn) Absences() (all []approvals.Absence, err error) {
	_, err = t.shelved("meta", "absences", &all)
	return all, err
}

// KeepAbsences implements approvals.Tx.
func (t *txn) KeepAbsences(all []approvals.Absence) error { return t.setJSON("meta", "absences", all) }

// Stock implements approvals.Tx.
func (t *txn) Stock(app string) (s approvals.Stock, err error) {
	_, err = t.shelved("meta", "stock/"+app, &s)
	return s, err
}

// KeepStock implements approvals.Tx.
func (t *txn) KeepStock(app string, s approvals.Stock) error {
	return t.setJSON("meta", "stock/"+app, s)
}

// Turn implements approvals.Tx.
func (t *txn) Turn(app string) (approvals.PersonID, error) {
	raw, err := t.value("meta", "turn/"+app)
	return approvals.PersonID(raw), err
}

// KeepTurn implements approvals.Tx.
func (t *txn) KeepTurn(app string, id approvals.PersonID) error {
	return t.set("meta", "turn/"+app, []byte(id))
}
