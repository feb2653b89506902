package courier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// kindStray is the kind of intent that looks after an attempt to post that was given up: Slack may take it
// in later than anybody believed, and then a message stands twice. Its key is "stray/", the key of the
// message, and when the attempt was made; its body is the attempt's note.
const kindStray = "stray"

// strayLooks are the moments, after an attempt was given up, at which it is looked whether it turned up.
var strayLooks = []time.Duration{15 * time.Second, time.Minute, 4 * time.Minute, 16 * time.Minute, 64 * time.Minute}

// strayFor is how long it is tried to look, where that fails.
const strayFor = 24 * time.Hour

// expectStray promises to look after an attempt that is given up. It is promised before the next attempt
// is made: a crash in between leaves a look too many.
func (c *Courier) expectStray(ctx context.Context, key string, given note) error {
	body, err := json.Marshal(given)
	if err != nil {
		return fmt.Errorf("note what may stand twice of %s: %w", called(key), err)
	}
	now := c.now()
	change := outbox.PromiseOnce(fmt.Sprintf("%s/%s/%d", kindStray, key, given.began().UnixMilli()), now.Add(strayLooks[0]))
	change.Put.Made, change.Put.Body = now, body
	if err := c.box.Promise(ctx, change); err != nil {
		return fmt.Errorf("promise to look after %s: %w", called(key), err)
	}
	c.wake()
	return nil
}

// strayOf is the message that a stray's key is about.
func strayOf(key string) string {
	key = strings.TrimPrefix(key, kindStray+"/")
	return key[:max(strings.LastIndexByte(key, '/'), 0)]
}

// stray looks whether an attempt that was given up has turned up, now and a few times more.
func (c *Courier) stray(ctx context.Context, job outbox.Job) outbox.Result {
	var given note
	if err := json.Unmarshal(job.Body, &given); err != nil || given.Place == "" {
		c.log.ErrorContext(ctx, "what was noted of a message that may stand twice cannot be read", Owed(job.Key), "err", err)
		return outbox.Done()
	}
	now := c.now()
	age := now.Sub(job.Made)
	if err := c.tidy(ctx, strayOf(job.Key), given); err != nil {
		if age > strayFor {
			c.log.WarnContext(ctx, "cannot see whether a message stands twice", Owed(job.Key), "place", given.Place, "err", err)
			return outbox.Done()
		}
		return c.later(job, err)
	}
	for _, at := range strayLooks {
		if at > age {
			return outbox.DoneUntil(job.Made.Add(at), nil)
		}
	}
	return outbox.Done()
}

// strayIn is how long until what was begun at a moment is looked for once more, having been given up; 0: no more.
func (c *Courier) strayIn(began time.Time) time.Duration {
	since := c.now().Sub(began)
	for _, at := range strayLooks {
		if at > since {
			return min(at-since, at)
		}
	}
	return 0
}

// later lets a job that nobody waits for sleep: no shorter than Slack says, and longer each time.
func (c *Courier) later(job outbox.Job, err error) outbox.Result {
	var e *web.Error
	if errors.As(err, &e) && e.Fault == web.Limited {
		return outbox.RetryAt(c.now().Add(max(e.After, time.Second)), err.Error())
	}
	return c.retry(job, err)
}

// tidy leaves of the messages under one key the one that its receipt names. Where the receipt names none
// of them (Slack answered with a wrong ts, or somebody deleted it) the earliest counts; where the message
// stands in another conversation, none does. Without a receipt it will take what it finds for its own while it is owed;
// once it is not, because what it was to say was over before it was known to stand, the earliest counts.
func (c *Courier) tidy(ctx context.Context, key string, given note) error {
	var there []ref
	err := c.leaf(ctx, key, given, func(page []ref) bool {
		there = append(there, page...)
		return false
	})
	if err != nil {
		return err
	}
	had, shown, err := c.box.Receipt(ctx, key)
	switch {
	case err != nil:
		return fmt.Errorf("read receipt: %w", err)
	case !shown:
		if err := c.settled(ctx, key); err != nil {
			return err
		}
		had.Place = given.Place
	}
	if len(there) == 0 {
		return nil
	}
	stays := kept(there, had, given.Place)
	for _, at := range there {
		if at.ts == stays {
			continue
		}
		if err := c.takeAway(ctx, key, at); err != nil {
			return err
		}
	}
	if shown && stays != "" && stays != had.ID && had.ID != undeliverable {
		return c.adopt(ctx, key)
	}
	return nil
}

// settled is an error while a message that has no receipt is owed, or that could not be found out.
func (c *Courier) settled(ctx context.Context, key string) error {
	keys, err := c.box.Known(ctx, key)
	switch {
	case err != nil:
		return fmt.Errorf("find out whether %s is owed: %w", called(key), err)
	case slices.Contains(keys, key):
		return fmt.Errorf("%s is not posted yet", called(key))
	}
	return nil
}

// following are the kinds of message that follow their request.
var following = []string{approvals.KindCard, approvals.KindAdmins, approvals.KindApprover, approvals.KindAsk, approvals.KindTask, approvals.KindProgress}

// unproved is the body of an intent to show what is so, whatever its receipt says of it.
const unproved = `"unproved"`

// adopt owes a message that follows its request once more: the one that stays is not the one its receipt names,
// and may show what was so when it was sent, buttons and all.
func (c *Courier) adopt(ctx context.Context, key string) error {
	if !slices.Contains(following, outbox.Kind(key)) {
		return nil
	}
	change := outbox.Promise(key, c.now())
	change.Put.Body = json.RawMessage(unproved)
	if err := c.box.Promise(ctx, change); err != nil {
		return fmt.Errorf("promise to show what is so on %s: %w", called(key), err)
	}
	c.wake()
	return nil
}

// kept is the ts of the message that stays, of some of one conversation, newest first.
func kept(there []ref, had outbox.Receipt, place string) string {
	if had.ID != undeliverable && had.Place != place {
		return ""
	}
	for _, at := range there {
		if at.ts == had.ID {
			return at.ts
		}
	}
	return there[len(there)-1].ts
}

// takeAway deletes a message that stands twice. One that Slack does not let us delete stays; that is for
// the log alone, since a workspace that keeps everything means to.
func (c *Courier) takeAway(ctx context.Context, key string, at ref) error {
	err := c.slack.Remove(ctx, at.place, at.ts)
	switch web.FaultOf(err) {
	case web.NoFault:
		c.log.InfoContext(ctx, "took away a message that arrived late and stood twice", Owed(key), "place", at.place, "ts", at.ts)
		return nil
	case web.NoMessage:
		return nil
	case web.Fixed, web.Declined, web.Misconfigured:
		c.log.WarnContext(ctx, "a message stands twice, and Slack does not let me take it away", Owed(key), "place", at.place, "ts", at.ts, "err", err)
		return nil
	}
	return web.In(at.place, err)
}
