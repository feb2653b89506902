package courier

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reviews"
)

// handsOut sends somebody the report of a review as files, once. Where the app may not add files they read how to have it at the
// machine.
func (c *Courier) handsOut(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.review(ctx, job)
	if !ok {
		return result
	}
	who := lastPerson(job.Key)
	had, said, err := c.box.Receipt(ctx, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	case said && had.ID != undeliverable:
		return outbox.Done()
	}
	may, err := c.slack.CanUpload(ctx)
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	if !may {
		return c.message(ctx, job, who, view.ReviewUnfiled(r))
	}
	place, err := c.slack.DM(ctx, who)
	if err != nil {
		return c.reached(ctx, job, who, outbox.Result{}, err)
	}
	at, err := c.share(ctx, &job, handing{place: place, words: view.ReviewFiled(r), files: c.reportOf(r, job.Key)})
	return c.reached(ctx, job, who, c.stands(at), err)
}

// reportOf is what the files of a review's report are made of.
func (c *Courier) reportOf(r reviews.Review, key string) func(context.Context) ([]web.Upload, error) {
	return func(ctx context.Context) (files []web.Upload, err error) {
		report, err := c.reviews.Report(ctx, r.Number, c.now())
		if err != nil {
			return nil, fmt.Errorf("gather the report: %w", err)
		}
		for _, name := range r.FileNames(key) {
			raw, err := report.File(name)
			if err != nil {
				return nil, err
			}
			files = append(files, web.Upload{Name: name, Content: raw})
		}
		return files, nil
	}
}
