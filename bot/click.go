package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
)

// surface is what the audit says of what was clicked or filled in here.
const surface = "slack"

// mayWithin is how long it may take to find out whether somebody may decide, before the form for
// their reason is opened: the trigger that opens it lives three seconds in all.
const mayWithin = 1500 * time.Millisecond

// soon asks what must be known before a form is opened, no longer than that.
func soon[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	ctx, stop := context.WithTimeout(ctx, mayWithin)
	defer stop()
	return ask(ctx)
}

// click answers a button. Votes and an admin's words are committed first and acknowledged bare: what
// follows from them shows on the card. Only a no is said, to the one who clicked, and how it stands where
// fewer votes count than were given.
func (b *Bot) click(live context.Context, e *envelope, s said) {
	if b.aboutTheForm(live, e, s) {
		return
	}
	value, question := view.Questioned(s.value)
	name, ok := b.named(live, e, s, value)
	if !ok {
		return
	}
	n, by := name.Number, approvals.Actor(s.who)
	block, step := view.Shown(s.block)
	switch s.action {
	case view.ActionApprove:
		v := approvals.Vote{By: by, Yes: true, Surface: surface, Step: step, Edition: view.Edition(s.block), Unread: block == view.BlockUnread}
		v.News, v.InLine = view.Relied(s.block)
		b.approves(live, e, s, n, v)
	case view.ActionLeave:
		b.ack(live, e, nil)
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Conflict, "All right, #%v stays as it is.", n)))
	case view.ActionDeny:
		b.opens(live, e, s, n, whyForm(b.desk, n, by))
	case view.ActionApproveAll:
		b.approvesAll(live, e, s, n)
	case view.ActionDenyAll:
		b.opens(live, e, s, n, whyAllForm(b.desk, name, by))
	case view.ActionAsk:
		b.opens(live, e, s, n, askForm(b.desk, n, by))
	case view.ActionEdit:
		b.opens(live, e, s, n, b.editForm(s, n))
	case view.ActionAnswer:
		b.opens(live, e, s, n, answerForm(b.desk, n, question, by))
	case view.ActionOpen:
		b.shows(live, e, s, n)
	case view.ActionHappened, view.ActionNotHappened:
		b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
			_, err := b.desk.Settle(ctx, n, by, s.action == view.ActionHappened, surface, now)
			return err
		})
	case view.ActionFollow:
		b.follows(live, e, s, n, by)
	case view.ActionShow:
		b.showsTo(live, e, s, n)
	case view.ActionExtend:
		b.opens(live, e, s, n, extendForm(b.desk, n, by))
	case view.ActionExtendHere:
		b.opens(live, e, s, n, extendHere(b.desk, n, by))
	case view.ActionEnd:
		b.endsNow(live, e, s, n, by)
	case view.ActionRetry:
		b.retries(live, e, s, n, by)
	default:
		b.tasked(live, e, s, n, by)
	}
}

// named reads which request a button names; what names none, or one of another database, is answered.
func (b *Bot) named(live context.Context, e *envelope, s said, value string) (name approvals.Name, ok bool) {
	name, err := view.ParseButtonValue(value)
	if err != nil {
		b.strange(live, e, s, err)
		return name, false
	}
	if err := b.meant(live, e, name); err != nil {
		b.ack(live, e, nil)
		b.whisper(s, b.sorry(e, err))
		return name, false
	}
	return name, true
}

// aboutTheForm answers what changes the form for asking, or opens it, the menu beside a step, which bears more than a request, and
// what is about a member list, which bears none; false: it is about a request.
func (b *Bot) aboutTheForm(live context.Context, e *envelope, s said) bool {
	if b.remedies(live, e, s) {
		return true
	}
	switch inForm := s.opened != ""; {
	case s.action == view.ActionMend:
		b.mends(live, e, s)
	case s.action == view.ActionNeeded:
		b.keepsNeeded(live, e, s)
	case s.action == view.ActionTakeBack:
		b.takesBack(live, e, s)
	case s.action == view.ActionLater:
		b.offersLater(live, e, s)
	case s.action == view.ActionPostReport:
		b.postsReport(live, e, s)
	case s.action == view.ActionFindings:
		b.finds(live, e, s)
	case isOfReview(s.action):
		b.reviewed(live, e, s)
	case strings.HasPrefix(s.action, view.ActionLeaving):
		b.presses(live, e, s)
	case inForm && s.action == view.ActionForm:
		b.turnedInto(live, e, s)
	case inForm && s.action != view.ActionFollow && s.action != view.ActionShow:
		b.turned(live, e, s)
	case s.action == view.ActionForm:
		b.formButton(live, e, s)
	case s.action == view.ActionStep:
		b.stepped(live, e, s)
	case s.action == view.ActionColumns:
		b.sorts(live, e, s)
	default:
		return false
	}
	return true
}

// retries starts a failed deed again, or the taking back of what is past its end, for an admin.
func (b *Bot) retries(live context.Context, e *envelope, s said, n int64, by approvals.Actor) {
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		_, err := b.desk.Retry(ctx, n, by, surface, now)
		return err
	})
}

