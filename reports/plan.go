package reports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Late is how old a slot may be and still be posted.
const Late = 24 * time.Hour

// replan is how often the plan is looked over: it mends what a clock that was set has upset.
const replan = time.Hour

// Config is one configured report.
type Config struct {
	// Name is made of letters, digits, - and _.
	Name     string
	Schedule Slots
	// Channel is an id or "#name"; "" where it goes to people.
	Channel string
	// People are who gets it, each by direct message: people, user groups, or one of Words.
	People []string
	// In is the schedule as it comes in a reader's own zone; nil: Schedule is everybody's. With it, Schedule comes before it does
	// in any zone (EarliestSchedule).
	In func(zone string) Slots
	// Apps and Sections are what stands in it; none: all.
	Apps     []string
	Sections []Section
	// OnlyIfChanged leaves out a slot in which nothing has changed since the one posted last.
	OnlyIfChanged bool
	// As is the file that the report is, one of Formats; "": it's a message.
	As string
	// Skip leaves out what was missed while the program was down; else the last that was is made up.
	Skip bool
}

// Slots say when a report is due; a Schedule's methods tell what each has to answer.
type Slots interface {
	Next(after time.Time) (slot string, at time.Time, ok bool)
	Latest(notAfter time.Time) (slot string, at time.Time, ok bool)
	At(slot string) (at time.Time, ok bool)
	String() string
}

// Memory is what reports need of a store beside the outbox. What it keeps is durable when it returns nil.
// Package store holds one to it.
type Memory interface {
	// Snapshot is what was kept of a report, or nil. The bytes are the caller's.
	Snapshot(ctx context.Context, report string) ([]byte, error)
	// KeepSnapshot replaces what is kept of a report.
	KeepSnapshot(ctx context.Context, report string, raw []byte) error
	// AmendSnapshot is KeepSnapshot where what is kept is still was, nil: nothing; false: it isn't any more, and stays.
	AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error)
	// Head is the end of the audit log; zero while it is empty.
	Head(ctx context.Context) (approvals.Head, error)
}

// Planner sees to it that the next slot of every report is promised, and that a slot missed while the
// program was down is made up. Planning is safe to repeat at any time: whether a slot is still to be
// posted is known from its receipt and not from the clock, so one that jumps can neither repeat a
// slot nor lose the ones after it.
type Planner struct {
	Reports []Config
	Memory  Memory
	Box     outbox.Box
	Now     func() time.Time
	Log     *slog.Logger
	// Wake is called after a promise, so that what is due is carried out at once.
	Wake func()
}

