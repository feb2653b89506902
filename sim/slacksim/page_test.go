package slacksim_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// pageWorld is the demo workspace with its page, served over TCP, and a vendor
// that the test can change.
type pageWorld struct {
	t      *testing.T
	sim    *slacksim.Server
	http   *httptest.Server
	mu     sync.Mutex
	vendor slacksim.VendorView
	tick   chan struct{} // the vendor has changed
}

func newPageWorld(t *testing.T) *pageWorld {
	w := &pageWorld{t: t, sim: slacksim.New(slacksim.Options{NoPostLimit: true}), tick: make(chan struct{}, 1)}
	w.sim.SeedDemo()
	w.vendor = slacksim.VendorView{Name: "SE Ranking", Seats: slacksim.VendorSeats{Used: 1, Bought: 25},
		Accounts: []slacksim.VendorAccount{{ID: 7, Email: "rita@acme.example", Name: "Rita Rao", Type: "client"}}}
	page := w.sim.Page(slacksim.PageOptions{
		Personas: []slacksim.Persona{{ID: "U0ALICE", Role: "Employee"}, {ID: "U0BOB", Role: "Manager", Home: "C0APPROVE"},
			{ID: "U0ADMIN", Role: "Admin", Home: "C0REPORTS"}},
		Commands: []slacksim.PageCommand{{Command: "/access", Description: "what you can do"},
			{Command: "/access", Verb: "create", UsageHint: "EMAIL FIRST because …", Description: "ask for a seat"},
			{Command: "/access", Verb: "cancel", UsageHint: "N", Description: "take it back"}},
		Members: &slacksim.PageMembers{By: "U0ADMIN", Who: []string{"U0DAVE"}, Group: "S0LEADS"},
		Guide: &slacksim.PageGuide{ByHand: "Semrush", Aside: []string{"asked by itself"}, Asks: []slacksim.PageAsk{{Button: "Take it all back", Say: "Press it."}}, Ask: "U0ALICE", Decide: "U0BOB", Admin: "U0ADMIN", Approvals: "C0APPROVE", Reports: "C0REPORTS",
			Command: "/access create jane@acme.example Jane because of Q1", Report: "/access report"},
		Vendor: func() slacksim.VendorView {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.vendor
		},
		VendorChanged: func() (<-chan struct{}, func()) { return w.tick, func() {} },
	})
	w.http = httptest.NewServer(page)
	t.Cleanup(func() { w.sim.Close(); w.http.Close() })
	return w
}

// addAccount changes the vendor, as a deed would.
func (w *pageWorld) addAccount(email string) {
	w.mu.Lock()
	w.vendor.Accounts = append(w.vendor.Accounts, slacksim.VendorAccount{ID: 8, Email: email, Name: "Jane Doe", Type: "client"})
	w.vendor.Seats.Used++
	w.vendor.Calls = append(w.vendor.Calls, slacksim.VendorCall{Time: 1800000000, Method: "POST", Path: "/subaccounts", Status: 201, Effect: "created " + email})
	w.mu.Unlock()
	w.tick <- struct{}{}
}

// seen is the part of the snapshot that these tests read.
type seen struct {
	Team     string
	Me       string
	Personas []struct {
		ID, Home string
		Unread   int
		Newest   *news
	}
	Channels []struct {
		ID, Name, Kind, With string
		Unread               int
		ReadOnly             bool
	}
	HasHome bool
	Members *struct {
		Who []struct {
			ID string
			In bool
		}
		Handle string
	}
	Messages map[string][]struct {
		TS, User, Text string
		Ephemeral      bool
		Warn           map[string]string
	}
	Views []struct {
		ID     string
		Errors map[string]string
		Note   string
	}
	Guide struct {
		Waiting, Account, Told, ToldIn string
		Decided, ToldSeen, Reported    bool
		Elsewhere                      bool
		Asks, AsksSay                  string
	}
}

