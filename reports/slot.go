package reports

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

const (
	// Floor is how far apart the posts of one report are at least, whatever its schedule says: nobody reads more.
	Floor = 15 * time.Minute
	// missedAfter is how late the first try of a slot may be that a report leaves out when it was missed: a restart takes less.
	missedAfter = 15 * time.Minute
	// shared is how old at most what was read for others may be that somebody is shown who came to where their hour is past.
	shared = 6 * time.Hour
)

// delivery is one message of a slot: where it goes, and what it is compared with.
type delivery struct {
	slot string
	at   time.Time
	// slots are those of its schedule where it is read.
	slots   Slots
	channel string
	// to is who gets it by direct message, and instead why they and not a channel.
	to      approvals.PersonID
	instead approvals.Text
	// last is what the one before showed, kept under a name; "": this one is not remembered.
	last Snapshot
	kept string
}

// slot sees to a slot that is due: it is posted in its channel, or promised to each of its readers.
// looked is when its readers were looked for last; zero: never.
func (r *Runner) slot(ctx context.Context, job outbox.Job, c Config, slot string, looked time.Time) outbox.Result {
	p, now := r.Planner, r.Planner.Now()
	if err := p.plan(ctx, c, now); err != nil {
		return r.trouble(job, err)
	}
	last, err := p.remembered(ctx, c.Name)
	if err != nil {
		return r.trouble(job, err)
	}
	at, ok := c.Schedule.At(slot)
	switch {
	case !ok:
		return r.drop(job, "the schedule has no such slot any more")
	case at.After(now):
		return outbox.RetryAt(at, "it is not time yet")
	case c.In != nil && now.Sub(at) < c.late():
		// Whether it is too late where they are is found out for each reader.
		return r.fan(ctx, job, c, slot, at.Add((aheadOfAll+behindAll)*time.Hour), looked)
	}
	if why := lapsed(c.Schedule, slot, at, last.Since, now); why != "" {
		return r.drop(job, why)
	}
	if c.Skip && missed(job, at, now) {
		return r.leaveOut(job, "it was missed, and this report makes up for nothing")
	}
	if c.ToPeople() {
		return r.fan(ctx, job, c, slot, at, looked)
	}
	return r.post(ctx, job, c, delivery{slot: slot, at: at, slots: c.Schedule, channel: c.Channel, last: last, kept: c.Name})
}

// toReader sees to the message of one reader.
func (r *Runner) toReader(ctx context.Context, job outbox.Job, c Config, key address) outbox.Result {
	got, result, ok := r.hears(ctx, job, c, key)
	if !ok {
		return result
	}
	p, now := r.Planner, r.Planner.Now()
	report, err := p.remembered(ctx, c.Name)
	if err != nil {
		return r.trouble(job, err)
	}
	at, ok := got.slots.At(key.slot)
	if !ok {
		return r.drop(job, "the schedule has no such slot any more")
	}
	d := delivery{slot: key.slot, at: at, slots: got.slots, to: key.reader, instead: got.Instead, last: report}
	if got.Instead == nil {
		d.kept = readersName(c.Name, key.reader)
		if d.last, err = p.remembered(ctx, d.kept); err != nil {
			return r.trouble(job, err)
		}
	}
	if why := lapsed(got.slots, key.slot, at, report.Since, now); why != "" {
		return r.drop(job, why)
	}
	// Who came to where the hour is past hears of it all the same: until it was due to be looked at, nothing was missed.
	if c.Skip && got.Instead == nil && missed(job, later(at, job.Due), now) {
		return r.leaveOut(job, "it was missed, and this report makes up for nothing")
	}
	if c.Word() != "" {
		return r.tellOwn(ctx, job, c, got.person)
	}
	return r.post(ctx, job, c, d)
}

// readersName is the name under which is kept what a report showed one of its readers the last time.
func readersName(report string, who approvals.PersonID) string { return report + "/" + string(who) }

// missed reports whether a slot that was due at a moment is tried for the first time so much later that the program must have
// been down.
func missed(job outbox.Job, at, now time.Time) bool {
	return job.Tries == 0 && !job.Retaken && now.Sub(at) > missedAfter
}

// post builds a message of a slot and has it posted, where there is something to say.
func (r *Runner) post(ctx context.Context, job outbox.Job, c Config, d delivery) outbox.Result {
	p := r.Planner
	if before, ok := d.slots.At(d.last.Slot); ok && d.kept != "" && d.at.After(before) && d.at.Sub(before) < Floor {
		return r.leaveOut(job, "the one before it was less than a quarter of an hour ago")
	}
	facts, result, ok := r.read(ctx, job, c.wish(job.Key, later(d.at, p.Now().Add(-shared)), d.last), slotTries, d.slots)
	if !ok {
		return result
	}
	report, err := r.build(ctx, Occasion{Name: c.Name, Slot: d.slot, To: d.to, Instead: d.instead, As: c.As, Sections: c.Sections}, facts, d.last, p.Now())
	if err != nil {
		return r.trouble(job, err)
	}
	next, err := d.last.after(d.slot, facts)
	if err != nil {
		return r.trouble(job, err)
	}
	next.Told = report.told()
	// What may stand already is looked for, whatever is new by now.
	if c.OnlyIfChanged && !r.begun(job) && d.last.Slot != "" && d.last.Slot != d.slot && !report.News() {
		return r.leaveOut(job, "nothing has changed")
	}
	result = settle(r.Poster.PostReport(ctx, job, d.channel, report))
	if stands(result) {
		p.Log.InfoContext(ctx, "report posted", "report", c.Name, "due", d.slot)
		if err := r.file(ctx, job.Key, report, facts); err != nil {
			return r.trouble(job, err)
		}
		if d.kept != "" {
			r.remember(ctx, d.kept, next)
		}
	}
	return result
}

// wish is what is gathered for a report that is compared with the last; what was read from a moment on may be shared.
func (c Config) wish(occasion string, fresh time.Time, last Snapshot) Wish {
	return Wish{Apps: c.Apps, Sections: c.Sections, Since: last.made(), Fresh: fresh, Occasion: occasion}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// leaveOut ends a slot that is not to be posted, for good.
func (r *Runner) leaveOut(job outbox.Job, why string) outbox.Result {
	r.Planner.Log.Info("a report is left out", "report", named(job.Key), "why", why)
	return outbox.DoneWith(outbox.Receipt{Digest: why})
}

// lapsed is why a slot that is due is not to be posted any more, or "".
func lapsed(s Slots, slot string, at, since, now time.Time) string {
	if now.Sub(at) >= Late {
		return "it is a day old"
	}
	if !at.After(since) {
		return "it is from before this schedule was configured"
	}
	if latest, _, ok := s.Latest(now); ok && latest != slot {
		return "a later slot has come due: " + latest
	}
	return ""
}
