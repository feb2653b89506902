package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// program is the whole program over TCP, with slack-go as the app.
type program struct {
	t   *testing.T
	url string
}

func start(t *testing.T) *program {
	sim := slacksim.New(slacksim.Options{Violation: func(text string) { t.Error(text) }})
	sim.SeedDemo()
	mux := http.NewServeMux()
	mux.Handle("/", sim)
	mux.Handle("/sim/", newControl(sim))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(sim.Close)
	return &program{t, server.URL}
}

func (p *program) post(path string, body any) map[string]any {
	raw, err := json.Marshal(body)
	require.NoError(p.t, err)
	response, err := http.Post(p.url+"/sim/"+path, "application/json", bytes.NewReader(raw))
	require.NoError(p.t, err)
	return p.read(response).(map[string]any)
}

func (p *program) get(path string) any {
	response, err := http.Get(p.url + "/sim/" + path)
	require.NoError(p.t, err)
	return p.read(response)
}

func (p *program) read(response *http.Response) any {
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, 200, response.StatusCode, string(raw))
	var v any
	require.NoError(p.t, json.Unmarshal(raw, &v))
	return v
}

// app answers commands with a card and clicks with a change of it.
func (p *program) app() {
	api := slack.New("xoxb-slacksim", slack.OptionAppLevelToken("xapp-slacksim"), slack.OptionAPIURL(p.url+"/api/"))
	client := socketmode.New(api)
	ctx, cancel := context.WithCancel(p.t.Context())
	connected, ended := make(chan struct{}, 8), make(chan struct{})
	go func() { defer close(ended); _ = client.RunContext(ctx) }()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				switch data := e.Data.(type) {
				case slack.SlashCommand:
					_ = client.Ack(*e.Request, map[string]any{"text": "you typed " + data.Text, "blocks": cardBlocks})
				case slack.InteractionCallback:
					_ = client.Ack(*e.Request)
					_ = slack.PostWebhook(data.ResponseURL, &slack.WebhookMessage{Text: "clicked " + data.ActionCallback.BlockActions[0].Value})
				}
				if e.Type == socketmode.EventTypeHello {
					connected <- struct{}{}
				}
			}
		}
	}()
	p.t.Cleanup(func() { cancel(); <-ended })
	<-connected
}

var cardBlocks = []map[string]any{{"type": "actions", "elements": []any{map[string]any{"type": "button", "action_id": "go",
	"value": "12", "text": map[string]any{"type": "plain_text", "text": "Go"}}}}}

func TestARoundTripOverTCP(t *testing.T) {
	p := start(t)
	require.Equal(t, "dispatch_failed", p.post("type", map[string]any{"user": "U0ALICE", "channel": "general", "text": "/access help"})["outcome"].(map[string]any)["error"])
	p.app()
	require.EqualValues(t, 1, p.get("connections"))
	done := p.post("type", map[string]any{"user": "U0ALICE", "channel": "general", "text": "/access help"})
	require.Equal(t, true, done["outcome"].(map[string]any)["acked"])
	seen := p.get("ephemerals?user=U0ALICE").([]any)
	answer := seen[len(seen)-1].(map[string]any)
	require.Equal(t, "you typed help", answer["text"])
	click := map[string]any{"user": "U0ALICE", "channel": "general", "ts": answer["ts"], "button": "Go"}
	require.Equal(t, true, p.post("click", click)["outcome"].(map[string]any)["acked"])
	require.Eventually(t, func() bool {
		seen := p.get("ephemerals?user=U0ALICE").([]any)
		return seen[len(seen)-1].(map[string]any)["text"] == "clicked 12"
	}, 2*time.Minute, 10*time.Millisecond)
	require.Equal(t, true, p.post("redeliver", map[string]any{"id": done["id"]})["sent"])
	require.Equal(t, done["envelope_id"], p.get("outcome?id=2").(map[string]any)["envelope_id"])
}

func TestActsOnFormsThatAreNotOpen(t *testing.T) {
	p := start(t)
	for _, act := range []string{"suggest", "clickview", "submit", "close"} {
		done := p.post(act, map[string]any{"user": "U0BOB", "button": "site", "text": "acme"})
		require.Equal(t, "no_such_view", done["outcome"].(map[string]any)["error"], act)
	}
}

func TestFaultsOverTCP(t *testing.T) {
	p := start(t)
	fault := map[string]any{"kind": "fail", "fault": map[string]any{"method": "auth.test", "kind": "500"}}
	require.Equal(t, true, p.post("faults", fault)["done"])
	api := slack.New("xoxb-slacksim", slack.OptionAPIURL(p.url+"/api/"))
	_, err := api.AuthTest()
	require.ErrorContains(t, err, "500")
	p.post("faults", map[string]any{"kind": "rate_limit", "method": "auth.test", "n": 1, "seconds": 2})
	_, err = api.AuthTest()
	require.ErrorContains(t, err, "rate limit")
	p.post("faults", map[string]any{"kind": "clear"})
	_, err = api.AuthTest()
	require.NoError(t, err)
	p.post("faults", map[string]any{"kind": "archive", "channel": "C0REPORTS"})
	_, _, err = api.PostMessage("C0REPORTS", slack.MsgOptionText("x", false))
	require.EqualError(t, err, "is_archived")
	require.Equal(t, false, p.post("faults", map[string]any{"kind": "refresh"})["done"])
	require.Len(t, p.get("calls"), 4)
	require.Len(t, p.get("calls?after=3"), 1)
	require.Empty(t, p.get("calls?after=5"))
	require.Empty(t, p.get("violations"))
}

func TestWrongOrdersAreRefused(t *testing.T) {
	p := start(t)
	for _, body := range []string{`{"kind":"earthquake"}`, `{"unknown":1}`, `nonsense`} {
		response, err := http.Post(p.url+"/sim/faults", "application/json", bytes.NewReader([]byte(body)))
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, 400, response.StatusCode, body)
	}
}

func TestScopesLeftOut(t *testing.T) {
	require.Nil(t, scopesWithout(""), "all of them")
	some := scopesWithout("chat:write,users:read")
	require.Len(t, some, len(slacksim.AllScopes())-2)
	require.NotContains(t, some, "chat:write")
	require.Contains(t, some, "users:read.email")
}

func TestShortcutsAreDeclared(t *testing.T) {
	one, err := readShortcut("message:ask_for:Ask: for them")
	require.NoError(t, err)
	require.Equal(t, slacksim.Shortcut{Type: slacksim.MessageShortcut, CallbackID: "ask_for", Name: "Ask: for them"}, one)
	for _, wrong := range []string{"", "global", "global:ask", "global::Ask", "local:ask:Ask"} {
		_, err := readShortcut(wrong)
		require.ErrorContains(t, err, "want TYPE:CALLBACK_ID:NAME", "%q", wrong)
	}
}
