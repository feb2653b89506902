package conform

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/joiners"
)

// coming is what is kept of people who come.
type coming struct {
	rolls joiners.Rolls
	of    map[int64]joiners.Coming
}

// Admit implements joiners.Book.
func (s *sloppy) Admit(ctx context.Context, fn func(joiners.Tx) error) error {
	return s.commit(ctx, func(t *table) error { return fn(&sloppyTx{table: t, was: t.clone()}) })
}

// Rolls implements joiners.Book.
func (s *sloppy) Rolls(context.Context) (r joiners.Rolls, err error) {
	s.read(func(t *table) { r = t.coming.rolls })
	return r, nil
}

// Coming implements joiners.Book.
func (s *sloppy) Coming(_ context.Context, n int64) (c joiners.Coming, err error) {
	s.read(func(t *table) { c, err = t.comes(n) })
	return c, err
}

func (t *table) comes(n int64) (joiners.Coming, error) {
	if t.does == "takes one coming for another whose number begins so" && n > 9 {
		n /= 10
	}
	c, kept := t.coming.of[n]
	if !kept {
		return c, fmt.Errorf("coming %d: %w", n, joiners.ErrNone)
	}
	return c, nil
}

func (t *sloppyTx) Rolls() (joiners.Rolls, error)          { return t.reads().coming.rolls, nil }
func (t *sloppyTx) Coming(n int64) (joiners.Coming, error) { return t.reads().comes(n) }

func (t *sloppyTx) KeepRolls(r joiners.Rolls) error {
	t.coming.rolls = r
	return nil
}

func (t *sloppyTx) KeepComing(c joiners.Coming) error {
	if _, kept := t.coming.of[c.Number]; !kept || t.does != "keeps a coming as it was first" {
		t.coming.of[c.Number] = c
	}
	return nil
}
