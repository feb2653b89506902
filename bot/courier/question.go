package courier

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// question asks the requester something. What they have of it follows the request as a card does: with a button while
// the question is open, and then with their answer, or without. It is told even where the request was decided before
// that: whoever asked was promised it.
func (c *Courier) question(ctx context.Context, job outbox.Job) outbox.Result {
	r, n, result, ok := c.questionOf(ctx, job)
	if !ok {
		return result
	}
	if result, over := c.outOfReach(ctx, job); over {
		return result // the card shows it
	}
	result, err := c.converge(ctx, job, showing{
		message: view.Question(r, n), first: true, anew: r.Open(n), since: r.Questions[n-1].At,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, r.Requester) },
	})
	return c.reached(ctx, job, r.Requester, result, err)
}

// answer tells whoever asked a question what the requester said to it, once.
func (c *Courier) answer(ctx context.Context, job outbox.Job) outbox.Result {
	r, n, result, ok := c.questionOf(ctx, job)
	if !ok {
		return result
	}
	who := r.Questions[n-1].By.Person()
	if who == "" || r.Questions[n-1].Answer == nil {
		c.log.ErrorContext(ctx, "an answer is owed that there is not", Owed(job.Key))
		return outbox.Done()
	}
	return c.message(ctx, job, who, view.Answered(r, n))
}

// questionOf reads the request of a job, and which of its questions it is about, counted from 1.
func (c *Courier) questionOf(ctx context.Context, job outbox.Job) (r approvals.Request, n int, result outbox.Result, ok bool) {
	if r, result, ok = c.request(ctx, job); !ok {
		return r, 0, result, false
	}
	if n = approvals.QuestionOf(job.Key); n < 1 || n > len(r.Questions) {
		c.log.ErrorContext(ctx, "a message is owed for a question that was not asked", Owed(job.Key))
		return r, 0, outbox.Done(), false
	}
	return r, n, outbox.Done(), true
}
