package world

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/sim/wire"
)

// beside is a world without an Usher.
func beside(t *testing.T) *World {
	passed := wire.New(nil)
	slack := slacksim.New(slacksim.Options{Wire: passed})
	slack.SeedDemo()
	t.Cleanup(slack.Close)
	vendor := vendorsim.New(vendorsim.Options{Seats: 25, Wire: passed})
	vendorsim.SeedDemo(vendor)
	require.NoError(t, vendor.LoadMembers("Email,Name,Role\npriya.nair@acme.example,Priya Nair,User\n"))
	dir := t.TempDir()
	return New(Options{Slack: slack, Vendor: vendor, Wire: passed, Folder: func() control.Folder { return control.Folder{Dir: dir} }, Seats: 5, Now: time.Now,
		Look: func(context.Context) (string, error) { return "", errors.New("Nobody is there to look.") }})
}

// asks is a request and what was answered.
func (w *World) asks(t *testing.T, method, path string, in any, alter func(*http.Request)) (int, string) {
	t.Helper()
	raw, err := json.Marshal(in)
	require.NoError(t, err)
	r := httptest.NewRequest(method, "http://127.0.0.1:3000"+path, bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	if alter != nil {
		alter(r)
	}
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	return out.Code, out.Body.String()
}

// TestTheVendorsAreChangedByHand: each deed is seen in the vendor that the API serves, and stands in the log as done by hand; what can't be
// done says why, and changes nothing.
func TestTheVendorsAreChangedByHand(t *testing.T) {
	w := beside(t)
	for _, row := range []struct {
		deed   string
		in     byHand
		status int
		says   string
	}{
		{"block", byHand{Email: "wei.chen@acme.example"}, 200, "is blocked by limits"},
		{"unblock", byHand{Email: "wei.chen@acme.example"}, 200, "no longer blocked"},
		{"block", byHand{Email: "nobody@acme.example"}, 404, "Nobody has the address"},
		{"add", byHand{Email: "Sam@acme.example ", First: "Sam", Type: "client"}, 200, "has a client account"},
		{"add", byHand{Email: "sam@acme.example", First: "Sam", Type: "client"}, 409, "has an account already"},
		{"add", byHand{Email: "sam", First: "Sam", Type: "client"}, 400, "isn't an e-mail address"},
		{"add", byHand{Email: "lee@acme.example", Type: "client"}, 400, "first name"},
		{"add", byHand{Email: "lee@acme.example", First: "Lee", Type: "boss"}, 400, "a client or a user"},
		{"limits", byHand{Email: "sam@acme.example", Sites: 3, Keywords: 40}, 200, "3 websites and 40 keywords"},
		{"limits", byHand{Email: "sam@acme.example", Sites: -1}, 400, "can be 0 to"},
		{"own", byHand{Site: 105, Email: "sam@acme.example"}, 200, "Website 105 belongs to sam@acme.example"},
		{"own", byHand{Site: 105}, 200, "the main account"},
		{"own", byHand{Site: 999}, 404, "no website 999"},
		{"own", byHand{Site: 105, Email: "nobody@acme.example"}, 404, "Nobody has the address"},
		{"delete", byHand{Email: "dale@globex.example"}, 200, "is deleted"},
		{"delete", byHand{Email: "dale@globex.example"}, 404, "Nobody has the address"},
		{"seats", byHand{N: 9}, 200, "lets 9 accounts in"},
		{"seats", byHand{N: 0}, 400, "Between 1 and"},
		{"invite", byHand{Email: "jane@acme.example", Name: "Jane Smith", Role: "User"}, 200, "is invited"},
		{"invite", byHand{Email: "jane@acme.example", Role: "User"}, 409, "in the list already"},
		{"invite", byHand{Email: "lee@acme.example", Role: "Owner"}, 400, "is no role"},
		{"accept", byHand{Email: "jane@acme.example"}, 200, "accepted"},
		{"accept", byHand{Email: "lee@acme.example"}, 404, "Nobody has the address"},
		{"remove", byHand{Email: "priya.nair@acme.example"}, 200, "The seat stays paid"},
		{"remove", byHand{Email: "priya.nair@acme.example"}, 404, "Nobody has the address"},
		{"units", byHand{N: 0}, 200, "has 0 units left"},
		{"units", byHand{N: -5}, 400, "can be 0 to"},
		{"list", byHand{List: "Email\nwei@acme.example\nzoe@acme.example\n"}, 200, "of 2 people"},
		{"list", byHand{List: "Name\nWei\n"}, 400, "stays as it is"},
		{"dance", byHand{}, 404, "nothing of that name"},
	} {
		before := len(w.Wire.After(0))
		status, said := w.asks(t, "POST", "/world/vendors/"+row.deed, row.in, nil)
		require.Equal(t, row.status, status, "%s %+v: %s", row.deed, row.in, said)
		require.Contains(t, said, row.says)
		require.Equal(t, row.status == 200, len(w.Wire.After(0)) == before+1, "%s: the log has what was done, and nothing else", row.deed)
	}
	s := w.Vendor.State()
	sam, _ := w.Vendor.Account("sam@acme.example")
	require.Equal(t, 9, s.SeatsBought)
	require.EqualValues(t, 3, sam.Limits.Site)
	require.Zero(t, s.Units)
	require.Len(t, s.Members, 2)
	_, csv := w.asks(t, "GET", "/world/vendors/semrush-members.csv", nil, nil)
	require.Equal(t, "Email,Name,Role,Status\nwei@acme.example,,User,Active\nzoe@acme.example,,User,Active\n", csv)
	_, calls := w.asks(t, "GET", "/world/calls?neighbour=semrush", nil, nil)
	require.Contains(t, calls, "By hand: jane@acme.example is invited to Semrush.")
	require.NotContains(t, calls, "wei.chen")
}

// TestAnotherSitesPageDoesNothingHere: neither from another origin, nor as a form, nor at a length that is none.
func TestAnotherSitesPageDoesNothingHere(t *testing.T) {
	w := beside(t)
	for name, alter := range map[string]func(*http.Request){
		"another origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"another site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a form":         func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"no JSON":        func(r *http.Request) { r.Body = http.NoBody },
		"too much of it": func(r *http.Request) { r.Body = http.MaxBytesReader(nil, r.Body, 3) },
	} {
		status, said := w.asks(t, "POST", "/world/vendors/delete", byHand{Email: "wei.chen@acme.example"}, alter)
		require.GreaterOrEqual(t, status, 400, "%s: %s", name, said)
	}
	_, there := w.Vendor.Account("wei.chen@acme.example")
	require.True(t, there)
	status, said := w.asks(t, "POST", "/world/look", struct{}{}, nil)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, said, "Nobody is there to look.")
	status, _ = w.asks(t, "POST", "/world/look", struct{}{}, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") })
	require.Equal(t, http.StatusForbidden, status)
}

// TestEachCallHasASentence: every method of Slack's, every operation of the vendors' and every event has one; and what went wrong is
// told as what was wanted, and what came instead.
func TestEachCallHasASentence(t *testing.T) {
	for _, method := range append(slacksim.Methods(), "upload", "file_download", "response_url", "link") {
		require.Contains(t, spoken, method)
	}
	for _, op := range vendorsim.Ops() {
		require.Contains(t, dealings, op)
	}
	for _, event := range []string{"app_home_opened", "message", "subteam_members_changed", "subteam_updated", "user_change", "team_join", "app_mention"} {
		require.Contains(t, events, event)
	}
	w := beside(t)
	tell := func(x wire.Exchange) string {
		l := w.teller.line(x)
		require.False(t, l.unknown, l.Say)
		return l.Say
	}
	post := wire.Exchange{Neighbour: "slack", Kind: wire.HTTP, Method: "POST", URL: "/api/users.info?user=U0BOB", Status: 200}
	require.Equal(t, "Usher looked up Bob.", tell(post))
	post.Answer.Body = []byte(`{"ok":false,"error":"user_not_found"}`)
	require.Equal(t, "Usher wanted to look up Bob. Slack answered “user_not_found”.", tell(post))
	post.Status, post.Answer.Header = 429, []string{"Retry-After: 30"}
	require.Equal(t, "Usher wanted to look up Bob. Slack told it to wait for 30 s.", tell(post))
	post.Status, post.Cut = 0, true
	require.Equal(t, "Usher wanted to look up Bob. The connection broke before Slack had answered.", tell(post))
	units := wire.Exchange{Neighbour: "semrush", Kind: wire.HTTP, Method: "GET", URL: "/users/countapiunits.html?key=[secret]", Status: 200, Answer: wire.Part{Body: []byte("48,210")}}
	require.Equal(t, "Usher asked Semrush how many units are left: 48,210.", tell(units))
	units.Answer.Body = []byte("ERROR 120 :: WRONG KEY - ID PAIR")
	require.Equal(t, "Usher wanted to ask Semrush how many units are left. Semrush answered “ERROR 120 :: WRONG KEY - ID PAIR”.", tell(units))
	seat := wire.Exchange{Neighbour: "seranking", Kind: wire.HTTP, Method: "POST", URL: "/v1/project-management/users", Status: 403,
		Ask: wire.Part{Body: []byte(`[{"key":"data","value":[{"setting.account_email":"jane@acme.example"}]}]`)}, Answer: wire.Part{Body: []byte(`{"error":{"message":"Limit reached"}}`)}}
	require.Equal(t, "Usher wanted to have SE Ranking make an account for jane@acme.example. SE Ranking answered “Limit reached”.", tell(seat))
}

// TestWhatUsherKeepsIsShownAsItWasWhereItIsSilent: no Usher runs, so there is nothing, and it is said.
func TestWhatUsherKeepsIsShownAsItWasWhereItIsSilent(t *testing.T) {
	w := beside(t)
	status, said := w.asks(t, "GET", "/world/store", nil, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, said, "isn't answering just now")
	require.Equal(t, 1, w.keeper.read(t.Context(), 0).Rev)
	require.Equal(t, 1, w.keeper.read(t.Context(), 0).Rev, "nothing else has changed")
}

// TestThePromisesAreSaid: each kind in a sentence, whatever stands behind it.
func TestThePromisesAreSaid(t *testing.T) {
	n := beside(t).teller.names
	for kind := range promises {
		said := n.promise(kind + "/12/U0BOB")
		require.True(t, strings.HasSuffix(said, ", for Bob."), said)
		require.NotContains(t, said, "%")
	}
	require.Equal(t, "Draw #12's card.", n.promise("card/12"))
	require.Equal(t, "Look an app over, as each day.", n.promise("sweep/seranking/2026-12-01"))
	require.Contains(t, n.promise("dance/1"), "dance/1")
}
