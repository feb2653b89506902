package courier

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
)

// KindAlarm is the kind of intent that tells an admin what only they can put right.
const KindAlarm = "alarm"

// alarmBody is the body of an alarm's intent.
type alarmBody struct {
	Text approvals.Text `json:"text"`
}

// alarmFor is how long an alarm that cannot be delivered is kept: the next day brings its own.
const alarmFor = 24 * time.Hour

// Alarms are the promises that tell each admin about a topic, once a day and topic however often it
// is raised. A topic holds no slash.
func Alarms(topic string, text approvals.Text, admins []approvals.PersonID, now time.Time) ([]outbox.Change, error) {
	body, err := json.Marshal(alarmBody{text})
	if err != nil {
		return nil, fmt.Errorf("encode alarm %s: %w", topic, err)
	}
	topic = strings.ReplaceAll(topic, "/", "-")
	var out []outbox.Change
	for _, a := range admins {
		key := fmt.Sprintf("%s/%s/%s/%s", KindAlarm, topic, now.UTC().Format(time.DateOnly), a)
		c := outbox.AtOnce(key, 0, now).ButOnce()
		c.Put.Body = body
		out = append(out, c)
	}
	return out, nil
}

// raise promises an alarm. An alarm that cannot be delivered raises none.
func (c *Courier) raise(ctx context.Context, job outbox.Job, topic string, text approvals.Text) {
	if outbox.Kind(job.Key) == KindAlarm {
		return
	}
	changes, err := Alarms(topic, text, c.admins, c.now())
	c.keepWarning(ctx, topic, changes, err)
}

// raiseOnce tells each admin about a topic once and for all.
func (c *Courier) raiseOnce(ctx context.Context, topic string, text approvals.Text) {
	changes, err := Alarms(topic, text, c.admins, c.now())
	for _, change := range changes {
		p := strings.Split(change.Put.Key, "/")
		p[2] = "once"
		change.Put.Key = strings.Join(p, "/")
	}
	c.keepWarning(ctx, topic, changes, err)
}

// keepWarning promises what Alarms made; what can't be kept is logged, as the trouble itself was.
func (c *Courier) keepWarning(ctx context.Context, topic string, changes []outbox.Change, err error) {
	if err == nil {
		err = c.box.Promise(ctx, changes...)
	}
	if err != nil {
		c.log.ErrorContext(ctx, "cannot keep a warning for the admins", "topic", topic, "err", err)
		return
	}
	c.wake()
}

// alarm tells one admin, or, where there is none any more, everybody who decides; and anybody what of theirs is gone.
func (c *Courier) alarm(ctx context.Context, job outbox.Job) outbox.Result {
	if outbox.Kind(job.Key) == KindGone {
		return c.gone(ctx, job)
	}
	var body alarmBody
	if err := json.Unmarshal(job.Body, &body); err != nil {
		c.log.ErrorContext(ctx, "a warning to an admin cannot be read, and is dropped", Owed(job.Key), "err", err)
		return outbox.Done()
	}
	until := job.Made.Add(alarmFor)
	if c.now().After(until) {
		c.log.ErrorContext(ctx, "a warning to an admin could not be delivered within a day", Owed(job.Key), "text", body.Text.Plain())
		return outbox.Done()
	}
	m, admin := view.Alarm(body.Text), lastPerson(job.Key)
	if admin == forEverybody {
		return c.toEverybody(ctx, job, m)
	}
	return c.toAdmin(ctx, job, admin, until, func() outbox.Result { return c.message(ctx, job, admin, m) })
}
