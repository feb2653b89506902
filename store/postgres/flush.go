package postgres

import (
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
	if t.raised {
		b.Queue("update usher.gate set number = $1", t.last)
	}
	b.Queue("select pg_current_xact_id()::text, " + timeline).QueryRow(func(row pgx.Row) error { return row.Scan(&m.xid, &m.timeline) })
	var head approvals.Head
	if len(t.entries) > 0 {
		b.Queue("select seq, hash from usher.head for update").QueryRow(func(row pgx.Row) error { return row.Scan(&head.Seq, &head.Hash) })
	}
	if err := t.send(b); err != nil {
		return m, t.failed("write promises", err)
	}
	if len(*kept) > 0 {
		return m, again{fmt.Errorf("write promises: %s was kept by somebody else meanwhile", (*kept)[0]), true}
	}
	if err := t.seal(head); err != nil {
		return m, t.failed("write the audit log", err)
	}
	return m, nil
}

// seal appends the entries to the log. The head's row is locked by now, so nobody else follows the same entry; were it not,
// the second to do so would be refused, since each is followed once.
func (t *txn) seal(head approvals.Head) error {
	if len(t.entries) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	for _, e := range t.entries {
		line, next, err := approvals.Seal(e, head, t.s.opt.Key)
		if err != nil {
			return err
		}
		b.Queue("insert into usher.audit (seq, prev, hash, line) values ($1, $2, $3, $4)", next.Seq, head.Hash, next.Hash, line)
		head = next
	}
	b.Queue("update usher.head set seq = $1, hash = $2", head.Seq, head.Hash)
	return t.send(b)
}
