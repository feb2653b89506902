package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// submitted answers a form. The vote is committed first; the ack then closes the form, or says in it
// why it cannot.
func (b *Bot) submitted(live context.Context, e *envelope, s said) {
	name, err := view.ParseButtonValue(s.bears)
	if s.form != view.CallbackDeny || err != nil {
		b.log.Warn("form that Usher does not know", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Conflict, "This form comes from another version of Usher, so I changed nothing. Close it and press the button again."))
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	reason := s.reason()
	switch {
	case len(s.inputs) == 0:
		b.log.Warn("form that cannot be read", "envelope", e.id, "request", name.Number, "user", s.who)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Slack didn't pass on what you wrote, so #%v stays as it is. Please send it again. If it keeps happening, an admin can find this in my log under %v.", name.Number, e.reference()))
		return
	case reason == "":
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Please write a few words: they go to the person who asked."))
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	now := b.now()
	_, err = b.desk.Vote(ctx, name.Number, approvals.Vote{By: approvals.Actor(s.who), At: now, Surface: surface, Reason: reason}, now)
	b.closeForm(live, e, s, err)
}

func (s said) reason() string {
	for _, in := range s.inputs {
		if r := strings.TrimSpace(in.value); !view.Blank(r) {
			return r
		}
	}
	return ""
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

// under is a block of the form under which something can be said: the form for a no has one whatever came
// of it.
func (s said) under() string {
	switch {
	case s.form == view.CallbackDeny && (len(s.inputs) == 0 || slices.ContainsFunc(s.inputs, func(in input) bool { return in.block == view.FieldReason })):
		return view.FieldReason
	case len(s.inputs) > 0:
		return s.inputs[0].block
	}
	return ""
}
