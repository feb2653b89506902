package slacksim

import "strings"

// tokenKind is what a token is good for.
type tokenKind int

const (
	noToken tokenKind = iota
	botToken
	appToken
)

// token is one that was issued.
type token struct {
	kind      tokenKind
	revoked   bool
	elsewhere bool // of the same app in another workspace
}

// Issue makes another token of the app, beside those that there are: a bot token (xoxb-) or an app token (xapp-).
func (s *Server) Issue(value string) { s.issue(value, false) }

// IssueElsewhere makes a bot token of the app as it's installed in another workspace.
func (s *Server) IssueElsewhere(value string) { s.issue(value, true) }

func (s *Server) issue(value string, elsewhere bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := botToken
	if strings.HasPrefix(value, "xapp-") {
		kind = appToken
	}
	s.tokens[value] = token{kind: kind, elsewhere: elsewhere}
}

// Retire revokes one token. Connections that were opened with it go on, as nothing says that they end.
func (s *Server) Retire(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tokens[value]
	t.revoked = true
	s.tokens[value] = t
}
