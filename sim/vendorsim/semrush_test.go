package vendorsim_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

const balanceURL = "/users/countapiunits.html?key=" + vendorsim.DefaultSemrushKey

func TestSemrushBalanceInEachForm(t *testing.T) {
	for form, want := range map[string]string{
		"": "1,234,567", "plain": "1234567", "newline": "1234567\n", "nbsp": "1\u00a0234\u00a0567", "narrow": "1\u202f234\u202f567",
	} {
		v := vendorsim.New(vendorsim.Options{Units: 1234567, Quirks: vendorsim.Quirks{UnitsForm: form}})
		got := record(v, balanceURL, "")
		require.Equal(t, http.StatusOK, got.Code)
		require.Equal(t, want, got.Body.String())
	}
	v := vendorsim.New(vendorsim.Options{})
	require.Equal(t, "0", record(v, balanceURL, "").Body.String())
	v.SetUnits(999)
	require.Equal(t, "999", record(v, balanceURL, "").Body.String())
	v.SetQuirks(vendorsim.Quirks{UnitsBody: "<html>Log in</html>"})
	require.Equal(t, "<html>Log in</html>", record(v, balanceURL, "").Body.String())
}

func TestSemrushErrorsAreTextOfAnyStatus(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	got := record(v, "/users/countapiunits.html?key=semrtkn-v4", "")
	require.Equal(t, http.StatusOK, got.Code)
	require.Equal(t, "ERROR 120 :: WRONG KEY - ID PAIR", got.Body.String())
	v.SetQuirks(vendorsim.Quirks{SemrushStatus: http.StatusForbidden})
	got = record(v, "/users/countapiunits.html", "")
	require.Equal(t, http.StatusForbidden, got.Code)
	require.Contains(t, got.Body.String(), "ERROR 122")
}

func TestSemrushTrends(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	got := record(v, "/analytics/ta/limits/key/"+vendorsim.DefaultSemrushKey, "")
	require.Contains(t, got.Body.String(), "10000;1250")
	require.Contains(t, record(v, "/analytics/ta/limits/key/wrong", "").Body.String(), "ERROR 120")
	v.SetQuirks(vendorsim.Quirks{TrendsBody: `{"monthly":1}`})
	require.Equal(t, `{"monthly":1}`, record(v, "/analytics/ta/limits/key/"+vendorsim.DefaultSemrushKey, "").Body.String())
	for _, c := range v.Calls() {
		require.Equal(t, "/analytics/ta/limits/key/KEY", c.Path, "the journal holds no key")
		require.Equal(t, vendorsim.Trends, c.Op)
	}
}

func TestSemrushPaceAndPaths(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	for range 10 {
		require.Equal(t, 200, record(v, balanceURL, "").Code)
	}
	require.Equal(t, 429, record(v, balanceURL, "").Code)
	require.Equal(t, 404, record(v, "/nowhere", "").Code)
	post := httptest.NewRecorder()
	v.ServeHTTP(post, httptest.NewRequest(http.MethodPost, balanceURL, nil))
	require.Equal(t, 405, post.Code)
}

// TestSemrushPolices: what costs units, and what would show the key.
func TestSemrushPolices(t *testing.T) {
	for what, c := range map[string]struct {
		url  string
		says string
	}{
		"a report":       {"http://127.0.0.1/?type=domain_rank&key=k&domain=x", "costs units"},
		"another API":    {"http://127.0.0.1/analytics/v1/?key=k&type=backlinks", "costs units"},
		"no key":         {"http://127.0.0.1/users/countapiunits.html", "without a key"},
		"in the clear":   {"http://www.semrush.com" + balanceURL, "in the clear"},
		"the balance":    {"http://127.0.0.1:8080" + balanceURL, ""},
		"over TLS":       {"https://www.semrush.com" + balanceURL, ""},
		"somewhere else": {"http://127.0.0.1/nowhere", ""},
	} {
		v := vendorsim.New(vendorsim.Options{})
		v.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, c.url, nil))
		if c.says == "" {
			require.Empty(t, v.Violations(), what)
			continue
		}
		require.Len(t, v.Violations(), 1, what)
		require.Contains(t, v.Violations()[0], c.says, what)
		require.NotContains(t, v.Violations()[0], vendorsim.DefaultSemrushKey)
	}
}

func TestUnitsAreUsedAndAdded(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Units: 100})
	v.UseUnits(30)
	require.EqualValues(t, 70, v.Units())
	v.UseUnits(-500)
	v.UseUnits(1000)
	require.Zero(t, v.Units())
}

func record(h http.Handler, path, key string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if key != "" {
		r.Header.Set("Authorization", "Token "+key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
