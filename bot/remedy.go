package bot

import (
	"cmp"
	"context"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// remedies answers the buttons by which an account is mended that a report names; false: it is another one.
func (b *Bot) remedies(live context.Context, e *envelope, s said) bool {
	switch s.action {
	case view.ActionRemedy, view.ActionRemedyOne:
		b.remedy(live, e, s)
	case view.ActionRemedyPick:
		b.asksWhichAccount(live, e, s)
	case view.ActionRemedyWay:
		b.mendsBy(live, e, s)
	case view.ActionHolder:
		b.holderSays(live, e, s)
	case view.ActionRemedyCard:
		b.ack(live, e, nil) // it's a link
	default:
		return false
	}
	return true
}

// borne reads what such a button bears, and where its answers go.
func (b *Bot) borne(live context.Context, e *envelope, s *said) (v view.RemedyValue, ok bool) {
	v, err := view.ParseRemedy(s.value)
	if err != nil {
		b.strange(live, e, *s, err)
		return v, false
	}
	if in, err := view.ParseRemedy(s.bears); err == nil {
		v.Channel = cmp.Or(v.Channel, in.Channel)
	}
	s.channel = cmp.Or(s.channel, v.Channel)
	return v, true
}

// remedy shows what can be done about an account, once it was looked at again: in a window that is opened before that, because its
// trigger doesn't wait for a vendor. It keeps nothing, so it is acknowledged at once.
func (b *Bot) remedy(live context.Context, e *envelope, s said) {
	v, ok := b.borne(live, e, &s)
	if !ok {
		return
	}
	b.ack(live, e, nil)
	window := web.View{ID: s.opened}
	if s.opened == "" {
		ctx, cancel := b.inTime(live, e)
		var err error
		if window, err = b.slack.OpenView(ctx, s.trigger, view.RemedyOpening()); err != nil {
			b.log.WarnContext(live, "cannot open the window for what can be done about an account; it's said instead", "user", s.who, "err", err)
		}
		cancel()
	}
	ctx, cancel := context.WithTimeout(live, redrawWithin)
	defer cancel()
	r, err := b.house.Remedy(ctx, s.who, v.Of(), b.now())
	m := view.Remedy(r, s.channel)
	if err != nil {
		m = b.sorry(e, err)
	}
	if s.opened = window.ID; s.opened == "" {
		b.whisper(s, m)
		return
	}
	b.shown(live, s, m)
}

// asksWhichAccount opens the menu in which one of many accounts is picked.
func (b *Bot) asksWhichAccount(live context.Context, e *envelope, s said) {
	v, ok := b.borne(live, e, &s)
	if !ok {
		return
	}
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	app, err := soon(ctx, func(ctx context.Context) (string, error) { return b.house.MayMend(ctx, s.who, v.Of()) })
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	v.Channel = s.channel
	if _, err := b.slack.OpenView(ctx, s.trigger, view.RemedyPick(v, app)); err != nil {
		b.log.WarnContext(live, "cannot open the menu of accounts to mend", "user", s.who, "err", err)
		b.whisper(s, noForm(ctx))
	}
}

// suggestsAilings answers somebody who types into that menu. What can't be found out is no account: they type on, or try again.
func (b *Bot) suggestsAilings(live context.Context, e *envelope, s said) {
	v, err := view.ParseRemedy(s.bears)
	if err != nil {
		b.log.WarnContext(live, "menu that Usher does not know", "envelope", e.id, "bears", brief(s.bears), "err", err)
		b.ack(live, e, view.RemedyOptions(v, nil))
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	found, err := b.house.Ailings(ctx, s.who, v.Of(), s.value)
	if err != nil {
		b.log.WarnContext(live, "cannot find accounts to mend", "user", s.who, "err", err)
	}
	b.ack(live, e, view.RemedyOptions(v, found))
}

// mendsBy does one of the things that can be done about an account: it opens the form for asking, filled in, in place of the window in
// which it was chosen.
func (b *Bot) mendsBy(live context.Context, e *envelope, s said) {
	v, ok := b.borne(live, e, &s)
	if !ok {
		return
	}
	if commands.Way(v.Way) == commands.AskIt {
		b.asksHolder(live, e, s, v)
		return
	}
	b.ack(live, e, nil)
	ctx, cancel := context.WithTimeout(live, redrawWithin)
	if s.opened == "" {
		cancel()
		ctx, cancel = b.inTime(live, e)
	}
	defer cancel()
	ask := func(ctx context.Context) (commands.Draft, error) {
		return b.house.Mend(ctx, s.who, v.Of(), commands.Way(v.Way))
	}
	if s.opened != "" {
		d, err := ask(ctx)
		b.draftInWindow(live, e, s, d, err)
		return
	}
	d, err := soon(ctx, ask)
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	b.openForm(live, e, s, d, noForm)
}

// draftInWindow draws the form for asking in the window in which somebody clicked, or why there is none.
func (b *Bot) draftInWindow(live context.Context, e *envelope, s said, d commands.Draft, err error) {
	drawn, enough := context.WithTimeout(live, redrawWithin)
	defer enough()
	var form slack.ModalViewRequest
	if err == nil {
		var sheet commands.Sheet
		if sheet, err = b.house.Sheet(drawn, s.who, d, b.now()); err == nil {
			form = view.RequestForm(sheet, view.Borne{Channel: s.channel})
		}
	}
	if err != nil {
		form = view.FormNotice(b.sorry(e, err))
	}
	b.inWindow(drawn, s, form)
}
