package postgres

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/outbox"
)

// row is a promise with what its columns say of its claim.
type row struct {
	outbox.Intent
	owner string
	// held: the lease of its owner is not over, by the server's clock.
	held bool
	// claims, renews and frees are what becomes of the claim when it is written.
	claims, renews, frees bool
}

// ledger is the promises that a transaction has locked, as they are to be, and which of their keys have a row or a receipt.
type ledger struct {
	rows     map[string]*row
	there    map[string]bool
	receipts map[string]bool
	revs     []int64
	touched  map[string]bool
	// once are the new ones that were not to be promised again after they had been kept.
	once map[string]bool
	// made are those that were promised, anew or again.
	made map[string]bool
}

// amend makes changes to promises, in their order. Their rows are locked by their keys, so that two that change the same ones wait
// for each other and never cross.
func (t *txn) amend(changes []outbox.Change) error {
	var keys, pres []string
	var puts int64
	for _, c := range changes {
		if c.Put == nil {
			keys = append(keys, c.Drop)
			continue
		}
		puts++
		if keys = append(keys, c.Put.Key); c.Where != "" {
			pres = append(pres, c.Where)
		}
	}
	if t.held != nil {
		keys = append(keys, t.held.Key())
	}
	if err := t.lock(keys, pres, puts); err != nil {
		return err
	}
	if err := t.fence(); err != nil {
		return err
	}
	for _, c := range changes {
		switch {
		case c.Put == nil:
			t.intents.drop(c.Drop)
		case c.Where == "" || t.intents.knows(c.Where):
			t.intents.promise(*c.Put, c.Once)
		}
	}
	if t.held != nil {
		t.dropped = t.held.Check(t.intents.standing(t.held.Key())) != nil
	}
	return nil
}

// fence refuses what is to be kept under a claim that stands no more.
func (t *txn) fence() error {
	if t.held == nil {
		return nil
	}
	return t.held.Check(t.intents.standing(t.held.Key()))
}

// standing is a promise as it is to be; nil: nobody owes it.
func (l *ledger) standing(key string) *outbox.Intent {
	if r := l.rows[key]; r != nil {
		return &r.Intent
	}
	return nil
}

// number is one of the revisions that were drawn.
func (l *ledger) number() (n int64) {
	n, l.revs = l.revs[0], l.revs[1:]
	return n
}

// lock reads promises to change them, which of all under some names are known, and as many new revisions as may be needed.
func (t *txn) lock(keys, pres []string, revs int64) error {
	if t.intents == nil {
		t.intents = &ledger{rows: map[string]*row{}, there: map[string]bool{}, receipts: map[string]bool{}, touched: map[string]bool{}, once: map[string]bool{}, made: map[string]bool{}}
	}
	l, b := t.intents, &pgx.Batch{}
	if keys = slices.DeleteFunc(keys, func(k string) bool { return l.there[k] }); len(keys) > 0 {
		b.Queue(`select coalesce(owner, ''), coalesce(lease_until > clock_timestamp(), false), line
			from usher.intents where key = any($1) order by key for update`, keys).Query(l.read)
		b.Queue("select key from usher.receipts where key = any($1)", keys).Query(noted(l.receipts))
	}
	for _, pre := range pres {
		b.Queue("select key from usher.intents where key >= $1 and key < $2", pre, after(pre)).Query(noted(l.there))
		b.Queue("select key from usher.receipts where key >= $1 and key < $2", pre, after(pre)).Query(noted(l.receipts))
	}
	if revs > 0 {
		b.Queue("select nextval('usher.revision') from generate_series(1, $1)", revs).Query(func(rows pgx.Rows) (err error) {
			l.revs, err = pgx.AppendRows(l.revs, rows, pgx.RowTo[int64])
			return err
		})
	}
	return t.send(b)
}

// after is the end of the keys that begin so.
func after(pre string) string { return pre + "\U0010FFFF" }

func noted(keys map[string]bool) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		for _, k := range list {
			keys[k] = true
		}
		return err
	}
}

func (l *ledger) read(rows pgx.Rows) error {
	for rows.Next() {
		var r row
		var line []byte
		if err := rows.Scan(&r.owner, &r.held, &line); err != nil {
			return err
		}
		if err := json.Unmarshal(line, &r.Intent); err != nil {
			return fmt.Errorf("decode a promise: %w", err)
		}
		l.rows[r.Key], l.there[r.Key] = &r, true
	}
	return rows.Err()
}

