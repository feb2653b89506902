package postgres

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/cargo"
)

// Rewrite puts things in the place of others, and whatever also does, in one transaction.
func (s *Store) Rewrite(ctx context.Context, all []cargo.Rewritten, also func(tx approvals.Tx, done int) error) (done int, err error) {
	err = s.decide(ctx, func(t *txn) error {
		n, err := cargo.Count(all, t.rewrite)
		if done = n; err != nil || also == nil {
			return err
		}
		return also(t, n)
	})
	if err != nil {
		return 0, err
	}
	return done, nil
}

// rewritten says of each kind how a line takes the place of another: $1 names it, $2 is as it was, $3 as it is to be.
var rewritten = map[cargo.Kind]string{
	cargo.Request: "update usher.requests set line = $3, state = $4, requester = $5, person = $6, app = $7, email = $8, live = $9 where number = $1 and line = $2",
	cargo.Beside:  "update usher.beside set line = $3 where seq = $1 and line = $2",
	cargo.Promise: "update usher.intents set line = $3 where key = $1 and line = $2",
	cargo.Receipt: "update usher.receipts set line = $3 where key = $1 and line = $2",
	cargo.Meta:    "update usher.meta set value = $3 where name = $1 and value = $2",
	cargo.Shelf:   "update usher.shelf set value = $3 where name = $1 and value = $2",
}

// rewrite puts one thing in the place of another; false: what stands there isn't what it was.
func (t *txn) rewrite(r cargo.Rewritten) (bool, error) {
	sql := rewritten[r.Was.Kind]
	args := []any{r.Was.Name, notNil(r.Was.Line), notNil(r.Line)}
	switch r.Was.Kind {
	case cargo.Request:
		is, err := decode(r.Line)
		if err != nil {
			return false, err
		}
		args = append(args, requestRow(is)[1:]...)
		args[0] = r.Was.N
	case cargo.Beside:
		args[0] = r.Was.N
	}
	if sql == "" {
		return false, fmt.Errorf("rewrite %s: they stay as they are", r.Was.Kind)
	}
	tag, err := t.conn.Exec(t.ctx, sql, args...)
	if err := t.stumble(err); err != nil {
		return false, err
	}
	t.dirty = t.dirty || tag.RowsAffected() > 0
	return tag.RowsAffected() > 0, nil
}

// Scrub does nothing: what PostgreSQL keeps of rows that were replaced is for VACUUM to take away, and of its log for whoever archives that.
func (s *Store) Scrub(context.Context) error { return nil }
