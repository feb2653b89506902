package courier

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/bot/web"
)

const (
	// lookMargin allows for a clock that differs from Slack's.
	lookMargin = time.Hour
	// mostLooked is how many pages of a conversation are looked through at most.
	mostLooked = 100
)

// look searches a conversation for the message of an intent, by the key in its metadata, from some
// time before it can have been posted until now; of several on a page it is the earliest. An error means
// that it could not be found out.
func (c *Courier) look(ctx context.Context, key string, n note) (at ref, found bool, err error) {
	err = c.leaf(ctx, key, n, func(there []ref) (enough bool) {
		if found = len(there) > 0; found {
			at = there[len(there)-1]
			c.log.InfoContext(ctx, "found a message whose answer was lost", Owed(key), "place", n.Place)
		}
		return found
	})
	return at, found, err
}

// leaf hands over, page by page from the newest, what bears the key, until that is enough.
func (c *Courier) leaf(ctx context.Context, key string, n note, take func([]ref) (enough bool)) error {
	who, err := c.slack.Identity(ctx)
	if err != nil {
		return err
	}
	of, err := c.ownerOf(ctx, key)
	if err != nil {
		return err
	}
	names, thread, err := c.filed(ctx, key)
	if err != nil {
		return err
	}
	oldest := strconv.FormatInt(max(n.At-int64(lookMargin/time.Second), 0), 10)
	cursor := ""
	for range mostLooked {
		page, next, err := c.leaves(ctx, n.Place, thread, oldest, cursor)
		if err != nil {
			return fmt.Errorf("look for %s: %w", called(key), err)
		}
		var there []ref
		for _, m := range page {
			digest, ok := bears(m, who, key, of)
			if ok || names != nil && holds(m, who, names) {
				there = append(there, ref{n.Place, m.Timestamp, digest, !web.HasData(m.Blocks.BlockSet)})
			}
		}
		if take(there) || next == "" || next == cursor {
			return nil
		}
		cursor = next
	}
	return &web.Error{Method: web.MethodHistory, Fault: web.Declined, Code: "history too long to look through"}
}

// bears reports whether a message is ours and was sent for key, and what it showed when it was.
// Metadata can be written by any app, so the author must be us.
func bears(m slack.Message, who web.Identity, key string, of owner) (digest string, ok bool) {
	if m.User != who.User && (m.BotID == "" || m.BotID != who.Bot) {
		return "", false
	}
	p := m.Metadata.EventPayload
	if m.Metadata.EventType != intentMetadataEvent || p["key"] != key || p["team"] != who.Team || !of.posted(m) {
		return "", false
	}
	digest, _ = p["digest"].(string) // without one it is updated once more
	return digest, true
}
