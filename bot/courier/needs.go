package courier

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

// needsAgain is when it is drawn anew though nothing was heard.
const needsAgain = 15 * time.Minute

// dayAhead is how long before it does in UTC a day may begin somewhere.
const dayAhead = 14 * time.Hour

// needs tells somebody in one message what they were not sent today, because they had their fill: all that waits for their
// decision, where a message about any of it was held, and each question, answer and warning. It follows all of that for the
// rest of the day.
func (c *Courier) needs(ctx context.Context, job outbox.Job) outbox.Result {
	who, day := lastPerson(job.Key), strings.Split(job.Key, "/")[1]
	c.ration.mu.Lock()
	_, had, err := c.ration.had(ctx, who, day)
	c.ration.mu.Unlock()
	if err != nil {
		return c.retry(job, fmt.Errorf("read what %s was not sent: %w", who, err))
	}
	began, err := time.Parse(time.DateOnly, day)
	if err != nil || len(had.Held) == 0 {
		return outbox.Done() // another day has begun
	}
	waiting, others, live, err := c.standsFor(ctx, who, had.Held)
	if err != nil {
		return c.retry(job, err)
	}
	result, err := c.converge(ctx, job, showing{
		message: view.NeedsYou(waiting, others), first: live, since: began.Add(-dayAhead),
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) },
	})
	if result = c.reached(ctx, job, who, result, err); result.IsDone() && c.now().Before(began.Add(24*time.Hour+dayAhead)) {
		return outbox.DoneUntil(c.now().Add(needsAgain), result.Receipt())
	}
	return result
}

// standsFor is what messages that were held stand for by now: the requests that wait for somebody, and the rest; and
// whether any of them would still be sent.
func (c *Courier) standsFor(ctx context.Context, who approvals.PersonID, held []string) (waiting []approvals.Request, others []view.Need, live bool, err error) {
	decides, reported := false, false
	for _, key := range held {
		if ofReview(key) || outbox.Kind(key) == approvals.KindHolder {
			n, asks, err := c.askedNeed(ctx, key, others)
			if err != nil {
				return nil, nil, false, err
			}
			if live = live || asks; asks {
				others = append(others, n)
			}
			continue
		}
		if outbox.Kind(key) == approvals.KindNeeded {
			still, err := c.outsiders.Needed(ctx, dayOfNeeded(key), who)
			if err != nil {
				return nil, nil, false, fmt.Errorf("read what is asked by %s: %w", key, err)
			}
			if live = live || still.Open > 0; still.Open > 0 {
				others = append(others, view.Need{Kind: approvals.KindNeeded, Still: still.Open})
			}
			continue
		}
		if outbox.Kind(key) == reports.Kind {
			decides, reported = true, true // it says what waits for them, and a task has a message of its own
			continue
		}
		r, err := c.requests.Request(ctx, approvals.NumberOf(key))
		if err != nil {
			return nil, nil, false, fmt.Errorf("read request of %s: %w", key, err)
		}
		speaks := calls(key, r, who)
		live = live || speaks
		switch kind := outbox.Kind(key); {
		case slices.Contains([]string{approvals.KindApprover, approvals.KindReminder, approvals.KindNudge}, kind):
			decides = true
		case !speaks:
		case kind == approvals.KindTell:
			others = append(others, view.Need{Request: c.readers.Heard(ctx, who, r), Kind: kind})
		default:
			others = append(others, view.Need{Request: r, Kind: kind, Question: approvals.QuestionOf(key)})
		}
	}
	if decides {
		if waiting, err = c.requests.Awaiting(ctx, string(who), c.now()); err != nil {
			return nil, nil, false, fmt.Errorf("find out what waits for %s: %w", who, err)
		}
		live = live || reported && len(waiting) > 0
	}
	return waiting, others, live, nil
}

// askedNeed is what a question of a review, or about an account, stands for by now, and whether it would still be sent.
func (c *Courier) askedNeed(ctx context.Context, key string, others []view.Need) (view.Need, bool, error) {
	if ofReview(key) {
		return c.reviewNeed(ctx, key, others)
	}
	a, known, err := c.asked(ctx, key)
	return view.Need{Kind: approvals.KindHolder, Holder: &a}, known && len(a.Ways) > 0, err
}
