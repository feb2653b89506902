package approvals

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// MayWork is nil where somebody may tick the steps of a task now, and else an *Error that says why not.
func (d *Desk) MayWork(ctx context.Context, n int64, by Actor, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	if err := d.mayWork(r, by, d.gatherWork(ctx, r, by, now)); err != nil {
		return r, err
	}
	return r, r.workable()
}

// Tick marks a step, counted from 0, as done or as not applying. The same tick by the same person again changes nothing.
func (d *Desk) Tick(ctx context.Context, n int64, step int, t Tick, now time.Time) (Request, error) {
	t.At = now
	if err := t.Evidence.check(); err != nil {
		return Request{}, err
	}
	meant := t.Task
	t.Task = ""
	return d.work(ctx, n, t.By, t.Surface, now, func(r Request) (Event, error) {
		if err := r.meansTask(meant); err != nil {
			return nil, err
		}
		if s, ok := r.stepAt(step); ok && s.Tick != nil && s.Tick.By == t.By && s.Tick.Skipped == t.Skipped && s.Tick.Answer == t.Answer {
			return nil, nil
		}
		if err := r.tickable(step, t); err != nil {
			return nil, err
		}
		return Ticked{Step: step, Tick: t}, nil
	})
}

// Untick has a step done anew: within a minute by a click, later with a few words why.
func (d *Desk) Untick(ctx context.Context, n int64, step int, note Remnant, now time.Time) (Request, error) {
	note.At = now
	meant := note.Task
	note.Task = ""
	return d.work(ctx, n, note.By, note.Surface, now, func(r Request) (Event, error) {
		if err := r.meansTask(meant); err != nil {
			return nil, err
		}
		s, ok := r.stepAt(step)
		switch {
		case !ok:
			return nil, noStep(r)
		case s.Tick == nil && s.undoneBy(note.By):
			return nil, nil
		case s.Tick == nil:
			return nil, Refuse(Conflict, "Step %v of #%v isn't ticked, so there's nothing to undo.", step+1, n)
		case r.State == Running && !s.Fresh(now) && strings.TrimSpace(note.Note) == "":
			return nil, Refuse(Invalid, "Step %v of #%v was ticked more than a minute ago, so please say in a few words why it's undone.", step+1, n)
		}
		return Unticked{Step: step, Note: note}, nil
	})
}

// NoteStep keeps a note, a link or a file beside a step. The same again by the same person changes nothing.
func (d *Desk) NoteStep(ctx context.Context, n int64, step int, note Remnant, now time.Time) (Request, error) {
	note.At = now
	if err := note.Evidence.check(); err != nil {
		return Request{}, err
	}
	meant := note.Task
	note.Task = ""
	return d.work(ctx, n, note.By, note.Surface, now, func(r Request) (Event, error) {
		if err := r.meansTask(meant); err != nil {
			return nil, err
		}
		s, ok := r.stepAt(step)
		switch {
		case !ok:
			return nil, noStep(r)
		case note.Evidence.Empty():
			return nil, Refuse(Invalid, "Please write a few words, or give a link or a file.")
		case slices.ContainsFunc(s.Notes, func(o Remnant) bool { return o.By == note.By && o.Evidence.same(note.Evidence) }):
			return nil, nil
		case len(s.Notes) >= MostNotes:
			return nil, Refuse(Conflict, "Step %v of #%v has %v notes already, and that's the most one step can have.", step+1, n, MostNotes)
		}
		return Noted{Step: step, Note: note}, nil
	})
}

