package provision

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// What was given for a time is taken back at its end by a deed like any other: looked for, marked, written, read back. It
// is about another request than the one that was approved, namely the one that takes back what that one has added
// (approvals, Request.Back); and what becomes of it is kept as what became of the end, and never of the grant.
//
//	begin      done → ending, if it is due                              (store)
//	look       gone already, or nothing of it was added: that is all    (reads only)
//	mark, write, read back                                              (act.go)
//	record     ended: the promise is forgotten in the same transaction  (store)
//
// A crash leaves at each place what a crash leaves of a deed. What is not surely this request's is looked at, and never
// taken back on a guess. What a person gave is a person's task to take away, and none of this.

// Endings carries out intents of kind "end". An address that a deed is busy with, no ending touches, and the other way
// round.
func (d *Deeds) Endings() outbox.Doer {
	back := &Deeds{Desk: backDesk{d.Desk}, Kinds: map[string]Kind{}, People: d.People, Changed: d.Changed, Alarm: d.Alarm, Now: d.Now, Log: d.Log, Locks: d.Locks, beside: d}
	for id, k := range d.Kinds {
		back.Kinds[id] = backKind{k}
	}
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		r, err := d.Desk.Request(ctx, approvals.NumberOf(job.Key))
		if now := d.Now(); err == nil && r.Lent() && now.Before(r.EndsAt) {
			return outbox.RetryAt(r.EndsAt, "its time is not up yet")
		}
		if err == nil && r.ByHand() && d.ByHand != nil {
			return d.ByHand.Do(ctx, job)
		}
		return back.Do(ctx, job)
	})
}

// backDesk reads and records endings as if they were deeds of their own.
type backDesk struct{ Desk }

// Request implements Desk.
func (d backDesk) Request(ctx context.Context, n int64) (approvals.Request, error) {
	r, err := d.Desk.Request(ctx, n)
	if err != nil {
		return r, err
	}
	return backOf(r), nil
}

// Record implements Desk.
func (d backDesk) Record(ctx context.Context, n int64, e approvals.Event, now time.Time) (approvals.Request, error) {
	of, err := ofEnding(e)
	if err != nil {
		return approvals.Request{}, err
	}
	r, err := d.Desk.Record(ctx, n, of, now)
	return backOf(r), err
}

// backOf is what takes back what a request gave; what is no ending, or none any more, is left as it is.
func backOf(r approvals.Request) approvals.Request {
	if !r.Lent() && !r.Late() {
		return r
	}
	back, _, _ := r.Back()
	return back
}

// ofEnding is what an event of a deed means for an end.
func ofEnding(e approvals.Event) (approvals.Event, error) {
	switch e := e.(type) {
	case approvals.Begun:
		return approvals.BackBegun{}, nil
	case approvals.Happened:
		return approvals.BackSeen(e), nil
	case approvals.Refused:
		return approvals.BackRefused(e), nil
	case approvals.Lost:
		return approvals.BackLost(e), nil
	case approvals.Resumed:
		return approvals.BackResumed{}, nil
	}
	return nil, fmt.Errorf("record what became of an end: %T is nothing of it", e)
}

// backKind takes back what a request added, by the hands that carry out any deed.
type backKind struct{ Kind }

// Look implements Kind. What was never added, or is gone with its account or by somebody's hand, is gone.
func (k backKind) Look(ctx context.Context, t Task) (Sight, error) {
	r := t.Request
	switch {
	case r.Formless() != nil:
		return Sight{Stop: approvals.Sayf("%v can't take this back any more, so somebody has to do it there.", r.App.Name)}, nil
	case !r.Form().Ends && r.Had != nil && len(r.Resources()) == 0, r.Form().Ends && r.Had != nil && r.Had.Account:
		return Sight{Done: true, Account: r.Change.Account, Text: approvals.Sayf("All of it was there before or belongs to a later request, so nothing was taken away.")}, nil
	}
	s, err := k.Kind.Look(ctx, t)
	gone := s.Had != nil && (r.Change.Account != "" && !s.Had.Account || s.Had.Account && !r.Form().Ends && len(s.Had.Items) == 0)
	switch {
	case err != nil || s.Done:
	case gone:
		s.Done, s.Stop, s.Text = true, nil, approvals.Sayf("Checked in %v: it's gone already, so there was nothing left to take away.", r.App.Name)
	case r.Had == nil || r.Change.Account == "":
		s.Stop = approvals.Sayf("I can't tell what of this was there before (I didn't see it done), so I take nothing away on a guess. Please look in %v whether it should go, and press *Try again* once it's as it should be.", r.App.Name)
	}
	return s, err
}
