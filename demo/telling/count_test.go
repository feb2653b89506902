package telling

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/vendorsim"
)

// TestWhatIsCounted: a deed that is done twice, one that isn't done and one that nobody promised are each told apart.
func TestWhatIsCounted(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Seats: 25})
	vendorsim.SeedDemo(v)
	b := Open(v)
	deed := func(op, of string) []stories.Deed { return []stories.Deed{{Op: op, Of: []string{of}}} }
	b.Promised(deed("create", "jane@acme.example"))
	b.Promised(deed("create", "lee@acme.example"))
	require.Equal(t, Count{Promised: 2, Lost: 2}, b.Count(Stage{Vendor: v}))
	creates(t, v, "jane@acme.example")
	require.Equal(t, Count{Promised: 2, Done: 1, Lost: 1}, b.Count(Stage{Vendor: v}))
	require.True(t, v.RemoveAccount("jane@acme.example"))
	creates(t, v, "jane@acme.example")
	creates(t, v, "mia@acme.example")
	c := b.Count(Stage{Vendor: v})
	require.Equal(t, Count{Promised: 2, Done: 1, Doubled: 1, Lost: 1, Unasked: 1}, c)
	require.Equal(t, "promised 2 · done 1 · doubled 1 · lost 1 · unasked 1", c.String())
}

// creates asks the vendor for an account as its API has it.
func creates(t *testing.T, v *vendorsim.Vendor, email string) {
	t.Helper()
	body := `[{"key":"data","value":[{"setting.account_email":"` + email + `"},{"setting.account_first_name":"New"},{"setting.account_password":"correct-Horse-7"},{"setting.account_type":"client"}]}]`
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/project-management/users", strings.NewReader(body))
	r.Header.Set("Authorization", "Token "+v.Key(vendorsim.Unified))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	v.ServeHTTP(w, r)
	require.Less(t, w.Code, 300, w.Body.String())
}
