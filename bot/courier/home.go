package courier

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
)

// Homes says what stands on somebody's Home and whose Homes a change concerns; *approvals.Desk is one. An error means that
// it could not be found out.
type Homes interface {
	Home(ctx context.Context, who approvals.PersonID, now time.Time) (approvals.Home, error)
	// Concerned are those of some whose Homes may show something of a request.
	Concerned(ctx context.Context, n int64, of []approvals.PersonID) ([]approvals.PersonID, error)
}

// Holds says what the register knows for somebody's Home; *commands.House does. An error means that it could not be found out.
type Holds interface {
	AtHome(ctx context.Context, h approvals.Home, now time.Time) (commands.Held, error)
}

// Health says how Usher and its connections are at this moment. An error means that it could not be found out.
type Health interface {
	Health(ctx context.Context, now time.Time) (approvals.Health, error)
}

// How soon a Home is drawn anew.
const (
	// homeSpacing is how long one is left as it is at least, so that many changes in a row are one publication.
	homeSpacing = time.Second
	// homeAgain is when it is drawn anew though nothing was heard: who is in a group may have changed unheard.
	homeAgain = time.Hour
	// homeSoon is the same where something on it changes by itself, or could not be found out.
	homeSoon = time.Minute
	// homesAtOnce is how many Homes are promised in one transaction.
	homesAtOnce = 100
)

// overtaken is the digest in the receipt of a Home that shows something else than was published last, and no more can come.
const overtaken = "overtaken"

// homes owes the Homes that a change concerns. A crash in the midst of it leaves the change to be gone through again.
func (c *Courier) homes(ctx context.Context, job outbox.Job) outbox.Result {
	keys, err := c.box.Known(ctx, approvals.AnyHome)
	if err != nil {
		return c.retry(job, fmt.Errorf("list the Homes there are: %w", err))
	}
	var who []approvals.PersonID
	for _, key := range keys {
		who = append(who, lastPerson(key))
	}
	if n := approvals.NumberOf(job.Key); n != 0 {
		if who, err = c.home.Concerned(ctx, n, who); err != nil {
			return c.retry(job, fmt.Errorf("find whose Homes it concerns: %w", err))
		}
	}
	var owed []outbox.Change
	for i, p := range who {
		owed = append(owed, outbox.AtOnce(approvals.HomeKey(p), 0, c.now()))
		if len(owed) < homesAtOnce && i < len(who)-1 {
			continue
		}
		if err := c.box.Promise(ctx, owed...); err != nil {
			return c.retry(job, fmt.Errorf("promise Homes: %w", err))
		}
		owed = nil
	}
	c.wake()
	return outbox.Done()
}

// publish makes somebody's Home show what is so now.
//
// A publication whose answer was lost may be carried out after the next one, and would then show what is past. So each
// says which state it takes the place of: one that comes late is refused by Slack, and one that came in time makes the next
// be refused, which is then sent without. Only such a one, and the very first, can still overtake; what may have been lost
// of these is published over a few times, as an update of a card is.
func (c *Courier) publish(ctx context.Context, job outbox.Job) outbox.Result {
	who := lastPerson(job.Key)
	had, shown, err := c.box.Receipt(ctx, job.Key)
	if err != nil {
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	}
	if wait := homeSpacing - c.now().Sub(had.At); shown && wait > 0 && wait <= homeSpacing && !job.Retaken {
		return outbox.DoneUntil(c.now().Add(wait), nil)
	}
	home, again, err := c.draw(ctx, who)
	switch {
	case err != nil:
		return c.retry(job, err)
	case again.IsZero():
		return c.left(job, who)
	}
	digest := home.Digest()
	if shown && had.Digest == digest && !job.Retaken && !strange(job, had) {
		return outbox.DoneUntil(again, nil)
	}
	hash, err := c.slack.PublishHome(ctx, who, home.View, had.ID)
	if err != nil {
		return c.unpublished(ctx, job, had, err)
	}
	return c.published(job, had, shown, outbox.Receipt{ID: hash, Digest: digest}, again)
}

