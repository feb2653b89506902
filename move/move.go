// Package move is `usher migrate`: everything that is kept goes from one store to another, a data folder or a PostgreSQL
// database, and at no moment may anybody decide in both.
//
// What is carried, how it is read, and how it is put down is the stores' (store/cargo, bolt.Berth, postgres.Berth); here is
// the order. Both ends are held from the beginning, so that no Usher can start on either. Then, and what a crash leaves
// after each step:
//
//	check   the source is held to every rule              nothing has changed
//	load    the target gets everything, is compared with  the target bears a mark that all of it is still arriving, and no
//	        the source, checked, and kept all at once      Usher starts on it; the source is open and counts
//	shut    the source is marked as moved                  no Usher starts on either; both hold the same
//	settle  the target's mark goes                         the target counts
//
// The same command again goes on from wherever it is (plan.go): it loads anew what was arriving while the source counted, or
// only settles. Nothing is promised twice by a move, for promises keep their keys, claims and notes, and nothing was done in
// between that the target doesn't know; so nobody has to look again, as after a restore.
package move

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// end is one end of a move, held until it is released.
type end interface {
	// Busy refuses an end on which an Usher runs, as far as that isn't kept out already.
	Busy(context.Context) error
	// Standing is how it stands.
	Standing(context.Context) (cargo.Standing, error)
	// Check holds it to every rule that its engine has.
	Check(context.Context) error
	// Unload gives all it has.
	Unload(context.Context, cargo.Put) error
	// Line is its audit log's entry of a number, or nil.
	Line(ctx context.Context, seq int64) ([]byte, error)
	// Load gives it all there is elsewhere; kept names what was there, where that was to be kept.
	Load(context.Context, cargo.Loading) (kept string, err error)
	// Shut closes it, durably, and Settle opens it.
	Shut(context.Context, cargo.Closed) error
	Settle(context.Context, cargo.Arrival) error
	Release() error
}

var (
	_ end = (*bolt.Berth)(nil)
	_ end = (*postgres.Berth)(nil)
)

// mover is one run of the command.
type mover struct {
	from, to Place
	out      io.Writer
	now      time.Time
	// progress is where whoever waits is told how far it is.
	progress terminal.Progress
	gauge    gauge
	// after, when set, is called after each step; tests stop there as a crash would.
	after func(step string) error
}

// Migrate moves everything from one place to another; dry only says what would be moved, and what stands against it.
func Migrate(ctx context.Context, out io.Writer, progress terminal.Progress, from, to Place, dry bool) error {
	m := &mover{from: from, to: to, out: out, progress: progress, now: time.Now()}
	if from.same(to) {
		return terminal.Wrong(fmt.Sprintf("usher: --from and --to are both %s; expected two places", from))
	}
	return m.run(ctx, dry)
}

func (m *mover) run(ctx context.Context, dry bool) (err error) {
	leave, arrive := postgres.Leaving, postgres.Arriving
	if dry {
		leave, arrive = postgres.Looking, postgres.Looking
	} else if err := m.to.mayReplace(); err != nil {
		return nothing(err)
	}
	source, err := m.from.reach(ctx, leave)
	if err != nil {
		return nothing(m.from.inWords(err))
	}
	defer func() { err = errors.Join(err, source.Release()) }()
	target, err := m.to.reach(ctx, arrive)
	if err != nil {
		return nothing(m.to.inWords(err))
	}
	defer func() { err = errors.Join(err, target.Release()) }()
	if err := errors.Join(source.Busy(ctx), target.Busy(ctx)); err != nil {
		return nothing(err)
	}
	p, err := m.plan(ctx, source, target)
	if err != nil {
		return nothing(err)
	}
	if dry {
		return m.wouldBe(p)
	}
	return m.carryOut(ctx, p, source, target)
}

// nothing is an error after which both ends are as they were.
func nothing(err error) error {
	if e, ok := errors.AsType[*terminal.Error](err); ok {
		return e
	}
	return fmt.Errorf("nothing was moved: %w", err)
}