func (w *pageWorld) get(path string) (status int, header http.Header, body string) {
	response, err := w.http.Client().Get(w.http.URL + path)
	require.NoError(w.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return response.StatusCode, response.Header, string(content)
}

func (w *pageWorld) as(user string) seen {
	status, _, body := w.get("/page/state?as=" + user)
	require.Equal(w.t, http.StatusOK, status, body)
	var state seen
	require.NoError(w.t, json.Unmarshal([]byte(body), &state))
	return state
}

func (w *pageWorld) post(path string, body any) (status int, answer string) {
	content, err := json.Marshal(body)
	require.NoError(w.t, err)
	response, err := w.http.Client().Post(w.http.URL+path, "application/json", strings.NewReader(string(content)))
	require.NoError(w.t, err)
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return response.StatusCode, string(read)
}

// api calls the Web API as the app would; the page's listener serves it too.
func (w *pageWorld) api(method string, arguments map[string]any) map[string]any {
	content, err := json.Marshal(arguments)
	require.NoError(w.t, err)
	request, err := http.NewRequest(http.MethodPost, w.http.URL+"/api/"+method, strings.NewReader(string(content)))
	require.NoError(w.t, err)
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Authorization", "Bearer xoxb-slacksim")
	response, err := w.http.Client().Do(request)
	require.NoError(w.t, err)
	defer response.Body.Close()
	var answer map[string]any
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&answer))
	require.Equal(w.t, true, answer["ok"], "%s: %v", method, answer)
	return answer
}

const approveBlocks = `[{"type":"section","text":{"type":"mrkdwn","text":"*#1*"}},{"type":"actions","elements":[
	{"type":"button","action_id":"approve","text":{"type":"plain_text","text":"Approve"},"value":"1"}]}]`

func blocks(t *testing.T, text string) []any {
	var list []any
	require.NoError(t, json.Unmarshal([]byte(text), &list))
	return list
}

func TestPageIsOneSelfContainedDocument(t *testing.T) {
	w := newPageWorld(t)
	status, header, html := w.get("/")
	require.Equal(t, http.StatusOK, status)
	require.NotRegexp(t, regexp.MustCompile(`(?i)<script[^>]+src=|<link[^>]+stylesheet|@import`), html, "nothing is loaded from elsewhere")
	require.Contains(t, html, `"data-testid":"composer"`)
	require.Equal(t, 1, strings.Count(html, "<script>"))
	require.Less(t, len(html), 200_000, "bytes, before anything compresses them")
	require.Less(t, w.weighs(html), 96_000, "bytes on the wire, compressed")
	policy := header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'; script-src 'sha256-")
	require.Contains(t, policy, "img-src data:;")
	require.NotContains(t, policy, "unsafe")
}

// weighs is how many bytes a browser gets that takes the page compressed; it must be the same page.
func (w *pageWorld) weighs(html string) int {
	request, err := http.NewRequest(http.MethodGet, w.http.URL+"/", nil)
	require.NoError(w.t, err)
	request.Header.Set("Accept-Encoding", "gzip, br")
	response, err := w.http.Client().Do(request)
	require.NoError(w.t, err)
	defer response.Body.Close()
	require.Equal(w.t, "gzip", response.Header.Get("Content-Encoding"))
	wire, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	unzipped, err := gzip.NewReader(bytes.NewReader(wire))
	require.NoError(w.t, err)
	page, err := io.ReadAll(unzipped)
	require.NoError(w.t, err)
	require.Equal(w.t, html, string(page))
	return len(wire)
}

// TestPageNeverMakesHTMLOfText: no source of a page knows a way to, and the browser holds the library that draws it to that, too.
func TestPageNeverMakesHTMLOfText(t *testing.T) {
	_, header, html := newPageWorld(t).get("/")
	require.Contains(t, header.Get("Content-Security-Policy"), "require-trusted-types-for 'script'; trusted-types 'none'")
	ways := []string{"outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc"}
	for _, way := range ways {
		require.NotContains(t, html, way)
	}
	sources := 0
	require.NoError(t, filepath.WalkDir("front/src", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := os.ReadFile(path)
		sources++
		for _, way := range append(ways, "innerHTML", "InnerHTML") {
			require.NotContains(t, string(source), way, path)
		}
		return err
	}))
	require.NotZero(t, sources)
}

