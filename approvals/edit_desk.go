package approvals

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// Wanted is what somebody who may decide wants a request to ask instead.
type Wanted struct {
	By      Actor
	Surface string
	Why     string
	// Form is what it was written in, and Edition how often the request had been edited when that was opened.
	Form    string
	Edition int
	// FirstName and LastName are the names of whom a new account is for, and Values what is asked of the app.
	FirstName, LastName string
	Values              catalog.Values
	// Term is for how long; nil: for good.
	Term *Term
	// Seats and Look are what is known of the vendor by now.
	Seats SeatCount
	Look  *Look
}

// Misplaced is an Error about one field of what was filled in, by its key; "": about all of it.
type Misplaced struct {
	Err   *Error
	Field string
}

// Error is that of the error itself.
func (m Misplaced) Error() string { return m.Err.Error() }

// Unwrap is the error itself.
func (m Misplaced) Unwrap() error { return m.Err }

// Edit changes what a request asks. Who may not decide it may not edit it either; they, and whoever edits what was decided or
// edited meanwhile, get an *Error with the sentence for them, and nothing is changed. A form that was taken before changes
// nothing more.
//
// Which policy rules the request then, and who that asks, is found out before the transaction; whatever happens to the
// request in between has that done anew.
func (d *Desk) Edit(ctx context.Context, n int64, w Wanted, now time.Time) (r Request, err error) {
	if err := d.repin(ctx, n, now); err != nil {
		return r, err
	}
	for range mostRounds {
		if r, err = d.MayEdit(ctx, n, w.By, w.Edition, w.Form, now); err != nil || r.EditedIn(w.Form) {
			return r, err
		}
		var base made
		if err = base.note(r); err != nil {
			return r, err
		}
		facts := d.gather(ctx, r, w.By)
		var to Request
		if to, err = d.reworded(ctx, r, w, now); err != nil {
			return r, err
		}
		err = d.update(ctx, func(tx Tx) error {
			r, err = d.edit(tx, n, base, to, w, facts, now)
			return err
		})
		if !errors.Is(err, errOvertaken) {
			return r, err
		}
	}
	return r, Refuse(Busy, "A lot is happening to #%v right now, so nothing was changed. Please try again in a minute.", n)
}

// edit keeps an edit that was worked out for a request as it was.
func (d *Desk) edit(tx Tx, n int64, was made, to Request, w Wanted, f Facts, now time.Time) (Request, error) {
	r, err := d.load(tx, n)
	if err != nil || r.EditedIn(w.Form) {
		return r, err
	}
	if !was.is(r) {
		return r, errOvertaken
	}
	if err := r.editable(w.By, w.Edition, f, now); err != nil {
		return r, err
	}
	open, err := tx.OpenFor(r.App.ID, r.Change.Email)
	if err != nil {
		return r, err
	}
	if to.Same, err = besideOf(slices.DeleteFunc(open, func(o Request) bool { return o.Number == n }), to); err != nil {
		if e, ok := errors.AsType[*Error](err); ok {
			err = Misplaced{e, to.Edits[len(to.Edits)-1].Changed[0].Field}
		}
		return r, err
	}
	if err := d.roomForEdit(tx, r, to); err != nil {
		return r, err
	}
	return d.act(tx, r, Edited{By: w.By, To: to}, w.By, w.Surface, now)
}

// MayEdit answers, before a form is opened and before it is read, whether somebody may edit a request of an edition now; nil:
// yes, or they did in that form.
func (d *Desk) MayEdit(ctx context.Context, n int64, by Actor, edition int, form string, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil || r.EditedIn(form) {
		return r, err
	}
	return r, r.editable(by, edition, d.gather(ctx, r, by), now)
}

