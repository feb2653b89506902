package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Runner carries out intents of kind "report". The order of effects for a slot, and what a crash
// leaves after each:
//
//	promise the next slot     nothing is posted; this slot is still owed, and so is the next
//	read, build, post         the message may stand; the Poster finds it by its key and posts no second one
//	promise its files         likewise; they are promised once
//	keep the snapshot         likewise; the snapshot is kept once more, from what is read then
//	return the result         the receipt is kept, and this slot is settled for good
//
// The next slot is promised first, so that no trouble with this one, however long, breaks the chain.
type Runner struct {
	Planner  *Planner
	Gatherer *Gatherer
	Poster   Poster
	// Progress shows how far a long reading is; nil: nobody does.
	Progress Progress
	// People says who somebody is, in which zone, and who is in a user group.
	People approvals.Directory
	// Duties say what is somebody's own.
	Duties Duties
	// Alarm tells the admins of something only they can mend, once a day for each topic.
	Alarm func(ctx context.Context, topic string, say approvals.Text)
	// Filer has reports go along as files; nil: nobody does.
	Filer Filer
}

var _ outbox.Doer = (*Runner)(nil)

// A vendor that cannot be read is asked again after 20 s, 40 s, and so on: for ten minutes before a
// report on schedule goes out without it, for one where somebody is waiting.
const (
	firstWait   = 20 * time.Second
	longestWait = 5 * time.Minute
	slotTries   = 5
	manualTries = 2
)

// Do implements outbox.Doer.
func (r *Runner) Do(ctx context.Context, job outbox.Job) outbox.Result {
	return r.withdrawn(ctx, job, r.do(ctx, job))
}

func (r *Runner) do(ctx context.Context, job outbox.Job) outbox.Result {
	at, ok := parseKey(job.Key)
	if !ok {
		return r.drop(job, "its key names no report")
	}
	had, posted, err := r.Planner.Box.Receipt(ctx, job.Key)
	if err != nil {
		return r.trouble(job, err)
	} else if posted && had.Digest != underWay {
		return outbox.Done()
	}
	c, ok := r.Planner.config(at.report)
	if !ok {
		if err := r.Planner.forget(ctx, at.report); err != nil {
			return r.trouble(job, err)
		}
		return r.drop(job, "no report of this name is configured any more")
	}
	switch {
	case at.manual:
		return r.manual(ctx, job, c)
	case at.reader != "":
		return r.toReader(ctx, job, c, at)
	}
	return r.slot(ctx, job, c, at.slot, had.At)
}

// remember keeps what a posted report showed. The post has happened and its receipt matters more: where
// the snapshot cannot be kept, the next report compares with the one before, and says since when.
func (r *Runner) remember(ctx context.Context, report string, s Snapshot) {
	ctx = context.WithoutCancel(ctx)
	err := r.Gatherer.pin(ctx, report, s)
	if err == nil {
		err = r.Planner.keep(ctx, report, s)
	}
	if err == nil {
		err = r.Gatherer.unpin(ctx, report, s)
	}
	if err != nil {
		r.Planner.Log.ErrorContext(ctx, "a posted report is not remembered", "report", report, "err", err)
	}
}

// build makes a report from what was read and from what the last one saw.
func (r *Runner) build(ctx context.Context, o Occasion, f Facts, last Snapshot, now time.Time) (Report, error) {
	if err := r.Gatherer.recollect(ctx, &f, last); err != nil {
		return Report{}, err
	}
	return Build(o, f, last, now)
}

// manual posts what somebody asked for. It leaves no snapshot: "what changed" is always since the
// last slot.
func (r *Runner) manual(ctx context.Context, job outbox.Job, c Config) outbox.Result {
	p := r.Planner
	var o order
	if err := json.Unmarshal(job.Body, &o); err != nil || o.Channel == "" {
		return r.drop(job, "it does not say where to post")
	}
	if p.Now().Sub(job.Made) >= Late {
		return r.drop(job, "it was asked for a day ago")
	}
	last, err := p.remembered(ctx, c.Name)
	if err != nil {
		return r.trouble(job, err)
	}
	facts, result, ok := r.read(ctx, job, c.wish(job.Key, job.Made, last), manualTries, nil)
	if !ok {
		return result
	}
	report, err := r.build(ctx, Occasion{Name: c.Name, AskedBy: o.By, Alone: o.Alone, Sections: c.Sections}, facts, last, p.Now())
	if err != nil {
		return r.trouble(job, err)
	}
	result = settle(r.Poster.PostReport(ctx, job, o.Channel, report))
	if stands(result) {
		p.Log.InfoContext(ctx, "report posted", "report", c.Name, "asked_by", o.By)
	}
	return result
}

// read gathers the facts. ok is false where they are not to be posted yet: a vendor that cannot be
// read is asked again later, but not for ever, and not past the next slot of the schedule.
func (r *Runner) read(ctx context.Context, job outbox.Job, w Wish, tries int, s Slots) (f Facts, result outbox.Result, ok bool) {
	told, stop := r.saying(ctx, job, r.stage(job))
	w.Now, w.Told = r.Planner.Now(), told
	f, unread, err := r.Gatherer.Gather(ctx, w)
	stop()
	now := r.Planner.Now()
	switch {
	case ctx.Err() != nil:
		return f, outbox.RetryAt(now, "the program is stopping"), false
	case err != nil:
		return f, r.trouble(job, err), false
	case unread == nil:
		return f, outbox.Result{}, true
	}
	later := now.Add(outbox.Backoff(job.Tries, firstWait, longestWait))
	if job.Tries < tries && !fallsDue(s, now, later) {
		return f, outbox.RetryAt(later, unread.Error()), false
	}
	r.Planner.Log.WarnContext(ctx, "a report goes out without all apps", "report", named(job.Key), "err", unread)
	return f, outbox.Result{}, true
}

// named is the report in a key, and which of its slots, for the log.
func named(key string) string { return strings.TrimPrefix(key, Kind+"/") }

// drop ends an intent without posting. Where an earlier try may have posted it after all, a receipt
// keeps it from ever being promised again.
func (r *Runner) drop(job outbox.Job, why string) outbox.Result {
	r.Planner.Log.Warn("a report is not posted", "report", named(job.Key), "why", why)
	if job.Retaken || len(job.Note) > 0 {
		return outbox.DoneWith(outbox.Receipt{Digest: "dropped"})
	}
	return outbox.Done()
}

// trouble waits for our own store to recover.
func (r *Runner) trouble(job outbox.Job, err error) outbox.Result {
	at := r.Planner.Now().Add(outbox.Backoff(job.Tries, time.Second, time.Minute))
	return outbox.RetryAt(at, fmt.Sprintf("prepare report: %v", err))
}

// settle gives an intent that the Poster ended without a message a receipt, so that it stays ended.
func settle(result outbox.Result) outbox.Result {
	_, _, retry := result.IsRetry()
	if _, held := result.IsDoneUntil(); held || retry || result.IsSettled() || result.Receipt() != nil {
		return result
	}
	return outbox.DoneWith(outbox.Receipt{Digest: "not posted"})
}

// stands reports whether the message is there to be read.
func stands(result outbox.Result) bool { return result.Receipt() != nil && result.Receipt().ID != "" }
