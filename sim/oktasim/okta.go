// Package oktasim is the one list of Okta's that Usher reads, simulated: GET /api/v1/users with its pages, its token and its rate limit.
//
// It is written from Okta's documents (developer.okta.com, Users API, "Link header", "Rate limits"):
//
//   - the token is sent as "Authorization: SSWS …"; another one is 401 E0000011, and so is none;
//   - a list has at most 200 a page, and Link: <…?after=CURSOR&…>; rel="next" leads on. A cursor belongs to the query that it came with;
//   - without a filter those who were deactivated (DEPROVISIONED) are left out, and a filter by that status lists them alone;
//   - each answer bears X-Rate-Limit-Limit, -Remaining and -Reset, and past the limit comes 429 E0000047 with them.
//
// A cursor that is asked for twice, or with another query, is a violation: no client that follows links does so.
package oktasim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/roster"
)

// Okta is one organization.
type Okta struct {
	*roster.Roster
	token   string
	mu      sync.Mutex
	cursors map[string]*cursor
}

// cursor is a place in a list that was begun.
type cursor struct {
	rest   []roster.Person
	filter string
	limit  int
	used   bool
}

// New is an organization that takes one token.
func New(r *roster.Roster, token string) *Okta {
	return &Okta{Roster: r, token: token, cursors: map[string]*cursor{}}
}

// ServeHTTP implements http.Handler.
func (o *Okta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	left, reset := o.Left()
	limit := func(a roster.Answer, left int) roster.Answer {
		if o.PerMinute > 0 {
			a.Header.Set("X-Rate-Limit-Limit", strconv.Itoa(o.PerMinute))
			a.Header.Set("X-Rate-Limit-Remaining", strconv.Itoa(left))
			a.Header.Set("X-Rate-Limit-Reset", strconv.FormatInt(reset.Unix(), 10))
		}
		return a
	}
	o.Serve(w, r, func(lost bool) roster.Answer {
		if o.PerMinute > 0 && left == 0 {
			return limit(fail(http.StatusTooManyRequests), 0)
		}
		return limit(o.answer(r, lost), max(left-1, 0))
	}, func(status int) roster.Answer { return limit(fail(status), left) })
}

func (o *Okta) answer(r *http.Request, lost bool) roster.Answer {
	q := r.URL.Query()
	switch {
	case r.Header.Get("Authorization") != "SSWS "+o.token:
		return fail(http.StatusUnauthorized)
	case r.Method != http.MethodGet:
		o.Violation("okta: %s %s, and only reading is allowed", r.Method, r.URL.Path)
		return fail(http.StatusForbidden)
	case r.URL.Path != "/api/v1/users":
		return fail(http.StatusNotFound)
	}
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 || limit > 200 {
		return fail(http.StatusBadRequest)
	}
	at := &cursor{filter: q.Get("filter"), limit: limit}
	if after := q.Get("after"); after != "" {
		if at = o.take(after, q, lost); at == nil {
			return fail(http.StatusBadRequest)
		}
	} else if at.rest, err = o.begin(at.filter); err != nil {
		return fail(http.StatusBadRequest)
	}
	return o.page(r, at)
}

// take is the place that a cursor stands for, once.
func (o *Okta) take(after string, q url.Values, lost bool) *cursor {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.cursors[after]
	switch {
	case c == nil:
		o.Violation("okta: the cursor %q was never given", after)
		return nil
	case c.used:
		o.Violation("okta: the cursor %q was used before", after)
		return nil
	case c.filter != q.Get("filter") || strconv.Itoa(c.limit) != q.Get("limit"):
		o.Violation("okta: the cursor %q belongs to another query", after)
		return nil
	}
	c.used = !lost
	return &cursor{rest: c.rest, filter: c.filter, limit: c.limit}
}

// begin is a list from its first on.
func (o *Okta) begin(filter string) (out []roster.Person, err error) {
	off := filter == `status eq "DEPROVISIONED"`
	if filter != "" && !off {
		return nil, fmt.Errorf("filter %q isn't simulated", filter)
	}
	for _, p := range o.People() {
		if p.Deleted.IsZero() && (statusOf(p) == "DEPROVISIONED") == off {
			out = append(out, p)
		}
	}
	return out, nil
}

func (o *Okta) page(r *http.Request, at *cursor) roster.Answer {
	// Fewer than asked for, as Okta may: so there are pages.
	page := at.rest[:min(max(at.limit/10, 1), len(at.rest))]
	at.rest = at.rest[len(page):]
	self := "http://" + r.Host + r.URL.Path
	h := http.Header{"Content-Type": {"application/json"}, "Link": {"<" + self + "?" + r.URL.RawQuery + `>; rel="self"`}}
	if len(at.rest) > 0 {
		o.mu.Lock()
		after := fmt.Sprintf("c%d-%s", len(o.cursors)+1, page[len(page)-1].ID)
		o.cursors[after] = at
		o.mu.Unlock()
		q := url.Values{"after": {after}, "limit": {strconv.Itoa(at.limit)}}
		if at.filter != "" {
			q.Set("filter", at.filter)
		}
		h.Add("Link", "<"+self+"?"+q.Encode()+`>; rel="next"`)
	}
	list := []map[string]any{}
	for _, p := range page {
		list = append(list, row(p))
	}
	body, err := json.Marshal(list)
	if err != nil {
		return fail(http.StatusInternalServerError)
	}
	return roster.Answer{Status: 200, Header: h, Body: body}
}

func statusOf(p roster.Person) string {
	switch {
	case p.Off.IsZero():
		return "ACTIVE"
	case p.Suspended:
		return "SUSPENDED"
	}
	return "DEPROVISIONED"
}

func row(p roster.Person) map[string]any {
	m := map[string]any{"id": p.ID, "status": statusOf(p), "created": p.Created.UTC().Format(time.RFC3339), "statusChanged": nil,
		"profile": map[string]any{"login": p.Email, "email": p.Email, "secondEmail": p.Private, "firstName": "F", "lastName": "L"}}
	if !p.Off.IsZero() {
		m["statusChanged"] = p.Off.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if len(p.Also) > 0 {
		m["profile"].(map[string]any)["login"] = p.Also[0]
	}
	return m
}

// fail is an error in Okta's envelope.
func fail(status int) roster.Answer {
	code, summary := "E0000009", "Internal Server Error"
	switch status {
	case http.StatusUnauthorized:
		code, summary = "E0000011", "Invalid token provided"
	case http.StatusForbidden:
		code, summary = "E0000006", "You do not have permission to perform the requested action"
	case http.StatusTooManyRequests:
		code, summary = "E0000047", "API call exceeded rate limit due to too many requests."
	case http.StatusBadRequest:
		code, summary = "E0000031", "Invalid search criteria."
	case http.StatusNotFound:
		code, summary = "E0000007", "Not found: Resource not found"
	}
	body := fmt.Sprintf(`{"errorCode":%q,"errorSummary":%q,"errorLink":%q,"errorId":"oae%s","errorCauses":[]}`, code, summary, code, strings.Repeat("x", 12))
	return roster.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}
