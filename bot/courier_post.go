package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/outbox"
)

// intentMetadataEvent is the event type in the metadata of the messages that are posted once.
const intentMetadataEvent = "usher_intent"

// stillComing is how long after an attempt whose answer never came "not there" is not yet believed: Slack
// may take a message in long after we have stopped waiting for its word.
const stillComing = 30 * time.Second

// note is what a job remembers of an attempt to post: where, and when (Unix seconds). Without a place
// nothing can have been posted.
type note struct {
	Place string `json:"place,omitempty"`
	At    int64  `json:"at,omitempty"`
}

// noteOf reads a job's note; one that cannot be read is taken for none, and Retaken still makes us look.
func noteOf(job outbox.Job) note {
	var n note
	if len(job.Note) > 0 && json.Unmarshal(job.Note, &n) != nil {
		return note{}
	}
	return n
}

// postOnce posts the message of a job unless it finds it posted. The order is: look where an earlier
// attempt may have left it; wait for the channel's turn; note the attempt, durably; post. A crash or a
// lost answer after the note leaves the note, and the next call looks first, and posts again only once
// the attempt has had time to settle. An answer that says no takes the note back, so that the next
// call need not look.
func (c *Courier) postOnce(ctx context.Context, job *outbox.Job, place string, m Message) (ref, error) {
	if at, found, err := c.earlier(ctx, *job, place); found || err != nil {
		return at, err
	}
	meta, err := c.metadata(ctx, job.Key, m.Digest())
	if err != nil {
		return ref{}, err
	}
	if err := c.slack.pace.wait(ctx, methodPost, place); err != nil {
		return ref{}, err
	}
	if err := job.Mark(ctx, note{Place: place, At: c.now().Unix()}); err != nil {
		// Promised anew meanwhile, or the disk has trouble: nothing was posted, and it stays owed.
		return ref{}, fmt.Errorf("note an attempt: %w", err)
	}
	at, err := c.slack.post(ctx, place, m, meta)
	if err != nil && FaultOf(err) != Unknown {
		if unmarked := job.Mark(ctx, note{}); unmarked != nil && !errors.Is(unmarked, outbox.ErrGone) {
			c.log.Warn("cannot take a note back", "key", job.Key, "err", unmarked)
		}
	}
	return at, in(place, err)
}

// earlier looks for what an earlier delivery of the job may have posted. Not found too soon after the
// attempt is an APIError that is Limited and says when to look again.
func (c *Courier) earlier(ctx context.Context, job outbox.Job, place string) (ref, bool, error) {
	n := noteOf(job)
	noted := n.Place != ""
	if !noted && !job.Retaken {
		return ref{}, false, nil
	}
	if !noted {
		n = note{Place: place, At: job.Made.Unix()}
	}
	at, found, err := c.look(ctx, job.Key, n)
	err = in(n.Place, err)
	if isCode(err, "channel_not_found") && n.Place != place {
		// That channel is gone for everybody, and another one is configured now.
		return ref{}, false, nil
	}
	if wait := c.unsettled(time.Unix(n.At, 0)); err == nil && !found && noted && wait > 0 {
		err = &APIError{Method: methodPost, Fault: Limited, Code: "not seen yet, and may still be on its way", Place: n.Place, After: wait}
	}
	return at, found, err
}

// unsettled is how long an attempt that began at that moment may still be on its way; 0: it is not. A
// moment that lies ahead was noted by a clock that has been put back since.
func (c *Courier) unsettled(began time.Time) time.Duration {
	since := c.now().Sub(began)
	if since < 0 || since >= stillComing {
		return 0
	}
	return stillComing - since
}

// metadata is what a message bears for us alone to find it by. Other apps can read it: no secrets.
func (c *Courier) metadata(ctx context.Context, key, digest string) (*slack.SlackMetadata, error) {
	who, err := c.slack.Identity(ctx)
	if err != nil {
		return nil, err
	}
	of, err := c.ownerOf(ctx, key)
	if err != nil {
		return nil, err
	}
	bears := map[string]any{"key": key, "team": who.Team, "digest": digest}
	if of.id != "" {
		bears[ownerField] = of.id
	}
	return &slack.SlackMetadata{EventType: intentMetadataEvent, EventPayload: bears}, nil
}
