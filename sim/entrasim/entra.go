// Package entrasim is Microsoft Graph's users/delta and the token endpoint before it, simulated.
//
// It is written from Microsoft's documents (learn.microsoft.com: "OAuth 2.0 client credentials flow", "Get incremental changes for users",
// "delta query overview", "Microsoft Graph throttling guidance"):
//
//   - POST /TENANT/oauth2/v2.0/token takes client_credentials in the body, for the scope of this host; a wrong secret is 401
//     invalid_client AADSTS7000215, an unknown tenant 400 AADSTS90002;
//   - GET /v1.0/users/delta?$select=… answers everybody in pages, with @odata.nextLink until the last, which has @odata.deltaLink; asked by
//     that it answers with who changed since, of whom it tells what was selected, and of who was deleted "@removed";
//   - a deltaLink is kept for seven days, then comes 410 syncStateNotFound; past the pace come 429 and Retry-After.
//
// A token is worth an hour. A nextLink that is asked for twice, a link that was changed, a query beside a link, and a secret in a query are
// violations.
package entrasim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/roster"
)

// pageSize is how many are told at once: as few as Graph sometimes does, so that there are pages.
const pageSize = 20

// keeps is how long a deltaLink is known.
const keeps = 7 * 24 * time.Hour

// Entra is one tenant, at one host for both of its services.
type Entra struct {
	*roster.Roster
	tenant, client, secret string
	mu                     sync.Mutex
	// Blind hides accountEnabled, as it is hidden from an app that may not read it.
	Blind  bool
	tokens map[string]time.Time
	links  map[string]*link
	made   int
}

// link is a place in a reading that was begun, or from which one goes on.
type link struct {
	rest   []roster.Person
	fields []string
	// turn is up to where the reading knows, since from where it tells changes, and full that it tells everybody.
	turn, since int
	full        bool
	delta       bool
	used        bool
	made        time.Time
}

// New is a tenant with one app, which has a secret.
func New(r *roster.Roster, tenant, client, secret string) *Entra {
	return &Entra{Roster: r, tenant: tenant, client: client, secret: secret, tokens: map[string]time.Time{}, links: map[string]*link{}}
}

// Forget makes every link worth nothing.
func (e *Entra) Forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.links = map[string]*link{}
}

