package leavers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// Verified, not believed: a thing is gone once it was seen gone (the deed read it back, or a list that is newer than the deed lacks
// it), or once two people say so where nothing can be read. What nobody has seen gone two weeks after it should be is asked
// about again. A leaving closes when everything is gone, or was left by somebody.

const (
	verifyAgain    = 6 * time.Hour
	verifySoonest  = 10 * time.Second
	verifyLatest   = 10 * time.Minute
	unverifiedFor  = 14 * 24 * time.Hour
	unverifiedDays = "20060102"
)

// Verifying carries out intents of kind "verify": it looks now and then how far what was asked is, as long as a leaving is open.
func (d *Desk) Verifying(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		l, err := d.Book.Leaving(ctx, NumberOf(job.Key))
		if err == nil && l.State == Open {
			l, err = d.verify(ctx, l, at)
		}
		switch {
		case errors.Is(err, ErrNone):
			return outbox.Done()
		case err != nil:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, verifySoonest, verifyLatest)), err.Error())
		case l.State.Over():
			return outbox.Done()
		}
		return outbox.DoneUntil(at.Add(verifyAgain), nil)
	})
}

// Now is a leaving as it stands, looked at anew where that can be.
func (d *Desk) Now(ctx context.Context, l Leaving, now time.Time) Leaving {
	if l.State != Open {
		return l
	}
	is, err := d.verify(ctx, l, now)
	if err != nil {
		d.Log.WarnContext(ctx, "cannot look now how far it is with what somebody held; what was seen last is shown", "leaving", l.Number, "err", err)
		return l
	}
	return is
}

// verify looks at everything that isn't settled, and keeps what it finds.
func (d *Desk) verify(ctx context.Context, l Leaving, now time.Time) (Leaving, error) {
	items := slices.Clone(l.Items)
	for n := range items {
		if i := &items[n]; !i.Settled() {
			if err := d.look(ctx, l, i, now); err != nil {
				return l, err
			}
		}
	}
	asks, err := d.askAfter(ctx, items, now)
	if err != nil {
		return l, err
	}
	return d.act(ctx, l.Number, change{what: "looked whether what somebody held is gone", by: approvals.Usher, do: func(_ Tx, is *Leaving) ([]outbox.Change, bool, error) {
		if is.State != Open || !slices.EqualFunc(is.Items, l.Items, Item.equal) {
			return nil, false, nil // somebody said something meanwhile: it is looked again
		}
		was := is.Items
		is.Items = items
		closed := is.close(now)
		if !closed && slices.EqualFunc(was, items, Item.equal) {
			return nil, false, nil
		}
		owed := is.redrawn(now)
		for _, id := range asks {
			key := MessageKey(is.Number, AboutGone+"-"+now.UTC().Format(unverifiedDays), id)
			is.Asking = append(is.Asking, key)
			owed = append(owed, outbox.AtOnce(key, 0, now))
		}
		return owed, true, nil
	}}, now)
}

// redrawn has what asks whether something is gone drawn anew, where it stands.
func (l Leaving) redrawn(now time.Time) (owed []outbox.Change) {
	for _, key := range l.Asking {
		owed = append(owed, outbox.AtOnce(key, 0, now).OnlyWhere(key))
	}
	return owed
}

// close closes a leaving of which nothing is left to do; false: something is.
func (l *Leaving) close(now time.Time) bool {
	if l.State != Open || len(l.Unread) > 0 && l.Back.IsZero() || l.Asked < l.Rounds || slices.ContainsFunc(l.Items, func(i Item) bool { return !i.Settled() }) {
		return false
	}
	l.State, l.Ended, l.EndedBy, l.Why = Closed, now, approvals.Usher, "everything is gone, or was left"
	return true
}

