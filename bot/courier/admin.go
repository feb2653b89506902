package courier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// People says who somebody is now; *Directory is one. An error means that it could not be found out.
type People interface {
	Person(ctx context.Context, id approvals.PersonID) (approvals.Person, error)
}

// forEverybody stands in an alarm's key in the place of an admin: it is posted where the cards are.
const forEverybody = "channel"

// toAdmin delivers what is for one admin's eyes, if they are one: being named in the configuration gives
// nobody who has left, or became a guest, a look at accounts and doubts. Such an admin gets nothing and keeps
// what they got, and somebody else hears of it. While that cannot be found out it waits. Slack may have answered
// wrongly, and people come back: while it is of use to them (until) it is looked now and then whether they are an
// admin after all. Who was taken out of the configuration since it was promised is none.
func (c *Courier) toAdmin(ctx context.Context, job outbox.Job, admin approvals.PersonID, until time.Time, deliver func() outbox.Result) outbox.Result {
	if !slices.Contains(c.admins, admin) {
		c.log.InfoContext(ctx, "somebody who is no longer named in slack.admins is told nothing", Owed(job.Key), "person", admin)
		return outbox.Done()
	}
	who, err := c.people.Person(ctx, admin)
	switch {
	case err != nil:
		return c.trouble(ctx, job, fmt.Errorf("look up admin %s: %w", admin, err))
	case who.Full():
		result := deliver()
		if r := result.Receipt(); r == nil || r.ID != undeliverable {
			return result
		}
	}
	c.log.WarnContext(ctx, "somebody named in slack.admins is no active member and is told nothing", Owed(job.Key), "person", admin)
	had, shown, err := c.box.Receipt(ctx, job.Key)
	if err == nil && !(shown && had.ID == undeliverable) {
		err = c.handOn(ctx, job, admin)
	}
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	receipt := &outbox.Receipt{ID: undeliverable}
	if shown {
		receipt = nil
	}
	return c.lookAgain(job, until, receipt)
}

// lookAgain puts off what is for somebody who is no admin now: after as long as it has waited, and no longer than
// it is of use.
func (c *Courier) lookAgain(job outbox.Job, until time.Time, receipt *outbox.Receipt) outbox.Result {
	now := c.now()
	at := now.Add(min(max(now.Sub(job.Made), watchSoonest), watchLatest))
	switch {
	case !at.After(until):
		return outbox.DoneUntil(at, receipt)
	case receipt != nil:
		return outbox.DoneWith(*receipt)
	}
	return outbox.Done()
}

// handOn tells the other admins, once a day, that one of them is none any more; where none is left, the log and
// the approvals channel say so.
func (c *Courier) handOn(ctx context.Context, job outbox.Job, gone approvals.PersonID) error {
	left, err := c.able(ctx, gone)
	if err != nil {
		return err
	}
	to, topic := left, "admin-"+string(gone)
	say := approvals.Sayf("%v is listed in `slack.admins`, but Slack doesn't show them as an active member of this workspace, or doesn't let me write to them. So I've stopped messaging them. Take them out of usher.yml, or list somebody else, and restart me.", gone)
	if len(left) == 0 {
		c.log.ErrorContext(ctx, "nobody named in slack.admins is an active member of the workspace", "untold", job.Key, "text", untold(job))
		to, topic = []approvals.PersonID{forEverybody}, "no-admin"
		say = approvals.Sayf("Nobody listed in `slack.admins` is still an active member of this workspace I can write to. So nobody hears about what only an admin can fix, such as a request in doubt or one that failed. Please have somebody else listed in usher.yml, and restart me.")
	}
	changes, err := Alarms(topic, say, to, c.now())
	if err == nil {
		err = c.box.Promise(ctx, changes...)
	}
	if err != nil {
		return fmt.Errorf("promise to tell of admin %s: %w", gone, err)
	}
	c.wake()
	return nil
}

// able are the admins beside gone who are active full members now. An error means that it could not be found out of one
// of them: nobody is declared gone on a guess.
func (c *Courier) able(ctx context.Context, gone approvals.PersonID) (left []approvals.PersonID, err error) {
	for _, a := range slices.Compact(slices.Sorted(slices.Values(c.admins))) {
		if a == gone {
			continue
		}
		who, err := c.people.Person(ctx, a)
		if err != nil {
			return nil, fmt.Errorf("look up admin %s: %w", a, err)
		}
		if who.Full() {
			left = append(left, a)
		}
	}
	return left, nil
}

// untold is what an alarm would have said, for the log.
func untold(job outbox.Job) string {
	var body alarmBody
	if json.Unmarshal(job.Body, &body) != nil {
		return "" // an admin's card: its request says it
	}
	return body.Text.Plain()
}

// toEverybody posts an alarm where the cards are.
func (c *Courier) toEverybody(ctx context.Context, job outbox.Job, m view.Message) outbox.Result {
	result, err := c.once(ctx, job, m, func(ctx context.Context) (string, error) {
		place, err := c.slack.ChannelID(ctx, c.channel)
		return place, web.In(c.channel, err)
	})
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	return result
}
