package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Check verifies every invariant of the whole database and returns all that is wrong, joined. It
// reads everything, so it is for tests, restores and people, not for starting up.
func (s *Store) Check(ctx context.Context) error {
	_, err := s.check(ctx)
	return err
}

// check also says how far it came before ctx ended.
func (s *Store) check(ctx context.Context) (seen Proof, err error) {
	for range 100 {
		c := checker{ctx: ctx, known: s.known, standing: map[int64]approvals.State{}}
		err = s.view(ctx, func(tx *bbolt.Tx) error {
			c.tx = tx
			if err := c.pages(s.file); err != nil {
				return err
			}
			for _, part := range []func() error{c.structure, c.requests, c.intents, c.audit} {
				if err := part(); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, errMoved) {
			return c.seen, errors.Join(append(c.wrong, err)...)
		}
	}
	return seen, err
}

// errMoved says that so much was committed since a transaction began that its state cannot be found.
var errMoved = errors.New("the database changes faster than it can be looked at")

// checker holds one state of a database against the rules. Each part ends early only where the time is
// up, or where nothing after it could be believed.
type checker struct {
	ctx   context.Context
	tx    *bbolt.Tx
	known func(*bbolt.Tx) error
	wrong []error
	// schema is the file's own, which may be an older one that nothing has upgraded yet.
	schema int
	// standing is the state of each request.
	standing map[int64]approvals.State
	seen     Proof
	// besides is how many there are of what is kept beside entries that weren't found yet.
	besides int
}

func (c *checker) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Errorf(format, args...))
}

// pages: every page hangs together with the others, and each belongs to something. bbolt's own check is not
// asked: it runs in a goroutine of its own, where a page that leads to itself would end the process.
func (c *checker) pages(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("look at the file: %w", err)
	}
	w, known, err := walk(c.ctx, file, info.Size(), uint64(c.tx.ID()), nil)
	if err != nil {
		return err
	}
	if !known {
		return errMoved
	}
	if n := w.leaked(); n > 0 {
		c.fail("%d pages belong to nothing", n)
	}
	c.seen.Bytes, c.seen.Space = c.tx.Size(), w.space(info.Size())
	return nil
}

// structure: every bucket of the schema is there.
func (c *checker) structure() error {
	if err := c.known(c.tx); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	var err error
	if c.schema, err = versionOf(c.tx, math.MaxInt); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	missing := false
	for _, name := range buckets {
		if has(c.schema, name) && c.tx.Bucket(name) == nil {
			missing = true
			c.fail("%w: bucket %s is missing", ErrDamaged, name)
		}
	}
	if missing {
		return errors.New("the rest was not looked at")
	}
	return nil
}