// HandOver gives a task to another.
func (d *Desk) HandOver(ctx context.Context, n int64, by Actor, to PersonID, surface string, now time.Time) (Request, error) {
	f := newFacts()
	d.lookUp(ctx, &f, to)
	_, away, err := d.Away(ctx, to, now)
	if err != nil {
		return Request{}, err
	}
	return d.work(ctx, n, by, surface, now, func(r Request) (Event, error) {
		who, known := f.People[to]
		switch {
		case !known:
			return nil, Refuse(CannotTell, "I couldn't check with Slack who %v is just now, so #%v stays as it is. Please try again in a minute.", to, n)
		case !who.Full():
			return nil, Refuse(Invalid, "%v isn't an active full member of this workspace, so #%v stays as it is. Choose somebody else.", to, n)
		case away:
			return nil, Refuse(Invalid, "%v is away, so #%v stays as it is. Choose somebody else.", to, n)
		case gains(r, Actor(to), f) == MayNot:
			return nil, Refuse(NotAllowed, "#%v is for %v, and nobody does that for themselves. Choose somebody else.", n, to)
		case r.barred(to):
			return nil, Refuse(NotAllowed, "%v took it away, so somebody else must confirm it. Choose somebody else.", to)
		case r.Working() && r.Task.Owner == to:
			return nil, nil
		}
		return Handed{By: by, To: to}, nil
	})
}

// TakeTask gives a task to whoever asks for it.
func (d *Desk) TakeTask(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	return d.work(ctx, n, by, surface, now, func(r Request) (Event, error) {
		switch {
		case by.Person() == "":
			return nil, Refuse(Invalid, "A task is taken in Slack, by whoever does it. At the command line you can tick its steps.")
		case r.barred(by.Person()):
			return nil, Refuse(NotAllowed, "You took it away yourself, so somebody else must confirm it.")
		case r.Working() && r.Task.Owner == by.Person():
			return nil, nil
		}
		return Handed{By: by, To: by.Person()}, nil
	})
}

// PutTaskBack makes a task nobody's: it is somebody's turn again two hours later.
func (d *Desk) PutTaskBack(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	return d.work(ctx, n, by, surface, now, func(r Request) (Event, error) {
		if r.Working() && r.Task.Owner == "" {
			return nil, nil
		}
		return PutBack{By: by}, nil
	})
}

// CouldNot ends a task that could not be done, with why.
func (d *Desk) CouldNot(ctx context.Context, n int64, by Actor, reason, surface string, now time.Time) (Request, error) {
	reason, err := wordsOf(reason)
	if err != nil {
		return Request{}, err
	}
	return d.work(ctx, n, by, surface, now, func(r Request) (Event, error) {
		if r.State == Failed && r.Outcome != nil && r.Outcome.Text.Plain() == couldNot(by, reason).Plain() {
			return nil, nil
		}
		return GaveUp{By: by, Reason: reason}, nil
	})
}

// work is the one way in which somebody changes a task: what happens is found in the transaction, and nil is that it is so
// already.
func (d *Desk) work(ctx context.Context, n int64, by Actor, surface string, now time.Time, what func(Request) (Event, error)) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	f := d.gatherWork(ctx, r, by, now)
	var mine made
	err = d.update(ctx, func(tx Tx) error {
		if r, err = d.load(tx, n); err != nil || mine.is(r) {
			return err
		}
		if err := d.mayWork(r, by, f); err != nil {
			return err
		}
		var e Event
		if r.Task != nil {
			if e, err = what(r); e == nil && err == nil {
				return nil // it is so already, even where that was the last of it
			}
		}
		if past := r.workable(); past != nil {
			return past
		}
		if err != nil {
			return err
		}
		got, err := d.act(tx, r, e, by, surface, now)
		if errors.Is(err, ErrNotNow) {
			return &Error{Code: Conflict, Say: Standing(r)}
		}
		if r = got; err != nil {
			return err
		}
		return mine.note(r)
	})
	if err != nil && len(f.Failures) > 0 {
		d.Log.WarnContext(ctx, "cannot find out from Slack who may do a task", "request", n, "err", errors.Join(f.Failures...))
	}
	return r, err
}

// workable is why nothing of a task can be done now; nil: it can.
func (r Request) workable() error {
	switch {
	case r.Working():
		return nil
	case r.Task == nil && r.State == Pending:
		return Refuse(Conflict, "#%v isn't approved yet, so there's nothing to tick.", r.Number)
	case r.Task == nil && (r.State == Approved || r.State == Running):
		return Refuse(Conflict, "#%v isn't done step by step: I do it myself.", r.Number)
	case r.State == Failed && r.Task != nil:
		return Refuse(Conflict, "#%v couldn't be done, so nothing of it can be ticked. An admin can start it again.", r.Number)
	}
	return &Error{Code: Conflict, Say: Standing(r)}
}
