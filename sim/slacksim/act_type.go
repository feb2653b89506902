package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Type is what a person writes into a conversation (id, name or #name): a slash
// command goes to the app, anything else is said. "@name", "#name", addresses
// and links become references as in a real client.
func (s *Server) Type(user, channel, text string) *Delivery {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "/") {
		return s.Say(user, channel, text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commanded(user, channel, text)
}

func (s *Server) commanded(user, channel, text string) *Delivery {
	c := s.findChannel(channel)
	if c == nil || s.users[user] == nil {
		return s.stillborn("no_such_channel")
	}
	name, rest, _ := strings.Cut(text, " ")
	if i := strings.IndexAny(name, "\n\t\u00a0"); i > 0 {
		name, rest = text[:i], text[i:]
	}
	i := slices.IndexFunc(s.opts.Commands, func(one Command) bool { return strings.EqualFold(one.Command, name) })
	if i < 0 {
		s.slackbot(c.ID, user, name+" is not a valid command.")
		return s.stillborn("no_such_command")
	}
	return s.slash(s.users[user], c, s.opts.Commands[i], strings.TrimSpace(rest), text)
}

// slash sends a command out; what goes wrong the person alone is told.
func (s *Server) slash(u *User, c *Channel, command Command, rest, typed string) *Delivery {
	trigger := s.newTrigger(u.ID)
	response := s.newResponseURL("commands", responseURL{user: u.ID, channel: c.ID})
	d := s.newDelivery(slashCommands, func(base string) map[string]any {
		payload := map[string]any{
			"token": "slacksim", "team_id": TeamID, "team_domain": "acme", "channel_id": c.ID, "channel_name": nameInCommand(c),
			"user_id": u.ID, "user_name": u.Name, "command": command.Command, "text": s.escapeCommand(rest, command.ShouldEscape),
			"api_app_id": AppID, "is_enterprise_install": strconv.FormatBool(s.manners.OrgWide), "response_url": base + response, "trigger_id": trigger,
		}
		if s.manners.Grid {
			payload["enterprise_id"], payload["enterprise_name"] = EnterpriseID, "Acme Group"
		}
		return payload
	})
	d.gaveUp = func(code string) {
		s.slackbot(c.ID, u.ID, fmt.Sprintf("%s failed with the error \"%s\"", command.Command, code))
	}
	d.settle = func(ack json.RawMessage) error { return s.answerCommand(s.responses[response], u, typed, ack) }
	return s.dispatch(d)
}

// answerCommand shows a message that came with the ack.
func (s *Server) answerCommand(p *responseURL, u *User, typed string, ack json.RawMessage) error {
	if ack == nil {
		return nil
	}
	c := &call{method: "ack of a slash command", args: map[string]any{}}
	if err := json.Unmarshal(ack, &c.args); err != nil {
		return err
	}
	d, err := s.readDraft(c)
	if err != nil {
		return err
	}
	inChannel := c.str("response_type") == "in_channel"
	if channel := s.channels[p.channel]; inChannel && channel != nil {
		s.messages[p.channel] = append(s.messages[p.channel], &Message{Channel: p.channel, TS: s.newTS(), User: u.ID, Text: typed})
	}
	if d.text == "" && len(d.blocks) == 0 && len(d.attachments) == 0 {
		return nil
	}
	s.say(p, c.str("response_type"), d)
	return nil
}

func nameInCommand(c *Channel) string {
	switch {
	case c.IM:
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

// Say is a message by a person. The app hears of it where it is a member and
// subscribed: message.channels, message.groups, message.im, and app_mention.
func (s *Server) Say(user, channel, text string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil || s.users[user] == nil {
		return s.stillborn("no_such_channel")
	}
	m := s.said(c, user, text)
	s.changed()
	event := s.saidJSON(m)
	if strings.Contains(m.Text, "<@"+BotUser+">") && s.subscribed("app_mention") && !c.IM {
		event["type"] = "app_mention"
		return s.event(event)
	}
	return s.tellOf(c, event)
}

// said puts a message by a person into a conversation.
func (s *Server) said(c *Channel, user, text string) *Message {
	m := &Message{Channel: c.ID, TS: s.newTS(), User: user, Text: wrapURLs(s.escapeCommand(text, true))}
	m.Text = mentionLabel.ReplaceAllString(m.Text, "<@$1>") // messages bear no names beside ids
	s.messages[c.ID] = append(s.messages[c.ID], m)
	return m
}
