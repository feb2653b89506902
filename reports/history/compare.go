package history

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// comparison is a day's accounts held against those of the last day that is kept. Of each of those no more is held than tells whether
// it has changed: there may be a hundred thousand.
type comparison struct {
	// from is the day on which the accounts rest, and whole says that it is this one.
	from  string
	whole bool
	at    int64
	// after is when the last day was read; 0: there is none.
	after int64
	was   iter.Seq2[line, error]
	marks []mark
	// blocked is since when those are that were blocked, by their marks.
	blocked map[uint64]stretch
	out     *press
}

// mark is what is held of an account: which it is, what it is like, and whether it is still there.
type mark struct {
	id, sum uint64
	seen    bool
}

func (k *Keeper) comparison(ctx context.Context, app approvals.App, days []figures, d Day) (c *comparison, err error) {
	day := dayOf(d.At)
	c = &comparison{from: day, whole: true, at: d.At.Unix(), blocked: map[uint64]stretch{}}
	if c.out, err = newPress(); err != nil || len(days) == 0 {
		return c, err
	}
	rests := chain(days)
	c.after, c.was = rests[len(rests)-1].At.Unix(), k.accounts(ctx, app.ID, rests)
	if whole := rests[0]; sameMonth(whole.Day, day) && changed(rests) < whole.Bytes {
		c.from, c.whole = whole.Day, false
	}
	for l, err := range c.was {
		if err != nil {
			return c, err
		}
		m := mark{id: hashed(l.ID), sum: l.sum()}
		c.marks = append(c.marks, m)
		if l.Blocked != nil {
			c.blocked[m.id] = *l.Blocked
		}
	}
	slices.SortFunc(c.marks, func(a, b mark) int { return cmp.Compare(a.id, b.id) })
	return c, nil
}

// sameMonth reports whether two days are of one month.
func sameMonth(a, b string) bool { return len(a) == len(time.DateOnly) && a[:7] == b[:7] }

// changed is how much is kept of what changed since a day that is whole.
func changed(days []figures) (bytes int) {
	for _, d := range days[1:] {
		bytes += d.Bytes
	}
	return bytes
}

// account takes one in.
func (c *comparison) account(s approvals.Seat) error {
	l := lineOf(s)
	id := hashed(l.ID)
	if s.Blocked {
		was, known := c.blocked[id]
		if !known {
			was = stretch{At: c.at, After: c.after}
		}
		l.Blocked = &was
	}
	i, known := c.find(id)
	same := known && c.marks[i].sum == l.sum()
	if known {
		c.marks[i].seen = true
	}
	if same && !c.whole {
		return nil
	}
	return c.out.add(l)
}

func (c *comparison) find(id uint64) (int, bool) {
	return slices.BinarySearchFunc(c.marks, id, func(m mark, id uint64) int { return cmp.Compare(m.id, id) })
}

// gone adds which accounts aren't there any more.
func (c *comparison) gone() error {
	if c.whole || !slices.ContainsFunc(c.marks, func(m mark) bool { return !m.seen }) {
		return nil
	}
	for l, err := range c.was {
		if err != nil {
			return err
		}
		if i, known := c.find(hashed(l.ID)); !known || !c.marks[i].seen {
			if err := c.out.add(line{ID: l.ID, Gone: true}); err != nil {
				return err
			}
		}
	}
	return nil
}
