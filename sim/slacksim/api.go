package slacksim

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer is what a method returns beside ok:true.
type answer map[string]any

// method is one Web API method. Scope is what the token must bear; some methods
// ask for more, depending on their arguments.
type method struct {
	scope string
	run   func(*Server, *call) (answer, error)
}

// methods are all the Web API methods there are; any other is unknown_method.
var methods = map[string]method{
	"api.test":                     {"", (*Server).apiTest},
	"auth.teams.list":              {"", (*Server).authTeamsList},
	"auth.test":                    {"", (*Server).authTest},
	"blocks.validate":              {"", (*Server).blocksValidate},
	"bots.info":                    {"users:read", (*Server).botsInfo},
	"chat.delete":                  {"chat:write", (*Server).chatDelete},
	"chat.getPermalink":            {"", (*Server).chatGetPermalink},
	"chat.postEphemeral":           {"chat:write", (*Server).chatPostEphemeral},
	"chat.postMessage":             {"chat:write", (*Server).chatPostMessage},
	"chat.update":                  {"chat:write", (*Server).chatUpdate},
	"conversations.history":        {"", (*Server).conversationsHistory},
	"conversations.info":           {"", (*Server).conversationsInfo},
	"conversations.join":           {"channels:join", (*Server).conversationsJoin},
	"conversations.list":           {"", (*Server).conversationsList},
	"conversations.members":        {"", (*Server).conversationsMembers},
	"conversations.open":           {"im:write", (*Server).conversationsOpen},
	"conversations.replies":        {"", (*Server).conversationsReplies},
	"files.completeUploadExternal": {"files:write", (*Server).filesComplete},
	"files.getUploadURLExternal":   {"files:write", (*Server).filesGetURL},
	"files.info":                   {"files:read", (*Server).filesInfo},
	"reactions.add":                {"reactions:write", (*Server).reactionsAdd},
	"team.info":                    {"team:read", (*Server).teamInfo},
	"team.profile.get":             {"users.profile:read", (*Server).teamProfileGet},
	"usergroups.list":              {"usergroups:read", (*Server).usergroupsList},
	"usergroups.users.list":        {"usergroups:read", (*Server).usergroupsUsersList},
	"users.info":                   {"users:read", (*Server).usersInfo},
	"users.list":                   {"users:read", (*Server).usersList},
	"users.lookupByEmail":          {"users:read.email", (*Server).usersLookupByEmail},
	"users.profile.get":            {"users.profile:read", (*Server).usersProfileGet},
	"views.open":                   {"", (*Server).viewsOpen},
	"views.publish":                {"", (*Server).viewsPublish},
	"views.push":                   {"", (*Server).viewsPush},
	"views.update":                 {"", (*Server).viewsUpdate},
	openMethod:                     {"connections:write", (*Server).connectionsOpen},
}

const openMethod = "apps.connections.open"

// tokenless methods answer without a token.
func tokenless(name string) bool { return name == "api.test" || name == "blocks.validate" }

