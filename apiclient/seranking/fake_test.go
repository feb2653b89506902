package seranking

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/usherbot/usher/apiclient"
)

const key = apiclient.Secret("7c0a5e31-9b44-4f0e-8a67-d15c2b9e0f38")

// reply is what the vendor answers to one request.
type reply struct {
	status  int
	body    string
	headers map[string]string
	err     error         // no answer at all
	after   time.Duration // before the answer, or until the request's context ends
	tail    error         // instead of the end of the body
}

func ok(body string) reply               { return reply{status: 200, body: body} }
func status(code int, body string) reply { return reply{status: code, body: body} }
func cut(err error) reply                { return reply{err: err} }
func slow(after time.Duration) reply     { return reply{status: 200, body: "[]", after: after} }
func broken(code int, start string) reply {
	return reply{status: code, body: start, tail: io.ErrUnexpectedEOF}
}

// seen is one request as it arrived.
type seen struct {
	route string // "GET project-management/users?user_id=7": method, path below the base, user_id
	query url.Values
	body  string
	at    time.Time
}

// vendor answers by route, in process. It fails the test itself when the client breaks
// the protocol, and at the end if anything secret was logged.
type vendor struct {
	t     *testing.T
	mu    sync.Mutex
	plans map[string][]reply
	hooks map[string]func(seen) reply
	calls []seen
	log   bytes.Buffer
}

func newVendor(t *testing.T) *vendor {
	v := &vendor{t: t, plans: map[string][]reply{}, hooks: map[string]func(seen) reply{}}
	t.Cleanup(v.noSecrets)
	return v
}

// on plans the answers to a route, one after the other; the last one repeats.
func (v *vendor) on(route string, replies ...reply) { v.plans[route] = replies }

// do answers a route by a function, one call at a time.
func (v *vendor) do(route string, f func(seen) reply) { v.hooks[route] = f }

// asked returns the requests to a route.
func (v *vendor) asked(route string) []seen {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(v.calls), func(s seen) bool { return s.route != route })
}

