package provision

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// act is one delivery of one deed.
type act struct {
	*Deeds
	kind Kind
	job  outbox.Job
	r    approvals.Request
	note note
	// lock is its address's, among all processes.
	lock lock
}

func (a *act) task() Task {
	return Task{Request: a.r, Tried: a.note.Tried || a.r.Tried, Before: a.note.Before, Steps: a.note.Steps, Made: cmp.Or(a.note.Made, a.r.Made), Now: a.Now()}
}

// run looks, and writes only where it saw that the change is not so.
func (a *act) run(ctx context.Context) outbox.Result {
	if says := a.misfits(); says != nil {
		return a.refused(ctx, says, Sight{})
	}
	patience := longestLook
	if !a.note.Tried || a.r.State == approvals.InDoubt {
		patience = patientLook
	}
	look, cancel := context.WithTimeout(ctx, patience)
	sight, err := a.kind.Look(look, a.task())
	cancel()
	a.made(sight)
	switch {
	case ctx.Err() != nil:
		return outbox.RetryAt(a.Now(), "stopping")
	case err != nil:
		return a.blind(ctx, err)
	case sight.Done:
		if !a.task().Tried {
			a.note.Had = sight.Had
		}
		return a.happened(ctx, sight, a.note.Before)
	case a.note.Refused != "":
		return a.unseen(ctx)
	case a.note.Tried && !a.note.Answered:
		if result, wait := a.afloat(ctx); wait {
			return result
		}
	}
	if len(sight.Stop) > 0 {
		a.Changed(a.r.App.ID) // who asks anew must not be shown the lists that led here
		return a.refused(ctx, sight.Stop, sight)
	}
	if result, gone := a.bereft(ctx, sight); gone {
		return result
	}
	if a.r.State == approvals.InDoubt {
		// Where an admin has settled it meanwhile, or the commit only seemed to fail, the next delivery
		// finds out how it stands.
		if a.r, err = a.Desk.Record(ctx, a.r.Number, approvals.Resumed{}, a.Now()); err != nil {
			return a.later(a.job, err)
		}
	}
	return a.write(ctx, sight)
}

// write asks the vendor. The mark before it is durable: whoever finds it looks first.
func (a *act) write(ctx context.Context, seen Sight) outbox.Result {
	before := a.note
	a.note = note{Tried: true, At: a.Now(), By: a.job.Life, Before: seen.State, Had: seen.Had, Adrift: before.Adrift || before.Tried && !before.Answered}
	if before.Had != nil && before.Tried {
		a.note.Had = before.Had
	}
	a.note.step(before, seen.Step)
	if err := a.job.Mark(ctx, a.note); err != nil {
		return a.putOff(err)
	}
	if err := a.lock.still(ctx); err != nil {
		return a.unmark(ctx, err, before) // nothing was asked
	}
	after, err := a.kind.Write(ctx, a.task(), seen)
	a.Changed(a.r.App.ID)
	switch KindOf(err) {
	case "":
	case apiclient.OutcomeUnknown:
		return a.lost(ctx, err)
	case apiclient.RateLimited, apiclient.Temporary:
		return a.unmark(ctx, err, before)
	default:
		if before.Tried {
			// An earlier try may be what it collides with: look before believing the refusal.
			return a.afterRefusal(ctx, err, seen)
		}
		a.note.Tried = false // it was asked, and surely refused
		return a.refused(ctx, a.refusal(err, seen), seen)
	}
	switch {
	case err != nil:
		return a.lost(ctx, err)
	case len(after.Stop) > 0:
		return a.refused(ctx, after.Stop, after)
	case after.More:
		return a.stepped(ctx, after, before)
	case !after.Done:
		return a.lost(ctx, errors.New("it was accepted, but cannot be read back yet"))
	}
	return a.happened(ctx, after, a.note.Before)
}

// step adds a step to those of before. What was there before the first of them stays noted: only what this deed
// has added since may be risked (apiclient/seranking, Sharing.Sent).
func (n *note) step(before note, step string) {
	n.Made = before.Made
	if n.Steps = before.Steps; step == "" {
		return
	}
	if len(n.Steps) > 0 {
		n.Before = before.Before
	}
	if !slices.Contains(n.Steps, step) {
		n.Steps = append(slices.Clone(n.Steps), step)
	}
}

// made notes the account that a step has made, where a sight shows it: from then on no other is taken for it.
func (a *act) made(s Sight) {
	if a.note.Made == "" && a.r.Form().New && len(a.note.Steps) > 0 {
		a.note.Made = s.Account
	}
}

// stepped keeps that a step was answered and seen; the next delivery looks, marks and takes the next. A crash before
// the mark leaves a step that nobody answered, and it is waited for like any other. A step that was not taken is noted
// no more: what it would have done may be somebody else's doing.
func (a *act) stepped(ctx context.Context, after Sight, before note) outbox.Result {
	if a.note.Answered = true; after.Step == "" {
		a.note = before
	}
	a.made(after)
	if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
		return a.putOff(err)
	}
	return outbox.RetryAt(a.Now(), "one step is done, and there is another")
}

// lost keeps that the write may have been made; the next delivery looks, soon.
func (a *act) lost(ctx context.Context, err error) outbox.Result {
	var e *apiclient.Error
	if a.note.Answered = errors.As(err, &e) && e.Answered(); !a.note.Answered {
		a.note.GivenUp = a.Now()
	}
	if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
		return a.putOff(err)
	}
	return outbox.RetryAt(a.Now().Add(time.Second), err.Error())
}