// Run plans at once and then every hour, until ctx ends.
func (p *Planner) Run(ctx context.Context) {
	tick := time.NewTicker(replan)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := p.Plan(ctx); err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "plan reports", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// Plan promises what is to be promised of every report. One that fails does not hold up the others.
func (p *Planner) Plan(ctx context.Context) error {
	now := p.Now()
	var failed []error
	for _, c := range p.Reports {
		if err := p.plan(ctx, c, now); err != nil {
			failed = append(failed, fmt.Errorf("plan report %s: %w", c.Name, err))
		}
	}
	p.Wake()
	return errors.Join(failed...)
}

// plan first keeps since when this schedule is known, then promises. A crash between the two leaves a
// report that is known and not promised; the next start promises it, the slot in between included.
func (p *Planner) plan(ctx context.Context, c Config, now time.Time) error {
	s, changed, err := p.recall(ctx, c, now)
	if err != nil {
		return err
	}
	promises := c.underway(now)
	if slot, at, ok := c.Schedule.Latest(now); ok && at.After(s.Since) && now.Sub(at) < Late {
		promises = append(promises, outbox.PromiseOnce(SlotKey(c.Name, slot), at))
	}
	switch slot, at, ok := c.Schedule.Next(now); {
	case ok && changed:
		// The slot may be promised for another moment, that of the zone before. Promising it anew brings it
		// forward; where it is now later, the Runner waits.
		promises = append(promises, outbox.Promise(SlotKey(c.Name, slot), at))
	case ok:
		promises = append(promises, outbox.PromiseOnce(SlotKey(c.Name, slot), at))
	}
	return again(func() error { return p.Box.Promise(ctx, promises...) })
}

// underway promises the slots that are on their way round the world, where each reader's own zone counts: they came before
// the schedule was known, or while the program was down, and may be still to come for some.
func (c Config) underway(now time.Time) (promises []outbox.Change) {
	if c.In == nil {
		return nil
	}
	for slot, at, ok := c.Schedule.Next(now.Add(-c.late())); ok && !at.After(now); slot, at, ok = c.Schedule.Next(at) {
		promises = append(promises, outbox.PromiseOnce(SlotKey(c.Name, slot), at))
	}
	return promises[max(0, len(promises)-mostFanned):]
}

// recall reads the snapshot of a report, and keeps since when it is known. One that is configured for the first time, or otherwise than
// before, is known since now: what its schedule would have called for earlier is not made up. changed
// says that this was so.
func (p *Planner) recall(ctx context.Context, c Config, now time.Time) (s Snapshot, changed bool, err error) {
	var unsure bool // it may have been changed here, where that couldn't be said
	for range amendments {
		if s, err = p.remembered(ctx, c.Name); err != nil {
			return s, false, err
		}
		another := s.Schedule != c.Schedule.String()
		changed = another || unsure
		// A beginning in the future was written under a clock that has been set back since.
		if !another && !s.Since.After(now) {
			return s, changed, nil
		}
		s.Since, s.Schedule = now.UTC(), c.Schedule.String()
		err = p.amend(ctx, c.Name, s)
		if unsure = errors.Is(err, approvals.ErrUnknownOutcome); !unsure && !errors.Is(err, errMoved) {
			return s, changed, err
		}
	}
	return s, changed, err
}

// amendments is how often a snapshot is looked at anew that another process replaced since it was read.
const amendments = 3

// errMoved says that it did.
var errMoved = errors.New("another one was kept meanwhile")

// amend keeps a snapshot in place of the one it was made from, and of no other: a report that another process has posted since
// would begin anew.
func (p *Planner) amend(ctx context.Context, report string, s Snapshot) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode snapshot of report %s: %w", report, err)
	}
	kept, err := p.Memory.AmendSnapshot(ctx, report, s.line, raw)
	if err == nil && !kept {
		err = errMoved
	}
	if err != nil {
		return fmt.Errorf("keep snapshot of report %s: %w", report, err)
	}
	return nil
}

// forget remembers that a report is configured no more: should it come back, it begins anew, and is
// compared with what was posted last.
func (p *Planner) forget(ctx context.Context, report string) error {
	s, err := p.remembered(ctx, report)
	if err != nil || s.Schedule == "" {
		return err
	}
	s.Schedule = ""
	return p.amend(ctx, report, s)
}

func (p *Planner) keep(ctx context.Context, report string, s Snapshot) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode snapshot of report %s: %w", report, err)
	}
	if err := again(func() error { return p.Memory.KeepSnapshot(ctx, report, raw) }); err != nil {
		return fmt.Errorf("keep snapshot of report %s: %w", report, err)
	}
	return nil
}

// remembered is the snapshot of a report; one that cannot be read is none, and the report begins anew.
func (p *Planner) remembered(ctx context.Context, report string) (Snapshot, error) {
	raw, err := p.Memory.Snapshot(ctx, report)
	if err != nil {
		return Snapshot{}, fmt.Errorf("read snapshot of report %s: %w", report, err)
	}
	s, err := decodeSnapshot(raw)
	if err != nil {
		p.Log.ErrorContext(ctx, "the snapshot of a report is damaged; it begins anew", "report", report, "err", err)
	}
	s.line = raw
	return s, nil
}

func (p *Planner) config(report string) (Config, bool) {
	for _, c := range p.Reports {
		if c.Name == report {
			return c, true
		}
	}
	return Config{}, false
}

// again asks once more where the store cannot tell whether a change was kept; every change here may
// be made twice.
func again(change func() error) error {
	err := change()
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		err = change()
	}
	return err
}
