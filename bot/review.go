package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/reviews"
)

// Reviews takes the answers to reviews; *reviews.Reviews does. An error for people to read is an *approvals.Error.
type Reviews interface {
	Named(ctx context.Context, name reviews.Name) (reviews.Review, error)
	Answer(ctx context.Context, a reviews.Answers, now time.Time) (reviews.Review, error)
	// HandOut promises somebody the report as it is so far.
	HandOut(ctx context.Context, name reviews.Name, by approvals.PersonID, surface string, now time.Time) error
}

// errUnreviewed answers a review's button where nothing is reviewed.
var errUnreviewed = approvals.Refuse(approvals.Unavailable, "Nothing is reviewed here, so nothing was changed.")

// isOfReview reports whether a button is one of a review's.
func isOfReview(action string) bool {
	switch action {
	case view.ActionReviewKeep, view.ActionReviewTake, view.ActionReviewUsual, view.ActionReviewRest, view.ActionReviewRest + "_change", view.ActionReviewFile:
		return true
	}
	return false
}

// reviewed answers a button of a review: an answer that needs no reason is kept before the ack, all else opens a form.
func (b *Bot) reviewed(live context.Context, e *envelope, s said) {
	v, err := view.ParseReview(s.value)
	switch {
	case err != nil:
		b.strange(live, e, s, err)
		return
	case b.Reviews == nil:
		b.ack(live, e, nil)
		b.whisper(s, b.sorry(e, errUnreviewed))
		return
	}
	switch s.action {
	case view.ActionReviewUsual:
		b.keepsUsual(live, e, s, v)
		return
	case view.ActionReviewFile:
		b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
			return b.Reviews.HandOut(ctx, v.Name, s.who, surface, now)
		})
		return
	case view.ActionReviewKeep:
		if b.keeps(live, e, s, v) {
			return
		}
	}
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	r, err := soon(ctx, func(ctx context.Context) (reviews.Review, error) { return b.Reviews.Named(ctx, v.Name) })
	var form slack.ModalViewRequest
	if err == nil {
		form, err = reviewForm(r, s, v)
	}
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	if _, err := b.slack.OpenView(ctx, s.trigger, form); err != nil {
		b.log.WarnContext(live, "cannot open a form", "form", form.CallbackID, "review", r.Number, "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't let me open the form just now, so nothing was changed. Press the button again in a moment.")))
	}
}

// reviewForm is the form that a button of a review opens.
func reviewForm(r reviews.Review, s said, v view.ReviewValue) (slack.ModalViewRequest, error) {
	if s.action == view.ActionReviewRest || s.action == view.ActionReviewRest+"_change" {
		if form, some := view.ReviewRestForm(r, s.who, v); some {
			return form, nil
		}
		return slack.ModalViewRequest{}, approvals.Refuse(approvals.Conflict, "Nothing in review #%v of %v is yours to answer now.", r.Number, r.Called)
	}
	if err := r.May(v.Line, s.who); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return view.ReviewWhyForm(r, v), nil
}

// keeps keeps what nothing speaks against, at once; false: it takes a reason.
func (b *Bot) keeps(live context.Context, e *envelope, s said, v view.ReviewValue) bool {
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	r, err := b.Reviews.Named(ctx, v.Name)
	if err == nil && v.Line >= 0 && v.Line < len(r.Lines) && len(r.Lines[v.Line].Odds) > 0 {
		return false
	}
	if err == nil {
		_, err = b.Reviews.Answer(ctx, answersOf(s, v, reviews.Given{Line: v.Line, Answer: reviews.Keep}), b.now())
	}
	b.ack(live, e, nil)
	if err != nil {
		b.whisper(s, b.sorry(e, err))
	}
	return true
}

// keepsUsual keeps all that somebody has to answer and nothing speaks against.
func (b *Bot) keepsUsual(live context.Context, e *envelope, s said, v view.ReviewValue) {
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		r, err := b.Reviews.Named(ctx, v.Name)
		if err != nil {
			return err
		}
		var given []reviews.Given
		for _, place := range r.Usual(s.who) {
			given = append(given, reviews.Given{Line: place, Answer: reviews.Keep})
		}
		if len(given) == 0 {
			return approvals.Refuse(approvals.Conflict, "Nothing is left in review #%v of %v that you could keep without a word.", r.Number, r.Called)
		}
		_, err = b.Reviews.Answer(ctx, answersOf(s, v, given...), now)
		return err
	})
}

func answersOf(s said, v view.ReviewValue, given ...reviews.Given) reviews.Answers {
	return reviews.Answers{Of: v.Name, By: s.who, Given: given, Surface: surface}
}

// answered takes a form of a review: what was answered is committed first, then the ack closes the form, or brings its next page.
//
// A crash before the commit leaves a form that says that sending failed; between commit and ack the same, and sent again it changes
// nothing.
func (b *Bot) answered(live context.Context, e *envelope, s said) {
	v, err := view.ParseReview(s.bears)
	if err != nil || b.Reviews == nil {
		b.unusable(live, e, s, err, "saved", "/access")
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	if s.form == view.CallbackReviewWhy {
		g := reviews.Given{Line: v.Line, Answer: reviews.Keep, Reason: s.words()}
		if v.Take {
			g.Answer = reviews.Take
		}
		s.wrong = view.FieldWhyLine
		_, err := b.Reviews.Answer(ctx, answersOf(s, v, g), b.now())
		b.closeForm(live, e, s, err)
		return
	}
	given, last := view.ReadReview(s.inputs)
	for _, g := range given {
		s.wrong = view.AnswerOf(g.Line) // where one of several is refused its own field isn't known: all of them stay as they are
		break
	}
	r, err := b.Reviews.Answer(ctx, answersOf(s, v, given...), b.now())
	if err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	v.From = last + 1
	if next, some := view.ReviewRestForm(r, s.who, v); some && last >= 0 {
		if answer, fits := view.Redrawn(next); fits {
			b.answerForm(live, e, answer)
			return
		}
	}
	b.ack(live, e, nil)
}
