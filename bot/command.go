package bot

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// readWithin is how long a command that only reads may take once it is acknowledged; its response
// URL lives much longer.
const readWithin = 25 * time.Second

// command answers a slash command. What must be kept is done before the ack, and the answer travels
// in it; what only reads is acknowledged first, because a vendor may be slow.
//
// A crash before the commit leaves nothing; between commit and ack it leaves a request that the
// person is told had failed: typed again, they are shown that it is asked for already.
func (b *Bot) command(live context.Context, e *envelope, s said) {
	call := s.call()
	cmd, answer := b.house.Plan(call)
	form, isForm := cmd.(commands.Former)
	opener, opens := cmd.(commands.Opener)
	filer, files := cmd.(commands.Filer)
	reviewer, reviews := cmd.(commands.Reviewer)
	_, leaves := cmd.(commands.Leaver)
	switch {
	case answer != nil && answer.Missing:
		b.openForm(live, e, s, *answer.Form, func(context.Context) view.Message { return view.Reply(*answer) })
	case answer != nil:
		b.answer(live, e, s, view.Reply(*answer))
	case cmd == nil:
		b.answer(live, e, s, b.sorry(e, errors.New("a slash command was neither planned nor answered")))
	case isForm:
		b.openForm(live, e, s, form.Form(), func(ctx context.Context) view.Message { return b.run(ctx, e, cmd, call) })
	case files:
		b.files(live, e, s, filer)
	case leaves:
		b.opensLeave(live, e, s, commands.Press{})
	case reviews:
		b.asksWhichApp(live, e, s, reviewer)
	case opens:
		b.read(live, e, s, cmd)
		b.openBeside(live, e, s, opener.Opens())
	case cmd.Keeps():
		ctx, cancel := b.inTime(live, e)
		defer cancel()
		b.answer(live, e, s, b.run(ctx, e, cmd, call))
	default:
		b.read(live, e, s, cmd)
	}
}

// read acknowledges a command that only reads, and carries it out in the lane for that. Only who has too
// many of them under way is turned away.
func (b *Bot) read(live context.Context, e *envelope, s said, cmd commands.Command) {
	acked := make(chan struct{})
	defer close(acked)
	in := b.reads.put(s.who, s.along(func(live context.Context) {
		<-acked
		defer b.recovered(live, e, s)
		ctx, cancel := context.WithTimeout(live, readWithin)
		defer cancel()
		b.say(live, s, b.run(ctx, e, cmd, s.call()))
	}))
	if in == nil {
		b.refuse(live, e, s, errBusy)
		return
	}
	b.ack(live, e, nil)
}

func (b *Bot) run(ctx context.Context, e *envelope, cmd commands.Command, call commands.Call) view.Message {
	reply, err := b.house.Run(ctx, cmd, call, b.now())
	if err != nil {
		return b.sorry(e, err)
	}
	return view.Reply(reply)
}