// requests: numbered from 1 without a gap but those that a restoring left, and indexed exactly once each way.
func (c *checker) requests() error {
	skips := skipsIn(c.tx)
	want := map[string]int{}
	last := int64(0)
	gone, err := c.removed()
	if err != nil {
		return err
	}
	err = c.tx.Bucket(bRequests).ForEach(func(k, v []byte) error {
		r, err := decodeRequest(c.tx, v)
		if err != nil {
			c.fail("request %d: %w", numberFrom(k), err)
			return c.ctx.Err()
		}
		last = passed(skips, gone, last, r.Number)
		if r.Number != after(skips, last) || numberFrom(k) != r.Number {
			c.fail("request %d stands after %d under key %d", r.Number, last, numberFrom(k))
		}
		last = r.Number
		for _, row := range rows(r) {
			if has(c.schema, row.bucket) {
				want[string(row.bucket)+"\x00"+string(row.key)]++
			}
		}
		c.standing[r.Number] = r.State
		c.request(r)
		c.seen.Requests++
		return c.ctx.Err()
	})
	if err != nil {
		return err
	}
	last = passed(skips, gone, last, 0)
	for n := range gone {
		c.fail("request %d is said to be removed, and %d is the last that was given, or it is there", n, last)
	}
	for _, b := range [][]byte{bState, bPerson, bOpen, bWhom, bAbout, bSubject} {
		if !has(c.schema, b) {
			continue
		}
		err := c.tx.Bucket(b).ForEach(func(k, _ []byte) error {
			key := string(b) + "\x00" + string(k)
			if want[key] == 0 {
				c.fail("index %s has a row %q that no request calls for", b, k)
			}
			delete(want, key)
			return c.ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	for key := range want {
		c.fail("index row %q is missing", key)
	}
	return nil
}

// passed is the last number before n that was given, where those in between were removed since: they leave no gap. It takes them off.
func passed(skips map[string]int64, gone map[int64]bool, last, n int64) int64 {
	for next := after(skips, last); next != n && gone[next]; next = after(skips, last) {
		last = next
		delete(gone, next)
	}
	return last
}

// removed: each stands under its number, was closed, and nothing is owed of it. Its state is held to the log as those of others are.
func (c *checker) removed() (map[int64]bool, error) {
	gone := map[int64]bool{}
	if !has(c.schema, bRemoved) {
		return gone, nil
	}
	return gone, c.tx.Bucket(bRemoved).ForEach(func(k, v []byte) error {
		var r approvals.Removed
		if err := json.Unmarshal(v, &r); err != nil || r.Number != numberFrom(k) || !r.State.Terminal() {
			c.fail("what is left of request %d is %q under a wrong key, or unreadable (%v)", r.Number, r.State, err)
			return c.ctx.Err()
		}
		if owed, _ := (&txn{tx: c.tx}).Owed(approvals.Traces(r.Number)); owed {
			c.fail("request %d was removed, and something of it is owed", r.Number)
		}
		gone[r.Number], c.standing[r.Number] = true, r.State
		return c.ctx.Err()
	})
}

// request: what its state owes is owed or was kept.
func (c *checker) request(r approvals.Request) {
	n := r.Number
	if r.Origin.Key != "" {
		if got, err := (&txn{tx: c.tx}).Keyed(r.Origin.Key); err != nil || got != 0 && got != n {
			c.fail("request %d: origin key leads to %d (%v)", n, got, err)
		}
	}
	if card := approvals.CardKeyOf(r); !c.owed(card) && !c.kept(card) {
		c.fail("request %d: its card is neither owed nor posted", n)
	}
	waits := r.InLine() || r.Offered()
	if c.owed(approvals.ExpireKey(n)) != (r.State == approvals.Pending || waits) {
		c.fail("request %d is %s, but its expiry is owed: %v", n, r.State, c.owed(approvals.ExpireKey(n)))
	}
	if c.owed(approvals.LapseKey(n)) && (r.Lapsed || r.State != approvals.Failed && r.State != approvals.InDoubt) {
		c.fail("request %d is %s (lapsed %v), but the end of trying it again is owed", n, r.State, r.Lapsed)
	}
	if looks := r.State == approvals.Pending && r.Look != nil && r.Look.Owed; c.owed(approvals.LookKey(n)) != looks {
		c.fail("request %d is %s, but reading what it means is owed: %v", n, r.State, !looks)
	}
	if ends := r.Lent() || r.Late(); c.owed(approvals.EndKey(n)) != ends {
		c.fail("request %d is %s, but its end is owed: %v", n, r.State, !ends)
	}
	if r.InLine() && !c.owed(approvals.LineKey(r.App.ID)) {
		c.fail("request %d stands in line, but nobody is to look for a seat", n)
	}
	working := r.State == approvals.Approved && !waits && !r.OnHold() || r.State == approvals.Running || r.State == approvals.InDoubt && r.End == nil
	if c.owed(approvals.DeedKey(n)) != working {
		c.fail("request %d is %s, but its deed is owed: %v", n, r.State, c.owed(approvals.DeedKey(n)))
	}
	if r.Fell != 0 || r.ByUsher() {
		return // its requester hears of it with the item it fell with, and of what Usher asks there is none
	}
	attempt := r.Attempt
	switch r.State {
	case approvals.Denied, approvals.Expired, approvals.Ended:
		attempt = 0
	case approvals.Done, approvals.Failed:
		if r.Outcome == nil {
			c.fail("request %d is %s without an outcome", n, r.State)
		}
	default:
		return
	}
	if tell := approvals.TellKey(n, r.State, attempt); !c.owed(tell) && !c.kept(tell) {
		c.fail("request %d is %s, and its requester is neither told nor will be", n, r.State)
	}
}

func (c *checker) owed(key string) bool { return c.tx.Bucket(bIntents).Get([]byte(key)) != nil }
func (c *checker) kept(key string) bool { return c.tx.Bucket(bReceipts).Get([]byte(key)) != nil }

// intents: each readable, with exactly one due row.
func (c *checker) intents() error {
	want := map[string]bool{}
	err := c.tx.Bucket(bIntents).ForEach(func(k, v []byte) error {
		c.seen.Promises++
		var in outbox.Intent
		if err := json.Unmarshal(v, &in); err != nil || in.Key != string(k) {
			c.fail("intent %s: unreadable or under a wrong key (%v)", k, err)
			return c.ctx.Err()
		}
		want[string(dueKey(in))] = true
		return c.ctx.Err()
	})
	if err != nil {
		return err
	}
	err = c.tx.Bucket(bDue).ForEach(func(k, _ []byte) error {
		if !want[string(k)] {
			c.fail("due row %q belongs to no intent", k)
		}
		delete(want, string(k))
		return c.ctx.Err()
	})
	for k := range want {
		c.fail("due row %q is missing", k)
	}
	return err
}

// beside: what is kept beside an entry is what was written, or what is left of that.
func (c *checker) beside(e approvals.Entry) error {
	var raw []byte
	if has(c.schema, bBeside) {
		raw = c.tx.Bucket(bBeside).Get(number(e.Seq))
	}
	if raw != nil {
		c.besides--
	}
	if _, err := e.Holds(raw); err != nil {
		c.fail("audit: entry %d: %w", e.Seq, err)
	}
	return c.ctx.Err()
}

// audit: the chain holds, ends at the head, and its last word on each request is the request's state.
func (c *checker) audit() error {
	if has(c.schema, bBeside) {
		c.besides = c.tx.Bucket(bBeside).Stats().KeyN
	}
	var chain approvals.Chain
	last := map[int64]approvals.State{}
	broken := errors.New("broken")
	err := c.tx.Bucket(bAudit).ForEach(func(_, v []byte) error {
		e, err := chain.Next(bytes.Clone(v))
		if err != nil {
			c.fail("audit: %w", err)
			return broken
		}
		if e.Request != 0 {
			last[e.Request] = e.After
		}
		if err := c.beside(e); err != nil {
			return err
		}
		c.seen.Entries++
		return c.ctx.Err()
	})
	if err != nil && !errors.Is(err, broken) {
		return err
	}
	if c.besides > 0 {
		c.fail("audit: something is kept beside %d entries that there aren't", c.besides)
	}
	if head, err := headIn(c.tx); err != nil || head != chain.Head() {
		c.fail("audit: the log ends at %s, its head says %s (%v)", chain.Head(), head, err)
	}
	for n, state := range c.standing {
		if last[n] != state {
			c.fail("request %d is %q, the audit log's last word is %q", n, state, last[n])
		}
	}
	return nil
}
