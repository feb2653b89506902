package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// The callback ids of the shortcuts, as manifest.yml has them. Like those of forms they never change their meaning.
const (
	shortcutAsk    = "request"
	shortcutAuthor = "request_for_author"
)

const (
	// formWithin is how long it may take to find out what to draw before the form is opened: its trigger lives three
	// seconds in all. What takes longer goes into it afterwards.
	formWithin = 1300 * time.Millisecond
	// redrawWithin bounds what changes a form that is open.
	redrawWithin = 10 * time.Second
)

// openForm opens the form for asking, with what is filled in already. Who may not ask is told so before there is
// anything to fill in. otherwise is said where it can't be opened. It keeps nothing, so it is acknowledged at once.
func (b *Bot) openForm(live context.Context, e *envelope, s said, d commands.Draft, otherwise func(context.Context) view.Message) {
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	borne := view.Borne{Channel: s.channel}
	first, stop := context.WithTimeout(ctx, formWithin)
	sheet, err := b.house.Sheet(first, s.who, d, b.now())
	stop()
	if approvals.CodeOf(err) == approvals.CannotTell {
		err = b.openLater(ctx, live, e, s, d, borne)
	} else if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	} else {
		_, err = b.slack.OpenView(ctx, s.trigger, view.RequestForm(sheet, borne))
	}
	if err != nil {
		b.log.WarnContext(live, "cannot open the form for asking", "user", s.who, "err", err)
		late, enough := context.WithTimeout(live, whisperWithin)
		defer enough()
		b.whisper(s, otherwise(late))
	}
}

// openBeside opens the form beside an answer in words, which is under way by itself and offers the same by a button: so who
// may not ask is told nothing, and neither is who can't be found out about, or can't be shown it, in time.
func (b *Bot) openBeside(live context.Context, e *envelope, s said, d commands.Draft) {
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	first, stop := context.WithTimeout(ctx, formWithin)
	defer stop()
	sheet, err := b.house.Sheet(first, s.who, d, b.now())
	if err != nil {
		return
	}
	if _, err = b.slack.OpenView(ctx, s.trigger, view.RequestForm(sheet, view.Borne{Channel: s.channel})); err != nil {
		b.log.WarnContext(live, "cannot open the form beside what one can do", "user", s.who, "err", err)
	}
}

// openLater opens a form at once in which there is nothing yet, and draws it when Slack has said who asks. An error
// means that no form is open, as far as is known.
func (b *Bot) openLater(ctx, live context.Context, e *envelope, s said, d commands.Draft, borne view.Borne) error {
	opened, err := b.slack.OpenView(ctx, s.trigger, view.OpeningForm(borne))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(live, redrawWithin)
	defer cancel()
	sheet, err := b.house.Sheet(ctx, s.who, d, b.now())
	var form slack.ModalViewRequest
	if err != nil {
		form = view.FormNotice(b.sorry(e, err))
	} else {
		form = view.RequestForm(sheet, borne)
	}
	if _, err = b.slack.UpdateView(ctx, opened, form); err != nil {
		b.log.WarnContext(ctx, "cannot draw the form for asking", "user", s.who, "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't take the form just now. Please close it and try again in a moment: `/access request`")))
	}
	return nil
}