func (m *mover) carryOut(ctx context.Context, p plan, source, target end) error {
	switch p.do {
	case already:
		_, err := fmt.Fprintf(m.out, "%s has moved to %s already, at %s. Nothing is left to do.\n", m.from, m.to, p.mark.At.UTC().Format(time.RFC3339))
		return err
	case finish:
		if err := m.settle(ctx, p.mark, target); err != nil {
			return err
		}
		_, err := fmt.Fprintf(m.out, "finished: what was begun at %s. %s\n", p.mark.At.UTC().Format(time.RFC3339), m.goOn())
		return err
	}
	return m.copy(ctx, p, source, target)
}

// copy is the whole move, told while it goes on.
func (m *mover) copy(ctx context.Context, p plan, source, target end) error {
	m.gauge.total = map[cargo.Kind]int64{cargo.Request: p.from.Requests, cargo.Promise: p.from.Promises, cargo.Entry: p.from.Head.Seq}
	m.gauge.begin("checking what is to move")
	has := cargo.Tally{Follows: true}
	over := m.progress.Tell(m.gauge.String)
	kept, err := m.carry(ctx, p, source, target, &has)
	over()
	if err != nil {
		return err
	}
	return m.told(&has, kept)
}

// carry brings everything over; has is what has arrived, and kept names what was there before.
func (m *mover) carry(ctx context.Context, p plan, source, target end, has *cargo.Tally) (kept string, err error) {
	if err := source.Check(ctx); err != nil {
		return "", nothing(fmt.Errorf("%s isn't whole: %w", m.from, err))
	}
	mark := cargo.Closed{Move: rand.Text(), From: m.from.String(), To: m.to.String(), At: m.now.UTC(), By: control.Operator()}
	gave := cargo.Tally{}
	kept, err = target.Load(ctx, cargo.Loading{Mark: &mark, Keep: p.keep, At: m.now,
		Pour: m.gauge.watched("copying", "checking the copy", func(ctx context.Context, put cargo.Put) error { return source.Unload(ctx, gave.Through(put)) }),
		Held: func(pour cargo.Pour) error {
			return compared(ctx, m.gauge.watched("comparing", "keeping it", pour), &gave, has)
		}})
	if errors.Is(err, postgres.ErrUnheard) {
		return "", m.again(fmt.Errorf("put it into %s: %w", m.to, err))
	}
	if err != nil {
		return "", nothing(fmt.Errorf("put it into %s: %w", m.to, err))
	}
	if err := m.step("load"); err != nil {
		return "", err
	}
	return kept, m.change(ctx, mark, source, target)
}

// change has the target count instead of the source. From here on whoever interrupts the command only makes somebody run it again.
func (m *mover) change(ctx context.Context, mark cargo.Closed, source, target end) error {
	ctx = context.WithoutCancel(ctx)
	shut := mark
	shut.Moved = true
	if err := source.Shut(ctx, shut); err != nil {
		return m.again(fmt.Errorf("mark that %s has moved: %w", m.from, err))
	}
	if err := m.step("shut"); err != nil {
		return err
	}
	return m.settle(ctx, mark, target)
}

// compared holds what arrived to what was sent.
func compared(ctx context.Context, pour cargo.Pour, gave, has *cargo.Tally) error {
	if err := pour(ctx, has.Through(nil)); err != nil {
		return fmt.Errorf("read it back: %w", err)
	}
	if err := has.Same(gave); err != nil {
		return fmt.Errorf("compare it: %w", err)
	}
	return nil
}

func (m *mover) settle(ctx context.Context, mark cargo.Closed, target end) error {
	if err := target.Settle(ctx, mark.Arrived()); err != nil {
		return m.again(fmt.Errorf("open %s: %w", m.to, err))
	}
	return m.step("settle")
}

func (m *mover) step(name string) error {
	if m.after == nil {
		return nil
	}
	return m.after(name)
}

// again is an error after which the same command goes on.
func (m *mover) again(err error) error {
	return fmt.Errorf("%w; run the same command again, which finds out how far it came and goes on", err)
}