// left is what becomes of the Home of somebody who has left, as Slack says: it is drawn again once they open it. Who opened
// it just now is back, and what is remembered of them not known to be old yet.
func (c *Courier) left(job outbox.Job, who approvals.PersonID) outbox.Result {
	if now := c.now(); now.Sub(openingOf(job).At) < 2*homeAgain {
		return outbox.DoneUntil(now.Add(homeSoon), nil)
	}
	c.log.Info("somebody who has left has no Home any more", "person", who)
	return outbox.Done()
}

// openingOf is the opening for which a Home is owed; zero: it is owed for something else.
func openingOf(job outbox.Job) (opened approvals.HomeOpening) {
	if len(job.Body) == 0 || json.Unmarshal(job.Body, &opened) != nil {
		return approvals.HomeOpening{}
	}
	return opened
}

// draw is somebody's Home as of now, and when to look again; never, where they have none any more.
func (c *Courier) draw(ctx context.Context, who approvals.PersonID) (home view.Home, again time.Time, err error) {
	now := c.now()
	h, err := c.home.Home(ctx, who, now)
	if err != nil {
		return home, again, fmt.Errorf("gather what stands on a Home: %w", err)
	}
	if !h.Who.Active || h.Who.Bot {
		return home, again, nil
	}
	h.Hear(func(r approvals.Request) approvals.Request { return c.readers.Heard(ctx, who, r) })
	again = now.Add(homeAgain)
	held, err := c.holds.AtHome(ctx, h, now)
	if err != nil {
		return home, again, fmt.Errorf("gather what the register has for a Home: %w", err)
	}
	var health *approvals.Health
	if h.Troubles != nil {
		found, err := c.health.Health(ctx, now)
		if err != nil {
			return home, again, fmt.Errorf("find out how everything is: %w", err)
		}
		health = &found
	}
	if health != nil || h.Unknown > 0 || held.Soon {
		again = now.Add(homeSoon)
	}
	return view.HomeOf(h, held, health), again, nil
}

// strange reports whether Slack showed something else on a Home when it was opened than was last published there.
func strange(job outbox.Job, had outbox.Receipt) bool {
	opened := openingOf(job)
	return !opened.At.IsZero() && opened.Shown != had.ID && !had.At.After(opened.At)
}

// published leaves a receipt of what is shown, unless something that was lost may still take its place: then it is
// published again until that can't be any more.
func (c *Courier) published(job outbox.Job, had outbox.Receipt, shown bool, r outbox.Receipt, again time.Time) outbox.Result {
	if had.ID != "" {
		return outbox.DoneUntil(again, &r) // whatever was lost named the state that this took the place of
	}
	began := job.Claimed
	if shown && had.Digest == "" && !job.Retaken {
		began = had.At
	}
	wait := c.overwriteIn(began)
	switch {
	case began.IsZero() || wait == 0:
		return outbox.DoneUntil(again, &r)
	case job.Retaken:
		return outbox.DoneUntil(c.now().Add(overwrites[0]), &outbox.Receipt{})
	}
	return outbox.DoneUntil(c.now().Add(wait), nil)
}

// unpublished is what becomes of a Home that could not be published.
func (c *Courier) unpublished(ctx context.Context, job outbox.Job, had outbox.Receipt, err error) outbox.Result {
	again := c.now().Add(outbox.Backoff(job.Tries, soonest, latest))
	switch {
	case web.Stale(err): // what was lost has come, or somebody else published: whatever it shows, this is newer
		return outbox.RetryWith(c.now(), err.Error(), outbox.Receipt{Digest: overtaken})
	case web.Homeless(err), web.FaultOf(err) == web.Declined && job.Tries >= hopeless:
		c.log.WarnContext(ctx, "somebody's Home can't be shown to them; it is tried again when they open it or something on it changes", "person", lastPerson(job.Key), "err", err)
		return outbox.Done()
	case web.FaultOf(err) == web.Unknown:
		return outbox.RetryWith(again, err.Error(), outbox.Receipt{ID: had.ID})
	}
	return c.trouble(ctx, job, err)
}