func (v *vendor) RoundTrip(r *http.Request) (*http.Response, error) {
	a := v.answer(v.hear(r))
	if a.after > 0 {
		timer := time.NewTimer(a.after)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	h := http.Header{}
	for k, val := range a.headers {
		h.Set(k, val)
	}
	return &http.Response{StatusCode: a.status, Header: h, Request: r, Body: io.NopCloser(a.reader())}, nil
}

func (a reply) reader() io.Reader {
	if a.tail == nil {
		return strings.NewReader(a.body)
	}
	return io.MultiReader(strings.NewReader(a.body), failing{a.tail})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (v *vendor) hear(r *http.Request) seen {
	s := seen{route: r.Method + " " + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v1"), "/"), query: r.URL.Query(), at: time.Now()}
	if id := s.query.Get("user_id"); id != "" {
		s.route += "?user_id=" + id
	}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		require.NoError(v.t, err)
		s.body = string(b)
	}
	v.police(r, s)
	return s
}

func (v *vendor) police(r *http.Request, s seen) {
	if got := r.Header.Get("Authorization"); got != "Token "+key.Reveal() {
		v.t.Errorf("%s: Authorization is %q", s.route, got)
	}
	if strings.Contains(r.URL.String(), key.Reveal()) {
		v.t.Errorf("%s: the key is in the address", s.route)
	}
	if (r.Header.Get("Content-Type") == "application/json") != (s.body != "") {
		v.t.Errorf("%s: Content-Type %q with a body of %d bytes", s.route, r.Header.Get("Content-Type"), len(s.body))
	}
	if r.Method == http.MethodDelete && s.body != "" {
		v.t.Errorf("%s: DELETE with a body", s.route)
	}
	if (r.Method == http.MethodDelete || r.Method == http.MethodPatch) && strings.HasSuffix(s.route, "users") {
		v.t.Errorf("%s: a write on the whole collection", s.route)
	}
}

func (v *vendor) answer(s seen) reply {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = append(v.calls, s)
	if f := v.hooks[s.route]; f != nil {
		return f(s)
	}
	plan := v.plans[s.route]
	switch len(plan) {
	case 0:
		return status(404, `{"message":"Not found"}`)
	case 1:
		return plan[0]
	}
	v.plans[s.route] = plan[1:]
	return plan[0]
}

func (v *vendor) noSecrets() {
	for _, hidden := range append(v.passwords(), key.Reveal(), "user_id=", "guest_link", "https://") {
		if strings.Contains(v.log.String(), hidden) {
			v.t.Errorf("the log holds %q:\n%s", hidden, v.log.String())
		}
	}
}

// passwords returns every password that was sent.
func (v *vendor) passwords() (all []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, s := range v.calls {
		if _, rest, ok := strings.Cut(s.body, `"setting.account_password":"`); ok {
			p, _, _ := strings.Cut(rest, `"`)
			all = append(all, p)
		}
	}
	return all
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

func seeded() io.Reader { return &lockedReader{r: rand.NewChaCha8([32]byte{1})} }

// client returns a client of v in a dialect, unpaced unless a change says otherwise.
func (v *vendor) client(d Dialect, changes ...func(*Config)) *Client {
	cfg := Config{
		BaseURL: "https://vendor.test/v1", Key: key, Dialect: d, HTTP: &http.Client{Transport: v},
		Pace: rate.NewLimiter(rate.Inf, 1), Now: time.Now, Random: seeded(),
		Log: slog.New(slog.NewTextHandler(lockedWriter{&v.mu, &v.log}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if d == Legacy {
		cfg.BaseURL = "https://vendor.test"
	}
	for _, change := range changes {
		change(&cfg)
	}
	c, err := New(cfg)
	require.NoError(v.t, err)
	return c
}

// both runs a test in each dialect.
func both(t *testing.T, f func(t *testing.T, v *vendor, c *Client, at routes)) {
	for _, d := range []Dialect{Unified, Legacy} {
		t.Run(string(d), func(t *testing.T) {
			v := newVendor(t)
			f(t, v, v.client(d), routes{d})
		})
	}
}

// routes spells the addresses of a dialect a second time, by hand.
type routes struct{ d Dialect }

func (r routes) pick(unified, legacy string) string {
	if r.d == Legacy {
		return legacy
	}
	return unified
}

func (r routes) list() string   { return r.pick("GET project-management/users", "GET users") }
func (r routes) create() string { return r.pick("POST project-management/users", "POST users") }
func (r routes) sites() string  { return r.pick("GET project-management/sites", "GET sites") }
func (r routes) me() string     { return r.pick("GET project-management/users/me", "GET account/profile") }
func (r routes) user(method string, id int) string {
	return r.pick(fmt.Sprintf("%s project-management/users?user_id=%d", method, id), fmt.Sprintf("%s users/%d", method, id))
}
func (r routes) shared(method string, id int) string {
	return r.pick(fmt.Sprintf("%s project-management/users/shared-sites?user_id=%d", method, id), fmt.Sprintf("%s users/%d/shared-sites", method, id))
}
func (r routes) owned(id int) string {
	return r.pick(fmt.Sprintf("GET project-management/users/owned-sites?user_id=%d", id), fmt.Sprintf("GET users/%d/own-sites", id))
}

// accountsJSON makes lines of the list with ids from first to last.
func accountsJSON(first, last int) string {
	var lines []string
	for id := first; id <= last; id++ {
		lines = append(lines, fmt.Sprintf(`{"account_id":%d,"account_email":"p%d@acme.example","account_type":"client","is_blocked_by_limits":false}`, id, id))
	}
	return strings.Join(lines, ",")
}

// paged serves n accounts by limit and offset, with a count encoded by the caller.
func paged(n int, count string) func(seen) reply {
	return func(s seen) reply {
		offset, _ := strconv.Atoi(s.query.Get("offset"))
		limit, _ := strconv.Atoi(s.query.Get("limit"))
		return ok(fmt.Sprintf(`{"list":[%s]%s}`, accountsJSON(offset+1, min(offset+limit, n)), count))
	}
}

func kind(t *testing.T, want apiclient.Kind, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, want, apiclient.KindOf(err), "%v", err)
}
