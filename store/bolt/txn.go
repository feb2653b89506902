package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// txn is one transaction as approvals sees it. It notes whether anything was written.
type txn struct {
	tx    *bbolt.Tx
	signs approvals.Signing
	dirty bool
	// random draws the keys of what is kept beside entries; nil: their details stay in them.
	random io.Reader
	// log goes on with each entry; nil: here it doesn't.
	log *chronicle
	// cradle is where promises are born claimed; nil: here they aren't.
	cradle *cradle
}

var _ approvals.Tx = (*txn)(nil)

// errPanic is what a function met, or a page that isn't what it should be.
var errPanic = errors.New("panic")

// run calls fn; a panic in it becomes an error, so that it cannot take the writer down.
func (t *txn) run(fn func(*txn) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			t.dirty, err = true, fmt.Errorf("%w in a transaction: %v", errPanic, p)
		}
	}()
	return fn(t)
}

func (t *txn) put(bucket, key, value []byte) error {
	t.dirty = true
	return packed(t.tx.Bucket(bucket), bucket).Put(key, value)
}

// packed has the pages filled of a bucket whose rows come in their order, or nearly. bbolt leaves half of each page free
// for what may come in between, which takes twice the room: half of a page isn't free, so no commit gives it back.
func packed(b *bbolt.Bucket, name []byte) *bbolt.Bucket {
	switch {
	case bytes.Equal(name, bAudit), bytes.Equal(name, bBeside):
		b.FillPercent = tight
	case bytes.Equal(name, bRequests), bytes.Equal(name, bState), bytes.Equal(name, bPerson), bytes.Equal(name, bReceipts):
		b.FillPercent = max(b.FillPercent, roomy) // a loading fills them further
	}
	return b
}

// tight leaves a little, for bbolt wants two rows on a page.
const tight = 0.95

// roomy leaves what a request grows by after others were asked behind it.
const roomy = 0.8

func (t *txn) delete(bucket, key []byte) error {
	t.dirty = true
	return t.tx.Bucket(bucket).Delete(key)
}

func (t *txn) putJSON(bucket, key []byte, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", bucket, err)
	}
	return t.put(bucket, key, raw)
}

// number is a request number or sequence number as a key.
func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func numberFrom(key []byte) int64 {
	if len(key) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(key[len(key)-8:]))
}

// prefix joins parts with a zero byte after each, so that no part can run into the next.
func prefix(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = append(append(b, p...), 0)
	}
	return b
}

// Request implements approvals.Tx.
func (t *txn) Request(n int64) (approvals.Request, error) { return requestIn(t.tx, n) }

func requestIn(tx *bbolt.Tx, n int64) (r approvals.Request, err error) {
	raw := tx.Bucket(bRequests).Get(number(n))
	if raw == nil || n < 1 {
		return r, removedIn(tx, n)
	}
	if r, err = decodeRequest(tx, raw); err != nil {
		return r, fmt.Errorf("decode request #%d: %w", n, err)
	}
	return r, nil
}

// decodeRequest reads a request as it is kept in a file, of whatever schema that is.
func decodeRequest(tx *bbolt.Tx, raw []byte) (r approvals.Request, err error) {
	if older(tx) {
		if raw, err = withValues(raw); err != nil {
			return r, err
		}
	}
	return r, json.Unmarshal(raw, &r)
}

// Next implements approvals.Tx.
func (t *txn) Next() (int64, error) {
	return after(skipsIn(t.tx), lastNumber(t.tx)), nil
}

// Put implements approvals.Tx: the request with its index rows, the old ones removed.
func (t *txn) Put(r approvals.Request) error {
	if was, err := t.Request(r.Number); err == nil {
		for _, row := range rows(was) {
			if err := t.delete(row.bucket, row.key); err != nil {
				return err
			}
		}
	}
	if err := t.putJSON(bRequests, number(r.Number), r); err != nil {
		return err
	}
	for _, row := range rows(r) {
		if err := t.put(row.bucket, row.key, nil); err != nil {
			return err
		}
	}
	return t.remember(r)
}

type row struct{ bucket, key []byte }

// lent stands in the index of states for what is done and is to end: it is no state, and never will be one.
const lent = "done, for a time"

// rows are the index rows that a request has in its present state.
func rows(r approvals.Request) []row {
	n := number(r.Number)
	out := []row{
		{bState, append(prefix(string(r.State)), n...)},
	}
	if r.Requester != "" { // what Usher asks by itself is nobody's
		out = append(out, row{bPerson, append(prefix(string(r.Requester)), n...)})
	}
	if r.Change.Person != "" {
		out = append(out, row{bWhom, append(prefix(string(r.Change.Person)), n...)})
	}
	if r.Undertaken() {
		out = append(out, row{bAbout, append(prefix(approvals.FoldEmail(r.Change.Email)), n...)})
	}
	if r.Lent() {
		out = append(out, row{bState, append(prefix(lent), n...)})
	}
	if r.Live() {
		if r.Requester != "" {
			out = append(out, row{bOpen, append(prefix(string(r.Requester)), n...)})
		}
		out = append(out, row{bSubject, append(prefix(r.App.ID, approvals.FoldEmail(r.Change.Email)), n...)})
	}
	return out
}