// formButton opens the form by a button that bears what is filled in.
func (b *Bot) formButton(live context.Context, e *envelope, s said) {
	d, err := view.ParseFormValue(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.openForm(live, e, s, d, noForm)
}

// shortcut opens the form: for whoever uses it, or for the author of the message it was used on.
func (b *Bot) shortcut(live context.Context, e *envelope, s said) {
	var d commands.Draft
	switch {
	case s.form != shortcutAsk && s.form != shortcutAuthor:
		b.log.WarnContext(live, "shortcut that Usher does not know", "envelope", e.id, "shortcut", brief(s.form))
		b.puzzled(live, e, s)
		return
	case s.form == shortcutAuthor && s.author != "":
		d.For, d.Person = commands.ForColleague, s.author
	case s.form == shortcutAuthor:
		d = commands.Draft{For: commands.ForColleague, Missing: approvals.Sayf("An app wrote that message. Who is it for?")}
	}
	b.openForm(live, e, s, d, noForm)
}

func noForm(context.Context) view.Message {
	return view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't let me open the form just now. Please try again in a moment, or type `/access request`."))
}

// suggested answers somebody who types into a menu of resources.
func (b *Bot) suggested(live context.Context, e *envelope, s said) {
	if s.form == view.CallbackRemedy {
		b.suggestsAilings(live, e, s)
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	borne, err := view.ParseBorne(s.bears)
	key := view.FieldKey(s.block)
	if s.form != view.CallbackRequest && s.form != view.CallbackEdit || err != nil || key == "" {
		b.log.WarnContext(live, "menu that Usher does not know", "envelope", e.id, "form", brief(s.form), "block", brief(s.block), "err", err)
		b.ack(live, e, view.Options(commands.Found{}, ""))
		return
	}
	d, _ := view.ReadRequest(borne, s.inputs)
	if view.TakesOwn(s.block) {
		b.ack(live, e, view.OwnOptions(b.house.Own(ctx, s.who, d, key, s.value)))
		return
	}
	b.ack(live, e, view.Options(b.house.Search(ctx, s.who, d, key, s.value), s.value))
}

// empty reports whether of a form nothing came that could be read.
func (s said) empty() bool { return len(s.inputs) == 0 || s.opened == "" }

// unusable refuses a form that another version of Usher drew, where err is not nil, or of which nothing came; did is what was not
// done on account of it, and command what opens another.
func (b *Bot) unusable(live context.Context, e *envelope, s said, err error, did, command string) {
	if err != nil {
		b.log.WarnContext(live, "form that another version drew", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "This form comes from another version of Usher, so nothing was %v. Close it and open a new one: `%v`", did, command))
		return
	}
	b.log.WarnContext(live, "form that cannot be read", "envelope", e.id, "user", s.who)
	b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Slack didn't pass on what you filled in, so nothing was %v. Please send it again. If it keeps happening, an admin can find this in my log under %v.", did, e.reference()))
}

// requested takes a form: the request is committed first, then the ack closes the form, then the answer is said as that to
// a typed line is. What is wrong stays under its field, with all that was filled in.
//
// A crash before the commit leaves a form that says that sending failed; between commit and ack the same, and sent again
// it is answered by the request that it opened: a form is one request, whatever it is changed to meanwhile.
func (b *Bot) requested(live context.Context, e *envelope, s said) {
	borne, err := view.ParseBorne(s.bears)
	if err != nil || s.empty() {
		b.unusable(live, e, s, err, "sent", "/access request")
		return
	}
	if s.channel == "" {
		s.channel = borne.Channel
	}
	d, _ := view.ReadRequest(borne, s.inputs)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	call := commands.Call{User: s.who, Key: "form " + s.opened, Team: s.team, Channel: borne.Channel}
	reply, wrong, err := b.house.Submit(ctx, d, call, b.now())
	switch {
	case err != nil:
		b.unasked(live, e, s, err)
	case len(wrong) > 0:
		b.answerForm(live, e, b.wrongly(ctx, s, wrong, len(reply.Cards) > 0))
	default:
		b.ack(live, e, nil)
		if b.forms.taken(s.opened) {
			b.whisper(s, view.Reply(reply))
		}
	}
}

// wrongly says in a form what is wrong with it, each under its field. Where another request stands in the way, that is no
// mistake of a field: the form is drawn with it at its head, with the links and buttons that lead to that request, which
// no field can bear, as long as an ack can hold all of it.
func (b *Bot) wrongly(ctx context.Context, s said, wrong commands.Mistakes, stands bool) *slack.ViewSubmissionResponse {
	errors := view.FormErrors(view.Wrong(wrong, s.inputs))
	if !stands {
		return errors
	}
	borne, _ := view.ParseBorne(s.bears)
	d, borne := view.ReadRequest(borne, s.inputs)
	sheet, err := b.house.Sheet(ctx, s.who, d, b.now())
	if err != nil || sheet.Link == "" && len(sheet.Cards) == 0 {
		return errors
	}
	if drawn, fits := view.Redrawn(view.RequestForm(sheet, borne)); fits {
		return drawn
	}
	return errors
}

// unasked says in the form why it was not taken, so that what was filled in stays. Only who may not ask at all loses it.
func (b *Bot) unasked(live context.Context, e *envelope, s said, err error) {
	message, say := b.sorry(e, err), sayable(err)
	switch {
	case say == nil:
		b.answerForm(live, e, view.FormErrors(map[string]string{view.FieldReason: message.Text}))
	case say.Code == approvals.NotAllowed:
		b.answerForm(live, e, view.Notice(message))
	default:
		b.answerForm(live, e, view.FormErrors(map[string]string{view.FieldReason: view.UnderField(say.Say)}))
	}
}

// turnedInto draws the form anew with what a button in it bears: the next best thing, and all that was filled in besides.
func (b *Bot) turnedInto(live context.Context, e *envelope, s said) {
	d, err := view.ParseFormValue(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.redraws(live, e, s, &d)
}

// turned draws the form anew because of what somebody chose in it. It keeps nothing, so it is acknowledged at once.
func (b *Bot) turned(live context.Context, e *envelope, s said) { b.redraws(live, e, s, nil) }

// redraws draws the form as it is filled in, or as it would be for another draft.
func (b *Bot) redraws(live context.Context, e *envelope, s said, into *commands.Draft) {
	b.ack(live, e, nil)
	borne, err := view.ParseBorne(s.bears)
	if s.form == view.CallbackEdit && err == nil && into == nil {
		b.redrawsEdit(live, e, s, borne)
		return
	}
	if s.form != view.CallbackRequest || err != nil {
		b.log.WarnContext(live, "form that Usher does not know", "envelope", e.id, "form", brief(s.form), "bears", brief(s.bears), "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Conflict, "The form you have open comes from another version of Usher, so I can't change it. Please close it and open a new one: `/access request`")))
		return
	}
	turn := b.forms.begin(s.opened, s.acted)
	ctx, cancel := context.WithTimeout(live, redrawWithin)
	defer cancel()
	d, borne := view.ReadRequest(borne, s.inputs)
	if into != nil {
		into.Reason = d.Reason
		d = *into
		borne.Turn()
	}
	sheet, err := b.house.Sheet(ctx, s.who, d, b.now())
	switch {
	case approvals.CodeOf(err) == approvals.CannotTell:
		b.log.WarnContext(live, "cannot change a form", "user", s.who, "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack who you are just now, so your form stays as it was. Please pick again in a minute.")))
		return
	case err != nil:
		turn.draw(ctx, b, s.hash, view.FormNotice(b.sorry(e, err)))
		return
	}
	turn.draw(ctx, b, s.hash, view.RequestForm(sheet, borne))
}
