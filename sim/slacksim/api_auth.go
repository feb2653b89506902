package slacksim

// apiTest echoes its arguments.
func (s *Server) apiTest(c *call) (answer, error) {
	if code := c.str("error"); code != "" {
		return nil, fail(code)
	}
	return answer{"args": c.args}, nil
}

func (s *Server) authTest(c *call) (answer, error) {
	who := answer{
		"url": c.base + "/", "team": "Acme", "user": s.users[BotUser].Name,
		"team_id": TeamID, "user_id": BotUser, "bot_id": BotID, "is_enterprise_install": s.manners.OrgWide,
	}
	if s.tokens[c.token].elsewhere {
		who["team"], who["team_id"], who["bot_id"] = "Globex", "T0GLOBEX", "B0GLOBEX"
	}
	if s.manners.Grid {
		who["enterprise_id"] = EnterpriseID
	}
	return who, nil
}

func (s *Server) teamInfo(c *call) (answer, error) {
	return answer{"team": map[string]any{
		"id": TeamID, "name": "Acme", "domain": "acme", "email_domain": "acme.example", "url": c.base + "/",
	}}, nil
}

func (s *Server) botsInfo(c *call) (answer, error) {
	if id := c.str("bot"); id != "" && id != BotID {
		return nil, fail("bot_not_found")
	}
	return answer{"bot": map[string]any{
		"id": BotID, "deleted": false, "name": s.users[BotUser].Name, "updated": 0,
		"app_id": AppID, "user_id": BotUser,
	}}, nil
}

func (s *Server) reactionsAdd(c *call) (answer, error) {
	channel, err := s.channelFor(c, "channel")
	if err != nil {
		return nil, err
	}
	name := c.str("name")
	if name == "" {
		return nil, fail("invalid_name")
	}
	m := s.findMessage(channel.ID, c.str("timestamp"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	if m.Reactions[name] > 0 {
		return nil, fail("already_reacted")
	}
	if m.Reactions == nil {
		m.Reactions = map[string]int{}
	}
	m.Reactions[name]++
	s.changed()
	return answer{}, nil
}
