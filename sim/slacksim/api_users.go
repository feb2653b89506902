package slacksim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

func (s *Server) usersInfo(c *call) (answer, error) {
	u := s.users[c.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	return answer{"user": s.userJSON(u)}, nil
}

func (s *Server) usersList(c *call) (answer, error) {
	if _, err := s.workspaceOf(c); err != nil {
		return nil, err
	}
	all := []map[string]any{s.userJSON(s.users[BotUser])}
	for _, id := range s.order {
		if u := s.users[id]; u != nil {
			all = append(all, s.userJSON(u))
		}
	}
	members, metadata, err := page(c, all, 1000)
	if err != nil {
		return nil, err
	}
	return answer{"members": members, "cache_ts": s.now().Unix(), "response_metadata": metadata}, nil
}

func (s *Server) usersLookupByEmail(c *call) (answer, error) {
	email := c.str("email")
	for _, u := range s.users {
		if email != "" && !u.Deleted && strings.EqualFold(u.Email, email) {
			return answer{"user": s.userJSON(u)}, nil
		}
	}
	return nil, fail("users_not_found") // the plural is Slack's
}

// userJSON is a user as the Web API shows it; the address only with users:read.email.
func (s *Server) userJSON(u *User) map[string]any {
	if u.StatusUntil != 0 && s.now().Unix() >= u.StatusUntil { // Slack takes it down, and tells of that
		u.StatusEmoji, u.StatusText, u.StatusUntil = "", "", 0
	}
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := map[string]any{
		"first_name": first, "last_name": last,
		"real_name": u.RealName, "real_name_normalized": u.RealName, "title": u.Title, "phone": "", "skype": "",
		"display_name": u.DisplayName, "display_name_normalized": u.DisplayName, "team": TeamID,
		"status_text": u.StatusText, "status_emoji": u.StatusEmoji, "status_expiration": u.StatusUntil,
	}
	if u.Email != "" && slices.Contains(s.opts.Scopes, "users:read.email") {
		profile["email"] = u.Email
	}
	if u.Bot {
		profile["bot_id"], profile["api_app_id"] = BotID, AppID
	}
	full := map[string]any{
		"id": u.ID, "team_id": s.homeOf(u), "name": u.Name, "deleted": u.Deleted, "is_bot": u.Bot,
		"is_app_user": false, "updated": u.Updated, "profile": profile,
	}
	if s.manners.Grid {
		full["enterprise_user"] = s.enterpriseUser(u)
	}
	if u.Deleted {
		return full // Slack leaves the rest out
	}
	full["real_name"], full["tz"], full["tz_label"], full["tz_offset"] = u.RealName, u.TZ, u.TZ, offsetOf(u.TZ, s.now())
	full["is_admin"], full["is_owner"], full["is_primary_owner"] = u.Admin, false, false
	full["is_restricted"], full["is_ultra_restricted"] = u.Guest || u.SingleGuest, u.SingleGuest
	return full
}

// offsetOf is a zone's offset from UTC in seconds, 0 where the zone is unknown.
func offsetOf(zone string, at time.Time) int {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return 0
	}
	_, offset := at.In(location).Zone()
	return offset
}

func (s *Server) usergroupsList(c *call) (answer, error) {
	team, err := s.workspaceOf(c)
	if err != nil {
		return nil, err
	}
	groups := []map[string]any{}
	for _, g := range s.groups {
		if cmp.Or(g.Team, TeamID) != team {
			continue
		}
		one := map[string]any{
			"id": g.ID, "team_id": team, "is_usergroup": true, "name": g.Name, "description": "",
			"handle": g.Handle, "is_external": false, "date_create": 1700000000, "date_update": 1700000000,
			"date_delete": 0, "user_count": len(g.Users),
		}
		if c.flag("include_users") {
			one["users"] = g.Users
		}
		groups = append(groups, one)
	}
	slices.SortFunc(groups, func(a, b map[string]any) int { return compare(str(a["id"]), str(b["id"])) })
	return answer{"usergroups": groups}, nil
}

func (s *Server) usergroupsUsersList(c *call) (answer, error) {
	team, err := s.workspaceOf(c)
	if err != nil {
		return nil, err
	}
	g := s.groups[c.str("usergroup")]
	if g == nil || cmp.Or(g.Team, TeamID) != team {
		return nil, fail("no_such_subteam")
	}
	return answer{"users": append([]string{}, g.Users...)}, nil // an empty group has an empty list
}
