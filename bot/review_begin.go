package bot

import (
	"cmp"
	"context"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// asksWhichApp opens the form that asks which app is to be reviewed, for who may have one reviewed. It keeps nothing, so it is
// acknowledged at once.
func (b *Bot) asksWhichApp(live context.Context, e *envelope, s said, cmd commands.Reviewer) {
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	may, stop := context.WithTimeout(ctx, mayWithin)
	defer stop()
	apps, err := b.house.Reviewable(may, s.who)
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	if _, err := b.slack.OpenView(ctx, s.trigger, view.ReviewBeginForm(apps, cmd.Due(), s.channel)); err != nil {
		b.log.WarnContext(live, "cannot open the form for a review", "user", s.who, "err", err)
		late, enough := context.WithTimeout(live, whisperWithin)
		defer enough()
		b.whisper(s, b.run(late, e, cmd, s.call()))
	}
}

// beginsReview takes that form: that there's to be a review is committed first, then the ack closes the form. A crash before the
// commit leaves a form that says that sending failed; between commit and ack the same, and sent again it's the review that it began.
func (b *Bot) beginsReview(live context.Context, e *envelope, s said) {
	channel, err := view.ParseReviewBegin(s.bears)
	if err != nil || s.empty() {
		b.unusable(live, e, s, err, "started", "/access review")
		return
	}
	s.channel, s.wrong = cmp.Or(s.channel, channel), view.FieldReviewDue
	app, due := view.ReadReviewBegin(s.inputs)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	reply, err := b.house.BeginReview(ctx, app, due, commands.Call{User: s.who, Key: "form " + s.opened, Team: s.team, Channel: channel}, b.now())
	b.tookForm(live, e, s, reply, err)
}

// aboutReviews takes the forms of reviews; false: it is another one.
func (b *Bot) aboutReviews(live context.Context, e *envelope, s said) bool {
	switch s.form {
	case view.CallbackReviewBegin:
		b.beginsReview(live, e, s)
	case view.CallbackReviewWhy, view.CallbackReviewRest:
		b.answered(live, e, s)
	default:
		return false
	}
	return true
}
