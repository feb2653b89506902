package conform

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/leavers"
)

// leaving is what is kept of people who leave.
type leaving struct {
	roster leavers.Roster
	active leavers.Active
	of     map[int64]leavers.Leaving
}

// Alter implements leavers.Book.
func (s *sloppy) Alter(ctx context.Context, fn func(leavers.Tx) error) error {
	return s.commit(ctx, func(t *table) error { return fn(&sloppyTx{table: t, was: t.clone()}) })
}

// Roster implements leavers.Book.
func (s *sloppy) Roster(context.Context) (r leavers.Roster, err error) {
	s.read(func(t *table) { r = t.leaving.roster })
	return r, nil
}

// Leaving implements leavers.Book.
func (s *sloppy) Leaving(_ context.Context, n int64) (l leavers.Leaving, err error) {
	s.read(func(t *table) { l, err = t.leaves(n) })
	return l, err
}

func (t *table) leaves(n int64) (leavers.Leaving, error) {
	if t.does == "takes one leaving for another whose number begins so" && n > 9 {
		n /= 10
	}
	l, kept := t.leaving.of[n]
	if !kept {
		return l, fmt.Errorf("leaving %d: %w", n, leavers.ErrNone)
	}
	return l, nil
}

func (t *sloppyTx) Roster() (leavers.Roster, error)          { return t.reads().leaving.roster, nil }
func (t *sloppyTx) Active() (leavers.Active, error)          { return t.reads().leaving.active, nil }
func (t *sloppyTx) Leaving(n int64) (leavers.Leaving, error) { return t.reads().leaves(n) }

func (t *sloppyTx) KeepRoster(r leavers.Roster) error {
	t.leaving.roster = r
	return nil
}

func (t *sloppyTx) KeepActive(a leavers.Active) error {
	t.leaving.active = a
	return nil
}

func (t *sloppyTx) KeepLeaving(l leavers.Leaving) error {
	if _, kept := t.leaving.of[l.Number]; !kept || t.does != "keeps a leaving as it was first" {
		t.leaving.of[l.Number] = l
	}
	return nil
}
