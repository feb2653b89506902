package bot

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

var _ reports.Poster = (*Courier)(nil)

// PostReport implements reports.Poster. A report that somebody asked for in a place where the bot may
// not write goes to them directly instead.
func (c *Courier) PostReport(ctx context.Context, job outbox.Job, channel string, r reports.Report) outbox.Result {
	m := ReportMessage(r)
	result, err := c.once(ctx, job, m, func(ctx context.Context) (string, error) {
		place, err := c.slack.ChannelID(ctx, channel)
		return place, in(channel, err)
	})
	switch {
	case err == nil:
		return result
	case FaultOf(err) == Misconfigured && !forAdmins(err) && r.AskedBy != "":
		return c.message(ctx, job, approvals.PersonID(r.AskedBy), m)
	}
	return c.trouble(ctx, job, err)
}