// knows reports whether anything that begins so is owed or has a receipt by now.
func (l *ledger) knows(pre string) bool {
	begins := func(k string) bool { return strings.HasPrefix(k, pre) }
	for k := range l.rows {
		if begins(k) {
			return true
		}
	}
	for k := range l.there {
		if begins(k) && !l.touched[k] {
			return true
		}
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(l.receipts)), begins)
}

// promise owes an intent: anew, or, where it is owed already, raised in revision and no later than
// before, keeping what was noted and whether somebody had claimed it.
func (l *ledger) promise(in outbox.Intent, once bool) {
	old := l.rows[in.Key]
	if once && (old != nil || l.receipts[in.Key]) {
		return
	}
	next := &row{Intent: in, frees: true}
	l.once[in.Key] = once && old == nil
	if old != nil {
		*next = *old
		next.Intent = in
		if old.Due.Before(in.Due) {
			next.Due = old.Due
		}
		if outbox.IsAtOnce(old.Due) {
			next.Since = old.Since
		}
		next.Claimed, next.Token, next.Tries, next.Made, next.Note, next.Implied, next.Place = old.Claimed, old.Token, old.Tries, old.Made, old.Note, old.Implied, old.Place
	}
	next.Rev = l.number()
	l.put(next)
	l.made[in.Key] = true
}

func (l *ledger) put(r *row) {
	r.Due, r.Made, r.Since = r.Due.UTC(), r.Made.UTC(), r.Since.UTC()
	l.rows[r.Key], l.touched[r.Key] = r, true
}

func (l *ledger) drop(key string) {
	if l.rows[key] != nil {
		delete(l.rows, key)
		l.touched[key] = true
	}
}

// write queues what became of the promises, in the order of their keys. A new one is inserted without regard to another of its
// key: where somebody made that meanwhile, the whole transaction is run again and finds it.
func (l *ledger) write(b *pgx.Batch, opt Options) error {
	for _, key := range slices.Sorted(maps.Keys(l.touched)) {
		r := l.rows[key]
		if r == nil {
			if l.there[key] {
				b.Queue("delete from usher.intents where key = $1", key)
			}
			continue
		}
		line, err := json.Marshal(r.Intent)
		if err != nil {
			return fmt.Errorf("encode promise %s: %w", key, err)
		}
		if !l.there[key] {
			b.Queue("insert into usher.intents (key, kind, due, line) values ($1, $2, $3, $4)", key, outbox.Kind(key), r.Due.UnixNano(), line)
			continue
		}
		b.Queue("update usher.intents set due = $2, line = $3"+r.claim(opt.Lease)+" where key = $1", append([]any{key, r.Due.UnixNano(), line}, r.by(opt.Owner)...)...)
	}
	return nil
}

// kept asks, once all is written, which of what was promised once had been kept by then. What nobody owed and nobody had kept
// when it was read locks nothing: another may have promised it since, carried it out and left its receipt. Behind the
// row that was written nobody can any more.
func (l *ledger) kept(b *pgx.Batch) *[]string {
	var keys []string
	for key := range l.once {
		if l.once[key] && l.rows[key] != nil && !l.there[key] {
			keys = append(keys, key)
		}
	}
	kept := &[]string{}
	if len(keys) == 0 {
		return kept
	}
	b.Queue("select key from usher.receipts where key = any($1)", keys).Query(func(rows pgx.Rows) (err error) {
		*kept, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return kept
}

// claim is what is written of a claim that begins or ends. A promise that is dropped and made again begins without one.
func (r *row) claim(lease time.Duration) string {
	until := fmt.Sprintf(", lease_until = clock_timestamp() + interval '%d microseconds'", lease.Microseconds())
	switch {
	case r.claims && lease > 0:
		return ", owner = $4, token = $5" + until
	case r.renews && lease > 0 && r.owner != "":
		return until
	case r.claims:
		return ", owner = $4, token = $5, lease_until = null"
	case r.frees:
		return ", owner = null, lease_until = null"
	}
	return ""
}

func (r *row) by(owner string) []any {
	if r.claims {
		return []any{owner, r.Token}
	}
	return nil
}
