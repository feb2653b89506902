package bot

import (
	"cmp"
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// files opens the form for a list of an app's members, for who may import one. It keeps nothing, so it is acknowledged at once.
// Where the token can't read what is added, that is said before anybody adds it.
func (b *Bot) files(live context.Context, e *envelope, s said, cmd commands.Filer) {
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	may, stop := context.WithTimeout(ctx, mayWithin)
	defer stop()
	app, err := b.house.MayImport(may, s.who, cmd.Of())
	if err == nil && !b.slack.CanReadFiles(may) {
		err = web.Unreadable()
	}
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	if _, err := b.slack.OpenView(ctx, s.trigger, view.ImportForm(app, s.channel)); err != nil {
		b.log.WarnContext(live, "cannot open the form for a member list", "user", s.who, "err", err)
		late, enough := context.WithTimeout(live, whisperWithin)
		defer enough()
		b.whisper(s, b.run(late, e, cmd, s.call()))
	}
}

// imported takes that form, or the one that says which column means what: that the list is to be read is committed first, then the
// ack closes the form. What comes of it is owed as a message.
//
// A crash before the commit leaves a form that says that sending failed; between commit and ack the same, and sent again it is
// the import that it asked for already: the same file, read in the same way, is one.
func (b *Bot) imported(live context.Context, e *envelope, s said) {
	borne, err := view.ParseImport(s.bears)
	if err != nil || s.empty() {
		b.unusable(live, e, s, err, "read", "/access import")
		return
	}
	s.channel = cmp.Or(s.channel, borne.Channel)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	reply, err := b.house.Import(ctx, importingOf(s, borne), commands.Call{User: s.who, Key: "form " + s.opened, Team: s.team, Channel: borne.Channel}, b.now())
	s.wrong = wordsFor(s)
	b.tookForm(live, e, s, reply, err)
}

// importingOf is what a form asks to import.
func importingOf(s said, borne view.ImportBorne) commands.Importing {
	im := commands.Importing{App: borne.App, File: borne.File, Name: borne.Name, LookOnly: borne.Look}
	if s.form == view.CallbackColumns {
		im.ByHand, im.Columns = true, view.ReadColumns(s.inputs)
		return im
	}
	im.LookOnly = view.ReadImport(s.inputs)
	if len(s.files) > 0 {
		im.File, im.Name, im.Size = s.files[0].ID, s.files[0].Name, s.files[0].Size
	}
	return im
}

// wordsFor is the field under which it is said why a list was not taken.
func wordsFor(s said) string {
	if s.form == view.CallbackImport {
		return view.FieldList
	}
	return s.inputs[0].Block
}

// sorts asks which column of a list means what: a form is open at once, and drawn when the list was read. It keeps nothing.
func (b *Bot) sorts(live context.Context, e *envelope, s said) {
	b.ack(live, e, nil)
	borne, err := view.ParseImport(s.value)
	if err != nil {
		b.strange(live, e, s, err)
		return
	}
	borne.Channel = s.channel
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	opened, err := b.slack.OpenView(ctx, s.trigger, view.ReadingForm(borne))
	if err != nil {
		b.log.WarnContext(live, "cannot open the form for a list's columns", "user", s.who, "err", err)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't let me open the form just now. Press *Choose the columns* again in a moment.")))
		return
	}
	b.reads.put(s.who, s.along(func(live context.Context) {
		defer b.recovered(live, e, s)
		ctx, cancel := context.WithTimeout(live, readWithin)
		defer cancel()
		which, err := b.house.Which(ctx, s.who, borne.App, borne.File)
		form := view.ColumnsForm(which, borne)
		if err != nil {
			form = view.FormNotice(b.unread(e, err))
		}
		if _, err := b.slack.UpdateView(ctx, opened, form); err != nil {
			b.log.WarnContext(live, "cannot draw the form for a list's columns", "user", s.who, "err", err)
			b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, "Slack didn't take the form just now. Close it and press *Choose the columns* again.")))
		}
	}))
}

// unread says why a list couldn't be read: where it is Slack's trouble, that passes.
func (b *Bot) unread(e *envelope, err error) view.Message {
	if web.FaultOf(err) != web.NoFault {
		err = approvals.Refuse(approvals.Unavailable, "I couldn't get the file from Slack just now. Close this and press *Choose the columns* again in a minute.").Because(err)
	}
	return b.sorry(e, err)
}
