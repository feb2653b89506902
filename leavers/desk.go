package leavers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// Tx is one transaction of a Book: a leaving, its entry of the audit log and what is owed for it are kept together.
type Tx interface {
	// Roster is what was kept last; its zero value where nothing was. Active likewise.
	Roster() (Roster, error)
	KeepRoster(r Roster) error
	Active() (Active, error)
	KeepActive(a Active) error
	// Leaving is the leaving of a number; ErrNone for one that nobody has.
	Leaving(n int64) (Leaving, error)
	// KeepLeaving keeps one under its number, in place of what was.
	KeepLeaving(l Leaving) error
	// Audit and Change are those of approvals.Tx.
	Audit(e approvals.Entry) error
	Change(c outbox.Change) error
}

// Book is what the Desk needs of a store. Package store holds one to it.
type Book interface {
	// Alter runs fn in a transaction, with the promises of approvals.Book.Update.
	Alter(ctx context.Context, fn func(Tx) error) error
	// Roster and Leaving are as Tx has them.
	Roster(ctx context.Context) (Roster, error)
	Leaving(ctx context.Context, n int64) (Leaving, error)
}

// ErrNone is returned for a leaving that there isn't.
var ErrNone = errors.New("there is no such leaving")

// Holdings says what people hold; *register.Register does.
type Holdings interface {
	// Where is all of which wanted says so, in every app; what can't be read is named in it.
	Where(ctx context.Context, wanted func(register.Entry) bool) (register.Holdings, error)
	// Listed reports whether the newest list of an app has an address, as of when and how that is known.
	Listed(ctx context.Context, app, email string) (there bool, at time.Time, how register.How, err error)
}

// Workspace says who everybody is, those who have left too. An error means that it isn't known of everybody.
type Workspace interface {
	Everybody(ctx context.Context) ([]approvals.Person, error)
	// Fresh is who somebody is at this moment, not as it was remembered.
	Fresh(ctx context.Context, id approvals.PersonID) (approvals.Person, error)
}

// Desk is where leavings are kept. Its methods are safe for concurrent use.
type Desk struct {
	Book      Book
	Requests  *approvals.Desk
	Register  Holdings
	Workspace Workspace
	// Elsewhere is how people stand in directories beside Slack, which vouch for more addresses of theirs; nil: there are none.
	Elsewhere register.Elsewhere
	// Breaker is how many may be seen deactivated within an hour before an admin is asked.
	Breaker int
	// Settles is how long what somebody holds is not gathered after Slack has shown them deactivated (DefaultSettles).
	Settles time.Duration
	// Alarm tells the admins of something only they can mend, once a day and topic.
	Alarm func(ctx context.Context, topic string, say approvals.Text)
	// Also hears what a reading of everybody said, after the leavings of it are kept; nil: nobody does.
	Also func(ctx context.Context, all []approvals.Person, now time.Time) error
	// Leaves hears of each who leaves before it is found out what they hold, and may hear of them again; nil: nobody does.
	Leaves func(ctx context.Context, who approvals.PersonID, now time.Time) error
	// Nonce draws what tells a leaving from every other of its number, and Wake is called after a commit that promises something.
	Nonce func() (string, error)
	Wake  func()
	Log   *slog.Logger
}

// DefaultBreaker is how many may leave within an hour where the configuration doesn't say.
const DefaultBreaker = 5

// alter commits fn. Where the store can't say whether it was kept fn runs once more, and finds what it has kept itself.
func (d *Desk) alter(ctx context.Context, fn func(Tx) error) error {
	err := d.Book.Alter(ctx, fn)
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		d.Log.WarnContext(ctx, "the disk didn't say whether something was kept; looking", "err", err)
		err = d.Book.Alter(ctx, fn)
	}
	switch {
	case err == nil:
		d.Wake()
		return nil
	case errors.Is(err, approvals.ErrUnknownOutcome):
		return approvals.Refuse(approvals.Unsure, "My disk had trouble just now, so I can't tell whether this was saved. Nothing will happen twice: please try again in a minute.").Because(err)
	case errors.Is(err, approvals.ErrBusy):
		return approvals.Refuse(approvals.Busy, "Lots of requests are coming in right now, so nothing was saved. Please try again in a minute.").Because(err)
	}
	return err
}

// change is one change of one leaving: what it is called in the log, by whom, and how it is done.
type change struct {
	what string
	by   approvals.Actor
	do   func(tx Tx, l *Leaving) (owed []outbox.Change, changed bool, err error)
}

// act is the one way a leaving changes: its new state, its audit entry and its promises together. Where do finds nothing to change
// nothing is kept.
func (d *Desk) act(ctx context.Context, n int64, c change, now time.Time) (l Leaving, err error) {
	err = d.alter(ctx, func(tx Tx) error {
		if l, err = tx.Leaving(n); err != nil {
			return err
		}
		l, err = keep(tx, l, c, now)
		return err
	})
	return l, err
}

// keep is act in a transaction that has read the leaving.
func keep(tx Tx, l Leaving, c change, now time.Time) (Leaving, error) {
	was := l.State
	l = l.clone()
	owed, changed, err := c.do(tx, &l)
	if err != nil || !changed {
		return l, err
	}
	detail, err := json.Marshal(l)
	if err != nil {
		return l, fmt.Errorf("encode leaving %d: %w", l.Number, err)
	}
	surface := "usher"
	if c.by != approvals.Usher {
		surface = "slack"
	}
	e := approvals.Entry{At: now, Actor: c.by, What: c.what, Surface: surface, Before: approvals.State(was), After: approvals.State(l.State), Detail: detail}
	if err := errors.Join(tx.KeepLeaving(l), tx.Audit(e)); err != nil {
		return l, err
	}
	for _, o := range owed {
		if err := tx.Change(o); err != nil {
			return l, err
		}
	}
	return l, nil
}

// Rests are the requests on which a leaving rests that isn't over: they're read until it is.
func (d *Desk) Rests(ctx context.Context) (numbers []int64, err error) {
	r, err := d.Book.Roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is leaving: %w", err)
	}
	for _, n := range r.Of {
		l, err := d.Book.Leaving(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("read leaving %d: %w", n, err)
		}
		if !l.State.Over() {
			numbers = append(numbers, l.Requests()...)
		}
	}
	return numbers, nil
}
