// Package googlesim is the one list of Google Workspace's Directory API that Usher reads, and the token endpoint before it, simulated.
//
// It is written from Google's documents (developers.google.com: "Using OAuth 2.0 for Server to Server Applications", Directory API
// users.list, "Limits and quotas"):
//
//   - POST /token takes a JWT that the service account signed (RS256): its issuer, the one scope, this address as audience, the admin as
//     subject, not expired and not for longer than an hour. What isn't so is 400 invalid_grant, and a scope that the admin console
//     doesn't allow is 401 unauthorized_client;
//   - GET /admin/directory/v1/users takes customer or domain, and never both nor neither; maxResults is 500 at most; nextPageToken leads on;
//     showDeleted=true lists those who were deleted within 20 days, alone. A list with nobody in it has no member "users";
//   - past the quota comes 403 userRateLimitExceeded or 429.
//
// A page that is asked for twice, or with another query than it came with, is a violation.
package googlesim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/roster"
)

// Scope is the one that the admin console allows the service account.
const Scope = "https://www.googleapis.com/auth/admin.directory.user.readonly"

// keeps is how long those who were deleted are listed.
const keeps = 20 * 24 * time.Hour

// Google is one account, at one host for both of its services.
type Google struct {
	*roster.Roster
	// Admin is for whom the service account may sign. Roleless is an admin who may not read users.
	Admin    string
	Roleless bool
	key      *rsa.PrivateKey
	mu       sync.Mutex
	tokens   map[string]time.Time
	pages    map[string]*place
	made     int
}

type place struct {
	rest  []roster.Person
	query string
	used  bool
}

const issuer = "usher@acme.iam.gserviceaccount.com"

// Key makes a key for a service account, which takes a moment.
func Key() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// New is an account with a service account that may sign for one admin.
func New(r *roster.Roster, admin string, key *rsa.PrivateKey) *Google {
	return &Google{Roster: r, Admin: admin, key: key, tokens: map[string]time.Time{}, pages: map[string]*place{}}
}

// KeyFile is the JSON key file of the service account.
func (g *Google) KeyFile() string {
	der, err := x509.MarshalPKCS8PrivateKey(g.key)
	if err != nil {
		return ""
	}
	file, _ := json.Marshal(map[string]string{"type": "service_account", "client_email": issuer, "private_key_id": "k1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": "https://elsewhere.example/token"})
	return string(file) // texts alone always encode
}

// ServeHTTP implements http.Handler.
func (g *Google) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	left, _ := g.Left()
	g.Serve(w, r, func(lost bool) roster.Answer {
		switch {
		case g.PerMinute > 0 && left == 0:
			return fail(http.StatusForbidden, "userRateLimitExceeded", "Quota exceeded for quota metric 'Queries'.")
		case r.URL.Path == "/token":
			return g.signIn(r)
		case r.Method != http.MethodGet:
			g.Violation("google: %s %s, and only reading is allowed", r.Method, r.URL.Path)
			return fail(http.StatusForbidden, "forbidden", "Not Authorized to access this resource/api")
		case r.URL.Path != "/admin/directory/v1/users":
			return fail(http.StatusNotFound, "notFound", "Not Found")
		case !g.known(r.Header.Get("Authorization")):
			return fail(http.StatusUnauthorized, "authError", "Invalid Credentials")
		case g.Roleless:
			return fail(http.StatusForbidden, "forbidden", "Not Authorized to access this resource/api")
		}
		return g.list(r.URL.Query(), lost)
	}, func(status int) roster.Answer { return fail(status, "backendError", "Planned trouble") })
}

