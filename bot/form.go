package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// wordsIn is the one field of each form for somebody's words.
var wordsIn = map[string]string{view.CallbackDeny: view.FieldReason, view.CallbackDenyAll: view.FieldReason, view.CallbackAsk: view.FieldWords, view.CallbackAnswer: view.FieldWords, view.CallbackCouldNot: view.FieldWords}

// submitted answers a form. What it asks is committed first; the ack then closes the form, or says in it
// why it cannot.
func (b *Bot) submitted(live context.Context, e *envelope, s said) {
	if s.form == view.CallbackRequest {
		b.requested(live, e, s)
		return
	}
	if s.form == view.CallbackEdit {
		b.edited(live, e, s)
		return
	}
	if s.form == view.CallbackStep || s.form == view.CallbackHandOver {
		b.worked(live, e, s)
		return
	}
	if s.form == view.CallbackImport || s.form == view.CallbackColumns {
		b.imported(live, e, s)
		return
	}
	if b.aboutReviews(live, e, s) {
		return
	}
	if s.form == view.CallbackLater {
		b.putOff(live, e, s)
		return
	}
	if s.form == view.CallbackLeave {
		b.leaves(live, e, s)
		return
	}
	if s.form == view.CallbackExtend || s.form == view.CallbackExtendHere {
		b.extended(live, e, s)
		return
	}
	value, question := view.Questioned(s.bears)
	name, err := view.ParseButtonValue(value)
	if wordsIn[s.form] == "" || err != nil {
		b.log.WarnContext(live, "form that Usher does not know", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Conflict, "This form comes from another version of Usher, so I changed nothing. Close it and press the button again."))
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	words := s.words()
	switch {
	case len(s.inputs) == 0:
		b.log.WarnContext(live, "form that cannot be read", "envelope", e.id, "request", name.Number, "user", s.who)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Slack didn't pass on what you wrote, so #%v stays as it is. Please send it again. If it keeps happening, an admin can find this in my log under %v.", name.Number, e.reference()))
		return
	case words == "":
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Please write a few words: they go to the person who asked."))
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	b.closeForm(live, e, s, b.take(ctx, s, name.Number, question, words))
}

// take does what a form with somebody's words asks.
func (b *Bot) take(ctx context.Context, s said, n int64, question int, words string) error {
	now, by := b.now(), approvals.Actor(s.who)
	var err error
	switch s.form {
	case view.CallbackAsk:
		_, err = b.desk.Inquire(ctx, n, approvals.Question{By: by, At: now, Surface: surface, Words: words, Form: s.opened}, now)
	case view.CallbackAnswer:
		_, err = b.desk.Reply(ctx, n, question, by, approvals.Answer{At: now, Surface: surface, Words: words}, now)
	case view.CallbackCouldNot:
		_, err = b.desk.CouldNot(ctx, n, by, words, surface, now)
	case view.CallbackDenyAll:
		err = b.deniesAll(ctx, s, n, words)
	default:
		_, err = b.desk.Vote(ctx, n, approvals.Vote{By: by, At: now, Surface: surface, Reason: words}, now)
	}
	return err
}

func (s said) words() string {
	for _, in := range s.inputs {
		if r := strings.TrimSpace(strings.Join(in.Values, "")); !view.Blank(r) {
			return r
		}
	}
	return ""
}

// tookForm answers a form that was sent: what stands against it is said at its field, or the form closes and its answer is said once.
func (b *Bot) tookForm(live context.Context, e *envelope, s said, reply commands.Reply, err error) {
	if err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	b.ack(live, e, nil)
	if b.forms.taken(s.opened) {
		b.whisper(s, view.Reply(reply))
	}
}

func (b *Bot) closeForm(live context.Context, e *envelope, s said, err error) {
	switch say := sayable(err); {
	case err == nil:
		b.ack(live, e, nil)
	case say == nil:
		b.answerForm(live, e, view.Notice(b.sorry(e, err)))
	default:
		b.sorry(e, err) // for the log
		b.answerForm(live, e, formAnswer(s, say))
	}
}

// answerForm says why a form was not taken. A bare ack would close it as if it had been: so a repetition
// of one whose answer did not get onto the wire gets the same answer.
func (b *Bot) answerForm(live context.Context, e *envelope, say *slack.ViewSubmissionResponse) {
	if !b.ack(live, e, say) {
		e.first.settle(say)
	}
}

// formAnswer says in a form why it was not taken: under its field where trying again can help, so that
// what was written stays; in place of the form where nothing is left to decide.
func formAnswer(s said, why *approvals.Error) *slack.ViewSubmissionResponse {
	switch why.Code {
	case approvals.Invalid, approvals.Busy, approvals.CannotTell, approvals.Unavailable, approvals.Unsure:
		if block := s.under(); block != "" {
			return slack.NewErrorsViewSubmissionResponse(map[string]string{block: why.Say.Plain()})
		}
	}
	return view.Notice(view.Refusal(why))
}

// under is a block of the form under which something can be said: a form for somebody's words has one whatever came
// of it.
func (s said) under() string {
	field := wordsIn[s.form]
	switch {
	case s.wrong != "":
		return s.wrong
	case s.form == view.CallbackRequest, s.form == view.CallbackEdit, s.form == view.CallbackExtend, s.form == view.CallbackExtendHere:
		return view.FieldReason
	case field != "" && (len(s.inputs) == 0 || slices.ContainsFunc(s.inputs, func(in view.Input) bool { return in.Block == field })):
		return field
	case len(s.inputs) > 0:
		return s.inputs[0].Block
	}
	return ""
}