// editable is every reason why somebody may not edit a request. What is found out about them is what it takes to say yes.
func (r Request) editable(by Actor, edition int, f Facts, now time.Time) error {
	if err := votable(r, Vote{By: by, Step: r.Present(), Edition: r.Edition()}, f, now); err != nil {
		return err
	}
	switch gone := r.Formless(); {
	case gone != nil:
		return Refuse(Conflict, "%v So there's nothing of #%v that could be changed. You can still deny it.", gone, r.Number)
	case r.Bundled():
		return Refuse(Conflict, "#%v is part of “%v”, which is approved or denied as it is. Should it be something else? Deny it and say so, and they can ask for the parts by themselves.", r.Number, r.Together.Name)
	case !r.Editable():
		return Refuse(Conflict, "There's nothing in #%v that could be changed: approve it or deny it as it is.", r.Number)
	case edition != r.Edition():
		return Misplaced{Err: r.editedMeanwhile()}
	case r.Edition() >= MostEdits:
		return Refuse(Conflict, "#%v has been changed %v times, and that's the most. Approve it or deny it as it is.", r.Number, r.Edition())
	}
	return nil
}

// editedMeanwhile says that somebody else edited a request while a form was open.
func (r Request) editedMeanwhile() *Error {
	if n := r.Edition(); n > 0 {
		e := r.Edits[n-1]
		return Refuse(Conflict, "%v changed #%v %v, while you had this open, so I changed nothing. Close this, look at the card, and press *Edit* again if it still needs it.", e.By.Text(), r.Number, e.At)
	}
	return Refuse(Conflict, "#%v isn't what it was when this was opened, so I changed nothing. Close this, look at the card, and press *Edit* again.", r.Number)
}

// Editable reports whether a request has anything that somebody could change.
func (r Request) Editable() bool {
	form := r.Form()
	return r.Formless() == nil && !r.Bundled() && !r.ByUsher() && (form.Named || len(form.Fields) > 0 || form.Undo != "")
}

// reworded is a request as somebody wants it, under the policy that rules it then.
func (d *Desk) reworded(ctx context.Context, r Request, w Wanted, now time.Time) (Request, error) {
	to, err := r.wanted(w, now)
	if err != nil {
		return to, err
	}
	k, err := d.found(ctx, to)
	if err != nil {
		return to, unfound("Who approves it then", "changed", err)
	}
	to.Found = k.kept()
	c := Choose(d.Policies, d.known(to).Situation())
	if err := to.unruled(c); err != nil {
		return to, err
	}
	if err := d.known(to).lasts(c.Policy, c.Open, now); err != nil {
		return to, err
	}
	if to.Manager, err = d.findManager(ctx, to, d.mayRule(to, c)...); err != nil {
		return to, Refuse(CannotTell, "I couldn't check with Slack just now which manager decides it then, so nothing was changed. Please try again in a minute.").Because(err)
	}
	to.Expires = to.closes(now.Add(c.Policy.ExpiresAfter))
	to.Rule, to.Look = d.under(to, c)
	if !to.Rule.Itself() && to.short(to.gainers()...) >= 0 {
		return to, to.misplaced(When{}, "The policy “%v” decides it then, and without those who asked and whom it's for there aren't enough approvers. Nothing was changed.", to.Rule.Policy)
	}
	return to, nil
}

// unruled refuses an edit after which a policy refuses the request, or none is about it, under the field that makes it so.
func (r Request) unruled(c Choice) error {
	switch {
	case c.None:
		return r.misplaced(When{}, "No policy fits it then: %v. Nothing was changed.", c.unmet())
	case c.Policy.Refusal != "" && !c.Open:
		return r.misplaced(c.Policy.When, "%v (Policy “%v”.) So nothing was changed.", sentence(c.Policy.Refusal), c.Policy.Name)
	}
	return nil
}

// misplaced is an error about the last edit: under the first field that it changed and a condition is about, else under the
// first that it changed.
func (r Request) misplaced(about When, format string, args ...any) error {
	changed := r.Edits[len(r.Edits)-1].Changed
	at := changed[0].Field
	for _, a := range slices.Backward(changed) {
		if a.Field == AlteredLong && about.Lasts() || slices.ContainsFunc(about.Fields, func(f FieldIs) bool { return f.Key == a.Field }) {
			at = a.Field
		}
	}
	return Misplaced{Refuse(NotAllowed, format, args...), at}
}
