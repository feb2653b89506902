package courier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reviews"
)

// filesComing is how long files that were shared may take to be there: Slack looks through them first, and says that it took them
// before it shows them.
const filesComing = 2 * time.Minute

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
	at, err := c.share(ctx, &job, place, r)
	return c.reached(ctx, job, who, c.stands(at), err)
}

// share is postOnce for files. The order is: look where an earlier attempt may have left them; bring them to Slack, where nobody sees
// them yet; note the attempt, durably; share them; look for the message, because the answer names none and may come before it. A crash
// or a lost answer after the note leaves the note, and whoever comes next looks first.
func (c *Courier) share(ctx context.Context, job *outbox.Job, place string, r reviews.Review) (ref, error) {
	if at, found, err := c.earlier(ctx, *job, place); found || err != nil {
		return at, err
	}
	report, err := c.reviews.Report(ctx, r.Number, c.now())
	if err != nil {
		return ref{}, fmt.Errorf("gather the report: %w", err)
	}
	var files []web.Upload
	for _, name := range r.FileNames(job.Key) {
		raw, err := report.File(name)
		if err != nil {
			return ref{}, err
		}
		files = append(files, web.Upload{Name: name, Content: raw})
	}
	ids, err := c.slack.Upload(ctx, files)
	if err != nil {
		return ref{}, web.In(place, err)
	}
	if err := c.slack.AwaitTurn(ctx, place); err != nil {
		return ref{}, err
	}
	given := noteOf(*job)
	if err := c.begin(ctx, job, place, given); err != nil {
		return ref{}, err
	}
	err = c.slack.Share(ctx, place, ids, files, view.ReviewFiled(r))
	if fault := web.FaultOf(err); fault == web.NoFault || fault == web.Unknown {
		return c.sought(ctx, *job, place)
	}
	if back := job.Mark(ctx, given); back != nil && !errors.Is(back, outbox.ErrGone) {
		c.log.Warn("cannot strike out that files were shared; they are looked for first", Owed(job.Key), "err", back)
	}
	return ref{}, web.In(place, err)
}

// holds reports whether a message is ours and has the files of a report.
func holds(m slack.Message, who web.Identity, names []string) bool {
	if m.User != who.User && (m.BotID == "" || m.BotID != who.Bot) {
		return false
	}
	return slices.ContainsFunc(m.Files, func(f slack.File) bool { return slices.Contains(names, f.Name) })
}

// fileNames are what the files of a key are called; nil: it is none of files.
func (c *Courier) fileNames(ctx context.Context, key string) ([]string, error) {
	if outbox.Kind(key) != reviews.KindFile {
		return nil, nil
	}
	r, err := c.reviews.Review(ctx, approvals.NumberOf(key))
	if err != nil {
		return nil, fmt.Errorf("read whose %s is: %w", called(key), err)
	}
	return r.FileNames(key), nil
}
