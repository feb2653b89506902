package reports

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Progress says on a report's own message how far its reading is, where that takes long; *courier.Courier does. The
// Poster makes that message the report.
type Progress interface {
	// Reading shows in a channel, on the message of a job, what is said, or nothing where that can't be.
	Reading(ctx context.Context, job outbox.Job, channel string, say approvals.Text)
	// Withdraw takes away what Reading showed of a job whose report is not to be posted; an error: it is to be tried again.
	Withdraw(ctx context.Context, job outbox.Job) error
	// Only reports whether what Reading showed is known to be all that stands of a job.
	Only(job outbox.Job) bool
}

// sayEvery is how often a reading says how far it is, and after how long first: not of a list that takes a moment.
const sayEvery = 10 * time.Second

// saying says how far the reading for a job is, every ten seconds from ten seconds on, until stop, which waits for what is
// being said. told must be called by whoever reads.
func (r *Runner) saying(ctx context.Context, job outbox.Job, channel string) (told func(app approvals.App, read, about int), stop func()) {
	if r.Progress == nil || channel == "" {
		return nil, func() {}
	}
	var (
		mu   sync.Mutex
		news approvals.Text
		says sync.WaitGroup
	)
	over := make(chan struct{})
	says.Go(func() {
		tick := time.NewTicker(sayEvery)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			mu.Lock()
			say := news
			news = nil
			mu.Unlock()
			if say != nil {
				r.Progress.Reading(ctx, job, channel, say)
			}
		}
	})
	told = func(app approvals.App, read, about int) {
		mu.Lock()
		defer mu.Unlock()
		news = howFar(app, read, about)
	}
	return told, func() { close(over); says.Wait() }
}

// howFar says how many accounts were read of about how many; 0: nobody knows.
func howFar(app approvals.App, read, about int) approvals.Text {
	if about < read {
		return approvals.Sayf("Reading %v: %v accounts so far. The report will be here when I'm through.", app.Name, approvals.Grouped(read))
	}
	return approvals.Sayf("Reading %v: %v of about %v accounts. The report will be here when I'm through.", app.Name, approvals.Grouped(read), approvals.Grouped(about))
}

// stage is the channel that a job's report comes to, where anybody waits for it there; "": nobody does, as it goes to people.
func (r *Runner) stage(job outbox.Job) string {
	at, _ := parseKey(job.Key)
	c, known := r.Planner.config(at.report)
	switch {
	case at.reader != "", !known:
		return ""
	case !at.manual && c.ToPeople():
		return ""
	case !at.manual:
		return c.Channel
	}
	var o order
	if json.Unmarshal(job.Body, &o) != nil || o.Alone {
		return ""
	}
	return o.Channel
}

// begun reports whether a job's report may stand already.
func (r *Runner) begun(job outbox.Job) bool {
	return (job.Retaken || len(job.Note) > 0) && (r.Progress == nil || !r.Progress.Only(job))
}

// withdrawn is a result after which nothing of the reading stands in a channel without its report.
func (r *Runner) withdrawn(ctx context.Context, job outbox.Job, result outbox.Result) outbox.Result {
	if _, _, retry := result.IsRetry(); retry || r.Progress == nil || stands(result) {
		return result
	}
	if err := r.Progress.Withdraw(ctx, job); err != nil {
		return r.trouble(job, err)
	}
	return result
}
