package slacksim

// Raw sends an envelope that no act of a person makes: its kind and payload are the caller's, so that
// anything a broken or future Slack might send can be tried. A "response_url" that is present and
// empty is filled in with one that answers the user in a channel.
func (s *Server) Raw(kind, user, channel string, payload map[string]any) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	payload = cloneMap(payload)
	path := ""
	if payload["response_url"] == "" {
		path = s.newResponseURL("actions", responseURL{user: user, channel: channel})
	}
	return s.dispatch(s.newDelivery(kind, func(base string) map[string]any {
		if path != "" {
			payload["response_url"] = base + path
		}
		return payload
	}))
}
