package vendorsim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

func TestAWrongKeyIsRefusedInTheDialectsWords(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		for _, c := range []struct {
			dialect       vendorsim.Dialect
			authorization string
			status        int
			body          string
		}{
			{vendorsim.Unified, "", 401, `{"error":{"code":401,"message":"Unauthorized","description":"Unauthorized (401)"}}`},
			{vendorsim.Unified, "Bearer " + vendorsim.DefaultUnifiedKey, 401, ""},
			{vendorsim.Unified, "Token " + vendorsim.DefaultLegacyKey, 401, ""},
			{vendorsim.Legacy, "", 403, `{"message":"No token"}`},
			{vendorsim.Legacy, "Bearer " + vendorsim.DefaultLegacyKey, 403, `{"message":"No token"}`},
			{vendorsim.Legacy, "Token " + vendorsim.DefaultUnifiedKey, 403, `{"message":"Incorrect token"}`},
		} {
			method, path := address(c.dialect, vendorsim.Delete, 36872)
			r := w.request(method, path, "")
			r.Header.Set("Authorization", c.authorization)
			a, err := w.send(r)
			require.NoError(t, err)
			require.Equal(t, c.status, a.status, c.authorization)
			if c.body != "" {
				require.JSONEq(t, c.body, a.body)
			}
		}
		require.Empty(t, w.effects())
	})
}

func TestRulesThatAreReported(t *testing.T) {
	const users = "/v1/project-management/users"
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		rule               string
	}{
		"delete that lost its account":          {"DELETE", users, "", 400, "whole collection"},
		"update that lost its account":          {"PATCH", users, data(`{"access":[]}`), 400, "whole collection"},
		"put that lost its account":             {"PUT", users, data(`{"access":[]}`), 400, "whole collection"},
		"share that lost its account":           {"POST", users + "/shared-sites", `{"site_ids":[]}`, 400, "whole collection"},
		"delete of account 0":                   {"DELETE", users + "?user_id=0", "", 400, "whole collection"},
		"delete of account -1":                  {"DELETE", users + "?user_id=-1", "", 400, "whole collection"},
		"details of no number":                  {"GET", users + "?user_id=", "", 400, "whole collection"},
		"legacy delete of the collection":       {"DELETE", "/legacy/users", "", 400, "whole collection"},
		"legacy update of the collection":       {"PATCH", "/legacy/users", data(`{"access":[]}`), 400, "whole collection"},
		"legacy delete with nothing for an id":  {"DELETE", "/legacy/users/", "", 400, "whole collection"},
		"a field that is documented nowhere":    {"PATCH", users + "?user_id=36872", data(`{"limit.site":99}`), 200, `field "limit.site"`},
		"a key in the query":                    {"GET", users + "?apikey=" + vendorsim.DefaultUnifiedKey, "", 200, "query"},
		"a key in the legacy query":             {"GET", "/legacy/users?token=" + vendorsim.DefaultLegacyKey, "", 200, "query"},
		"a redirect that a write followed":      {"GET", "/redirected?from=DELETE", "", 404, "DELETE was followed"},
		"a redirect that was followed by a put": {"PUT", "/redirected?from=GET", data(), 404, "was followed"},
	} {
		t.Run(name, func(t *testing.T) {
			var reported []string
			bubble(t, vendorsim.Options{Violation: func(rule string) { reported = append(reported, rule) }}, func(t *testing.T, w *world) {
				r := w.request(c.method, c.path, c.body)
				key := w.Key(vendorsim.Unified)
				if strings.HasPrefix(c.path, "/legacy") {
					key = w.Key(vendorsim.Legacy)
				}
				r.Header.Set("Authorization", "Token "+key)
				a, err := w.send(r)
				require.NoError(t, err)
				require.Equal(t, c.status, a.status, a.body)
				require.Len(t, reported, 1)
				require.Contains(t, reported[0], c.rule)
				require.Equal(t, reported, w.Violations())
				require.NotContains(t, reported[0], key)
				require.Empty(t, w.effects())
				require.Len(t, w.Accounts(), 8)
			})
		})
	}
}

