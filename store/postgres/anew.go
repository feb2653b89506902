package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// ShowAnew forgets where the messages stand that people decide by, and owes each of them at once, as the file's does: it is for a workspace that
// never had them, as a demo's is, which begins empty each time. Nobody may run on the database meanwhile. A crash leaves all of it or nothing.
func (s *Store) ShowAnew(ctx context.Context, now time.Time) error {
	return s.note(ctx, func(t *txn) error {
		states := []string{string(approvals.Failed), string(approvals.Done)}
		for _, state := range store.OpenStates {
			states = append(states, string(state))
		}
		all, err := t.list("state = any($1) order by number", states)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.State == approvals.Done && !r.Lent() {
				continue
			}
			if err := t.anew(r, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// anew owes the messages of a request as if they had never been posted: its card while something is open about it, and what admins have of it.
func (t *txn) anew(r approvals.Request, now time.Time) error {
	pre := approvals.AdminKey(r.Number, "")
	rows, err := t.conn.Query(t.ctx, "select key from usher.receipts where key >= $1 and key < $2 order by key", pre, after(pre))
	var keys []string
	if err == nil {
		keys, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err := t.stumble(err); err != nil {
		return err
	}
	if r.State != approvals.Failed {
		keys = append(keys, approvals.CardKeyOf(r))
	}
	for _, key := range keys {
		t.changes = append(t.changes, outbox.AtOnce(key, r.Number, now))
	}
	return t.exec("delete from usher.receipts where key = any($1)", keys)
}
