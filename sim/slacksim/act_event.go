package slacksim

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"time"
)

var mentionLabel = regexp.MustCompile(`<@(\w+)\|[^>]*>`)

func (s *Server) subscribed(event string) bool { return slices.Contains(s.opts.Events, event) }

// event sends an event in the wrapper all events come in. Its id stays the same
// over all attempts; the envelopes' differ.
func (s *Server) event(event map[string]any) *Delivery {
	id, at := s.newID("Ev"), s.now().Unix()
	return s.dispatch(s.newDelivery(eventsAPI, func(string) map[string]any {
		return map[string]any{
			"token": "slacksim", "team_id": TeamID, "context_team_id": TeamID, "context_enterprise_id": s.enterprise(),
			"api_app_id": AppID, "event": event, "type": "event_callback", "event_id": id, "event_time": at,
			"authorizations": []any{map[string]any{"enterprise_id": s.enterprise(), "team_id": TeamID, "user_id": BotUser,
				"is_bot": true, "is_enterprise_install": s.manners.OrgWide}},
			"is_ext_shared_channel": false, "event_context": "4-" + id,
		}
	}))
}

// OpenHome is a person opening the app's Home tab. The published view comes with
// the event, if there is one.
func (s *Server) OpenHome(user string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[user] == nil || s.opts.HomeDisabled || !s.subscribed("app_home_opened") {
		return s.stillborn("no_such_view")
	}
	event := map[string]any{"type": "app_home_opened", "user": user, "channel": s.dmWith(user).ID,
		"event_ts": s.newTS(), "tab": "home"}
	if v := s.homes[user]; v != nil {
		event["view"] = s.viewJSON(v)
	}
	return s.event(event)
}

// mostInEvent is where Slack cuts the members that an event about a user group lists.
const mostInEvent = 500

// regrouped tells of a user group that has changed, in both events that Slack has for it.
func (s *Server) regrouped(was, is Group) {
	missing := func(from, in []string) []string { // never nil, which would be null
		return slices.DeleteFunc(append([]string{}, from...), func(id string) bool { return slices.Contains(in, id) })
	}
	added, removed := missing(is.Users, was.Users), missing(was.Users, is.Users)
	at, team := s.now().Unix(), cmp.Or(is.Team, TeamID)
	if s.subscribed("subteam_members_changed") && len(added)+len(removed) > 0 {
		s.event(map[string]any{"type": "subteam_members_changed", "subteam_id": is.ID, "team_id": team, "event_ts": s.newTS(),
			"date_previous_update": at, "date_update": at, "added_users": added, "added_users_count": len(added),
			"removed_users": removed, "removed_users_count": len(removed)})
	}
	s.groupUpdated(is, 0)
}

// groupUpdated tells of a user group as it is, and since when it is turned off; 0: it isn't.
func (s *Server) groupUpdated(is Group, off int64) {
	if !s.subscribed("subteam_updated") {
		return
	}
	at, team := s.now().Unix(), cmp.Or(is.Team, TeamID)
	s.event(map[string]any{"type": "subteam_updated", "event_ts": s.newTS(), "subteam": map[string]any{
		"id": is.ID, "team_id": team, "is_usergroup": true, "is_subteam": true, "name": is.Name, "description": "", "handle": is.Handle,
		"is_external": false, "date_create": 1700000000, "date_update": at, "date_delete": off, "auto_type": nil, "auto_provision": false,
		"created_by": "U0ADMIN", "updated_by": "U0ADMIN", "deleted_by": nil, "prefs": map[string]any{"channels": []any{}, "groups": []any{}},
		"users": append([]string{}, is.Users[:min(len(is.Users), mostInEvent)]...), "user_count": len(is.Users), "channel_count": 0,
	}})
}

// userChanged tells of somebody whose account or profile has changed: the whole user, and an empty map of the workspace's
// own fields as the list that Slack makes of it.
func (s *Server) userChanged(u *User) {
	u.Updated = s.now().Unix()
	if s.subscribed("user_change") {
		s.userEvent("user_change", u)
	}
}

func (s *Server) userEvent(name string, u *User) *Delivery {
	return s.event(map[string]any{"type": name, "user": s.wholeUser(u), "cache_ts": s.now().Unix(), "event_ts": s.newTS()})
}

// wholeUser is a user as events bear one: with pictures, colours and what else Slack's type of an event demands.
func (s *Server) wholeUser(u *User) map[string]any {
	whole := s.userJSON(u)
	profile, _ := whole["profile"].(map[string]any)
	profile["fields"], profile["avatar_hash"], profile["status_text_canonical"], profile["status_emoji_display_info"] = []any{}, "g"+u.ID, "", []any{}
	delete(profile, "bot_id") // which a bot has in answers alone, by Slack's types
	delete(profile, "api_app_id")
	for _, size := range []string{"24", "32", "48", "72", "192", "512"} {
		profile["image_"+size] = "https://avatars.slack-edge.com/" + u.ID + "_" + size + ".png"
	}
	if !u.Deleted {
		whole["color"], whole["locale"], whole["is_email_confirmed"], whole["who_can_share_contact_card"] = "9f69e7", "en-GB", true, "EVERYONE"
	}
	return whole
}

// userJoined tells of somebody who is new in the workspace.
func (s *Server) userJoined(u *User) {
	if s.subscribed("team_join") {
		s.event(map[string]any{"type": "team_join", "user": s.wholeUser(u), "cache_ts": s.now().Unix(), "event_ts": s.newTS()})
	}
}

// SetStatus is somebody setting their status until a time, or for good, or clearing it: everybody's apps hear of each.
func (s *Server) SetStatus(user, emoji, text string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[user]; u != nil {
		u.StatusEmoji, u.StatusText, u.StatusUntil = emoji, text, 0
		if !until.IsZero() {
			u.StatusUntil = until.Unix()
		}
		s.userChanged(u)
		s.changed()
	}
}

// Storm is so many people setting their status at once, as a company does when it comes back from lunch: for each there is an event,
// and one by each other name that Slack has for the same change.
func (s *Server) Storm(n int) []*Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Delivery
	for people := s.people(); len(people) > 0 && n > 0; n-- {
		u := people[n%len(people)]
		u.StatusEmoji, u.StatusText = ":fork_and_knife:", fmt.Sprintf("back in %d minutes", n)
		for _, name := range []string{"user_change", "user_profile_changed", "user_status_changed"} {
			if s.subscribed(name) {
				all = append(all, s.userEvent(name, u))
			}
		}
	}
	s.changed()
	return all
}

// people are the members who are no bots, in the order they were added.
func (s *Server) people() (all []*User) {
	for _, id := range s.order {
		if u := s.users[id]; u != nil && !u.Bot {
			all = append(all, u)
		}
	}
	return all
}