func TestBodiesWhereNoneBelongs(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		require.Equal(t, 400, w.call(d, vendorsim.Delete, 36872, `{}`).status, "JSON {} with nothing to send")
		method, path := address(d, vendorsim.Delete, 36872)
		r := w.request(method, path, "")
		r.Header.Set("Authorization", "Token "+w.Key(d))
		r.Header.Set("Content-Type", "application/json")
		a, err := w.send(r)
		require.NoError(t, err)
		require.Equal(t, 400, a.status, "a Content-Type without a body")
		require.Empty(t, w.effects())
	})
}

func TestFormsAreRefused(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		method, path := address(d, vendorsim.Create, 0)
		r := w.request(method, path, newcomer("jane@acme.example"))
		r.Header.Set("Authorization", "Token "+w.Key(d))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		a, err := w.send(r)
		require.NoError(t, err)
		require.Equal(t, 400, a.status)
		require.Contains(t, a.body, "JSON")
		require.Empty(t, w.effects())
	})
}

func TestUnknownPathsAndMethods(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		for path, want := range map[string]int{
			"GET /v1/users": 404,
			"GET /v1/sites": 404,
			"GET /v1/project-management/users/own-sites?user_id=36872":       404,
			"GET /v1/project-management/account/subscription":                404,
			"GET /v1/project-management/users/{id}":                          404,
			"GET /v1/project-management/users/":                              404,
			"PUT /v1/project-management/users?user_id=36872":                 405,
			"POST /v1/project-management/users?user_id=36872":                405,
			"POST /v1/project-management/sites":                              405,
			"DELETE /v1/project-management/users/shared-sites?user_id=36872": 405,
		} {
			method, url, _ := strings.Cut(path, " ")
			a, err := w.send(w.authorized(method, url, ""))
			require.NoError(t, err)
			require.Equal(t, want, a.status, path)
			if want == 405 {
				require.NotEmpty(t, a.header.Get("Allow"), path)
			}
		}
	})
}

func TestOwnedSitesHaveTheDialectsName(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		r := w.request("GET", "/legacy/users/36872/owned-sites", "")
		r.Header.Set("Authorization", "Token "+w.Key(vendorsim.Legacy))
		a, err := w.send(r)
		require.NoError(t, err)
		require.Equal(t, 404, a.status)
	})
}

func TestPaceIsFiveInARollingSecondPerKey(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.SetQuirks(vendorsim.Quirks{})
		statuses := func(n int) (list []int) {
			for range n {
				list = append(list, w.call(d, vendorsim.Profile, 0, "").status)
			}
			return list
		}
		require.Equal(t, []int{200, 200, 200, 200}, statuses(4))
		<-time.After(600 * time.Millisecond)
		require.Equal(t, []int{200, 429, 429}, statuses(3))
		<-time.After(399 * time.Millisecond)
		require.Equal(t, []int{429}, statuses(1), "the four are 999 ms old")
		<-time.After(time.Millisecond)
		require.Equal(t, []int{200, 200, 200, 200, 429}, statuses(5), "the fifth of 600 ms still counts")

		other := map[vendorsim.Dialect]vendorsim.Dialect{vendorsim.Unified: vendorsim.Legacy, vendorsim.Legacy: vendorsim.Unified}[d]
		require.Equal(t, 200, w.call(other, vendorsim.Profile, 0, "").status, "another key has its own window")
		refused := w.call(d, vendorsim.Delete, 36872, "")
		require.Equal(t, http.StatusTooManyRequests, refused.status)
		require.Empty(t, refused.header.Get("Retry-After"), "none is published")
		require.Contains(t, refused.body, "Too Many Requests")
		require.Empty(t, w.effects())
	})
}

func TestHandlersOfOneHost(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	for _, c := range []struct {
		handler http.Handler
		path    string
		key     string
		status  int
	}{
		{v.Legacy(), "/sites", vendorsim.DefaultLegacyKey, 200},
		{v.Legacy(), "/project-management/sites", vendorsim.DefaultLegacyKey, 404},
		{v.Unified(), "/v1/project-management/sites", vendorsim.DefaultUnifiedKey, 200},
		{v.Unified(), "/sites", vendorsim.DefaultUnifiedKey, 404},
		{v, "/sites", vendorsim.DefaultLegacyKey, 404},
	} {
		require.Equal(t, c.status, record(c.handler, c.path, c.key).Code, c.path)
	}
}