// look finds out how far one thing is.
func (d *Desk) look(ctx context.Context, l Leaving, i *Item, now time.Time) error {
	if i.Request == 0 {
		if i.Deed.IsZero() {
			i.Deed = now // whoever sees to it is asked after as of a deed
		}
		return d.lookInList(ctx, i, now)
	}
	r, err := d.Requests.Request(ctx, i.Request)
	if err != nil {
		return fmt.Errorf("read what asks for it: %w", err)
	}
	switch r.State {
	case approvals.Pending:
		return d.lookWhileAsked(ctx, l, i, r, now)
	case approvals.Denied:
		i.Left = &Left{By: r.DecidedBy, At: r.Decided, Why: r.Refusal}
	case approvals.Canceled, approvals.Expired:
		if err := d.lookSince(ctx, l, i, r); err != nil || i.Gone != nil {
			return err
		}
		i.Left = &Left{By: r.DecidedBy, At: r.Decided, Why: "nobody took it back"}
		if r.Occasion == nil && l.Back.IsZero() { // it was somebody else's wish, which is over; it's still theirs
			i.Left, i.Request, i.Why = nil, 0, fmt.Sprintf("#%d asked for it and is %s", r.Number, r.State)
			i.Owner, err = d.ownerOf(ctx, d.app(i.App), l.Person)
		}
	case approvals.Failed:
		if i.Owner == "" || i.Deed.IsZero() { // somebody sees to it by name, and is asked after it as after a deed
			if i.Owner, err = d.ownerOf(ctx, d.app(i.App), l.Person); err != nil {
				return err
			}
			i.Deed = r.Decided
			if r.Outcome != nil {
				i.Deed = r.Outcome.At
			}
		}
		return d.lookInList(ctx, i, now)
	case approvals.Approved, approvals.Running:
		i.Deed, i.Owner = time.Time{}, "" // what failed is tried again
	case approvals.Done, approvals.Ended:
		i.Deed, i.Owner = r.DoneAt(), ""
		i.Gone = seen(r)
		if i.Gone == nil && i.Left == nil {
			return d.lookInList(ctx, i, now)
		}
	}
	return err
}

// seen is how the deed itself was seen to be so: the vendor was read back, or two people did it and looked; nil: nobody else than who
// did it says so.
func seen(r approvals.Request) *Gone {
	if r.Outcome == nil {
		return nil
	}
	if r.App.Entry != nil && r.App.Entry.Reads.Used && r.Outcome.Said == "" {
		return &Gone{How: register.ByAPI, At: r.DoneAt()}
	}
	if r.Task == nil {
		return nil
	}
	for _, s := range r.Task.Steps {
		if s.Confirms && s.Tick != nil && !s.Tick.Skipped {
			return &Gone{How: register.OnlySaid, At: s.Tick.At, By: append(doers(r), s.Tick.By)}
		}
	}
	return nil
}

// doers are those who ticked the steps of a task, but for its confirmation, each once.
func doers(r approvals.Request) (out []approvals.Actor) {
	if r.Task == nil {
		return nil
	}
	for _, s := range r.Task.Steps {
		if s.Tick != nil && !s.Confirms && !slices.Contains(out, s.Tick.By) {
			out = append(out, s.Tick.By)
		}
	}
	return out
}

// lookWhileAsked looks whether a thing went by itself, somebody having taken it away at the vendor, while nobody has decided what was asked:
// then nothing is left to decide, and what Usher asked is taken back. A crash before that is kept finds it taken back, and the thing gone.
func (d *Desk) lookWhileAsked(ctx context.Context, l Leaving, i *Item, r approvals.Request, now time.Time) error {
	if err := d.lookSince(ctx, l, i, r); err != nil || i.Gone == nil || r.Occasion == nil || r.Occasion.ID != l.Key(i.Round) {
		return err
	}
	_, err := d.Requests.Withdraw(ctx, []int64{r.Number}, approvals.Sayf("%v is gone from %v already", i.Email, d.app(i.App).Name), now)
	if err != nil {
		return fmt.Errorf("take back what is gone already: %w", err)
	}
	return nil
}

// lookSince looks whether a list lacks a thing that is newer than what asks for it: that one was there when it was asked.
func (d *Desk) lookSince(ctx context.Context, l Leaving, i *Item, r approvals.Request) error {
	seen := *i
	seen.Deed = l.Heard
	for _, at := range []time.Time{l.Due, l.Off, r.Asked} {
		if at.After(seen.Deed) {
			seen.Deed = at
		}
	}
	err := d.lookInList(ctx, &seen, seen.Deed)
	i.Gone = seen.Gone
	return err
}

// lookInList looks whether a list that is newer than the deed lacks the account. What is shared with an account stands in none.
func (d *Desk) lookInList(ctx context.Context, i *Item, now time.Time) error {
	action, ok := d.app(i.App).Entry.Action(i.Action)
	if d.app(i.App).Entry == nil || ok && !action.Ends {
		return nil
	}
	there, at, how, err := d.Register.Listed(ctx, i.App, i.Email)
	switch {
	case err != nil:
		d.Log.WarnContext(ctx, "cannot look whether what somebody held is gone; looking again", "app", i.App, "err", err)
	case !there && at.After(i.Deed):
		i.Gone = &Gone{How: how, At: at}
	}
	return nil
}

