package bot

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"
)

// lookMargin allows for a clock that differs from Slack's.
const lookMargin = time.Hour

// look searches a conversation for the message of an intent, by the key in its metadata, from some
// time before it can have been posted until now. An error means that it could not be found out.
func (c *Courier) look(ctx context.Context, key string, n note) (at ref, found bool, err error) {
	who, err := c.slack.Identity(ctx)
	if err != nil {
		return ref{}, false, err
	}
	of, err := c.ownerOf(ctx, key)
	if err != nil {
		return ref{}, false, err
	}
	oldest := strconv.FormatInt(max(n.At-int64(lookMargin/time.Second), 0), 10)
	cursor := ""
	for range mostPages {
		page, next, err := c.slack.history(ctx, n.Place, oldest, cursor)
		if err != nil {
			return ref{}, false, fmt.Errorf("look for %s: %w", key, err)
		}
		for _, m := range page {
			if digest, ok := bears(m, who, key, of); ok {
				c.log.Info("found a message whose answer was lost", "key", key, "place", n.Place)
				return ref{n.Place, m.Timestamp, digest}, true, nil
			}
		}
		if next == "" || next == cursor {
			return ref{}, false, nil
		}
		cursor = next
	}
	return ref{}, false, &APIError{Method: methodHistory, Fault: Declined, Code: "history too long to look through"}
}

// bears reports whether a message is ours and was sent for key, and what it showed when it was.
// Metadata can be written by any app, so the author must be us.
func bears(m slack.Message, who Identity, key string, of owner) (digest string, ok bool) {
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