func TestPageStateShowsEachPersonTheirOwn(t *testing.T) {
	w := newPageWorld(t)
	w.sim.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "board", Private: true, Members: []string{"U0BOB", slacksim.BotUser}})
	w.sim.AddChannel(slacksim.Channel{ID: "C0OLD", Name: "old", Archived: true, Members: []string{"U0ALICE", "U0BOB"}})
	w.api("chat.postMessage", map[string]any{"channel": "C0SECRET", "text": "for the board"})
	w.api("chat.postMessage", map[string]any{"channel": "U0ALICE", "text": "for Alice, directly"})
	w.api("chat.postEphemeral", map[string]any{"channel": "C0GENERAL", "user": "U0ALICE", "text": "for Alice's eyes"})

	alice, bob := w.as("U0ALICE"), w.as("U0BOB")
	require.Equal(t, []string{"general", "access-approvals", "seat-reports", "Usher"}, names(alice))
	require.Equal(t, []string{"general", "access-approvals", "seat-reports", "Usher", "board"}, names(bob))
	require.NotContains(t, alice.Messages, "C0SECRET")
	require.Equal(t, "for Alice, directly", alice.Messages[alice.Guide.ToldIn][0].Text)
	require.NotContains(t, bob.Messages, alice.Guide.ToldIn)
	require.True(t, alice.Messages["C0GENERAL"][0].Ephemeral)
	require.Empty(t, bob.Messages["C0GENERAL"])

	for _, nobody := range []string{"U0NOBODY", "U0GONE", slacksim.BotUser} {
		status, _, body := w.get("/page/state?as=" + nobody)
		require.Equal(t, http.StatusNotFound, status, nobody)
		require.Contains(t, body, "Nobody here")
	}
}

func names(s seen) (all []string) {
	for _, c := range s.Channels {
		all = append(all, c.Name)
	}
	return all
}

func TestPageStateKeepsHostileTextAsText(t *testing.T) {
	w := newPageWorld(t)
	const hostile = `</script><script>alert(1)</script>` + "\u2028\u202e" + `"'&<!channel>`
	w.api("chat.postMessage", map[string]any{"channel": "C0GENERAL", "text": hostile})
	_, header, body := w.get("/page/state?as=U0ALICE")
	require.NotContains(t, body, "<script>", "JSON is escaped even if something took it for HTML")
	require.Equal(t, "application/json; charset=utf-8", header.Get("Content-Type"))
	require.Equal(t, hostile, w.as("U0ALICE").Messages["C0GENERAL"][0].Text)
}

func TestPageCountsUnreadUntilRead(t *testing.T) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "one"})
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "two"})
	bob := w.as("U0BOB")
	require.Equal(t, 2, bob.Channels[1].Unread)
	require.Equal(t, 2, bob.Personas[1].Unread)

	status, _ := w.post("/page/read", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": bob.Messages["C0APPROVE"][0].TS})
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 1, w.as("U0BOB").Channels[1].Unread)
	require.Equal(t, 2, w.as("U0ALICE").Channels[1].Unread, "what Bob read Alice has not")
}

func TestPageGuideFollowsTheRound(t *testing.T) {
	w := newPageWorld(t)
	require.Empty(t, w.as("U0BOB").Guide.Waiting)

	card := w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, approveBlocks)})
	require.Equal(t, card["ts"], w.as("U0BOB").Guide.Waiting)

	w.api("chat.update", map[string]any{"channel": "C0APPROVE", "ts": card["ts"], "text": "#1 approved",
		"blocks": blocks(t, `[{"type":"section","text":{"type":"mrkdwn","text":"*#1* approved"}}]`)})
	w.addAccount("jane@acme.example")
	g := w.as("U0BOB").Guide
	require.True(t, g.Decided)
	require.Empty(t, g.Waiting)
	require.Empty(t, g.Told)
	require.Equal(t, "jane@acme.example", g.Account)

	told := w.api("chat.postMessage", map[string]any{"channel": "U0ALICE", "text": "Jane's seat is ready"})
	g = w.as("U0BOB").Guide
	require.Equal(t, told["ts"], g.Told)
	require.False(t, g.ToldSeen)
	w.post("/page/read", map[string]any{"as": "U0ALICE", "channel": g.ToldIn, "ts": g.Told})
	require.True(t, w.as("U0BOB").Guide.ToldSeen)

	require.False(t, w.as("U0ADMIN").Guide.Reported)
	w.api("chat.postMessage", map[string]any{"channel": "C0REPORTS", "text": "SE Ranking seats"})
	require.True(t, w.as("U0ADMIN").Guide.Reported)
}

