package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// editForm is the form of a request, with what it asks, for somebody who may decide it.
func (b *Bot) editForm(s said, n int64) opening {
	return opening{"Edit", "your changes", func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		r, sheet, err := b.house.EditSheet(ctx, n, s.who, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return view.EditForm(r, sheet, s.channel), nil
	}}
}

// redrawsEdit draws the form of a request anew because of what somebody chose in it. Whether they may still edit it is asked
// when they send it: what they wrote stays theirs until then.
func (b *Bot) redrawsEdit(live context.Context, e *envelope, s said, borne view.Borne) {
	name, err := view.ParseButtonValue(borne.Of)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	turn := b.forms.begin(s.opened, s.acted)
	ctx, cancel := context.WithTimeout(live, redrawWithin)
	defer cancel()
	d, borne := view.ReadRequest(borne, s.inputs)
	r, sheet, err := b.house.EditSheetAgain(ctx, name.Number, s.who, d)
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	turn.draw(ctx, b, s.hash, view.EditFormAgain(r, sheet, borne))
}

// edited takes the form of a request: what is changed in it is committed first, then the ack closes the form. What is wrong
// stays under its field, with all that was filled in; only where nothing is left to decide does the form go.
//
// A crash before the commit leaves a form that says that sending failed; between commit and ack the same, and sent again it
// changes nothing more: a form is one edit, whatever it is changed to meanwhile.
func (b *Bot) edited(live context.Context, e *envelope, s said) {
	borne, err := view.ParseBorne(s.bears)
	var name approvals.Name
	if err == nil {
		name, err = view.ParseButtonValue(borne.Of)
	}
	switch {
	case err != nil:
		b.log.WarnContext(live, "form that another version drew", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "This form comes from another version of Usher, so nothing was changed. Close it and press Edit again."))
		return
	case len(s.inputs) == 0, s.opened == "":
		b.log.WarnContext(live, "form that cannot be read", "envelope", e.id, "request", name.Number, "user", s.who)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Slack didn't pass on what you filled in, so #%v stays as it is. Please send it again. If it keeps happening, an admin can find this in my log under %v.", name.Number, e.reference()))
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	d, _ := view.ReadRequest(borne, s.inputs)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	r, wrong, err := b.house.Edit(ctx, d, commands.Editing{Request: name.Number, By: s.who, Form: s.opened, Edition: borne.Edition, Timeless: !view.AsksHowLong(s.inputs)}, b.now())
	switch {
	case err != nil:
		b.closeForm(live, e, s, err)
	case len(wrong) > 0:
		b.answerForm(live, e, view.FormErrors(view.Wrong(wrong, s.inputs)))
	default:
		b.ack(live, e, nil)
		if s.channel = borne.Channel; b.forms.taken(s.opened) {
			b.whisper(s, view.Saved(r))
		}
	}
}
