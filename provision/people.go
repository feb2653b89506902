package provision

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// People says who somebody is at this moment, not as it was remembered. An error means that it could not be
// found out, and is never taken for a yes or a no.
type People interface {
	Fresh(ctx context.Context, id approvals.PersonID) (approvals.Person, error)
	// ByEmail is who bears an address, as far as Slack shows them; it may be what was remembered.
	ByEmail(ctx context.Context, email string) (approvals.Person, error)
}

// bereft ends a deed that would give something to somebody who has left; false: nobody has. It is asked after
// the look and before the mark, so that nothing was asked of the vendor for them, and each time anew. While Slack
// cannot be asked, nothing is given; what takes away does not wait for Slack.
func (a *act) bereft(ctx context.Context, seen Sight) (outbox.Result, bool) {
	if !a.r.Gives() {
		return outbox.Result{}, false
	}
	if err := a.pin(ctx); err != nil {
		return a.unasked(ctx, err), true
	}
	id := a.r.Change.Person
	if id == "" {
		return outbox.Result{}, false
	}
	who, err := a.People.Fresh(ctx, id)
	switch {
	case err != nil:
		return a.unasked(ctx, err), true
	case who.Active:
		return outbox.Result{}, false
	}
	given := "They were given nothing."
	if len(a.note.Steps) > 0 {
		given = "So I stopped there. What they'd already been given stays." // one website at a time
	}
	return a.refused(ctx, approvals.Sayf("%v, who it's for, has left (deactivated in Slack) since it was approved. %v", id, given), seen), true
}

// pin finds whom the deed is for where Slack could not say so when it was asked, and keeps it: from then on they are
// known by their id, and seen to leave.
func (a *act) pin(ctx context.Context) error {
	if !a.r.Unpinned {
		return nil
	}
	id, err := approvals.Whose(ctx, a.People, a.r.Change.Email)
	if err != nil || id == "" {
		return err
	}
	r, err := a.Desk.Record(context.WithoutCancel(ctx), a.r.Number, approvals.Pinned{Person: id}, a.Now())
	if err != nil {
		return fmt.Errorf("keep whom #%d is for: %w", a.r.Number, err)
	}
	a.r = r
	return nil
}

// unasked puts a deed off until Slack says whether somebody is still there.
func (a *act) unasked(ctx context.Context, err error) outbox.Result {
	a.note.Since = a.since()
	if err := a.job.Mark(context.WithoutCancel(ctx), a.note); err != nil {
		return a.putOff(err)
	}
	if a.Alarm != nil && !a.Now().Before(a.since().Add(stuckAfter)) {
		a.Alarm(ctx, "stuck-"+approvals.DeedKey(a.r.Number), approvals.Sayf(
			"#%v is approved, but since %v I can't find out whether %v, who it's for, is still here: Slack doesn't say. I won't set anything up until it does. I'll keep asking; you don't need to do anything unless it goes on.",
			a.r.Number, a.since(), whom(a.r.Change)))
	}
	return a.later(a.job, err)
}

// whom names whom a change is for, by mention where they are known.
func whom(c approvals.Change) approvals.Text {
	if c.Person == "" {
		return c.Whom()
	}
	return approvals.Sayf("%v", c.Person)
}