// remember keeps the origin key in the bucket of its month, and drops months that are over: nobody
// redelivers an envelope after two months.
func (t *txn) remember(r approvals.Request) error {
	if r.Origin.Key == "" || r.State != approvals.Pending {
		return nil
	}
	seen := t.tx.Bucket(bSeen)
	name := []byte(r.Asked.UTC().Format("200601"))
	if seen.Bucket(name) == nil {
		if err := dropBefore(seen, r.Asked.AddDate(0, -2, 0)); err != nil {
			return err
		}
	}
	month, err := seen.CreateBucketIfNotExists(name)
	if err != nil {
		return fmt.Errorf("make month of seen keys: %w", err)
	}
	return month.Put([]byte(r.Origin.Key), number(r.Number))
}

func dropBefore(seen *bbolt.Bucket, t time.Time) error {
	oldest := []byte(t.UTC().Format("200601"))
	var old [][]byte
	err := seen.ForEachBucket(func(name []byte) error {
		if bytes.Compare(name, oldest) < 0 {
			old = append(old, bytes.Clone(name))
		}
		return nil
	})
	for _, name := range old {
		if err == nil {
			err = seen.DeleteBucket(name)
		}
	}
	return err
}

// Keyed implements approvals.Tx. There are at most a few months to look in.
func (t *txn) Keyed(key string) (n int64, err error) {
	seen := t.tx.Bucket(bSeen)
	err = seen.ForEachBucket(func(name []byte) error {
		if v := seen.Bucket(name).Get([]byte(key)); v != nil {
			n = numberFrom(v)
		}
		return nil
	})
	return n, err
}

// Waiting implements approvals.Tx. No request is read for it.
func (t *txn) Waiting(p approvals.PersonID) (waiting int, err error) {
	err = eachNumber(t.tx, bOpen, prefix(string(p)), func(n int64) error {
		if stands(t.tx, approvals.Pending, n) {
			waiting++
		}
		return nil
	})
	return waiting, err
}

// stands reports whether a request is in a state, by the index.
func stands(tx *bbolt.Tx, in approvals.State, n int64) bool {
	row := append(prefix(string(in)), number(n)...)
	k, _ := tx.Bucket(bState).Cursor().Seek(row)
	return bytes.Equal(k, row)
}

// OpenFor implements approvals.Tx.
func (t *txn) OpenFor(app, email string) ([]approvals.Request, error) {
	var out []approvals.Request
	err := eachNumber(t.tx, bSubject, prefix(app, approvals.FoldEmail(email)), func(n int64) error {
		r, err := t.Request(n)
		if err == nil {
			out = append(out, r)
		}
		return err
	})
	return out, err
}

// eachNumber walks the rows of an index that begin with pre, lowest number first.
func eachNumber(tx *bbolt.Tx, bucket, pre []byte, fn func(n int64) error) error {
	c := tx.Bucket(bucket).Cursor()
	for k, _ := c.Seek(pre); k != nil && bytes.HasPrefix(k, pre); k, _ = c.Next() {
		if err := fn(numberFrom(k)); err != nil {
			return err
		}
	}
	return nil
}

// Audit implements approvals.Tx: the entry gets its place in the chain here, where the order of
// commits is decided.
func (t *txn) Audit(e approvals.Entry) error {
	head, err := headIn(t.tx)
	if err != nil {
		return err
	}
	var beside []byte
	if t.random != nil {
		if e, beside, err = approvals.Apart(e, t.random); err != nil {
			return err
		}
	}
	was := head
	line, head, err := t.signs.Seal(e, was)
	if err != nil {
		return err
	}
	if beside != nil {
		if err := t.put(bBeside, number(head.Seq), beside); err != nil {
			return err
		}
	}
	if err := t.put(bAudit, number(head.Seq), line); err != nil {
		return err
	}
	if note, err := t.log.entry(was, head, line); err != nil || note != nil {
		return errors.Join(err, t.put(bMeta, kVerified, note), t.putJSON(bMeta, kHead, head))
	}
	return t.putJSON(bMeta, kHead, head)
}

func headIn(tx *bbolt.Tx) (h approvals.Head, err error) {
	raw := tx.Bucket(bMeta).Get(kHead)
	if raw == nil {
		return h, nil
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return h, fmt.Errorf("decode audit head: %w", err)
	}
	return h, nil
}

// Absences implements approvals.Tx.
func (t *txn) Absences() (all []approvals.Absence, err error) {
	raw := t.tx.Bucket(bMeta).Get(kAbsences)
	if raw == nil {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("decode absences: %w", err)
	}
	return all, nil
}

// KeepAbsences implements approvals.Tx.
func (t *txn) KeepAbsences(all []approvals.Absence) error { return t.putJSON(bMeta, kAbsences, all) }

// Change implements approvals.Tx.
func (t *txn) Change(c outbox.Change) error {
	if c.Put == nil {
		return t.drop(c.Drop)
	}
	if c.Where != "" && len(known(t.tx, c.Where, 1)) == 0 {
		return nil
	}
	return t.promise(*c.Put, c.Once)
}