// unmark keeps that the vendor surely did nothing this time, and tries again when it is ready. What was
// noted of an earlier try stays: this answer says nothing of it.
func (a *act) unmark(ctx context.Context, err error, before note) outbox.Result {
	a.note = before
	a.note.Since = a.since()
	if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
		return a.putOff(err)
	}
	a.stuck(ctx, err)
	wait := outbox.Backoff(a.job.Tries, time.Second, time.Minute)
	var e *apiclient.Error
	if errors.As(err, &e) && e.RetryAfter > wait {
		wait = e.RetryAfter
	}
	return outbox.RetryAt(a.Now().Add(wait), err.Error())
}

// blind is a look that could not see. Where nothing was asked yet, it is tried again, and a refusal
// to be read at all ends the deed; where something may have been asked, a few such looks make a doubt.
func (a *act) blind(ctx context.Context, err error) outbox.Result {
	if !a.note.Tried {
		if k := KindOf(err); k == apiclient.NotAllowed || k == apiclient.Rejected {
			return a.refused(ctx, a.refusal(err, Sight{}), Sight{})
		}
		a.note.Since = a.since()
		if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
			return a.putOff(err)
		}
		a.stuck(ctx, err)
		return a.later(a.job, err)
	}
	a.note.Looks++
	if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
		return a.putOff(err)
	}
	if a.note.Looks >= looksToDoubt && (a.r.State != approvals.InDoubt || a.note.Looks%10 == 0) {
		if _, err := a.Desk.Record(ctx, a.r.Number, approvals.Lost{Doubt: a.doubt(err)}, a.Now()); err != nil {
			return a.putOff(err)
		}
	}
	wait := outbox.Backoff(a.note.Looks-1, time.Second, 20*time.Second)
	return outbox.RetryAt(a.Now().Add(wait), err.Error())
}

// homeless is a deed of an app that is not configured any more. Where the vendor may have been asked,
// nobody here can look, so an admin does, or the app comes back.
func (a *act) homeless(ctx context.Context) outbox.Result {
	if !a.task().Tried {
		return a.refused(ctx, approvals.Sayf("%v isn't set up in Usher any more, so nothing was done.", a.r.App.Name), Sight{})
	}
	if a.r.State != approvals.InDoubt {
		d := approvals.Doubt{Tried: a.asked(), Seen: approvals.Sayf("%v isn't set up in Usher any more, so I can't look there.", a.r.App.Name), Looks: a.note.Looks, Account: a.task().Account(), Had: a.note.Had}
		if _, err := a.Desk.Record(ctx, a.r.Number, approvals.Lost{Doubt: d}, a.Now()); err != nil {
			return a.putOff(err)
		}
	}
	return outbox.RetryAt(a.Now().Add(time.Minute), "the app is not configured any more")
}

// misfits says what the app no longer has of what was approved, where nothing was asked of it yet; nil: it has it all.
// Once something may have been asked, looking says more than the catalog.
func (a *act) misfits() approvals.Text {
	if a.task().Tried {
		return nil
	}
	says := a.r.Misfits()
	if gone := a.r.Formless(); gone != nil {
		says = append(says, gone)
	}
	if len(says) == 0 {
		return nil
	}
	return approvals.Sayf("%v Nothing was done. Still needed? Ask again with what it has now.", approvals.Join(says, " "))
}

// afterRefusal looks once more: seen done, the refusal was the vendor's way to say so. Not seen, it is
// believed, unless an earlier try may still arrive.
func (a *act) afterRefusal(ctx context.Context, refused error, seen Sight) outbox.Result {
	sight, err := a.kind.Look(ctx, a.task())
	switch {
	case err != nil:
		return a.lost(ctx, err)
	case sight.Done:
		return a.happened(ctx, sight, seen.State)
	case a.note.Adrift:
		a.note.Refused, a.note.RefusedAt = words(refused), a.Now()
		return a.unseen(ctx)
	case len(sight.Stop) > 0:
		return a.refused(ctx, sight.Stop, sight)
	}
	return a.refused(ctx, a.refusal(refused, seen), seen)
}

func (a *act) happened(ctx context.Context, s Sight, before string) outbox.Result {
	return a.record(ctx, a.job, a.r, approvals.Happened{Outcome: approvals.Outcome{
		At: a.Now(), Text: s.Text, AccountID: s.Account, Before: before, After: s.State, Had: a.note.Had}})
}

func (a *act) refused(ctx context.Context, say approvals.Text, s Sight) outbox.Result {
	return a.record(ctx, a.job, a.r, approvals.Refused{Outcome: approvals.Outcome{
		At: a.Now(), Text: say, AccountID: cmp.Or(s.Account, a.task().Made), Before: a.note.Before, After: s.State, Tried: a.note.Tried, Had: a.note.Had}})
}

// putOff puts off a delivery whose note or record could not be written: the disk has trouble, or an admin or a
// new promise has overtaken it. The next delivery finds out how the request stands.
func (a *act) putOff(err error) outbox.Result { return a.later(a.job, err) }

func (a *act) since() time.Time {
	if a.note.Since.IsZero() {
		return a.Now()
	}
	return a.note.Since
}

// stuck tells the admins of a deed that has not been able to begin for a while.
func (a *act) stuck(ctx context.Context, err error) {
	if a.Alarm == nil || a.Now().Before(a.since().Add(stuckAfter)) {
		return
	}
	sofar := "Nothing has been done yet"
	if a.note.Tried {
		sofar = "The answer to an earlier try was lost, so I check before each new one"
	}
	a.Alarm(ctx, "stuck-"+a.job.Key, approvals.Sayf(
		"#%v is "+goingOn(a.r)+", but %v hasn't worked since %v (%v). %v. I'll keep trying; you don't need to do anything unless it goes on.",
		a.r.Number, a.r.App.Name, a.since(), words(err), sofar))
}
