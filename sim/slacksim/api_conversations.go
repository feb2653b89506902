package slacksim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// channelFor finds the conversation an argument names, as far as the bot can
// see it: private channels and direct messages of others do not exist for it.
func (s *Server) channelFor(c *call, key string) (*Channel, error) {
	channel := s.channels[c.str(key)]
	if channel == nil || (channel.Private || channel.IM) && !channel.has(BotUser) {
		return nil, fail("channel_not_found")
	}
	return channel, nil
}

// scopeOf names the scope that reading a kind of conversation takes.
func scopeOf(c *Channel, deed string) string {
	switch {
	case c.IM:
		return "im:" + deed
	case c.Private:
		return "groups:" + deed
	}
	return "channels:" + deed
}

func (s *Server) conversationsInfo(c *call) (answer, error) {
	channel, err := s.channelFor(c, "channel")
	if err != nil {
		return nil, err
	}
	if err := s.needScope(c, scopeOf(channel, "read")); err != nil {
		return nil, err
	}
	return answer{"channel": s.channelJSON(channel)}, nil
}

func (s *Server) conversationsList(c *call) (answer, error) {
	types := c.words("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	scopes := map[string]string{"public_channel": "channels:read", "private_channel": "groups:read",
		"im": "im:read", "mpim": "mpim:read"}
	for _, t := range types {
		if scopes[t] == "" {
			return nil, fail("invalid_types")
		}
		if err := s.needScope(c, scopes[t]); err != nil {
			return nil, err
		}
	}
	team, err := s.workspaceOf(c)
	if err != nil {
		return nil, err
	}
	all := []map[string]any{}
	for _, id := range s.order {
		channel := s.channels[id]
		if channel == nil || cmp.Or(channel.Team, TeamID) != team || !slices.Contains(types, kindOf(channel)) || channel.Archived && c.flag("exclude_archived") {
			continue
		}
		if channel.has(BotUser) || kindOf(channel) == "public_channel" {
			all = append(all, s.channelJSON(channel))
		}
	}
	channels, metadata, err := page(c, all, 100)
	if err != nil {
		return nil, err
	}
	return answer{"channels": channels, "response_metadata": metadata}, nil
}

func kindOf(c *Channel) string {
	switch {
	case c.IM:
		return "im"
	case c.Private:
		return "private_channel"
	}
	return "public_channel"
}

func (s *Server) conversationsMembers(c *call) (answer, error) {
	channel, err := s.channelFor(c, "channel")
	if err != nil {
		return nil, err
	}
	if err := s.needScope(c, scopeOf(channel, "read")); err != nil {
		return nil, err
	}
	members, metadata, err := page(c, slices.Clone(channel.Members), 100)
	if err != nil {
		return nil, err
	}
	return answer{"members": members, "response_metadata": metadata}, nil
}

func (s *Server) conversationsJoin(c *call) (answer, error) {
	channel, err := s.channelFor(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case channel.Private || channel.IM:
		return nil, fail("method_not_supported_for_channel_type")
	case channel.Archived:
		return nil, fail("is_archived")
	}
	if !channel.has(BotUser) {
		channel.Members = append(channel.Members, BotUser)
		s.changed()
	}
	joined := s.channelJSON(channel)
	delete(joined, "num_members") // conversations.info alone has it
	return answer{"channel": joined}, nil
}

func (s *Server) conversationsOpen(c *call) (answer, error) {
	users := c.words("users")
	if id := c.str("channel"); id != "" {
		channel, err := s.channelFor(c, "channel")
		if err != nil {
			return nil, err
		}
		return answer{"channel": map[string]any{"id": channel.ID}}, nil
	}
	switch {
	case len(users) == 0:
		return nil, fail("users_list_not_supplied")
	case len(users) > 1:
		return nil, fail("not_enough_users") // group messages are not simulated
	}
	u := s.users[users[0]]
	switch {
	case u == nil:
		return nil, fail("user_not_found")
	case u.Deleted:
		return nil, fail("user_disabled")
	case u.Bot:
		return nil, fail("cannot_dm_bot")
	case u.Unreachable:
		return nil, fail("user_not_visible")
	}
	channel := s.dmWith(u.ID)
	if c.flag("return_im") && !s.manners.BareDMs {
		return answer{"channel": s.channelJSON(channel)}, nil
	}
	return answer{"channel": map[string]any{"id": channel.ID}}, nil
}

