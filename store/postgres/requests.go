package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
)

func decode(line []byte) (r approvals.Request, err error) {
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("decode a request: %w", err)
	}
	return r, nil
}

// decoded reads the requests that a query lists.
func decoded(rows pgx.Rows, err error) ([]approvals.Request, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (approvals.Request, error) {
		var line []byte
		if err := row.Scan(&line); err != nil {
			return approvals.Request{}, err
		}
		return decode(line)
	})
}

// list reads requests inside the transaction.
func (t *txn) list(rest string, args ...any) ([]approvals.Request, error) {
	list, err := decoded(t.conn.Query(t.ctx, "select line from usher.requests where "+rest, args...))
	return list, t.stumble(err)
}

// Request implements approvals.Tx.
func (t *txn) Request(n int64) (r approvals.Request, err error) {
	var line []byte
	there, err := t.one(&line, "select line from usher.requests where number = $1", n)
	if err != nil {
		return r, err
	}
	if there {
		return decode(line)
	}
	if _, err := t.one(&line, "select line from usher.removed where number = $1", n); err != nil {
		return r, err
	}
	return r, removed(line)
}

// removed is the error for a number that no request has: what is left of the one that was removed, or that there never was any.
func removed(line []byte) error {
	if line == nil {
		return approvals.ErrNoRequest
	}
	var r approvals.Removed
	if err := json.Unmarshal(line, &r); err != nil {
		return fmt.Errorf("decode what is left of a request: %w", err)
	}
	return r
}

// Owed implements approvals.Tx.
func (t *txn) Owed(under []string) (owed bool, err error) {
	_, err = t.one(&owed, "select exists (select from usher.intents i, unnest($1::text[]) u where i.key = u collate \"C\" or i.key >= u || '/' collate \"C\" and i.key < u || '0' collate \"C\")", under)
	return owed, err
}

// Remove implements approvals.Tx. Receipts go with the promises, when fn has returned.
func (t *txn) Remove(r approvals.Removed, under []string) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode what is left of request #%d: %w", r.Number, err)
	}
	t.dirty = true
	t.receipts = append(t.receipts, under...)
	b := &pgx.Batch{}
	b.Queue("delete from usher.requests where number = $1", r.Number)
	b.Queue("delete from usher.seen where number = $1", r.Number)
	b.Queue("insert into usher.removed (number, line) values ($1, $2)", r.Number, line)
	return t.send(b)
}

// Next implements approvals.Tx.
func (t *txn) Next() (int64, error) { return t.last + 1, nil }

// Put implements approvals.Tx.
func (t *txn) Put(r approvals.Request) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode request #%d: %w", r.Number, err)
	}
	t.dirty = true
	if r.Number > t.last {
		t.last, t.raised = r.Number, true
	}
	b := &pgx.Batch{}
	b.Queue(`insert into usher.requests (number, state, requester, person, app, email, live, line) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (number) do update set state = excluded.state, requester = excluded.requester, person = excluded.person,
		app = excluded.app, email = excluded.email, live = excluded.live, line = excluded.line`,
		append(requestRow(r), line)...)
	if r.Origin.Key != "" && r.State == approvals.Pending {
		// Nobody redelivers an envelope after two months.
		b.Queue("delete from usher.seen where month < $1", r.Asked.UTC().AddDate(0, -2, 0).Format("200601"))
		b.Queue("insert into usher.seen (key, month, number) values ($1, $2, $3) on conflict (key) do update set month = excluded.month, number = excluded.number",
			text(r.Origin.Key), r.Asked.UTC().Format("200601"), r.Number)
	}
	return t.send(b)
}

// requestRow is by what a request is found: all columns of its row but the line.
func requestRow(r approvals.Request) []any {
	return []any{r.Number, text(string(r.State)), text(string(r.Requester)), text(string(r.Change.Person)), text(r.App.ID), text(approvals.FoldEmail(r.Change.Email)), r.Live()}
}

// Keyed implements approvals.Tx.
func (t *txn) Keyed(key string) (n int64, err error) {
	_, err = t.one(&n, "select number from usher.seen where key = $1", text(key))
	return n, err
}

// Waiting implements approvals.Tx.
func (t *txn) Waiting(p approvals.PersonID) (n int, err error) {
	_, err = t.one(&n, "select count(*) from usher.requests where requester = $1 and requester <> '' and state = $2", text(string(p)), string(approvals.Pending))
	return n, err
}

// Latest implements approvals.Tx.
func (t *txn) Latest(p approvals.PersonID, n int) (approvals.Request, bool, error) {
	if n < 1 {
		return approvals.Request{}, false, nil
	}
	list, err := t.list("requester = $1 and requester <> '' order by number desc offset $2 limit 1", text(string(p)), int64(n-1))
	if err != nil || len(list) == 0 {
		return approvals.Request{}, false, err
	}
	return list[0], true, nil
}

// OpenFor implements approvals.Tx.
func (t *txn) OpenFor(app, email string) ([]approvals.Request, error) {
	return t.list("live and app = $1 and email = $2 order by number", text(app), text(approvals.FoldEmail(email)))
}

// OpenIn implements approvals.Tx.
func (t *txn) OpenIn(app string) ([]approvals.Request, error) {
	return t.list("live and app = $1 order by email, number", text(app))
}

// DoneIn implements approvals.Tx. It reads all that was ever done, so it is for what is reckoned once.
func (t *txn) DoneIn(app string) ([]approvals.Request, error) {
	return t.list("app = $1 and state in ($2, $3) order by number", text(app), string(approvals.Done), string(approvals.Ended))
}
