package courier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reviews"
)

// Reviews reads reviews as they are now; *reviews.Reviews does. A number nobody has is an *approvals.Error NotFound.
type Reviews interface {
	Review(ctx context.Context, n int64) (reviews.Review, error)
	Report(ctx context.Context, n int64, now time.Time) (reviews.Report, error)
}

// ofReview reports whether a message is a review's.
func ofReview(key string) bool {
	return slices.Contains([]string{reviews.KindReview, reviews.KindReviewer, reviews.KindRecall, reviews.KindFile}, outbox.Kind(key))
}

// errNoReviews is a Courier that was joined without reviews: what it owes of them waits.
var errNoReviews = errors.New("the courier knows no reviews")

// review reads the review of a job. ok is false where there is none to speak of: then result stands.
func (c *Courier) review(ctx context.Context, job outbox.Job) (r reviews.Review, result outbox.Result, ok bool) {
	if c.reviews == nil {
		return r, c.retry(job, errNoReviews), false
	}
	r, err := c.reviews.Review(ctx, approvals.NumberOf(job.Key))
	switch {
	case approvals.CodeOf(err) == approvals.NotFound:
		c.log.ErrorContext(ctx, "a message is owed for a review that does not exist", Owed(job.Key))
		return r, outbox.Done(), false
	case err != nil:
		return r, c.retry(job, fmt.Errorf("read review: %w", err)), false
	}
	return r, outbox.Done(), true
}

// reviewed makes the message of whoever began a review show how far it is.
func (c *Courier) reviewed(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.review(ctx, job)
	if !ok {
		return result
	}
	if result, over := c.outOfReach(ctx, job); over {
		return result
	}
	result, err := c.converge(ctx, job, showing{message: view.ReviewSummary(r), first: true, since: r.Began,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, r.By) }})
	return c.reached(ctx, job, r.By, result, err)
}

// reviewer asks somebody what a review has for them, and follows what they answer. It is posted while something waits for them: who
// has left, or has nothing to answer any more, gets nothing new.
func (c *Courier) reviewer(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.review(ctx, job)
	if !ok {
		return result
	}
	if result, over := c.outOfReach(ctx, job); over {
		return result
	}
	who, late := lastPerson(job.Key), reviews.IsHeirs(job.Key)
	waits := late == (r.State == reviews.Late) && len(r.Waits(who)) > 0
	result, err := c.converge(ctx, job, showing{message: view.ReviewerCard(r, who, late), first: waits, anew: waits, since: r.Began,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) }})
	return c.reached(ctx, job, who, result, err)
}

// recall reminds somebody of what they haven't answered, once, if there still is any.
func (c *Courier) recall(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.review(ctx, job)
	if !ok {
		return result
	}
	who := lastPerson(job.Key)
	if r.State != reviews.Open || len(r.Waits(who)) == 0 {
		return outbox.Done()
	}
	return c.message(ctx, job, who, view.ReviewRecall(r, who))
}

// waitsForReview reports whether a review's message still has something to say to its reader.
func waitsForReview(key string, r reviews.Review) bool {
	return reviews.IsHeirs(key) == (r.State == reviews.Late) && len(r.Waits(lastPerson(key))) > 0
}

// hushedReview holds back what a review asks of somebody while their quiet hours last, and where they have had their fill of a day:
// it comes with their next one.
func (c *Courier) hushedReview(ctx context.Context, job outbox.Job) (outbox.Result, bool) {
	r, result, ok := c.review(ctx, job)
	if !ok {
		return result, true
	}
	who := lastPerson(job.Key)
	p, err := c.people.Person(ctx, who)
	if err != nil {
		return c.trouble(ctx, job, fmt.Errorf("look up whose day it is: %w", err)), true
	}
	if result, held, knows := c.implied(ctx, job, who); knows {
		return result, held
	}
	now := c.now()
	if end, quiet := c.quiet.Until(now, p.TZ); quiet {
		return outbox.DoneUntil(end, nil), true
	}
	if c.ration.Most == 0 || !waitsForReview(job.Key, r) {
		return outbox.Result{}, false
	}
	day, next := approvals.Today(now, p.TZ)
	sent, err := c.ration.take(ctx, who, day, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("count what %s had today: %w", who, err)), true
	case sent:
		return outbox.Result{}, false
	}
	if err := c.box.Promise(ctx, outbox.AtOnce(approvals.NeedsKey(day, who), 0, now)); err != nil {
		return c.retry(job, fmt.Errorf("promise what stands for the day: %w", err)), true
	}
	c.wake()
	return outbox.DoneUntil(next, nil), true
}

// reviewNeed is what stands for a review's message that was held; false: it asks nothing any more, or another one stands for it.
func (c *Courier) reviewNeed(ctx context.Context, key string, beside []view.Need) (n view.Need, asks bool, err error) {
	if c.reviews == nil {
		return n, false, errNoReviews
	}
	r, err := c.reviews.Review(ctx, approvals.NumberOf(key))
	if err != nil {
		return n, false, fmt.Errorf("read review of %s: %w", key, err)
	}
	twice := slices.ContainsFunc(beside, func(o view.Need) bool { return o.Review != nil && o.Review.Number == r.Number })
	return view.Need{Review: &r, Who: lastPerson(key), Kind: outbox.Kind(key)}, waitsForReview(key, r) && !twice, nil
}
