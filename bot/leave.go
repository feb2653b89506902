package bot

import (
	"cmp"
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// presses answers a button about a leaving: what it says is committed first, or the form is opened that it takes.
func (b *Bot) presses(live context.Context, e *envelope, s said) {
	p, err := view.ParsePress(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	if p.Does == commands.PressMove || p.Does == commands.PressStays {
		b.opensLeave(live, e, s, p)
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	reply, err := b.house.Press(ctx, s.who, p, b.now())
	b.ack(live, e, nil)
	switch {
	case err != nil:
		b.whisper(s, b.sorry(e, err))
	case reply.Head != nil:
		b.whisper(s, view.Reply(reply))
	}
}

// opensLeave opens the form about a leaving. It keeps nothing, so it is acknowledged at once.
func (b *Bot) opensLeave(live context.Context, e *envelope, s said, p commands.Press) {
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	ask, stop := context.WithTimeout(ctx, mayWithin)
	defer stop()
	about, err := b.house.LeaveForm(ask, s.who, p)
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	if _, err := b.slack.OpenView(ctx, s.trigger, view.LeaveForm(view.LeaveBorne{Press: p, Channel: s.channel}, about)); err != nil {
		b.log.WarnContext(live, "cannot open the form about who leaves", "user", s.who, "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't let me open the form just now, so nothing was changed. Please try again in a moment, or type it: `/access leave @person on=2026-12-31`")))
	}
}

// leaves takes that form: what it says is committed first, then the ack closes it.
func (b *Bot) leaves(live context.Context, e *envelope, s said) {
	borne, err := view.ParseLeave(s.bears)
	if err != nil || s.empty() {
		b.unusable(live, e, s, err, "read", "/access leave")
		return
	}
	s.channel, s.wrong = cmp.Or(s.channel, borne.Channel), view.LeaveField(borne)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	reply, err := b.house.Leave(ctx, s.who, view.ReadLeave(borne, s.inputs), b.now())
	b.tookForm(live, e, s, reply, err)
}
