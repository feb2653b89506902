package slacksim

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func (s *Server) chatPostMessage(c *call) (answer, error) {
	channel, err := s.destination(c)
	if err != nil {
		return nil, err
	}
	d, err := s.readDraft(c)
	switch {
	case err != nil:
		return nil, err
	case d.text == "" && len(d.blocks) == 0 && len(d.attachments) == 0:
		return nil, fail("no_text")
	case d.threadTS != "" && s.findMessage(channel.ID, d.threadTS) == nil:
		return nil, fail("thread_not_found")
	}
	if err := s.spend(channel.ID); err != nil {
		return nil, err
	}
	m := s.post(channel, d)
	return answer{"channel": channel.ID, "ts": m.TS, "message": s.messageJSON(m, true)}, nil
}

// destination finds where a message goes: an id, a #name, or a user's id, which
// opens the direct message. The bot must be in it, or hold chat:write.public.
func (s *Server) destination(c *call) (*Channel, error) {
	name := c.str("channel")
	if u := s.users[name]; u != nil {
		if u.Deleted || u.Bot {
			return nil, fail("channel_not_found")
		}
		return s.dmWith(u.ID), nil
	}
	channel := s.findChannel(name)
	switch {
	case channel == nil, (channel.Private || channel.IM) && !channel.has(BotUser):
		return nil, fail("channel_not_found")
	case channel.Archived:
		return nil, fail("is_archived")
	case channel.IM && s.users[channel.User] != nil && s.users[channel.User].Deleted:
		return nil, fail("is_archived") // what Slack says here is not documented
	case !channel.has(BotUser) && !slices.Contains(s.opts.Scopes, "chat:write.public"):
		return nil, fail("not_in_channel")
	}
	return channel, nil
}

func (s *Server) chatPostEphemeral(c *call) (answer, error) {
	channel, err := s.destination(c)
	if err != nil {
		return nil, err
	}
	if !channel.has(BotUser) {
		return nil, fail("not_in_channel") // chat:write.public does not help here
	}
	user := c.str("user")
	if !channel.has(user) {
		return nil, fail("user_not_in_channel")
	}
	d, err := s.readDraft(c)
	if err != nil {
		return nil, err
	}
	if d.text == "" && len(d.blocks) == 0 && len(d.attachments) == 0 {
		return nil, fail("no_text")
	}
	m := s.whisper(channel.ID, user, d)
	return answer{"message_ts": m.TS}, nil
}

func (s *Server) chatUpdate(c *call) (answer, error) {
	m, channel, err := s.ownMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if channel.Archived {
		return nil, fail("is_inactive")
	}
	d, err := s.readDraft(c)
	switch {
	case err != nil:
		return nil, err
	case utf8.RuneCountInString(c.str("text")) > maxUpdateText:
		s.violation("chat.update with a text of more than %d characters", maxUpdateText)
		return nil, fail("msg_too_long")
	case !d.hasText && !d.hasBlocks && d.attachments == nil && d.metadata == nil:
		return nil, fail("no_text")
	}
	s.revise(m, d)
	message := s.messageJSON(m, true)
	delete(message, "ts") // it stands beside the message only
	if s.manners.NoEchoes {
		return answer{"message": message}, nil
	}
	return answer{"channel": channel.ID, "ts": m.TS, "text": m.Text, "message": message}, nil
}

func (s *Server) chatDelete(c *call) (answer, error) {
	m, channel, err := s.ownMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	if s.opts.KeepsAll {
		return nil, fail("compliance_exports_prevent_deletion")
	}
	m.Deleted = true
	s.changed()
	if s.manners.NoEchoes {
		return answer{}, nil
	}
	return answer{"channel": channel.ID, "ts": m.TS}, nil
}

// ownMessage finds a message of the bot's own. Ephemeral messages are not found:
// they change through response URLs only.
func (s *Server) ownMessage(c *call, foreign string) (*Message, *Channel, error) {
	channel, err := s.channelFor(c, "channel")
	if err != nil {
		return nil, nil, err
	}
	m := s.findMessage(channel.ID, c.str("ts"))
	switch {
	case m == nil:
		return nil, nil, fail("message_not_found")
	case m.BotID != BotID:
		return nil, nil, fail(foreign)
	}
	return m, channel, nil
}

func (s *Server) chatGetPermalink(c *call) (answer, error) {
	channel, err := s.channelFor(c, "channel")
	if err != nil {
		return nil, err
	}
	m := s.findMessage(channel.ID, c.str("message_ts"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	link := c.base + "/archives/" + channel.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	return answer{"channel": channel.ID, "permalink": link}, nil
}
