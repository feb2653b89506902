package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// What was posted, told and done between a backup and its restoring is not in the backup. So a
// restored database knows when it was restored, and treats that time as the past of another life:
//
//   - Every promise from before it, and every later one about a request that the backup knows, counts
//     as claimed (claimedBefore), however often it is tried, so that every Doer looks before it acts:
//     it may have been kept in the life that is lost. A note may be added for those who look only
//     where noted.
//   - The cards of requests that may have changed since are owed anew, and their receipts forget
//     what they showed, so that each card says again what is true here.
//   - Numbers that may have been given since are not given again: a card of such a request may still
//     stand in the channel, and a click on it must not decide another request.

var (
	kRestored = []byte("restored")
	kSkips    = []byte("skips")
)

// renew makes a database aware that it comes from a backup.
func renew(t *txn, r Restored, how Restoring) error {
	err := t.putJSON(bMeta, kRestored, store.Restored{At: how.At.UTC(), By: how.By, Head: r.Head, Since: r.Contents.At, Number: r.Number})
	if err == nil {
		err = t.delete(bMeta, kClosed) // whatever became of the database that it is a copy of, this one begins its own life
	}
	if err == nil && r.Next != r.Number+1 {
		err = t.skip(r.Number, r.Next)
	}
	if err == nil && how.Note != nil {
		err = t.annotate(how.Note)
	}
	if err == nil {
		err = t.showAgain(how.At)
	}
	return err
}

// annotate notes on every promise that it may have been carried out.
func (t *txn) annotate(note func(outbox.Intent) json.RawMessage) error {
	return eachIntent(t.tx, func(in outbox.Intent) error {
		in.Note = note(in)
		return t.putJSON(bIntents, []byte(in.Key), in)
	})
}

// eachIntent calls fn, which may alter the table, with each intent there was before.
func eachIntent(tx *bbolt.Tx, fn func(outbox.Intent) error) error {
	var all []outbox.Intent
	err := tx.Bucket(bIntents).ForEach(func(k, v []byte) error {
		var in outbox.Intent
		if err := json.Unmarshal(v, &in); err != nil {
			return fmt.Errorf("decode intent %s: %w", k, err)
		}
		all = append(all, in)
		return nil
	})
	for _, in := range all {
		if err == nil {
			err = fn(in)
		}
	}
	return err
}

// showAgain owes every message that follows a request which may have changed since the backup.
func (t *txn) showAgain(now time.Time) error {
	for _, state := range append([]approvals.State{approvals.Failed, lent}, store.OpenStates...) {
		for _, n := range newest(t.tx, bState, prefix(string(state)), 0, -1) {
			card, err := t.cardOf(n)
			if err != nil {
				return err
			}
			for _, pre := range []string{card, approvals.AdminKey(n, "")} {
				if err := t.showOf(pre, now); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// showOf owes anew each message under pre that was posted: the key itself, or those below it.
func (t *txn) showOf(pre string, now time.Time) error {
	var posted []outbox.Receipt
	c := t.tx.Bucket(bReceipts).Cursor()
	for k, v := c.Seek([]byte(pre)); k != nil && bytes.HasPrefix(k, []byte(pre)); k, v = c.Next() {
		if string(k) != pre && pre[len(pre)-1] != '/' {
			continue // "card/12" is no part of "card/1"
		}
		var r outbox.Receipt
		if err := json.Unmarshal(v, &r); err != nil {
			return fmt.Errorf("decode receipt %s: %w", k, err)
		}
		posted = append(posted, r)
	}
	for _, r := range posted {
		r.Digest = ""
		err := t.putJSON(bReceipts, []byte(r.Key), r)
		if err == nil {
			err = t.promise(*outbox.AtOnce(r.Key, approvals.NumberOf(r.Key), now).Put, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// skip passes over the numbers between last and next.
func (t *txn) skip(last, next int64) error {
	skips := skipsIn(t.tx)
	skips[strconv.FormatInt(last, 10)] = next
	return t.putJSON(bMeta, kSkips, skips)
}

// skipsIn says after which number which other one follows; a request number follows the one before it
// everywhere else.
func skipsIn(tx *bbolt.Tx) map[string]int64 {
	skips := map[string]int64{}
	if raw := tx.Bucket(bMeta).Get(kSkips); raw != nil && json.Unmarshal(raw, &skips) != nil {
		return map[string]int64{}
	}
	return skips
}

// after is the number that follows n.
func after(skips map[string]int64, n int64) int64 {
	if to, ok := skips[strconv.FormatInt(n, 10)]; ok {
		return to
	}
	return n + 1
}

func restoredIn(tx *bbolt.Tx) (r store.Restored, err error) {
	raw := tx.Bucket(bMeta).Get(kRestored)
	if raw == nil {
		return r, nil
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("decode when the database was restored: %w", err)
	}
	return r, nil
}

// claimedBefore is an intent as its Doer should see it.
func claimedBefore(tx *bbolt.Tx, in outbox.Intent) (outbox.Intent, error) {
	r, err := restoredIn(tx)
	if err != nil {
		return in, err
	}
	return r.Claimed(in), nil
}

// auditRestore writes the restoring into the audit log, once, when the bot opens the database. Under
// another key than the log's, under a key that has not adopted what bears none, or after a log that is not
// whole the bot will refuse to run: then it waits.
func (s *Store) auditRestore() error {
	var r store.Restored
	fits := false
	err := s.db.View(func(tx *bbolt.Tx) (err error) {
		if r, err = restoredIn(tx); err != nil || r.At.IsZero() || r.Audited {
			return err
		}
		fits, err = s.continues(tx)
		return err
	})
	if err != nil || !fits {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		t := &txn{tx: tx, signs: s.signing()}
		e, err := r.Entry()
		if err != nil {
			return err
		}
		r.Audited = true
		return errors.Join(t.Audit(e), t.putJSON(bMeta, kRestored, r))
	})
}
