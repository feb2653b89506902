package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
)

// flush writes what was gathered, in the order in which rows are locked: promises by their keys, what there is one of, and the
// head of the log last, so that everybody who logs anything waits for the shortest time. It says by what the
// transaction can be asked after.
func (t *txn) flush() (m mark, err error) {
	if !t.dirty {
		return m, nil
	}
	if err := t.amend(t.changes); err != nil {
		return m, t.failed("read promises", err)
	}
	b := &pgx.Batch{}
	if err := t.intents.write(b, t.s.opt); err != nil {
		return m, err
	}
	kept := t.intents.kept(b)
	if len(t.receipts) > 0 {
		b.Queue("delete from usher.receipts r using unnest($1::text[]) u where r.key = u collate \"C\" or r.key >= u || '/' collate \"C\" and r.key < u || '0' collate \"C\"", t.receipts)
	}
	t.intents.tells(b)
	if t.raised {
		b.Queue("update usher.gate set number = $1", t.last)
	}
	b.Queue("select pg_current_xact_id()::text, " + t.s.opt.history).QueryRow(func(row pgx.Row) error { return row.Scan(&m.xid, &m.history) })
	var head approvals.Head
	var last approvals.Entry
	if len(t.entries) > 0 {
		b.Queue("select seq, hash from usher.head for update").QueryRow(func(row pgx.Row) error { return row.Scan(&head.Seq, &head.Hash) })
		// A statement of its own, which sees what was written until the head was ours.
		b.Queue("select line from usher.audit where seq = (select seq from usher.head)").Query(func(rows pgx.Rows) error { return lastIn(rows, &last) })
	}
	if err := t.send(b); err != nil {
		return m, t.failed("write promises", err)
	}
	if err := t.inHistory(m); err != nil {
		return m, err
	}
	if len(*kept) > 0 {
		return m, again{fmt.Errorf("write promises: %s was kept by somebody else meanwhile", (*kept)[0]), true}
	}
	if err := t.seal(head, last.Key); err != nil {
		return m, t.failed("write the audit log", err)
	}
	return m, nil
}

// seal appends the entries to the log. The head's row is locked by now, so nobody else follows the same entry; were it not,
// the second to do so would be refused, since each is followed once. signer is whose key signed the entry there: nothing is
// written that nobody could verify, and what changes the key is written once.
func (t *txn) seal(head approvals.Head, signer string) error {
	if len(t.entries) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	signs := approvals.Signing{Key: t.s.opt.Key, Before: t.s.opt.Before}
	for _, e := range t.entries {
		due, err := signs.Follows(e, head, signer)
		if err != nil {
			return err
		}
		if !due {
			continue
		}
		var beside []byte
		if t.s.opt.Random != nil {
			if e, beside, err = approvals.Apart(e, t.s.opt.Random); err != nil {
				return err
			}
		}
		line, next, err := signs.Seal(e, head)
		if err != nil {
			return err
		}
		signer = signs.Public()
		if beside != nil {
			b.Queue("insert into usher.beside (seq, line) values ($1, $2)", next.Seq, beside)
		}
		b.Queue("insert into usher.audit (seq, prev, hash, line) values ($1, $2, $3, $4)", next.Seq, head.Hash, next.Hash, line)
		if t.sealed == nil {
			t.sealed = map[int64]kept{}
		}
		t.sealed[next.Seq], head = kept{next.Hash, line}, next
	}
	b.Queue("update usher.head set seq = $1, hash = $2", head.Seq, head.Hash)
	return t.send(b)
}

// lastIn is the entry at the end of the log, where there is one.
func lastIn(rows pgx.Rows, last *approvals.Entry) error {
	for rows.Next() {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("read the last audit entry: %w", err)
		}
		if err := json.Unmarshal(line, last); err != nil {
			return fmt.Errorf("decode the last audit entry: %w", err)
		}
	}
	return rows.Err()
}
