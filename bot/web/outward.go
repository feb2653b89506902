package web

import (
	"net/http"
	"net/url"
)

// slackHooks is where Slack's own response URLs lead, also when the API is reached through a gateway.
const slackHooks = "hooks.slack.com"

// ourSlack reports whether an address that came with a payload is one of the Slack we work for: the
// root of the API, its hooks host, or Slack's own. Whatever else stands there is never called: an
// answer must not be a way to make this machine speak to its neighbours.
func (s *Client) ourSlack(address string) bool { return s.ours(address, slackHooks, "hooks.") }

// ours reports whether an address is at the root of the API, or at a host beside it, which Slack itself calls slacks and a gateway
// names by what it puts before its own.
func (s *Client) ours(address, slacks, beside string) bool {
	to, err := url.Parse(address)
	root, bad := url.Parse(s.cfg.APIURL)
	if err != nil || bad != nil || to.User != nil || to.Host == "" {
		return false
	}
	if to.Scheme == root.Scheme && to.Host == root.Host {
		return true
	}
	return to.Scheme == "https" && (to.Host == slacks || to.Host == beside+root.Host)
}

// unled is a client that follows no redirect: the Web API has none, and one would carry the token,
// which stands in the body, to wherever it points.
func unled(c *http.Client) *http.Client {
	if c == nil {
		return nil
	}
	still := *c
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &still
}
