package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// submitted answers a form. The vote is committed first; the ack then closes the form, or says in it
// why it cannot.
func (b *Bot) submitted(live context.Context, e *envelope, s said) {
	name, err := ParseButtonValue(s.bears)
	if s.form != CallbackDeny || err != nil {
		b.log.Warn("form that Usher does not know", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Conflict, "This form comes from another version of Usher, so I changed nothing. Close it and press the button anew."))
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	reason := s.reason()
	if reason == "" {
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Please write a few words: the person who asked reads them."))
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
		if r := strings.TrimSpace(in.value); r != "" {
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
		b.ack(live, e, noticeOf(b.sorry(e, err)))
	default:
		b.sorry(e, err) // for the log
		b.ack(live, e, formAnswer(s, say))
	}
}

// formAnswer says in a form why it was not taken: under its field where trying again can help, so that
// what was written stays; in place of the form where nothing is left to decide.
func formAnswer(s said, why *approvals.Error) *slack.ViewSubmissionResponse {
	switch why.Code {
	case approvals.Invalid, approvals.Busy, approvals.CannotTell, approvals.Unavailable, approvals.Unsure:
		if len(s.inputs) > 0 {
			return slack.NewErrorsViewSubmissionResponse(map[string]string{s.inputs[0].block: why.Say.Plain()})
		}
	}
	return noticeOf(RefusalMessage(why))
}

// noticeOf puts a message in the place of a form.
func noticeOf(m Message) *slack.ViewSubmissionResponse {
	return slack.NewUpdateViewSubmissionResponse(&slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  slack.NewTextBlockObject(slack.PlainTextType, "Usher", false, false),
		Close:  slack.NewTextBlockObject(slack.PlainTextType, "Close", false, false),
		Blocks: slack.Blocks{BlockSet: m.Blocks},
	})
}
