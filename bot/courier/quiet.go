package courier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reviews"
)

// hushed holds a message to one person back while their quiet hours last, and where they have had their fill of a day
// (ration.go); false: it goes out. Outcomes go out, and so does
// what can't wait: an admin's card and alarm, and what is about a request of which most of the time would be over. What was sent,
// or may have been, goes on as it would: it follows its request in silence, or is looked for. Of what its claim alone implies it's found out
// first: most that a crash cut off was never sent.
//
// A message that is held stays promised, for when the quiet hours end, and is drawn by what is so then. So no crash or
// restart loses it or sends it twice, and what is over by then is not said at all.
func (c *Courier) hushed(ctx context.Context, job outbox.Job) (outbox.Result, bool) {
	if c.quiet == (approvals.Quiet{}) && c.ration.Most == 0 || noteOf(job).Place != "" || !unasked(job.Key) {
		return outbox.Result{}, false
	}
	_, sent, err := c.box.Receipt(ctx, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("read receipt: %w", err)), true
	case sent && (ofReview(job.Key) || ofAccounts(job.Key)):
		return outbox.Result{}, false
	case sent:
		c.followed(ctx, job)
		return outbox.Result{}, false
	case ofReview(job.Key):
		return c.hushedReview(ctx, job)
	case ofAccounts(job.Key):
		return c.hushedNeeded(ctx, job)
	}
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result, true
	}
	who := addressee(job.Key, r)
	if who == "" {
		return outbox.Result{}, false
	}
	p, err := c.people.Person(ctx, who)
	if err != nil {
		return c.trouble(ctx, job, fmt.Errorf("look up whose day it is: %w", err)), true
	}
	if result, held, knows := c.implied(ctx, job, who); knows {
		return result, held
	}
	now := c.now()
	if end, quiet := c.quiet.Until(now, p.TZ); quiet && !(r.State == approvals.Pending && Urgent(r, now, end)) {
		return outbox.DoneUntil(end, nil), true
	}
	return c.rationed(ctx, job, r, p)
}

// implied finds out of a message to somebody whose claim implies it whether it was sent; knows: it was, and isn't held, or one can't tell
// yet. What wasn't is as if it had never been claimed.
func (c *Courier) implied(ctx context.Context, job outbox.Job, who approvals.PersonID) (result outbox.Result, held, knows bool) {
	if job.Implies().IsZero() {
		return result, false, false
	}
	sent := false
	place, err := c.slack.DM(ctx, who)
	if err == nil {
		_, sent, err = c.earlier(ctx, &job, place)
		err = errors.Join(err, job.Strike(ctx, note{}))
	}
	if err != nil {
		return c.reached(ctx, job, who, result, err), true, true
	}
	return result, false, sent
}

// Urgent reports whether a request that waits can't wait until some time: more than half of what is left to decide it would
// be over.
func Urgent(r approvals.Request, now, until time.Time) bool {
	return until.Sub(now) > r.Expires.Sub(now)/2
}

// unasked reports whether a message is one that waits for its reader's day: not an outcome, and not for admins.
func unasked(key string) bool {
	switch outbox.Kind(key) {
	case approvals.KindApprover, approvals.KindAsk, approvals.KindAnswer, approvals.KindReminder, approvals.KindNudge, approvals.KindOverdue, approvals.KindProgress,
		approvals.KindNeeded, approvals.KindHolder, reviews.KindReviewer, reviews.KindRecall:
		return true
	case approvals.KindTask:
		return approvals.Own(key)
	case approvals.KindTell:
		return key == approvals.WarnKey(approvals.NumberOf(key))
	}
	return false
}

// addressee is the one person to whom a message about a request goes; "": it goes to a user group, in the channel.
func addressee(key string, r approvals.Request) approvals.PersonID {
	switch outbox.Kind(key) {
	case approvals.KindAsk, approvals.KindTell, approvals.KindProgress:
		return r.Requester
	case approvals.KindAnswer:
		if n := approvals.QuestionOf(key); n >= 1 && n <= len(r.Questions) {
			return r.Questions[n-1].By.Person()
		}
		return ""
	}
	if who := approvals.WhoOf(key); !approvals.IsGroup(who) {
		return approvals.PersonID(who)
	}
	return ""
}
