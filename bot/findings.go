package bot

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// mends opens the form that would mend a finding, filled in, unless it was mended since. In a window it takes the place of what is
// there: a window opens no other.
func (b *Bot) mends(live context.Context, e *envelope, s said) {
	v, err := view.ParseMend(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	d, err := soon(ctx, func(ctx context.Context) (commands.Draft, error) { return b.house.Mending(ctx, s.who, v.App, v.Key) })
	switch {
	case err != nil:
		b.shown(live, s, b.sorry(e, err))
	case s.opened == "":
		b.openForm(live, e, s, d, noForm)
	default:
		drawn, enough := context.WithTimeout(live, redrawWithin)
		defer enough()
		sheet, err := b.house.Sheet(drawn, s.who, d, b.now())
		if err != nil {
			b.shown(live, s, b.sorry(e, err))
			return
		}
		b.inWindow(drawn, s, view.RequestForm(sheet, view.Borne{Channel: s.channel}))
	}
}

// finds shows further findings. It only reads, so it is acknowledged at once.
func (b *Bot) finds(live context.Context, e *envelope, s said) {
	v, err := view.ParseMend(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	b.ack(live, e, nil)
	if b.reads.put(s.who, s.along(func(live context.Context) {
		defer b.recovered(live, e, s)
		ctx, cancel := context.WithTimeout(live, readWithin)
		defer cancel()
		reply, err := b.house.Findings(ctx, s.who, commands.More{App: v.App, From: v.From, Off: v.Off})
		if err != nil {
			b.shown(live, s, b.sorry(e, err))
			return
		}
		b.shown(live, s, view.Reply(reply))
	})) == nil {
		b.whisper(s, view.Refusal(errBusy))
	}
}

// shown says something to who clicked: in the window in which they did, or where answers go.
func (b *Bot) shown(live context.Context, s said, m view.Message) {
	if s.opened == "" {
		b.say(live, s, m)
		return
	}
	ctx, cancel := context.WithTimeout(live, redrawWithin)
	defer cancel()
	if !b.drawn(ctx, s, view.FormNotice(m)) { // they closed it meanwhile, say
		s.opened = ""
		b.whisper(s, m)
	}
}

// inWindow draws the window in which somebody clicked anew.
func (b *Bot) inWindow(ctx context.Context, s said, form slack.ModalViewRequest) {
	if !b.drawn(ctx, s, form) {
		b.whisper(s, noForm(ctx))
	}
}

// drawn reports whether the window in which somebody clicked is known to be drawn anew.
func (b *Bot) drawn(ctx context.Context, s said, form slack.ModalViewRequest) bool {
	_, err := b.slack.UpdateView(ctx, web.View{ID: s.opened}, form)
	if err != nil {
		b.log.WarnContext(ctx, "cannot draw a window anew", "user", s.who, "err", err)
	}
	return err == nil
}
