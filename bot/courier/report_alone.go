package courier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

// stillThere is how long somebody who asked for a report is taken to look where they did: what comes later comes directly, and waits.
const stillThere = 5 * time.Minute

// showReport shows a report to whoever asked for it, and to nobody else: beside the messages of the channel in which they asked, and where
// that can't be, by direct message. What stands beside messages can't be looked for. So the attempt is noted, durably, before it is made,
// and where a crash or a lost answer leaves it open whether they saw it, it comes directly, where it can.
func (c *Courier) showReport(ctx context.Context, job outbox.Job, channel string, r reports.Report) outbox.Result {
	value := view.PostReportValue{Name: r.Name, Channel: channel, Key: job.Key}
	note := approvals.Sayf("Only you can see this. *Post to channel* shows it to everybody in %v.", channelText(channel))
	var err error
	if !noteOf(job).Beside && noteOf(job).Place == "" && c.now().Sub(job.Made) < stillThere {
		if err = c.beside(ctx, &job, channel, r.AskedBy, view.ReportAlone(r, value, note)); err == nil {
			return outbox.DoneWith(outbox.Receipt{Place: channel, Digest: "shown"})
		}
		if web.FaultOf(err) == web.Limited || errors.Is(err, outbox.ErrGone) {
			return c.trouble(ctx, job, err)
		}
		c.log.InfoContext(ctx, "a report can't be shown where it was asked for, so it goes directly", Owed(job.Key), "err", err)
	}
	return c.message(ctx, job, r.AskedBy, view.ReportAlone(r, value, alone(channel, err)))
}

// beside shows somebody a message beside a channel's, once. An answer that says no strikes out that it was begun.
func (c *Courier) beside(ctx context.Context, job *outbox.Job, channel string, who approvals.PersonID, m view.Message) error {
	now := c.now()
	if err := job.Mark(ctx, note{At: now.Unix(), Began: now, Tries: job.Tries, Beside: true}); err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	err := c.slack.Ephemeral(ctx, channel, "", string(who), web.Message(m))
	if err == nil || web.FaultOf(err) == web.Unknown {
		return err
	}
	if back := job.Mark(ctx, note{}); back != nil && !errors.Is(back, outbox.ErrGone) {
		c.log.WarnContext(ctx, "cannot strike out that a message was begun; it comes another way", Owed(job.Key), "err", back)
	}
	return err
}

// alone says in a direct message why a report comes there, and what its button does.
func alone(channel string, err error) approvals.Text {
	where := channelText(channel)
	switch {
	case web.IsCode(err, "is_archived"):
		return approvals.Sayf("You asked for this in %v. That channel is archived, so it comes to you here.", where)
	case web.IsCode(err, "not_in_channel"), web.IsCode(err, "channel_not_found"):
		return approvals.Sayf("You asked for this in %v, and only you have it. I'm not in there: add me with `/invite`, then *Post to channel* shows it to everybody.", where)
	}
	return approvals.Sayf("You asked for this in %v, and only you have it. *Post to channel* shows it to everybody there.", where)
}
