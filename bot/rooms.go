package bot

import (
	"context"
	"strings"
	"sync"

	"github.com/usherbot/usher/approvals"
)

// rooms remembers where to write: the ids of channels that are configured by name, and of the direct
// messages that were opened.
type rooms struct {
	mu       *sync.Mutex
	channels map[string]string
	dms      map[approvals.PersonID]string
}

func newRooms() rooms {
	return rooms{mu: &sync.Mutex{}, channels: map[string]string{}, dms: map[approvals.PersonID]string{}}
}

// ChannelID is the id of a channel given as an id or a #name. A name that no channel bears is an
// APIError that is Misconfigured.
func (s *Slack) ChannelID(ctx context.Context, name string) (string, error) {
	if !strings.HasPrefix(name, "#") {
		return name, nil
	}
	s.rooms.mu.Lock()
	id := s.rooms.channels[name]
	s.rooms.mu.Unlock()
	if id != "" {
		return id, nil
	}
	id, err := s.findChannel(ctx, strings.TrimPrefix(name, "#"))
	if err != nil {
		return "", err
	}
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	s.rooms.channels[name] = id
	return id, nil
}

func (s *Slack) findChannel(ctx context.Context, name string) (string, error) {
	cursor := ""
	for range mostPages {
		page, next, err := s.channels(ctx, cursor)
		if err != nil {
			return "", err
		}
		for _, c := range page {
			if strings.EqualFold(c.Name, name) {
				return c.ID, s.confirm(ctx, c.ID, name)
			}
		}
		if next == "" {
			break
		}
		cursor = next
	}
	return "", &APIError{Method: methodChannels, Fault: Misconfigured, Code: "channel_not_found", Details: []string{"no channel is called #" + name}}
}

// confirm makes sure that a channel bears the name under which it was listed: whatever is posted to it
// from then on is read by those who are in it.
func (s *Slack) confirm(ctx context.Context, id, name string) error {
	c, err := s.room(ctx, id)
	switch {
	case isCode(err, "channel_not_found"), err == nil && !strings.EqualFold(c.Name, name):
		return &APIError{Method: methodChannels, Fault: Unknown, Code: "wrong answer", Cause: errMisfit}
	}
	return err
}

// dm is the direct message with somebody.
func (s *Slack) dm(ctx context.Context, who approvals.PersonID) (string, error) {
	s.rooms.mu.Lock()
	place := s.rooms.dms[who]
	s.rooms.mu.Unlock()
	if place != "" {
		return place, nil
	}
	place, err := s.openDM(ctx, who)
	if err != nil {
		return "", err
	}
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	if len(s.rooms.dms) >= maxRemember {
		clear(s.rooms.dms)
	}
	s.rooms.dms[who] = place
	return place, nil
}

// In implements commands.Rooms. Of a direct message only the bot's own with that person is one it is in, and Slack
// need not be asked what kind of conversation it is.
func (d *Directory) In(ctx context.Context, channel string, who approvals.PersonID) (bool, error) {
	if strings.HasPrefix(channel, "D") {
		ours, err := d.slack.dm(ctx, who)
		return ours == channel, err
	}
	c, err := d.slack.room(ctx, channel)
	switch {
	case isCode(err, "channel_not_found"):
		return false, nil
	case err != nil:
		return false, err
	}
	return c.IsMember, nil
}

// forgetDM makes the next dm ask Slack, which then says what has become of the person.
func (s *Slack) forgetDM(who approvals.PersonID) {
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	delete(s.rooms.dms, who)
}
