package courier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// Life names one database, from its making to its end: a backup that is put back is the same life, a data
// folder that is made anew another one.
type Life struct {
	ID string
	// Since is from when on messages bear it, where there were some before; zero: there were none.
	Since time.Time
}

// ownerField is where the metadata of a message says whose it is. A key alone is made again by every
// database that begins anew and by every other Usher in the channel: a courier that looks for a card whose
// answer was lost would take the card of another request for it, and a report of another life for its own.
const ownerField = "of"

// owner is whose a message is: a request's, by its nonce, or where there is none the database's. Requests
// that were kept before there were nonces have none, nor have their messages.
type owner struct {
	id string
	// nameless is before when messages of this owner bore no name; zero: never.
	nameless time.Time
}

// ofRequests are the kinds of message that are a request's.
var ofRequests = []string{approvals.KindCard, approvals.KindAdmins, approvals.KindApprover, approvals.KindAsk, approvals.KindAnswer, approvals.KindTell,
	approvals.KindReminder, approvals.KindNudge, approvals.KindEnds, approvals.KindTask, approvals.KindOverdue, approvals.KindProgress}

// ownerOf is whose the message of a promise is.
func (c *Courier) ownerOf(ctx context.Context, key string) (owner, error) {
	if ofReview(key) {
		if c.reviews == nil {
			return owner{}, errNoReviews
		}
		r, err := c.reviews.Review(ctx, approvals.NumberOf(key))
		if err != nil {
			return owner{}, fmt.Errorf("read whose %s is: %w", called(key), err)
		}
		return owner{id: r.Nonce}, nil
	}
	if !slices.Contains(ofRequests, outbox.Kind(key)) {
		return owner{c.life.ID, c.life.Since}, nil
	}
	r, err := c.requests.Request(ctx, approvals.NumberOf(key))
	if err != nil {
		return owner{}, fmt.Errorf("read whose %s is: %w", called(key), err)
	}
	return owner{id: r.Nonce}, nil
}

// posted reports whether a message is the owner's. The clocks of Slack and the machine may differ.
func (o owner) posted(m slack.Message) bool {
	of, _ := m.Metadata.EventPayload[ownerField].(string)
	if of == "" && !o.nameless.IsZero() {
		return web.Seconds(m.Timestamp) < o.nameless.Add(lookMargin).Unix()
	}
	return of == o.id
}