// approves counts a yes. Where what it relied on has changed it counts for nothing, and is asked for once more.
func (b *Bot) approves(live context.Context, e *envelope, s said, n int64, v approvals.Vote) {
	var cast approvals.Ballot
	var again view.Message
	b.commit(live, e, s, func(ctx context.Context, now time.Time) (err error) {
		v.At = now
		if cast, err = b.desk.Vote(ctx, n, v, now); err != nil {
			cast = approvals.Ballot{} // what was not kept for sure is said once, and as that
		}
		why, asks := errors.AsType[*approvals.Error](err)
		if !asks || why.Code != approvals.NoSeat && why.Code != approvals.Changed {
			return err
		}
		r, gone := b.desk.MayDecide(ctx, n, v.By, now)
		if gone != nil {
			return gone // decided meanwhile
		}
		again = view.Again(r, why)
		return nil
	})
	if again.Text != "" {
		b.whisper(s, again)
		return
	}
	b.counted(s, cast)
}

// counted says what became of a yes where the click itself does not show it: fewer votes count than were given, or it was
// given on a list, which stays as it is; a Home follows.
func (b *Bot) counted(s said, cast approvals.Ballot) {
	block, _ := view.Shown(s.block)
	listed := !s.home && strings.HasPrefix(block, view.BlockWaiting) && block != view.BlockUnread
	switch {
	case cast.Request.InLine():
		b.whisper(s, view.Lined(cast.Request))
	case cast.Telling(), listed && cast.Request.State == approvals.Pending:
		b.whisper(s, view.Counts(cast))
	case listed && cast.Request.Number != 0:
		b.whisper(s, view.Refusal(&approvals.Error{Say: approvals.Standing(cast.Request)}))
	}
}

// meant is nil where what a card or form names is a request of ours; a number alone would be any request
// that ever bore it.
func (b *Bot) meant(live context.Context, e *envelope, name approvals.Name) error {
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	return b.desk.Named(ctx, name)
}

// commit does what a click asks, then acknowledges it, then says what stood against it. A repeated
// vote is no error: one vote, and no noise.
func (b *Bot) commit(live context.Context, e *envelope, s said, do func(ctx context.Context, now time.Time) error) {
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	err := do(ctx, b.now())
	b.ack(live, e, nil)
	if err != nil {
		b.whisper(s, b.sorry(e, ofClick(err)))
	}
}

// ofClick is what stood against a click: where nobody knows whether it was kept, whoever clicked sees that sooner here than anywhere else.
func ofClick(err error) error {
	if say := sayable(err); say == nil || say.Code != approvals.Unsure {
		return err
	}
	why := "My disk had trouble just now"
	if errors.Is(err, context.DeadlineExceeded) {
		why = "That took longer than Slack allows"
	}
	return approvals.Refuse(approvals.Unsure, "%v, so I can't tell whether your click was saved. Nothing happens twice: if nothing has changed here in a minute, please press again.", why).Because(err)
}

// opening is a form for the words of somebody who pressed a button.
type opening struct {
	// label is the button's, and what the form is for.
	label, what string
	// make asks whether they may, and draws the form.
	make func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error)
}

// whyForm is the form for the reason of a denial, for somebody who may decide.
func whyForm(d Desk, n int64, by approvals.Actor) opening {
	return opening{"Deny", "your reason", func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		r, err := d.MayDecide(ctx, n, by, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return view.DenyForm(r), nil
	}}
}

// opens opens a form for somebody who may send it. It keeps nothing, so it is acknowledged at once.
func (b *Bot) opens(live context.Context, e *envelope, s said, n int64, o opening) {
	b.ack(live, e, nil)
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	ask, stop := context.WithTimeout(ctx, mayWithin)
	defer stop()
	form, err := o.make(ask, b.now())
	if err != nil {
		b.whisper(s, b.sorry(e, err))
		return
	}
	if _, err := b.slack.OpenView(ctx, s.trigger, form); err != nil {
		b.log.WarnContext(live, "cannot open a form", "form", form.CallbackID, "request", n, "err", err)
		say := "Slack didn't let me open the form for %v just now, so #%v stays as it is. Press *%v* again in a moment."
		if web.FaultOf(err) == web.Unknown {
			say = "Slack didn't say whether the form for %v opened. #%v stays as it is until you send the form. Didn't open? Press *%v* again."
		}
		b.whisper(s, view.Refusal(approvals.Refuse(approvals.Unavailable, say, o.what, n, o.label)))
	}
}

// strange answers a click whose button does not bear what ours bear.
func (b *Bot) strange(live context.Context, e *envelope, s said, err error) {
	b.log.WarnContext(live, "button that bears something strange", "envelope", e.id, "action", s.action, "value", brief(s.value), "user", s.who, "err", err)
	say := approvals.Refuse(approvals.Invalid, "I can't tell which request this button belongs to, so I changed nothing. `/access pending` lists what's waiting for you.")
	if errors.Is(err, view.ErrOtherVersion) {
		say = approvals.Refuse(approvals.Conflict, "This card was made by another version of Usher, and I can't tell what its buttons mean now. Nothing was changed; `/access pending` lists what's waiting for you.")
	}
	b.ack(live, e, nil)
	b.whisper(s, view.Refusal(say))
}

// brief is enough of a foreign string for the log.
func brief(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