// askAfter marks what nobody has seen gone in time, and says who is asked: the owners of its app, the admins where it has none, and
// from the second time on both.
func (d *Desk) askAfter(ctx context.Context, items []Item, now time.Time) (asks []approvals.PersonID, err error) {
	for n := range items {
		i := &items[n]
		since := i.Deed
		if i.Again.After(since) {
			since = i.Again
		}
		if i.Settled() || i.Deed.IsZero() || now.Sub(since) < unverifiedFor {
			continue
		}
		owners, err := d.ownersOf(ctx, d.app(i.App))
		if err != nil {
			return nil, err
		}
		asks = append(asks, owners...)
		if len(owners) == 0 || !i.Again.IsZero() {
			asks = append(asks, d.Requests.Admins...)
		}
		i.Again = now
	}
	return each(asks), nil
}

// SayGone keeps that somebody says of a thing that it's gone. It takes a second one beside whoever took it away.
func (d *Desk) SayGone(ctx context.Context, n int64, place int, by approvals.Actor, now time.Time) (l Leaving, err error) {
	if l, err = d.Book.Leaving(ctx, n); err != nil {
		return l, err
	}
	if err := d.MaySay(ctx, l, place, by); err != nil {
		return l, err
	}
	i := l.Items[place]
	said, err := d.saidBefore(ctx, i)
	if err != nil {
		return l, err
	}
	if slices.Contains(said, by) {
		return l, approvals.Refuse(approvals.NotAllowed, "You took it away or said so before, so somebody else must look too: another owner of %v, or an admin.", d.app(i.App).Name)
	}
	return d.act(ctx, n, change{what: "somebody says that it's gone", by: by, do: func(_ Tx, is *Leaving) ([]outbox.Change, bool, error) {
		at := &is.Items[place]
		if at.Settled() || at.SaidBy == by {
			return nil, false, nil
		}
		if at.SaidBy = by; len(said) > 0 {
			at.Gone = &Gone{How: register.OnlySaid, At: now, By: append(slices.Clone(said), by)}
		}
		is.close(now)
		return is.redrawn(now), true, nil
	}}, now)
}

// saidBefore are those who say already that something is gone: who took it away by hand, and who said so since.
func (d *Desk) saidBefore(ctx context.Context, i Item) (said []approvals.Actor, err error) {
	if i.Request != 0 {
		r, err := d.Requests.Request(ctx, i.Request)
		if err != nil {
			return nil, err
		}
		said = doers(r)
		if r.Outcome != nil && r.Outcome.Said != "" {
			said = append(said, r.Outcome.Said)
		}
	}
	if i.SaidBy != "" && !slices.Contains(said, i.SaidBy) {
		said = append(said, i.SaidBy)
	}
	return said, nil
}

// MaySay refuses everybody but those who look after the app of a thing, and the admins; and a place at which there is none.
func (d *Desk) MaySay(ctx context.Context, l Leaving, place int, by approvals.Actor) error {
	if place < 0 || place >= len(l.Items) {
		return approvals.Refuse(approvals.NotFound, "I can't tell any more what that's about, so nothing was changed.")
	}
	who, i := by.Person(), l.Items[place]
	if err := d.Requests.MayAsk(ctx, who); err != nil {
		return err
	}
	owners, err := d.ownersOf(ctx, d.app(i.App))
	if err != nil {
		return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now who looks after %v, so nothing was changed. Please try again in a minute.", d.app(i.App).Name).Because(err)
	}
	if who == l.Person || !slices.Contains(owners, who) && !slices.Contains(d.Requests.Admins, who) {
		return approvals.Refuse(approvals.NotAllowed, "Only the owners of %v and the admins can say that it's gone.", d.app(i.App).Name)
	}
	return nil
}

// LeaveIt keeps that a thing which can't be asked about stays where it is, and why.
func (d *Desk) LeaveIt(ctx context.Context, n int64, place int, by approvals.Actor, why string, now time.Time) (l Leaving, err error) {
	if l, err = d.Book.Leaving(ctx, n); err != nil {
		return l, err
	}
	if err := d.MaySay(ctx, l, place, by); err != nil {
		return l, err
	}
	return d.act(ctx, n, change{what: "somebody leaves it where it is", by: by, do: func(_ Tx, is *Leaving) ([]outbox.Change, bool, error) {
		at := &is.Items[place]
		if at.Settled() {
			return nil, false, nil
		}
		at.Left = &Left{By: by, At: now, Why: why}
		is.close(now)
		return is.redrawn(now), true, nil
	}}, now)
}
