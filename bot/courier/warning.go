package courier

import (
	"context"
	"encoding/json"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// warningFor is how long a warning that cannot be delivered is kept: what it says was read is not kept longer either.
const warningFor = 30 * 24 * time.Hour

// warning says once, where the cards are, that the units of an app run low. Its key names the occasion, and its body is what
// was known then: what is so at delivery may be another occasion.
func (c *Courier) warning(ctx context.Context, job outbox.Job) outbox.Result {
	var w approvals.Warning
	if err := json.Unmarshal(job.Body, &w); err != nil {
		c.log.ErrorContext(ctx, "a warning cannot be read, and is dropped", Owed(job.Key), "err", err)
		return outbox.Done()
	}
	if c.now().Sub(w.At) > warningFor {
		c.log.ErrorContext(ctx, "a warning could not be delivered within a month", Owed(job.Key))
		return outbox.Done()
	}
	result, err := c.once(ctx, job, view.Warning(w, c.admins), func(ctx context.Context) (string, error) {
		place, err := c.slack.ChannelID(ctx, c.channel)
		return place, web.In(c.channel, err)
	})
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	return result
}
