package conform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"sync"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// disk is where a sloppy store keeps what it keeps, and how it is sloppy: the one thing that it does.
type disk struct {
	mu   sync.Mutex
	kept table
	does fault
	// fails says that the next commit fails, and whether it keeps what it was to keep; full, that there is no room.
	fails *bool
	full  bool
	// leases says which store holds what.
	leases map[string]*sloppy
}

// fault is something that a store must not do, in words; "" is none.
type fault string

// sloppy is a store in memory. It keeps every rule but one.
type sloppy struct {
	*disk
	live *table
}

// table is all that is kept.
type table struct {
	does      fault
	requests  map[int64]approvals.Request
	keys      map[string]int64
	removed   map[int64]approvals.Removed
	head      approvals.Head
	away      []approvals.Absence
	stocks    map[string]approvals.Stock
	registers map[string]register.Kept
	leaving   leaving
	index     reviews.Index
	reviews   map[int64]reviews.Review
	coming    coming
	past      past
	turns     map[string]approvals.PersonID
	intents   map[string]outbox.Intent
	receipts  map[string]outbox.Receipt
	snapshots map[string][]byte
	learned   map[string][]byte
	life      string
	closed    *cargo.Closed
	lines     [][]byte
	verified  []byte
	shelf     map[string][]byte
	// rev and used number promises and requests.
	rev, used int64
}

func (t table) clone() table {
	t.requests, t.keys, t.intents = maps.Clone(t.requests), maps.Clone(t.keys), maps.Clone(t.intents)
	t.removed = maps.Clone(t.removed)
	t.stocks, t.turns = maps.Clone(t.stocks), maps.Clone(t.turns)
	t.registers, t.leaving.of = maps.Clone(t.registers), maps.Clone(t.leaving.of)
	t.reviews = maps.Clone(t.reviews)
	t.coming.of, t.past = maps.Clone(t.coming.of), t.past.clone()
	t.receipts, t.snapshots, t.learned, t.shelf = maps.Clone(t.receipts), maps.Clone(t.snapshots), maps.Clone(t.learned), maps.Clone(t.shelf)
	return t
}

// sloppyPlace is a place whose stores do something that they must not.
func sloppyPlace(does fault) Place {
	d := &disk{does: does, leases: map[string]*sloppy{}, kept: table{does: does, requests: map[int64]approvals.Request{}, removed: map[int64]approvals.Removed{}, keys: map[string]int64{}, intents: map[string]outbox.Intent{},
		stocks: map[string]approvals.Stock{}, turns: map[string]approvals.PersonID{}, receipts: map[string]outbox.Receipt{}, snapshots: map[string][]byte{}, learned: map[string][]byte{}, shelf: map[string][]byte{}}}
	d.kept.coming.of, d.kept.past = map[int64]joiners.Coming{}, past{}.clone()
	d.kept.registers, d.kept.leaving.of = map[string]register.Kept{}, map[int64]leavers.Leaving{}
	d.kept.reviews = map[int64]reviews.Review{}
	live := &table{}
	return Place{
		Open: func(name string) store.Store {
			clear(d.leases)
			return d.named(name, live)
		},
		Beside: func() store.Store { return &sloppy{d, live} },
		Lapse:  func() { clear(d.leases) },
		Break:  func(kept bool) { d.fails = &kept },
		Shut:   func(mark cargo.Closed) (store.Store, error) { return d.shut(mark, live) },
		Fill:   func(during func()) { d.full = true; defer func() { d.full = false }(); during() },
	}
}

// Update implements approvals.Book.
func (s *sloppy) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	commit := func() error {
		return s.commit(ctx, func(t *table) error { return fn(&sloppyTx{table: t, was: t.clone()}) })
	}
	if s.does != "lets its caller go while it is at it" {
		return commit()
	}
	over := make(chan error, 1)
	go func() { over <- commit() }()
	select {
	case err := <-over:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, ctx.Err())
	}
}

// commit runs fn on a copy, which takes the place of what was.
func (s *sloppy) commit(ctx context.Context, fn func(*table) error) error {
	h := outbox.HoldOf(ctx)
	if h == nil || s.does == "asks nobody whose a claim is" {
		return s.commits(ctx, fn)
	}
	dropped := false
	return h.Heard(s.commits(ctx, func(t *table) error {
		before := t.standing(h.Key())
		if err := fn(t); err != nil {
			return err
		}
		if err := h.Check(before); err != nil && !t.lenient(h, before) {
			return err
		}
		dropped = h.Check(t.standing(h.Key())) != nil && t.does != "asks whose a claim is that it has ended itself"
		return nil
	}), dropped)
}

// standing is a promise as it stands; nil: nobody owes it.
func (t *table) standing(key string) *outbox.Intent {
	in, owed := t.intents[key]
	if !owed {
		return nil
	}
	return &in
}

// lenient says whether a store that is sloppy keeps what is made under a claim that stands no more.
func (t *table) lenient(h *outbox.Hold, before *outbox.Intent) bool {
	switch t.does {
	case "keeps under a claim what nobody owes":
		return before == nil
	case "asks nobody whose a claim is that was put off":
		return before != nil && before.Claimed.IsZero()
	}
	return false
}