func (s *Server) conversationsHistory(c *call) (answer, error) {
	return s.history(c, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast })
}

func (s *Server) conversationsReplies(c *call) (answer, error) {
	parent := c.str("ts")
	return s.history(c, func(m *Message) bool { return m.TS == parent || m.ThreadTS == parent })
}

// history lists messages between oldest and latest, both exclusive unless
// inclusive is set: newest first, threads oldest first.
func (s *Server) history(c *call, wanted func(*Message) bool) (answer, error) {
	channel, err := s.channelFor(c, "channel")
	if err != nil {
		return nil, err
	}
	if err := s.needScope(c, scopeOf(channel, "history")); err != nil {
		return nil, err
	}
	if !channel.has(BotUser) {
		return nil, fail("not_in_channel")
	}
	all, stands := []map[string]any{}, false
	for _, m := range s.messages[channel.ID] {
		if m.Deleted || !wanted(m) {
			continue
		}
		if stands = true; within(c, m.TS) {
			all = append(all, s.messageJSON(m, c.flag("include_all_metadata")))
		}
	}
	if c.method == "conversations.replies" && !stands { // one in which nothing was said of late is there all the same
		return nil, fail("thread_not_found")
	}
	if c.method == "conversations.history" {
		slices.Reverse(all)
	}
	messages, metadata, err := page(c, all, 100)
	if err != nil {
		return nil, err
	}
	more := metadata["next_cursor"] != ""
	out := answer{"messages": messages, "has_more": more, "response_metadata": metadata}
	if c.method == "conversations.history" {
		out["pin_count"] = 0
	}
	return out, nil
}

func within(c *call, ts string) bool {
	oldest, latest, inclusive := c.str("oldest"), c.str("latest"), c.flag("inclusive")
	if oldest != "" && (older(ts, oldest) || ts == oldest && !inclusive) {
		return false
	}
	return latest == "" || older(ts, latest) || ts == latest && inclusive
}

// older compares two ts, which may leave out the fraction.
func older(a, b string) bool {
	return normalTS(a) < normalTS(b)
}

func normalTS(ts string) string {
	seconds, fraction, _ := strings.Cut(ts, ".")
	return strings.Repeat("0", max(0, 12-len(seconds))) + seconds + "." + (fraction + "000000")[:6]
}

func (s *Server) channelJSON(c *Channel) map[string]any {
	if c.IM {
		return map[string]any{"id": c.ID, "created": c.Created, "is_im": true, "is_archived": false,
			"is_org_shared": false, "user": c.User}
	}
	return map[string]any{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": c.Created, "creator": "U0ADMIN",
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": false, "is_private": c.Private,
		"is_archived": c.Archived, "is_general": c.Name == "general", "is_member": c.has(BotUser), "is_shared": false,
		"is_org_shared": false, "is_ext_shared": c.ExtShared, "is_pending_ext_shared": c.PendingExtShared, "unlinked": 0, "num_members": len(c.Members),
		"topic":   map[string]any{"value": "", "creator": "", "last_set": 0},
		"purpose": map[string]any{"value": "", "creator": "", "last_set": 0},
	}
}

// messageJSON is a message as the Web API and payloads show it.
func (s *Server) messageJSON(m *Message, metadata bool) map[string]any {
	out := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": TeamID}
	if m.BotID != "" {
		out["bot_id"], out["app_id"] = m.BotID, AppID
		out["bot_profile"] = map[string]any{"id": BotID, "app_id": AppID, "user_id": BotUser,
			"name": s.users[BotUser].Name, "deleted": false, "updated": 0, "team_id": TeamID}
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.Attachments != nil {
		out["attachments"] = m.Attachments
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	if m.Edited != nil {
		out["edited"] = m.Edited
	}
	if m.Metadata != nil && metadata {
		out["metadata"] = map[string]any{"event_type": m.Metadata.EventType,
			"event_payload": json.RawMessage(m.Metadata.Payload)}
	}
	if len(m.Files) > 0 {
		out["files"] = s.filesJSON(m.Files)
	}
	return out
}