// AllScopes is every scope that a method of the bot token asks for.
func AllScopes() []string {
	scopes := []string{"commands", "chat:write.public", "channels:read", "groups:read", "im:read", "mpim:read",
		"channels:history", "groups:history", "im:history"}
	for _, m := range methods {
		if m.scope != "" && m.scope != "connections:write" && !slices.Contains(scopes, m.scope) {
			scopes = append(scopes, m.scope)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// serveAPI answers one call. Order: a fault planned before the effect, the call
// itself under the lock, a fault planned after it, the answer.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r)
	fault := s.takeFault(c.method)
	if fault != nil && !fault.After {
		if s.strike(w, r, fault, s.note(c.method, c.args, fault.String(), false)) {
			return
		}
	}
	var result answer
	if err == nil {
		result, err = s.perform(c)
	}
	entry := s.note(c.method, c.args, outcome(err), err == nil)
	switch {
	case fault == nil || !fault.After:
	case fault.Kind.lying():
		w = s.twist(w, c, fault, entry, result)
	case s.strike(w, r, fault, entry):
		return
	}
	s.reply(w, c, result, err)
}

// perform checks the token, scopes and limits, then runs the method, all in one
// locked step: two calls never see each other half done.
func (s *Server) perform(c *call) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = c.base
	m, known := methods[c.method]
	if !known {
		s.violation("called %s, a method that does not exist", c.method)
		return nil, &apiError{code: "unknown_method", extra: map[string]any{"req_method": c.method}}
	}
	if err := s.authorize(c, m); err != nil {
		return nil, err
	}
	if err := s.admit(c.method); err != nil {
		return nil, err
	}
	return m.run(s, c)
}

// authorize holds the token and its scopes against what the method asks for.
func (s *Server) authorize(c *call, m method) error {
	if tokenless(c.method) {
		return nil
	}
	if c.method == openMethod && !c.header {
		return fail("not_authed") // the one method that takes no token in the body
	}
	switch {
	case c.token == "":
		return fail("not_authed")
	case s.revoked != "":
		return fail(s.revoked)
	case s.tokens[c.token].kind == noToken:
		return fail("invalid_auth")
	case s.tokens[c.token].revoked:
		return fail("token_revoked")
	case s.tokens[c.token].kind == appToken && c.method != openMethod, s.tokens[c.token].kind == botToken && c.method == openMethod:
		return fail("not_allowed_token_type")
	}
	return s.needScope(c, m.scope)
}

// needScope refuses a call whose token lacks a scope. Inside a method it asks
// for what depends on the arguments.
func (s *Server) needScope(c *call, scope string) error {
	granted := s.granted(c)
	if scope == "" || slices.Contains(granted, scope) {
		return nil
	}
	s.violation("called %s without the scope %s", c.method, scope)
	return &apiError{code: "missing_scope", extra: map[string]any{
		"needed": scope, "provided": strings.Join(granted, ",")}}
}

func (s *Server) granted(c *call) []string {
	if s.tokens[c.token].kind == appToken {
		return s.opts.AppScopes
	}
	return s.opts.Scopes
}

// reply writes Slack's answer: HTTP 200 whatever went wrong, except a 429.
func (s *Server) reply(w http.ResponseWriter, c *call, result answer, err error) {
	s.mu.Lock()
	granted, said := s.granted(c), !s.manners.NoScopes
	if _, known := s.tokens[c.token]; !known { // of a token that is none, nothing is known
		said = false
	}
	id := s.newUUID()
	s.mu.Unlock()
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("X-Slack-Req-Id", strings.ReplaceAll(id, "-", ""))
	if c.token != "" && said {
		header.Set("X-OAuth-Scopes", strings.Join(granted, ","))
		header.Set("X-Accepted-OAuth-Scopes", methods[c.method].scope)
	}
	body := map[string]any{"ok": err == nil}
	for key, value := range result {
		body[key] = value
	}
	status := http.StatusOK
	var limited *rateLimited
	var refused *apiError
	switch {
	case errors.As(err, &limited):
		header.Set("Retry-After", strconv.Itoa(int((limited.after+time.Second-1)/time.Second)))
		status, body["error"] = http.StatusTooManyRequests, "ratelimited"
	case errors.As(err, &refused):
		refused.into(body)
	}
	if c.warning != "" {
		body["warning"] = c.warning
		setMetadata(body, "warnings", []string{c.warning})
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that hung up gets nothing, as with the real one
}

func (e *apiError) into(body map[string]any) {
	body["error"] = e.code
	for key, value := range e.extra {
		body[key] = value
	}
	if len(e.messages) > 0 {
		setMetadata(body, "messages", e.messages)
	}
}

func setMetadata(body map[string]any, key string, value any) {
	metadata, _ := body["response_metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata[key] = value
	body["response_metadata"] = metadata
}

func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

// page cuts a list by the limit and cursor arguments. The cursor is the index
// of the next item, opaque to the caller.
func page[T any](c *call, items []T, standard int) ([]T, map[string]any, error) {
	limit, from := standard, 0
	if n, err := strconv.Atoi(c.str("limit")); err == nil && n > 0 {
		limit = min(n, 1000)
	}
	if cursor := c.str("cursor"); cursor != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(cursor, "next:"))
		if err != nil || n < 0 || n > len(items) || !strings.HasPrefix(cursor, "next:") {
			return nil, nil, fail("invalid_cursor")
		}
		from = n
	}
	end, next := min(from+limit, len(items)), ""
	if end < len(items) {
		next = "next:" + strconv.Itoa(end)
	}
	return items[from:end], map[string]any{"next_cursor": next}, nil
}

// Methods lists every Web API method that there is here.
func Methods() []string { return slices.Sorted(maps.Keys(methods)) }
