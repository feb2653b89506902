package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// extendForm is the form for asking to have for longer what a request gave, for somebody who may ask.
func extendForm(d Desk, n int64, by approvals.Actor) opening {
	return opening{"Extend", "how much longer", func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		r, err := d.MayExtend(ctx, n, by, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return view.ExtendForm(r), nil
	}}
}

// extendHere is extendForm for a message that doesn't follow what was asked: the form itself says what came of it.
func extendHere(d Desk, n int64, by approvals.Actor) opening {
	o := extendForm(d, n, by)
	draw := o.make
	o.make = func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		form, err := draw(ctx, now)
		form.CallbackID = view.CallbackExtendHere
		return form, err
	}
	return o
}

// extended takes that form: the request for longer is committed first, then the ack closes the form. That it is asked shows
// on the message whose button was pressed, or where that doesn't follow it (extendHere) the form turns into saying so. What is wrong stays under its field, with all that was filled in.
//
// A crash before the commit leaves a form that says that sending failed; between commit and ack the same, and sent again it
// is answered by the request that it opened: a form is one request, whatever it is changed to meanwhile.
func (b *Bot) extended(live context.Context, e *envelope, s said) {
	name, err := view.ParseButtonValue(s.bears)
	switch {
	case err != nil:
		b.log.WarnContext(live, "form that another version drew", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Conflict, "This form comes from another version of Usher, so nothing was sent. Close it and press the button again."))
		return
	case len(s.inputs) == 0, s.opened == "":
		b.log.WarnContext(live, "form that cannot be read", "envelope", e.id, "request", name.Number, "user", s.who)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Slack didn't pass on what you filled in, so nothing was sent. Please send it again. If it keeps happening, an admin can find this in my log under %v.", e.reference()))
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	more, why := view.ReadExtend(s.inputs)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	call := commands.Call{User: s.who, Key: "form " + s.opened, Team: s.team}
	reply, wrong, err := b.house.Extend(ctx, commands.Extending{Request: name.Number, More: more, Reason: why}, call, b.now())
	switch {
	case err != nil:
		b.closeForm(live, e, s, err)
	case len(wrong) > 0:
		b.answerForm(live, e, view.FormErrors(view.WrongExtend(wrong)))
	case s.form == view.CallbackExtendHere:
		b.answerForm(live, e, view.Notice(view.Reply(reply)))
	default:
		b.ack(live, e, nil)
	}
}