// ServeHTTP implements http.Handler.
func (e *Entra) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	left, _ := e.Left()
	e.Serve(w, r, func(lost bool) roster.Answer {
		if strings.Contains(r.URL.RawQuery, e.secret) {
			e.Violation("entra: the secret stands in a query")
		}
		switch {
		case e.PerMinute > 0 && left == 0:
			a := fail(http.StatusTooManyRequests, "TooManyRequests", "Too many requests")
			a.Header.Set("Retry-After", "30")
			return a
		case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
			return e.signIn(r)
		case r.Method != http.MethodGet:
			e.Violation("entra: %s %s, and only reading is allowed", r.Method, r.URL.Path)
			return fail(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
		case r.URL.Path != "/v1.0/users/delta":
			return fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource not found for the segment.")
		case !e.known(r.Header.Get("Authorization")):
			return fail(http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
		}
		return e.delta(r, lost)
	}, func(status int) roster.Answer { return fail(status, "UnknownError", "Planned trouble") })
}

func (e *Entra) signIn(r *http.Request) roster.Answer {
	refuse := func(status int, code, words string) roster.Answer {
		body := fmt.Sprintf(`{"error":%q,"error_description":%q,"error_codes":[7000215],"correlation_id":"x"}`, code, words)
		return roster.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
	}
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		return refuse(400, "invalid_request", "AADSTS900144: The request body must contain the parameter 'grant_type'.")
	}
	f := r.PostForm
	switch {
	case r.URL.Path != "/"+e.tenant+"/oauth2/v2.0/token":
		return refuse(400, "invalid_request", "AADSTS90002: Tenant not found.")
	case f.Get("grant_type") != "client_credentials":
		return refuse(400, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.")
	case f.Get("client_id") != e.client:
		return refuse(400, "unauthorized_client", "AADSTS700016: Application was not found in the directory.")
	case f.Get("client_secret") != e.secret:
		return refuse(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
	case f.Get("scope") != "http://"+r.Host+"/.default" && f.Get("scope") != "https://"+r.Host+"/.default":
		return refuse(400, "invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' isn't valid.")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.made++
	token := fmt.Sprintf("entra-token-%d-of-this-tenant", e.made)
	e.tokens[token] = e.Now().Add(time.Hour)
	body := fmt.Sprintf(`{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":%q}`, token)
	return roster.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}

func (e *Entra) known(header string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	token, ok := strings.CutPrefix(header, "Bearer ")
	until, known := e.tokens[token]
	return ok && known && e.Now().Before(until)
}

// delta begins a reading, goes on with one, or tells what changed since one.
func (e *Entra) delta(r *http.Request, lost bool) roster.Answer {
	q := r.URL.Query()
	e.mu.Lock()
	defer e.mu.Unlock()
	if !q.Has("$skiptoken") && !q.Has("$deltatoken") {
		fields := strings.Split(q.Get("$select"), ",")
		if len(q) != 1 || !slices.Contains(fields, "id") {
			e.Violation("entra: the query %q isn't one that is simulated", r.URL.RawQuery)
		}
		return e.page(r, &link{rest: e.People(), fields: fields, turn: e.Turn(), full: true})
	}
	if len(q) != 1 {
		e.Violation("entra: something stands beside the token of a link: %s", r.URL.RawQuery)
	}
	token := q.Get("$skiptoken") + q.Get("$deltatoken")
	at := e.links[token]
	switch {
	case at == nil || at.delta != q.Has("$deltatoken") || at.delta && e.Now().Sub(at.made) > keeps:
		a := fail(http.StatusGone, "syncStateNotFound", "The sync state generation is not found.")
		a.Header.Set("Location", "http://"+r.Host+"/v1.0/users/delta?$deltatoken=")
		return a
	case !at.delta && at.used:
		e.Violation("entra: the page %q was read before", token)
		return fail(http.StatusBadRequest, "badRequest", "The page was read before.")
	}
	at.used = !lost
	if at.delta {
		return e.page(r, &link{rest: e.Changed(at.turn), fields: at.fields, turn: e.Turn(), since: at.turn})
	}
	return e.page(r, at)
}

func (e *Entra) page(r *http.Request, at *link) roster.Answer {
	page := at.rest[:min(pageSize, len(at.rest))]
	e.made++
	token := fmt.Sprintf("t%d", e.made)
	next := &link{rest: at.rest[len(page):], fields: at.fields, turn: at.turn, since: at.since, full: at.full, made: e.Now()}
	e.links[token] = next
	value := []map[string]any{}
	for _, p := range page {
		value = append(value, e.row(p, at))
	}
	answer := map[string]any{"@odata.context": "$metadata#users", "value": value}
	if next.delta = len(next.rest) == 0; next.delta {
		answer["@odata.deltaLink"] = "http://" + r.Host + "/v1.0/users/delta?" + url.Values{"$deltatoken": {token}}.Encode()
	} else {
		answer["@odata.nextLink"] = "http://" + r.Host + "/v1.0/users/delta?" + url.Values{"$skiptoken": {token}}.Encode()
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fail(http.StatusInternalServerError, "UnknownError", "")
	}
	return roster.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
}

func (e *Entra) row(p roster.Person, at *link) map[string]any {
	if !p.Deleted.IsZero() {
		return map[string]any{"id": p.ID, "@removed": map[string]any{"reason": "changed"}}
	}
	all := map[string]any{"id": p.ID, "accountEnabled": p.Off.IsZero(), "userType": "Member", "userPrincipalName": p.Email, "mail": p.Email,
		"otherMails": []string{p.Private}, "createdDateTime": p.Created.UTC().Format(time.RFC3339)}
	proxies := []string{"SMTP:" + p.Email, "x500:/o=Acme"}
	for _, a := range p.Also {
		proxies = append(proxies, "smtp:"+a)
	}
	if all["proxyAddresses"] = proxies; p.Guest {
		all["userType"], all["userPrincipalName"] = "Guest", strings.ReplaceAll(p.Email, "@", "_")+"#EXT#@acme.onmicrosoft.com"
	}
	if e.Blind {
		delete(all, "accountEnabled")
	}
	row := map[string]any{}
	for k, v := range all {
		// Of a change Graph tells what changed, and whatever else it likes: here no more than needed. Of who is new it tells all.
		if slices.Contains(at.fields, k) && (at.full || p.NewSince(at.since) || k != "createdDateTime" && k != "userType") {
			row[k] = v
		}
	}
	return row
}

// fail is an error in Graph's envelope.
func fail(status int, code, words string) roster.Answer {
	body := fmt.Sprintf(`{"error":{"code":%q,"message":%q,"innerError":{"request-id":"x"}}}`, code, words)
	return roster.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}
