package vendorsim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

func TestControlDrivesAVendor(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Seats: 2})
	control := func(method, path, body string) (int, string) {
		rec := httptest.NewRecorder()
		v.Control().ServeHTTP(rec, httptest.NewRequest(method, path, strings.NewReader(body)))
		return rec.Code, rec.Body.String()
	}
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/sim/sites", `{"title":"Acme","url":"https://acme.example/"}`, 200, `{"id":101}`},
		{"POST", "/sim/accounts", `{"email":"a@acme.example","first_name":"A","shared_sites":[101]}`, 200, `{"id":36872}`},
		{"POST", "/sim/blocked", `{"email":"A@acme.example","blocked":true}`, 200, `"blocked":true`},
		{"POST", "/sim/blocked", `{"email":"nobody@acme.example","blocked":true}`, 404, "nobody@acme.example"},
		{"POST", "/sim/limits", `{"seats":7,"units":1500}`, 200, `7`},
		{"POST", "/sim/quirks", `{"settings_key":true}`, 200, `"settings_key":true`},
		{"POST", "/sim/quirks", `{"ids":"strings"}`, 200, `"settings_key":true`},
		{"POST", "/sim/quirks", `{"ids":"roman"}`, 400, `none of`},
		{"POST", "/sim/quirks", `{"setings_key":true}`, 400, `setings_key`},
		{"POST", "/sim/faults", `{"kind":"cut","when":"after","match":{"op":"create"}}`, 200, `"kind":"cut"`},
		{"POST", "/sim/faults", `[{"kind":"slow","delay":"30s"},{"kind":"html"}]`, 200, `"delay":"30s"`},
		{"POST", "/sim/faults", `{"kind":"explode"}`, 400, "explode"},
		{"POST", "/sim/faults", `{"kind":"cut","op":"create"}`, 400, "op"},
		{"POST", "/sim/faults", ``, 400, "read faults"},
		{"POST", "/sim/limits", `seats`, 400, "read limits"},
		{"POST", "/sim/accounts", `{"mail":"x"}`, 400, "mail"},
		{"POST", "/sim/sites", `{"id":"x"}`, 400, "read site"},
		{"POST", "/sim/blocked", `[]`, 400, "read block"},
		{"GET", "/sim/faults", ``, 200, `"html"`},
		{"GET", "/sim/quirks", ``, 200, `"ids":"strings"`},
		{"GET", "/sim/calls", ``, 200, `[]`},
		{"GET", "/sim/calls?after=3", ``, 200, `[]`},
		{"GET", "/sim/effects", ``, 200, `[]`},
		{"GET", "/sim/secrets", ``, 200, `["https://online.seranking.example/guest/`},
		{"DELETE", "/sim/faults", ``, 204, ``},
		{"GET", "/sim/faults", ``, 200, `[]`},
		{"GET", "/sim/nowhere", ``, 404, ``},
	} {
		status, body := control(step.method, step.path, step.body)
		require.Equal(t, step.status, status, "%s %s: %s", step.method, step.path, body)
		require.Contains(t, body, step.want)
	}
	status, body := control("GET", "/sim/state", "")
	require.Equal(t, http.StatusOK, status)
	var s vendorsim.State
	require.NoError(t, json.Unmarshal([]byte(body), &s))
	require.Equal(t, 7, s.SeatsBought)
	require.Equal(t, int64(1500), s.Units)
	require.True(t, s.Accounts[0].Blocked)
	require.Equal(t, []int64{101}, s.Accounts[0].SharedSites)
	require.True(t, s.Quirks.SettingsKey)
}
