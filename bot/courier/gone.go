package courier

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// KindGone is the kind of intent that tells somebody that what they did isn't kept any more.
const KindGone = "gone"

// goneFor is how long such a message that can't be delivered is of use.
const goneFor = 7 * 24 * time.Hour

// Gone is the promise that tells one person once what of theirs is gone. name is the occasion's, and holds no slash.
func Gone(name string, text approvals.Text, who approvals.PersonID, now time.Time) (outbox.Change, error) {
	body, err := json.Marshal(alarmBody{text})
	if err != nil {
		return outbox.Change{}, fmt.Errorf("encode what is gone: %w", err)
	}
	c := outbox.AtOnce(fmt.Sprintf("%s/%s/%s", KindGone, name, who), 0, now).ButOnce()
	c.Put.Body = body
	return c, nil
}

// gone says it, as an outcome is said: at once.
func (c *Courier) gone(ctx context.Context, job outbox.Job) outbox.Result {
	var body alarmBody
	if err := json.Unmarshal(job.Body, &body); err != nil {
		c.log.ErrorContext(ctx, "word of what is gone cannot be read, and is dropped", Owed(job.Key), "err", err)
		return outbox.Done()
	}
	if c.now().After(job.Made.Add(goneFor)) {
		c.log.ErrorContext(ctx, "word of what is gone could not be delivered within a week", Owed(job.Key), "text", body.Text.Plain())
		return outbox.Done()
	}
	return c.message(ctx, job, lastPerson(job.Key), view.Alarm(body.Text))
}
