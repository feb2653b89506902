package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Check verifies what the tables promise each other, as of one moment, and returns all that is wrong, joined. It reads
// everything, so it is for tests, restores and people.
func (s *Store) Check(ctx context.Context) error {
	var wrong []error
	fail := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return check(ctx, tx, fail)
	})
	return errors.Join(append(wrong, err)...)
}

func check(ctx context.Context, tx asker, fail func(string, ...any)) error {
	return errors.Join(checkRequests(ctx, tx, fail), checkLog(ctx, tx, fail), checkIntents(ctx, tx, fail))
}

// checkRequests: each stands under its number and is indexed as it is, and none is beyond the gate's.
func checkRequests(ctx context.Context, tx asker, fail func(string, ...any)) error {
	var last int64
	if err := tx.QueryRow(ctx, "select number from usher.gate").Scan(&last); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "select number, state, requester, person, app, email, live, line from usher.requests order by number")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var state, requester, person, app, email string
		var live bool
		var line []byte
		if err := rows.Scan(&n, &state, &requester, &person, &app, &email, &live, &line); err != nil {
			return err
		}
		r, err := decode(line)
		if err != nil {
			fail("request %d: %w", n, err)
			continue
		}
		if r.Number != n || n > last {
			fail("request %d stands under %d, and %d is the last", r.Number, n, last)
		}
		if state != text(string(r.State)) || requester != text(string(r.Requester)) || person != text(string(r.Change.Person)) ||
			app != text(r.App.ID) || email != text(approvals.FoldEmail(r.Change.Email)) || live != r.Live() {
			fail("request %d is indexed as it isn't", n)
		}
	}
	return rows.Err()
}

// checkLog: each entry follows the one before it, none is missing, and the head is the last.
func checkLog(ctx context.Context, tx asker, fail func(string, ...any)) error {
	var head, is approvals.Head
	if err := tx.QueryRow(ctx, "select seq, hash from usher.head").Scan(&head.Seq, &head.Hash); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "select a.seq, prev, hash, a.line, b.line from usher.audit a left join usher.beside b using (seq) order by seq")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var prev, hash string
		var line, beside []byte
		if err := rows.Scan(&seq, &prev, &hash, &line, &beside); err != nil {
			return err
		}
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			fail("audit entry %d: %w", seq, err)
			continue
		}
		if _, err := e.Holds(beside); err != nil {
			fail("audit entry %d: %w", seq, err)
		}
		if seq != is.Seq+1 || prev != is.Hash || e.Seq != seq || e.Prev != prev || e.Hash != hash {
			fail("audit entry %d does not follow %d", seq, is.Seq)
		}
		is = approvals.Head{Seq: seq, Hash: hash}
	}
	if is != head {
		fail("the log ends at %d, and its head says %d", is.Seq, head.Seq)
	}
	return rows.Err()
}

// checkIntents: each stands under its key and in the order in which its kind falls due.
func checkIntents(ctx context.Context, tx asker, fail func(string, ...any)) error {
	rows, err := tx.Query(ctx, "select key, kind, due, line from usher.intents order by key")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, kind string
		var due int64
		var line []byte
		if err := rows.Scan(&key, &kind, &due, &line); err != nil {
			return err
		}
		var in outbox.Intent
		if err := json.Unmarshal(line, &in); err != nil {
			fail("promise %s: %w", key, err)
			continue
		}
		if in.Key != key || outbox.Kind(key) != kind || in.Due.UnixNano() != due {
			fail("promise %s is indexed as it isn't", key)
		}
	}
	return rows.Err()
}
