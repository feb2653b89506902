package slacksim

import (
	"regexp"
	"slices"
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