func (g *Google) signIn(r *http.Request) roster.Answer {
	refuse := func(status int, code, words string) roster.Answer {
		body := fmt.Sprintf(`{"error":%q,"error_description":%q}`, code, words)
		return roster.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
	}
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || r.PostForm.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		return refuse(400, "unsupported_grant_type", "Invalid grant_type")
	}
	claims, ok := g.verified(r.PostForm.Get("assertion"))
	now := g.Now().Unix()
	switch {
	case !ok:
		return refuse(400, "invalid_grant", "Invalid JWT Signature.")
	case claims.Issuer != issuer, claims.Audience != "http://"+r.Host+"/token":
		return refuse(400, "invalid_grant", "Invalid JWT: issuer or audience is wrong.")
	case claims.Expires <= now, claims.Issued > now+60, claims.Expires-claims.Issued > 3610:
		return refuse(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.")
	case claims.Scope != Scope:
		return refuse(401, "unauthorized_client", "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.")
	case claims.Subject != g.Admin:
		return refuse(400, "invalid_grant", "Invalid email or User ID")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.made++
	token := fmt.Sprintf("google-token-%d-of-this-account", g.made)
	g.tokens[token] = g.Now().Add(time.Hour)
	body := fmt.Sprintf(`{"access_token":%q,"expires_in":3599,"token_type":"Bearer"}`, token)
	return roster.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}

type claims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Scope    string `json:"scope"`
	Subject  string `json:"sub"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// verified is what a JWT says that the service account signed.
func (g *Google) verified(assertion string) (c claims, ok bool) {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return c, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return c, false
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&g.key.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return c, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	return c, err == nil && json.Unmarshal(raw, &c) == nil
}

func (g *Google) known(header string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	token, ok := strings.CutPrefix(header, "Bearer ")
	until, known := g.tokens[token]
	return ok && known && g.Now().Before(until)
}

func (g *Google) list(q url.Values, lost bool) roster.Answer {
	most, err := strconv.Atoi(q.Get("maxResults"))
	if err != nil || most < 1 || most > 500 || (q.Get("customer") == "") == (q.Get("domain") == "") {
		return fail(http.StatusBadRequest, "badRequest", "Bad Request")
	}
	token := q.Get("pageToken")
	q.Del("pageToken")
	g.mu.Lock()
	defer g.mu.Unlock()
	at := &place{query: q.Encode()}
	if token == "" {
		at.rest = g.begin(q.Get("showDeleted") == "true", q.Get("domain"))
	} else {
		was := g.pages[token]
		switch {
		case was == nil:
			g.Violation("google: the page %q was never given", token)
			return fail(http.StatusBadRequest, "invalid", "Invalid Input: pageToken")
		case was.used, was.query != at.query:
			g.Violation("google: the page %q was read before, or belongs to another query", token)
			return fail(http.StatusBadRequest, "invalid", "Invalid Input: pageToken")
		}
		was.used, at.rest = !lost, was.rest
	}
	// Fewer than asked for, as Google may: so there are pages.
	page := at.rest[:min(most/20, len(at.rest))]
	answer := map[string]any{"kind": "admin#directory#users"}
	var users []map[string]any
	for _, p := range page {
		users = append(users, row(p))
	}
	if len(users) > 0 {
		answer["users"] = users
	}
	if at.rest = at.rest[len(page):]; len(at.rest) > 0 {
		g.made++
		next := fmt.Sprintf("~!!~p%d", g.made)
		g.pages[next], answer["nextPageToken"] = at, next
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fail(http.StatusInternalServerError, "backendError", "")
	}
	return roster.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, Body: body}
}

func (g *Google) begin(deleted bool, domain string) (out []roster.Person) {
	for _, p := range g.People() {
		kept := p.Deleted.IsZero() || g.Now().Sub(p.Deleted) < keeps
		if kept && p.Deleted.IsZero() == !deleted && (domain == "" || strings.HasSuffix(p.Email, "@"+domain)) {
			out = append(out, p)
		}
	}
	return out
}

func row(p roster.Person) map[string]any {
	m := map[string]any{"id": p.ID, "primaryEmail": p.Email, "suspended": !p.Off.IsZero() && !p.Suspended, "archived": p.Suspended,
		"creationTime": p.Created.UTC().Format("2006-01-02T15:04:05.000Z")}
	if len(p.Also) > 0 {
		m["aliases"] = p.Also
	}
	if !p.Deleted.IsZero() {
		m["deletionTime"] = p.Deleted.UTC().Format("2006-01-02T15:04:05.000Z")
		delete(m, "suspended")
	}
	return m
}

// fail is an error in Google's envelope.
func fail(status int, reason, words string) roster.Answer {
	body := fmt.Sprintf(`{"error":{"code":%d,"message":%q,"errors":[{"message":%q,"domain":"global","reason":%q}]}}`, status, words, words, reason)
	return roster.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, Body: []byte(body)}
}
