package conform

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// named gives the store a name, where it has none.
func (d *disk) named(name string, live *table) *sloppy {
	if d.kept.life == "" || d.does == "takes the name that was offered last" {
		d.kept.life = name
	}
	*live = d.kept.clone()
	return &sloppy{d, live}
}

// Closed implements store.Operated.
func (s *sloppy) Closed(context.Context) (c *cargo.Closed, err error) {
	s.read(func(t *table) { c = t.closed })
	if s.does == "is closed from the beginning" {
		c = &cargo.Closed{}
	}
	return c, nil
}

// shut closes what is kept, and says what becomes of who opens it to decide.
func (d *disk) shut(mark cargo.Closed, live *table) (store.Store, error) {
	if d.does != "tells nobody who reads that it's closed" {
		live.closed = &mark
	}
	if d.does == "lets people decide where everything has moved" {
		return &sloppy{d, live}, nil
	}
	return &sloppy{d, live}, &mark
}

// Life implements store.Operated.
func (s *sloppy) Life(context.Context) (l store.Life, err error) {
	s.read(func(t *table) { l.ID = t.life })
	return l, nil
}

// Gauges implements store.Operated.
func (s *sloppy) Gauges(context.Context) (g store.Gauges, err error) {
	g = store.Gauges{Open: map[approvals.State]int{}, Owed: map[string]store.Owed{}}
	s.read(func(t *table) {
		if t.does != "names no state that nothing is in" {
			g.Open = open(nil)
		}
		for n, r := range t.requests {
			if g.Asked = max(g.Asked, n); !r.State.Terminal() || t.does == "counts what was lent as open" && r.Lent() {
				g.Open[r.State]++
			}
			if t.does == "counts what is open as asked" {
				g.Asked = int64(g.Open[approvals.Pending])
			}
		}
		for key, in := range t.intents {
			t.owes(g.Owed, outbox.Kind(key), in)
		}
	})
	return g, nil
}

// owes counts a promise among those of its kind.
func (t *table) owes(all map[string]store.Owed, kind string, in outbox.Intent) {
	o, since := all[kind], in.Due
	if outbox.IsAtOnce(since) && t.does != "takes what is owed at once for old" {
		since = in.Since
	}
	if in.Tries >= store.TriedOften || in.Tries > 0 && t.does == "takes what failed once for failing" {
		o.Failing++
	}
	if !in.Claimed.IsZero() || t.does == "takes what was tried for what is under way" && in.Tries > 0 {
		o.Held++
	}
	if o.Count++; o.Count == 1 || since.Before(o.Oldest) != (t.does == "tells when the last is due") {
		o.Oldest = since
	}
	all[kind] = o
}

// LastReceipt implements store.Operated.
func (s *sloppy) LastReceipt(_ context.Context, first, end string) (last outbox.Receipt, ok bool, err error) {
	s.read(func(t *table) {
		for key, r := range t.receipts {
			if key < end && (key >= first || t.does == "minds no beginning") && (r.ID != "" || t.does == "takes what left nothing outside for the last") && key > last.Key {
				last, ok = r, true
			}
		}
	})
	return last, ok, nil
}

// Intents implements store.Operated.
func (s *sloppy) Intents(_ context.Context, pre string) (list []outbox.Intent, err error) {
	s.read(func(t *table) {
		list = slices.SortedFunc(maps.Values(t.intents), func(a, b outbox.Intent) int {
			if t.does == "lists what is owed in the order of its time" {
				return a.Due.Compare(b.Due)
			}
			return cmp.Compare(a.Key, b.Key)
		})
	})
	return slices.DeleteFunc(list, func(in outbox.Intent) bool {
		return !strings.HasPrefix(in.Key, pre) && s.does != "lists all that is owed"
	}), nil
}

// Absences implements store.Operated.
func (s *sloppy) Absences(context.Context) (all []approvals.Absence, err error) {
	s.read(func(t *table) {
		if t.does != "tells nobody outside who is away" {
			all = slices.Clone(t.away)
		}
	})
	return all, nil
}

// AuditLines implements store.Operated.
func (s *sloppy) AuditLines(_ context.Context, from int64, fn func(seq int64, line []byte) error) error {
	var lines [][]byte
	s.read(func(t *table) { lines = slices.Clone(t.lines) })
	for i, line := range lines {
		seq := int64(i + 1)
		if seq < from && s.does != "tells the log from its beginning" {
			continue
		}
		if err := fn(seq, line); err != nil && s.does != "minds nobody who has read enough" {
			return err
		}
	}
	return nil
}

// AuditBeside implements store.Operated: this store leaves the details in the entries.
func (s *sloppy) AuditBeside(context.Context, int64, func(seq int64, beside []byte) error) error {
	return nil
}

// VerifyLog implements store.Operated.
func (s *sloppy) VerifyLog(ctx context.Context) error {
	return s.commit(ctx, func(t *table) error {
		log := store.Log{Head: t.head, Lines: func(fn func(int64, []byte) error) (err error) {
			for i := 0; i < len(t.lines) && err == nil; i++ {
				err = fn(int64(i+1), t.lines[i])
			}
			return err
		}}
		note, err := log.Verify(ctx, nil, t.verified)
		if note != nil {
			t.verified = note
		}
		if len(t.lines) > 400 && t.does == "finds something wrong with a log that was verified before" {
			err = store.ErrLog
		}
		return err
	})
}

// Check implements store.Operated.
func (s *sloppy) Check(context.Context) error {
	if s.does == "finds something wrong with what is in order" {
		return errors.New("something is wrong")
	}
	return nil
}

// Backup implements store.Operated.
func (s *sloppy) Backup(context.Context, io.Writer) error { return errors.New("memory has no copies") }

// Close implements store.Operated.
func (s *sloppy) Close() error { return nil }
