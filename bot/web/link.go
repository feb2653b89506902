package web

import (
	"regexp"
	"strings"
)

// The shapes of what a link is made of: Slack's own words, of which none may end the link or begin another.
var (
	addressOfTeam = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?/$`)
	placeOfLink   = regexp.MustCompile(`^[CGD][A-Z0-9]+$`)
	stampOfLink   = regexp.MustCompile(`^[0-9]+\.[0-9]{6}$`)
)

// Link leads to a message, made as Slack makes its permalinks, so that nothing is asked of it; "": Slack hasn't said yet where
// the workspace is, or not in a shape that leads anywhere. Whoever can't read the channel is shown nothing there.
func (s *Client) Link(place, ts string) string {
	s.mu.Lock()
	who := s.identity
	s.mu.Unlock()
	if who == nil || !addressOfTeam.MatchString(who.URL) || !placeOfLink.MatchString(place) || !stampOfLink.MatchString(ts) {
		return ""
	}
	return who.URL + "archives/" + place + "/p" + strings.ReplaceAll(ts, ".", "")
}
