package vendorsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/vendorsim"
)

// world is a vendor served over an in-memory network inside a synctest bubble.
type world struct {
	*vendorsim.Vendor
	t      *testing.T
	client *http.Client
}

// both runs f once in each dialect of SE Ranking, with the demo's company. A violation nobody asked for fails the test.
func both(t *testing.T, o vendorsim.Options, f func(t *testing.T, w *world, d vendorsim.Dialect)) {
	t.Helper()
	for _, d := range []vendorsim.Dialect{vendorsim.Unified, vendorsim.Legacy} {
		t.Run(string(d), func(t *testing.T) {
			bubble(t, o, func(t *testing.T, w *world) { f(t, w, d) })
		})
	}
}

func bubble(t *testing.T, o vendorsim.Options, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if o.Violation == nil {
			o.Violation = func(rule string) { t.Errorf("rule broken: %s", rule) }
		}
		o.Quirks.NoPacing = true
		w := &world{Vendor: vendorsim.New(o), t: t}
		vendorsim.SeedDemo(w.Vendor)
		l := pipenet.Listen("vendors.example")
		srv := &http.Server{Handler: w.Vendor}
		go func() { _ = srv.Serve(l) }()
		w.client = l.HTTPClient()
		w.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		defer func() {
			_ = srv.Close()
			w.client.CloseIdleConnections()
			l.Break()
		}()
		f(t, w)
	})
}

// answer is a response, read to its end.
type answer struct {
	status int
	body   string
	header http.Header
}

// call asks for op in the dialect's own way; body "" sends none.
func (w *world) call(d vendorsim.Dialect, op vendorsim.Op, id int64, body string) answer {
	w.t.Helper()
	a, err := w.try(d, op, id, body)
	require.NoError(w.t, err)
	return a
}

func (w *world) try(d vendorsim.Dialect, op vendorsim.Op, id int64, body string) (answer, error) {
	method, path := address(d, op, id)
	r := w.request(method, path, body)
	r.Header.Set("Authorization", "Token "+w.Key(d))
	return w.send(r)
}

func (w *world) request(method, path, body string) *http.Request {
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://vendors.example"+path, strings.NewReader(body))
	require.NoError(w.t, err)
	if body == "" {
		r.Body, r.ContentLength = nil, 0
	} else {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func (w *world) send(r *http.Request) (answer, error) {
	res, err := w.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, string(body), res.Header}, err
}

func (w *world) id(email string) int64 {
	w.t.Helper()
	a, ok := w.Account(email)
	require.True(w.t, ok, "there is an account of %s", email)
	return a.ID
}

func (w *world) effects() []string {
	list := []string{}
	for _, c := range w.Effects() {
		list = append(list, c.Effect)
	}
	return list
}

// address is the documents' endpoint table.
func address(d vendorsim.Dialect, op vendorsim.Op, id int64) (method, path string) {
	row := map[vendorsim.Op][3]string{
		vendorsim.List:         {"GET", "/legacy/users", "/v1/project-management/users"},
		vendorsim.Details:      {"GET", "/legacy/users/%d", "/v1/project-management/users?user_id=%d"},
		vendorsim.Create:       {"POST", "/legacy/users", "/v1/project-management/users"},
		vendorsim.Update:       {"PATCH", "/legacy/users/%d", "/v1/project-management/users?user_id=%d"},
		vendorsim.Delete:       {"DELETE", "/legacy/users/%d", "/v1/project-management/users?user_id=%d"},
		vendorsim.Shared:       {"GET", "/legacy/users/%d/shared-sites", "/v1/project-management/users/shared-sites?user_id=%d"},
		vendorsim.Owned:        {"GET", "/legacy/users/%d/own-sites", "/v1/project-management/users/owned-sites?user_id=%d"},
		vendorsim.SetShares:    {"POST", "/legacy/users/%d/shared-sites", "/v1/project-management/users/shared-sites?user_id=%d"},
		vendorsim.Sites:        {"GET", "/legacy/sites", "/v1/project-management/sites"},
		vendorsim.Profile:      {"GET", "/legacy/account/profile", "/v1/project-management/users/me"},
		vendorsim.Subscription: {"GET", "/legacy/account/subscription", "/v1/account/subscription"},
		vendorsim.Money:        {"GET", "/legacy/account/balance", ""},
		vendorsim.Credits:      {"GET", "", "/v1/account/credits"},
	}[op]
	path = row[1]
	if d == vendorsim.Unified {
		path = row[2]
	}
	if strings.Contains(path, "%d") {
		path = fmt.Sprintf(path, id)
	}
	return row[0], path
}

// shareBody is the dialect's form of a share list.
func shareBody(d vendorsim.Dialect, ids ...int64) string {
	list, _ := json.Marshal(append([]int64{}, ids...))
	if d == vendorsim.Unified {
		return `{"site_ids":` + string(list) + `}`
	}
	return string(list)
}

// data is a create or update body of these single-key objects.
func data(items ...string) string {
	return `[{"key":"data","value":[` + strings.Join(items, ",") + `]}]`
}

func newcomer(email string, more ...string) string {
	return data(append([]string{
		`{"setting.account_email":"` + email + `"}`, `{"setting.account_first_name":"Jane"}`,
		`{"setting.account_password":"correct-Horse-7"}`, `{"setting.account_type":"client"}`,
	}, more...)...)
}

func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var x T
	dec := json.NewDecoder(bytes.NewReader([]byte(body)))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&x), body)
	return x
}

type object = map[string]any
