package courier

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

var _ reports.Poster = (*Courier)(nil)

// PostReport implements reports.Poster. A report that somebody asked for in a place where the bot may
// not write goes to them directly instead, and says why. Whoever is no admin any more by then gets none.
func (c *Courier) PostReport(ctx context.Context, job outbox.Job, channel string, r reports.Report) outbox.Result {
	switch {
	case r.To != "":
		return c.message(ctx, job, r.To, view.Report(r, r.Instead))
	case r.AskedBy == "":
		return c.postReport(ctx, job, channel, r)
	}
	who, err := c.people.Person(ctx, r.AskedBy)
	switch {
	case err != nil:
		return c.trouble(ctx, job, fmt.Errorf("look up who asked for a report: %w", err))
	case !who.Full() || !slices.Contains(c.admins, r.AskedBy):
		c.log.WarnContext(ctx, "whoever asked for a report is no admin any more and gets none", Owed(job.Key), "person", r.AskedBy)
		return outbox.Done()
	}
	if r.Alone {
		return c.showReport(ctx, job, channel, r)
	}
	return c.postReport(ctx, job, channel, r)
}

func (c *Courier) postReport(ctx context.Context, job outbox.Job, channel string, r reports.Report) outbox.Result {
	m := view.Report(r, nil)
	result, stands, err := c.overReading(ctx, &job, m)
	if err == nil && !stands {
		result, err = c.once(ctx, job, m, func(ctx context.Context) (string, error) {
			place, err := c.slack.ChannelID(ctx, channel)
			return place, web.In(channel, err)
		})
	}
	switch {
	case err == nil:
		return result
	case web.FaultOf(err) == web.Misconfigured && !forAdmins(err) && r.AskedBy != "":
		return c.message(ctx, job, r.AskedBy, view.Report(r, c.instead(channel, err)))
	case web.IsCode(err, "is_archived") && r.AskedBy == "":
		return c.divert(ctx, job, channel)
	}
	return c.trouble(ctx, job, err)
}

// divert has a report whose channel was archived sent to the admins, each once, with what to do about it. Nothing stands in
// the channel, so a crash before the receipt asks Slack once more, and promises the same.
func (c *Courier) divert(ctx context.Context, job outbox.Job, channel string) outbox.Result {
	say := approvals.Sayf("This belongs in %v, which is archived, so it comes to you admins. Unarchive the channel, or give the report another `channel` in usher.yml and restart me.", channelText(channel))
	changes, err := reports.Divert(job.Key, c.admins, say, c.now())
	if err == nil {
		err = c.box.Promise(ctx, changes...)
	}
	if err != nil {
		return c.retry(job, fmt.Errorf("send a report to the admins instead: %w", err))
	}
	c.wake()
	c.log.WarnContext(ctx, "a report's channel is archived, and the admins get it instead", Owed(job.Key), "place", channel)
	return outbox.DoneWith(outbox.Receipt{Digest: "sent to the admins"})
}

// instead says why a report comes to whoever asked for it, and not to where they asked.
func (c *Courier) instead(channel string, err error) approvals.Text {
	where := approvals.Sayf("%v", channelText(channel))
	if strings.HasPrefix(channel, "D") {
		where = approvals.Sayf("a direct message")
	}
	switch {
	case web.IsCode(err, "is_archived"):
		return approvals.Sayf("You asked for this in %v. That channel is archived, so it comes to you here.", where)
	case web.IsCode(err, "not_in_channel"), web.IsCode(err, "channel_not_found"):
		return approvals.Sayf("You asked for this in %v. I'm not in there, so it comes to you here. Want it there? Add me with `/invite`, then ask again.", where)
	}
	return approvals.Sayf("You asked for this in %v. Slack doesn't let me post there, so it comes to you here.", where)
}
