package web

import (
	"context"
	"slices"
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
// Error that is Misconfigured.
func (s *Client) ChannelID(ctx context.Context, name string) (string, error) {
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

// findChannel is the one channel of a name. Where two workspaces of an organization have one each, nobody but the
// configuration can say which is meant: to post in the wrong one shows people what is not for them.
func (s *Client) findChannel(ctx context.Context, name string) (string, error) {
	var found []string
	err := s.inEach(ctx, func(team string) (bool, error) {
		id, err := s.channelIn(ctx, team, name)
		if err == nil && id != "" && !slices.Contains(found, id) {
			found = append(found, id)
		}
		return false, err
	})
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", &Error{Method: methodChannels, Fault: Misconfigured, Code: "channel_not_found", Details: []string{"no channel is called #" + name}}
	case len(found) > 1:
		return "", &Error{Method: methodChannels, Fault: Misconfigured, Code: TwoChannels, Details: found}
	}
	return found[0], nil
}

// channelIn is the channel of a name in one workspace; "": it has none.
func (s *Client) channelIn(ctx context.Context, team, name string) (string, error) {
	at := within{team, name}
	if id, known := s.org.rooms.get(at); known {
		return id, nil
	}
	id, err := s.readChannels(ctx, team, name)
	if err == nil && team != "" {
		s.org.rooms.put(at, id)
	}
	return id, err
}

func (s *Client) readChannels(ctx context.Context, team, name string) (string, error) {
	cursor := ""
	for range mostPages {
		page, next, err := s.channels(ctx, team, cursor)
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
	return "", nil
}

// confirm makes sure that a channel bears the name under which it was listed: whatever is posted to it
// from then on is read by those who are in it.
func (s *Client) confirm(ctx context.Context, id, name string) error {
	c, err := s.room(ctx, id)
	switch {
	case IsCode(err, "channel_not_found"), err == nil && !strings.EqualFold(c.Name, name):
		return &Error{Method: methodChannels, Fault: Unknown, Code: "wrong answer", Cause: ErrMisfit}
	}
	return err
}

// DM is the direct message with somebody.
func (s *Client) DM(ctx context.Context, who approvals.PersonID) (string, error) {
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
func (d *Directory) In(ctx context.Context, channel string, who approvals.PersonID) (in, archived bool, err error) {
	if strings.HasPrefix(channel, "D") {
		ours, err := d.slack.DM(ctx, who)
		return ours == channel, false, err
	}
	c, err := d.slack.room(ctx, channel)
	switch {
	case IsCode(err, "channel_not_found"):
		return false, false, nil
	case err != nil:
		return false, false, err
	}
	return c.IsMember, c.IsArchived, nil
}

// ID implements commands.Rooms.
func (d *Directory) ID(ctx context.Context, channel string) (string, error) {
	return d.slack.ChannelID(ctx, channel)
}

// ForgetDM makes the next DM ask Slack, which then says what has become of the person.
func (s *Client) ForgetDM(who approvals.PersonID) {
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	delete(s.rooms.dms, who)
}