// commits runs fn on a copy, which takes the place of what was.
func (s *sloppy) commits(ctx context.Context, fn func(*table) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full && s.does != "keeps what it says it is too busy for" {
		return approvals.ErrBusy
	}
	if ctx.Err() != nil && s.does != "keeps what somebody asked who has stopped waiting" {
		return ctx.Err()
	}
	work := s.live.clone()
	err := s.ran(fn, &work)
	switch {
	case err != nil && s.does == "keeps what was refused":
		s.keep(work)
		return err
	case err != nil && s.does == "gives refusals words of its own":
		return fmt.Errorf("transaction: %w", err)
	case err != nil && s.does == "uses up the number of a request that was refused":
		s.live.used = work.used
		return err
	case err != nil:
		return err
	}
	if s.fails != nil {
		return s.fail(work)
	}
	s.keep(work)
	if s.full {
		return approvals.ErrBusy
	}
	return ctx.Err()
}

// ran runs fn, one after another.
func (s *sloppy) ran(fn func(*table) error, work *table) error {
	if s.does != "runs transactions side by side" {
		return fn(work)
	}
	s.mu.Unlock()
	defer s.mu.Lock()
	for range 1000 {
		runtime.Gosched()
	}
	return fn(work)
}

// keep is the commit.
func (s *sloppy) keep(work table) {
	*s.live = work
	if s.does != "forgets everything when it is killed" {
		s.kept = work.clone()
	}
}

// fail is a commit that fails.
func (s *sloppy) fail(work table) error {
	kept := *s.fails
	s.fails = nil
	if kept {
		s.keep(work)
	}
	switch s.does {
	case "goes on with what was not kept":
		*s.live = work
	case "shows nothing of what was kept when the commit failed":
		if kept {
			s.kept, *s.live = work.clone(), s.live.clone()
			s.live.requests = map[int64]approvals.Request{}
		}
	case "keeps half of it when the commit fails":
		delete(s.live.intents, "deed/1")
	case "says no where nobody knows":
		return errors.New("input/output error")
	case "says that it is gone where nobody knows":
		return errors.Join(approvals.ErrUnknownOutcome, outbox.ErrGone)
	}
	return approvals.ErrUnknownOutcome
}

// read calls fn with what there is.
func (s *sloppy) read(fn func(t *table)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(s.live)
}

// Head implements reports.Memory.
func (s *sloppy) Head(context.Context) (h approvals.Head, err error) {
	s.read(func(t *table) { h = t.head })
	return h, nil
}

// Snapshot implements reports.Memory.
func (s *sloppy) Snapshot(_ context.Context, report string) ([]byte, error) {
	return s.bytes(report, func(t *table) map[string][]byte { return t.snapshots }), nil
}

// KeepSnapshot implements reports.Memory.
func (s *sloppy) KeepSnapshot(ctx context.Context, report string, raw []byte) error {
	return s.commit(ctx, func(t *table) error { return t.put(t.snapshots, report, raw) })
}

// Learned implements store.Lessons.
func (s *sloppy) Learned(_ context.Context, name string) ([]byte, error) {
	return s.bytes(name, func(t *table) map[string][]byte { return t.lessons() }), nil
}

// Learn implements store.Lessons.
func (s *sloppy) Learn(ctx context.Context, name string, raw []byte) error {
	return s.commit(ctx, func(t *table) error { return t.put(t.lessons(), name, raw) })
}

// Relearn implements store.Lessons.
func (s *sloppy) Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error) {
	return s.amend(ctx, func(t *table) map[string][]byte { return t.lessons() }, name, was, raw)
}

// AmendSnapshot implements reports.Memory.
func (s *sloppy) AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error) {
	return s.amend(ctx, func(t *table) map[string][]byte { return t.snapshots }, report, was, raw)
}

func (s *sloppy) amend(ctx context.Context, in func(*table) map[string][]byte, name string, was, raw []byte) (kept bool, err error) {
	if s.does == "looks before it replaces, and not while it does" {
		if string(s.bytes(name, in)) != string(was) {
			return false, nil
		}
		linger()
	}
	err = s.commit(ctx, func(t *table) error {
		is, there := in(t)[name]
		kept = there == (was != nil) && string(is) == string(was)
		if s.does == "replaces what it was not asked to replace" || s.does == "looks before it replaces, and not while it does" {
			kept = true
		}
		if !kept {
			return nil
		}
		return t.put(in(t), name, raw)
	})
	return kept, err
}

func (t *table) lessons() map[string][]byte {
	if t.does == "takes a report for a lesson" {
		return t.snapshots
	}
	return t.learned
}

func (t *table) put(into map[string][]byte, name string, raw []byte) error {
	if _, there := into[name]; there && t.does == "keeps the first of what is to be kept last" {
		return nil
	}
	if t.does == "keeps bytes that are not its own" {
		into[name] = raw
		return nil
	}
	into[name] = bytes.Clone(raw)
	return nil
}

// bytes are what is kept under a name.
func (s *sloppy) bytes(name string, of func(*table) map[string][]byte) (out []byte) {
	s.read(func(t *table) {
		for n, raw := range of(t) {
			if n == name || s.does == "takes one name for another that begins so" && strings.HasPrefix(n, name) {
				out = raw
			}
		}
	})
	if s.does == "keeps bytes that are not its own" {
		return out
	}
	if out == nil && s.does == "has something where nothing was kept" {
		return []byte{}
	}
	return bytes.Clone(out)
}