// TestPageGuideKnowsWhatPeopleCarryOut: of what is asked of another app it promises nothing at the vendor's.
func TestPageGuideKnowsWhatPeopleCarryOut(t *testing.T) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, approveBlocks)})
	require.False(t, w.as("U0BOB").Guide.Elsewhere)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#2 · Semrush user for jane@acme.example", "blocks": blocks(t, approveBlocks)})
	require.True(t, w.as("U0BOB").Guide.Elsewhere)
}

func TestPageGuideBeginsAgainAfterACanceledRequest(t *testing.T) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1 canceled",
		"blocks": blocks(t, `[{"type":"section","text":{"type":"mrkdwn","text":"*#1* — canceled"}}]`)})
	require.False(t, w.as("U0ALICE").Guide.Decided)
}

func TestPageVendor(t *testing.T) {
	w := newPageWorld(t)
	_, _, body := w.get("/page/vendor")
	require.JSONEq(t, `{"name":"SE Ranking","seats":{"used":1,"bought":25},"sites":[],"calls":[],
		"accounts":[{"id":7,"email":"rita@acme.example","name":"Rita Rao","type":"client","sites":[],"blocked":false}]}`, body)
}

func TestPageEventsTickOnEachChange(t *testing.T) {
	w := newPageWorld(t)
	response, err := w.http.Client().Get(w.http.URL + "/page/events")
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	lines := bufio.NewScanner(response.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		return "the stream ended"
	}
	require.Equal(t, `data: {"rev":1}`, next(), "a new reader is told to look at once")
	w.api("chat.postMessage", map[string]any{"channel": "C0GENERAL", "text": "hello"})
	require.Equal(t, `data: {"rev":2}`, next())
	w.post("/page/read", map[string]any{"as": "U0BOB", "channel": "C0GENERAL", "ts": "1"})
	require.Equal(t, `data: {"rev":3}`, next())
	w.addAccount("jane@acme.example")
	require.Equal(t, `data: {"rev":4}`, next())
	w.sim.Close()
	require.Equal(t, "the stream ended", next())
}

func TestPageTakesNothingWhereOneMayNotWrite(t *testing.T) {
	sim := slacksim.New(slacksim.Options{HomeDisabled: true})
	sim.SeedDemo()
	sim.Say("U0BOB", "C0GENERAL", "said before the page was there")
	w := &pageWorld{t: t, sim: sim, http: httptest.NewServer(sim.Page(slacksim.PageOptions{ReadOnlyApp: true, Personas: []slacksim.Persona{{ID: "U0ALICE"}}}))}
	t.Cleanup(func() { sim.Close(); w.http.Close() })
	alice := w.as("U0ALICE")
	require.False(t, alice.HasHome)
	require.Zero(t, alice.Channels[0].Unread, "what was there counts as read")
	require.False(t, alice.Channels[0].ReadOnly)
	dm := alice.Channels[3]
	require.True(t, dm.ReadOnly)
	for _, text := range []string{"hello", "/access help"} {
		status, answer := w.post("/page/type", map[string]any{"as": "U0ALICE", "channel": dm.ID, "text": text})
		require.Equal(t, http.StatusNotFound, status)
		require.Contains(t, answer, "Sending messages to this app has been turned off.")
	}
	require.Empty(t, w.as("U0ALICE").Messages[dm.ID])
	require.True(t, newPageWorld(t).as("U0ALICE").HasHome)
}
