package bot

import (
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

const (
	// ackWithin is how long after it was heard an envelope is acknowledged at the latest; Slack gives
	// it 3 s in all.
	ackWithin = 2500 * time.Millisecond
	// tooLate is how much of that must be left for anything to be worth beginning.
	tooLate = 300 * time.Millisecond
	// ackSend bounds the handing over of an ack to its connection.
	ackSend = time.Second
	// whisperWithin bounds an answer with all its fallbacks.
	whisperWithin = 15 * time.Second
	// maxAck is where an answer goes through the response URL: Slack ignores acks of 20 kB without a word.
	maxAck = 19 << 10
)

// handle takes one envelope from hearing to its ack. live ends when the bot must stop at once.
func (b *Bot) handle(live context.Context, e *envelope) {
	s, err := hear(e.kind, e.payload)
	with, done := b.cfg.Follow(e.kind, s.typ, e.heard)
	defer func() { done(e.acked) }()
	live, s.with, e.with = with(live), with, with
	defer b.recovered(live, e, s)
	switch {
	case e.kind == "" || err != nil:
		b.log.WarnContext(live, "Slack sent something that cannot be read", "envelope", e.id, "kind", e.kind, "err", err)
		b.puzzled(live, e, s)
	case s.typ == typeEvent, s.typ == typeClosed:
		b.happened(live, e, s)
	case !b.known(s):
		b.log.WarnContext(live, "Slack sent something that this version does not know", "envelope", e.id, "kind", e.kind, "type", s.typ)
		b.puzzled(live, e, s)
	case !b.ours(live, s):
		b.log.WarnContext(live, "refused what came from another workspace", "envelope", e.id, "type", s.typ, "team", s.team, "user", s.who)
		b.refuse(live, e, s, approvals.Refuse(approvals.NotAllowed, "This came from a different Slack workspace than the one I work for, so I changed nothing."))
	case ackWithin-b.now().Sub(e.heard) < tooLate:
		b.log.WarnContext(live, "what somebody sent waited here too long, so they were told to try again", "envelope", e.id, "type", s.typ)
		b.refuse(live, e, s, errBusy)
	case s.typ == typeSlash:
		b.once(live, e, s, b.command)
	case s.typ == typeClick:
		b.once(live, e, s, b.click)
	case s.typ == typeSuggest:
		b.once(live, e, s, b.suggested)
	case s.typ == typeShortcut, s.typ == typeMessage:
		b.once(live, e, s, b.shortcut)
	default:
		b.once(live, e, s, b.submitted)
	}
}

func (b *Bot) known(s said) bool {
	return slices.Contains([]string{typeSlash, typeClick, typeSubmit, typeSuggest, typeShortcut, typeMessage}, s.typ)
}

// ours reports whether something was said in the workspace, or the organization, the bot token is for. Who
// it is there is asked of Slack, not of the payload.
func (b *Bot) ours(ctx context.Context, s said) bool {
	who, err := b.slack.Identity(ctx)
	return err == nil && who.Includes(s.team, s.enterprise)
}

// inTime is the time that is left for what must be kept before the ack.
func (b *Bot) inTime(live context.Context, e *envelope) (context.Context, context.CancelFunc) {
	waited := max(b.now().Sub(e.heard), 0)
	return context.WithTimeout(live, max(ackWithin-waited, 0))
}

// ack acknowledges an envelope, once. False: the connection did not take it, and whatever the payload
// said must be said another way.
func (b *Bot) ack(live context.Context, e *envelope, payload any) bool {
	if e.acked {
		return payload == nil
	}
	ctx, cancel := context.WithTimeout(live, ackSend)
	defer cancel()
	if err := e.via.AckCtx(ctx, e.id, payload); err != nil {
		b.log.WarnContext(live, "cannot tell Slack that something was received", "envelope", e.id, "kind", e.kind, "err", err)
		if crossed(err) && !e.passed {
			b.elsewhere(ctx, e)
		}
		return false
	}
	e.acked = true
	e.first.settle(payload)
	b.meter.acked(b.now().Sub(e.heard))
	return true
}

// slashAnswer is what an ack of a slash command may carry: a message that only its author sees.
type slashAnswer struct {
	ResponseType string        `json:"response_type"`
	Parse        string        `json:"parse"`
	Text         string        `json:"text"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
}

// answer acknowledges with m where the envelope takes an answer and m has room in it, and otherwise
// acknowledges first and says m after it. So it does with Slack's own tables and charts: nobody hears whether an ack's were refused.
func (b *Bot) answer(live context.Context, e *envelope, s said, m view.Message) {
	if s.typ == typeSlash && !e.acked && m.Plain == nil {
		payload := slashAnswer{slack.ResponseTypeEphemeral, web.ParseNothing, m.Text, m.Blocks}
		if raw, err := json.Marshal(payload); err == nil && len(raw) < maxAck && b.ack(live, e, json.RawMessage(raw)) {
			return
		}
	}
	b.ack(live, e, nil)
	b.whisper(s, m)
}

// refuse acknowledges with a reason why nothing was changed, in the place where the person looks.
func (b *Bot) refuse(live context.Context, e *envelope, s said, why *approvals.Error) {
	switch s.typ {
	case typeEvent: // nobody said anything, and Slack sends it again
	case typeSubmit:
		b.answerForm(live, e, formAnswer(s, why))
	case typeSuggest: // there is no place for words in a menu, and somebody who types asks again with the next letter
		b.ack(live, e, view.Options(commands.Found{}, ""))
	default:
		b.answer(live, e, s, view.Refusal(why))
	}
}

// puzzled answers what cannot be understood, in the place where the person looks, whoever can be told.
func (b *Bot) puzzled(live context.Context, e *envelope, s said) {
	b.refuse(live, e, s, approvals.Refuse(approvals.Invalid,
		"I can't tell what that was, so I changed nothing. It may come from another version of Usher; `/access help` shows what I understand. For an admin: reference %v.", e.reference()))
}

// sorry turns an error into what the person reads; what they must not read goes to the log with a
// reference.
func (b *Bot) sorry(e *envelope, err error) view.Message {
	say := sayable(err)
	if say == nil {
		b.log.ErrorContext(e.about(), "something went wrong", "reference", e.reference(), "kind", e.kind, "err", err)
		return view.Internal(e.reference())
	}
	if slices.Contains([]approvals.Code{approvals.Busy, approvals.CannotTell, approvals.Unsure}, say.Code) {
		b.heard.cameToNothing(e.first)
	}
	if cause := errors.Unwrap(say); cause != nil {
		b.log.WarnContext(e.about(), "turned somebody away", "reference", e.reference(), "err", say)
	}
	return view.Refusal(say)
}

// recovered answers for a handler that panicked; the process goes on. What it had committed stays
// committed, so the person is told to look.
func (b *Bot) recovered(live context.Context, e *envelope, s said) {
	p := recover()
	if p == nil {
		return
	}
	b.log.ErrorContext(live, "something went wrong and was caught; whoever asked was told", "reference", e.reference(), "type", s.typ, "panic", p, "stack", string(debug.Stack()))
	switch s.typ {
	case typeEvent:
		return
	case typeSubmit:
		b.answerForm(live, e, view.Notice(view.Internal(e.reference())))
		return
	case typeSuggest:
		b.ack(live, e, view.Options(commands.Found{}, ""))
		return
	}
	b.answer(live, e, s, view.Internal(e.reference()))
}

// whisper says something to one person only: through the response URL, else in a window over their Home, else beside the
// channel's messages, else directly. A way whose outcome is not known is not followed by another: nobody is
// told the same thing twice. It is said in a lane of its own, because Slack may take answers slowly; who has
// a flood of them under way already gets one sentence in place of all further ones.
func (b *Bot) whisper(s said, m view.Message) {
	if s.who == "" && s.responseURL == "" {
		return // nobody can be told, and the log has it
	}
	if b.says.put(s.who, s.along(func(live context.Context) { b.say(live, s, m) })) == nil {
		b.leaveOut(s)
	}
}

// say is whisper for a worker that may stand still.
func (b *Bot) say(live context.Context, s said, m view.Message) {
	ctx, cancel := context.WithTimeout(live, whisperWithin)
	defer cancel()
	var failures []error
	for _, way := range []func(context.Context, said, view.Message) error{b.throughURL, b.overHome, b.beside, b.directly} {
		err := way(ctx, s, m)
		if err == nil {
			return
		}
		if !errors.Is(err, errNoWay) {
			failures = append(failures, err)
		}
		if web.FaultOf(err) == web.Unknown {
			break
		}
	}
	b.log.WarnContext(live, "an answer may not have arrived", "user", s.who, "type", s.typ, "err", errors.Join(failures...))
}

// errNoWay says that a payload did not bring what a way of answering needs.
var errNoWay = errors.New("no such way to answer")

func (b *Bot) throughURL(ctx context.Context, s said, m view.Message) error {
	if s.responseURL == "" {
		return errNoWay
	}
	return b.slack.Respond(ctx, s.responseURL, web.Message(m))
}

func (b *Bot) beside(ctx context.Context, s said, m view.Message) error {
	if s.channel == "" || s.who == "" {
		return errNoWay
	}
	return b.slack.Ephemeral(ctx, s.channel, s.talk.thread, string(s.who), web.Message(m))
}

func (b *Bot) directly(ctx context.Context, s said, m view.Message) error {
	if s.who == "" {
		return errNoWay
	}
	place, err := b.slack.DM(ctx, s.who)
	if err != nil {
		return err
	}
	if err := b.slack.AwaitTurn(ctx, place, ""); err != nil {
		return err
	}
	_, err = b.slack.Post(ctx, place, web.Message(m), nil)
	return err
}

// happened takes what Slack tells of by itself: what follows from somebody's change is kept before the ack, as what people
// ask for is.
func (b *Bot) happened(live context.Context, e *envelope, s said) {
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	if s.talk.thread != "" {
		b.talked(ctx, live, e, s)
		return
	}
	err := b.slack.PersonChanged(ctx, s.person)
	if err == nil {
		err = b.atHome(ctx, s)
	}
	if err == nil && b.Seen != nil && s.person.Person != "" {
		err = b.Seen(ctx, s.person, b.now())
	}
	if err == nil && s.came != "" && b.Came != nil {
		err = b.Came(ctx, s.came, b.now())
	}
	if err != nil {
		b.log.WarnContext(live, "cannot keep what Slack tells; it tells it again", "envelope", e.id, "err", err)
		return
	}
	b.ack(live, e, nil)
}
