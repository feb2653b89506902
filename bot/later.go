package bot

import (
	"cmp"
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// offersLater opens the form in which somebody puts a finding off, who looks after its app. In a window it takes the place of what is
// there: a window opens no other. It keeps nothing, so it is acknowledged at once.
func (b *Bot) offersLater(live context.Context, e *envelope, s said) {
	v, err := view.ParseMend(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	f, err := soon(ctx, func(ctx context.Context) (commands.Finding, error) {
		return b.house.MayPutOff(ctx, s.who, v.App, v.Key)
	})
	if err != nil {
		b.shown(live, s, b.sorry(e, err))
		return
	}
	form := view.LaterForm(f, s.channel)
	if s.opened != "" {
		drawn, enough := context.WithTimeout(live, redrawWithin)
		defer enough()
		b.inWindow(drawn, s, form)
		return
	}
	if _, err := b.slack.OpenView(ctx, s.trigger, form); err != nil {
		b.log.WarnContext(live, "cannot open the form that puts a finding off", "user", s.who, "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't let me open the form just now. Press *Not now…* again in a moment.")))
	}
}

// putOff takes that form: that the finding is put off is committed first, then the ack closes the form. A crash before the commit
// leaves a form that says that sending failed; between commit and ack the same, and sent again it is put off once more, from then on.
func (b *Bot) putOff(live context.Context, e *envelope, s said) {
	borne, err := view.ParseMend(s.bears)
	if err != nil || s.empty() {
		b.unusable(live, e, s, err, "put off", "/access who")
		return
	}
	s.channel = cmp.Or(s.channel, borne.Channel)
	days, why := view.ReadLater(s.inputs)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	reply, err := b.house.PutOff(ctx, s.who, commands.PuttingOff{App: borne.App, Key: borne.Key, Days: days, Why: why, Surface: surface}, b.now())
	if err != nil {
		s.wrong = view.FieldReason
		b.closeForm(live, e, s, err)
		return
	}
	b.ack(live, e, nil)
	b.whisper(s, view.Reply(reply))
}
