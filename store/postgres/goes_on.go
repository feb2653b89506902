package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// A database that goes on from a copy of itself is treated as one that was put back from a backup (store.Restored): whatever is owed is
// looked for before it's done, every card of what is open is shown anew, numbers of requests that may be gone are passed over,
// the audit log says so, and people are told. It's one transaction that holds the gate, so one process does it.

// How many numbers are passed over: with a witness more than are given between two of its looks, without one more than anybody
// asks for while a standby is behind, as in a restore.
const (
	skipSeen   = 100
	skipUnseen = 1000
)

// Failover is what is known of a database that goes on from a copy of itself.
type Failover struct {
	store.Restored
	// Gone are the entries of the audit log that this process knows to have been there, in their order, each told of here only. Their
	// details are without what is kept beside an entry.
	Gone []approvals.Entry
	// Told are the requests of which something was known to be gone before.
	Told []int64
	// Seen says that this process ran before, and had seen the end of the log; First that nobody has told of this failover yet.
	Seen, First bool
}

// enters brings the database from the history that it was written in into the one it is in. Where another process did that before,
// there's still to tell what only this one knows to be gone.
func (t *txn) enters(is, was string) error {
	// What was read with the gate is as old as that statement, which may have waited for another process to do this.
	if _, err := t.shelved("meta", "restored", &t.restored); err != nil {
		return err
	}
	f, err := t.failover()
	if err != nil {
		return err
	}
	f.First, f.Seen = is != was && was != "", t.s.running()
	switch {
	case f.First:
		f.Told = nil // that was another failover
		err = t.goesOn(&f)
	case len(f.Gone) > 0:
		err = t.adds(&f)
	}
	if err == nil && is != was {
		err = t.exec("update usher.gate set history = $1", is)
	}
	if err == nil && (f.First || len(f.Gone) > 0) {
		t.s.opt.Log.Warn("the database goes on from a copy of itself, such as a standby, which may lack what was kept last; everything is looked for before it is done again",
			"last_request", f.Number, "last_entry", f.Head.Seq, "entries_known_gone", len(f.Gone))
	}
	t.gone = f.Gone
	return err
}

// failover reads where the database ends, and compares that with what this process has seen in it.
func (t *txn) failover() (f Failover, err error) {
	f.By, f.Copy, f.Number = approvals.Usher, true, t.last
	var line []byte
	row := t.conn.QueryRow(t.ctx, "select clock_timestamp(), h.seq, h.hash, (select line from usher.audit where seq = h.seq) from usher.head h")
	if err := row.Scan(&f.At, &f.Head.Seq, &f.Head.Hash, &line); err != nil {
		return f, t.stumble(err)
	}
	f.At, f.Since = f.At.UTC(), f.At.UTC()
	if line != nil {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return f, fmt.Errorf("decode last audit entry: %w", err)
		}
		f.Since = e.At
	}
	told, err := t.lost()
	if err != nil {
		return f, err
	}
	if f.Gone, err = t.missing(told); err != nil {
		return f, err
	}
	for _, e := range told {
		f.Told = append(f.Told, e.Request)
	}
	return f, t.mourn(told, f.Gone)
}

// goesOn makes the database aware that it is a copy. Tokens and revisions that were given since may not be in it, and none is to be
// given to two. At a start it is seen to later that the log can be continued (auditPast).
func (t *txn) goesOn(f *Failover) error {
	skip := int64(skipUnseen)
	if f.Seen {
		skip = skipSeen
	}
	err := errors.Join(t.passOver(max(f.Number, f.last())+skip), t.exec("select setval('usher.revision', nextval('usher.revision') + 1000000)"),
		t.mayHaveHappened(), t.showAgain(f.At), t.tells(*f))
	if err == nil && f.Seen {
		f.Audited, err = true, t.audits(*f)
	}
	if err != nil {
		return err
	}
	t.restored = f.Restored
	return t.setJSON("meta", "restored", f.Restored)
}

// adds tells what another process, which had the database go on, didn't know to be gone.
func (t *txn) adds(f *Failover) error {
	if at := f.At; t.restored.Copy {
		f.Restored, f.At = t.restored, at
	}
	var err error
	if last := f.last(); last > t.last {
		err = t.passOver(last + skipSeen)
	}
	return errors.Join(err, t.tells(*f), t.audits(*f))
}

// last is the last request of which something is known to be gone; 0: none.
func (f Failover) last() (n int64) {
	for _, e := range f.Gone {
		n = max(n, e.Request)
	}
	return n
}

// passOver gives no number up to to.
func (t *txn) passOver(to int64) error {
	skips := map[string]int64{}
	if _, err := t.shelved("meta", "skips", &skips); err != nil {
		return err
	}
	skips[strconv.FormatInt(t.last, 10)] = to + 1
	t.last, t.raised = to, true
	return t.setJSON("meta", "skips", skips)
}

func (t *txn) audits(f Failover) error {
	e, err := store.GoesOn(f.Restored, f.Gone)
	if err != nil {
		return err
	}
	return t.Audit(e)
}

func (t *txn) tells(f Failover) error {
	if t.s.opt.Failover == nil {
		return nil
	}
	owed, err := t.s.opt.Failover(f)
	for _, c := range owed {
		err = errors.Join(err, t.Change(c))
	}
	return err
}

// mayHaveHappened notes on every promise for which that matters that it may have been carried out.
func (t *txn) mayHaveHappened() error {
	if t.s.opt.Note == nil {
		return nil
	}
	all, err := intents(t.conn.Query(t.ctx, "select line from usher.intents order by key for update"))
	if err != nil {
		return t.stumble(err)
	}
	b := &pgx.Batch{}
	for _, in := range all {
		note := t.s.opt.Note(in)
		if string(note) == string(in.Note) {
			continue
		}
		in.Note = note
		line, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode promise %s: %w", in.Key, err)
		}
		b.Queue("update usher.intents set line = $2 where key = $1", in.Key, line)
	}
	return t.send(b)
}

// showAgain owes every message that follows a request which is open, or may have changed: each is drawn as it is here.
func (t *txn) showAgain(now time.Time) error {
	list, err := t.list("live or state = $1 order by number", string(approvals.Failed))
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	for _, r := range list {
		admin := approvals.AdminKey(r.Number, "")
		rows, err := t.conn.Query(t.ctx, "select line from usher.receipts where key = $1 or key >= $2 and key < $3 order by key", approvals.CardKeyOf(r), admin, after(admin))
		if err != nil {
			return t.stumble(err)
		}
		shown, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r outbox.Receipt, err error) { return r, decodeRow(row, &r) })
		if err != nil {
			return t.stumble(err)
		}
		for _, s := range shown {
			s.Digest = ""
			line, err := json.Marshal(s)
			if err != nil {
				return fmt.Errorf("encode receipt %s: %w", s.Key, err)
			}
			b.Queue("update usher.receipts set line = $2 where key = $1", s.Key, line)
			t.changes = append(t.changes, outbox.AtOnce(s.Key, approvals.NumberOf(s.Key), now))
		}
	}
	return t.send(b)
}
