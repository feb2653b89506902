package bot

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// talk is what was said in a thread, changed or deleted there. Of every other message nothing is read but that it is none,
// and of what is said in other threads than those of our cards nothing is kept or logged.
type talk struct {
	place, thread, ts string
	by                approvals.PersonID
	words             string
	parent            string // who began the thread, where Slack says so
	how               string // howSaid and the like
}

const (
	howSaid    = "said"
	howChanged = "changed"
	howDeleted = "deleted"
)

// talkOf reads a message that people wrote in a thread; empty: it is another one.
func talkOf(event object) talk {
	message, how := event, howSaid
	switch event.text("subtype") {
	case "", "thread_broadcast", "file_share", "me_message":
	case "message_changed":
		if message, how = event.in("message"), howChanged; message.text("subtype") == "tombstone" {
			message, how = event.in("previous_message"), howDeleted
		}
	case "message_deleted":
		message, how = event.in("previous_message"), howDeleted
	default:
		return talk{}
	}
	t := talk{place: event.text("channel"), thread: message.text("thread_ts"), ts: message.text("ts"),
		by: approvals.PersonID(message.text("user")), parent: message.text("parent_user_id"), how: how}
	if t.thread == "" || t.thread == t.ts || t.by == "" || message.text("bot_id") != "" || message.text("app_id") != "" || !stamp.MatchString(t.ts) {
		return talk{}
	}
	if how != howDeleted {
		t.words = message.text("text")
	}
	return t
}

// stamp is the shape of a message's ts: seconds, and what tells it from others.
var stamp = regexp.MustCompile(`^\d{9,11}\.\d{6}$`)

// at is when a message was written.
func (t talk) at() time.Time {
	seconds, _, _ := strings.Cut(t.ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// event is what it is to a request.
func (t talk) event() approvals.Event {
	switch t.how {
	case howChanged:
		return approvals.Reworded{TS: t.ts, By: t.by, Words: t.words}
	case howDeleted:
		return approvals.Unsaid{TS: t.ts}
	}
	return approvals.Remarked{Remark: approvals.Remark{By: t.by, At: t.at(), TS: t.ts, Words: t.words}}
}

// talked keeps what was said in the thread of a card, and then acknowledges it; what could not be kept is left to Slack, to
// bring it again. Words decide nothing: who may decide, and said something that sounds as if it did, is privately offered
// the buttons.
func (b *Bot) talked(ctx, live context.Context, e *envelope, s said) {
	n, err := b.cardOf(ctx, s.talk)
	if n == 0 && err == nil {
		b.ack(live, e, nil)
		return
	}
	news := false
	if err == nil {
		_, news, err = b.desk.Said(ctx, n, s.talk.event(), surface, b.now())
	}
	if err != nil {
		b.log.WarnContext(ctx, "cannot keep what was said in the thread of a card; Slack brings it again", "request", n, "err", err)
		return
	}
	b.ack(live, e, nil)
	if news && s.talk.how == howSaid && approvals.SoundsDecided(s.talk.words) {
		b.says.put(s.talk.by, s.along(func(live context.Context) { b.offers(live, s, n) }))
	}
}

// cardOf finds whose card a thread hangs under; 0: nobody's. What others have begun is not looked for.
func (b *Bot) cardOf(ctx context.Context, t talk) (int64, error) {
	if us, err := b.slack.Identity(ctx); b.Cards == nil || err == nil && t.parent != "" && t.parent != us.User {
		return 0, nil
	}
	return b.Cards(ctx, t.place, t.thread, t.how == howDeleted)
}

// offers shows the buttons of a request to somebody who may decide it; nobody else hears anything.
func (b *Bot) offers(live context.Context, s said, n int64) {
	ctx, cancel := context.WithTimeout(live, whisperWithin)
	defer cancel()
	may, err := b.desk.MayDecideAny(ctx, n, approvals.Actor(s.talk.by), b.now())
	if err != nil {
		if approvals.CodeOf(err) == approvals.CannotTell {
			b.log.InfoContext(live, "could not find out whether to offer the buttons to somebody who talks about a request", "request", n, "err", err)
		}
		return
	}
	may = slices.DeleteFunc(may, func(r approvals.Request) bool { return r.Answered(approvals.Actor(s.talk.by)) })
	if len(may) > 0 {
		b.say(live, said{typ: s.typ, who: s.talk.by, channel: s.talk.place, talk: s.talk}, view.Offered(may))
	}
}
