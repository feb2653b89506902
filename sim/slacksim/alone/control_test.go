package alone

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
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
	server := httptest.NewServer(Handler(sim, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, true))
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
	p.runs(func(_ *slack.Client, client *socketmode.Client, e socketmode.Event) {
		switch data := e.Data.(type) {
		case slack.SlashCommand:
			_ = client.Ack(*e.Request, map[string]any{"text": "you typed " + data.Text, "blocks": cardBlocks})
		case slack.InteractionCallback:
			_ = client.Ack(*e.Request)
			_ = slack.PostWebhook(data.ResponseURL, &slack.WebhookMessage{Text: "clicked " + data.ActionCallback.BlockActions[0].Value})
		}
	})
}

// runs has an app do something with whatever comes, until the test is over. It returns once the app is connected.
func (p *program) runs(answers func(*slack.Client, *socketmode.Client, socketmode.Event)) {
	api := slack.New("xoxb-slacksim", slack.OptionAppLevelToken("xapp-slacksim"), slack.OptionAPIURL(p.url+"/api/"))
	client := socketmode.New(api)
	ctx, cancel := context.WithCancel(p.t.Context())
	connected, ended := make(chan struct{}, 64), sync.WaitGroup{}
	ended.Go(func() { _ = client.RunContext(ctx) })
	ended.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				if e.Type == socketmode.EventTypeHello {
					connected <- struct{}{}
					continue
				}
				answers(api, client, e)
			}
		}
	})
	p.t.Cleanup(func() { cancel(); ended.Wait() })
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

func TestOptionsThatSayNothing(t *testing.T) {
	good := Options{Addr: "127.0.0.1:0", Seed: "demo"}
	w, err := good.workspace()
	require.NoError(t, err)
	require.Nil(t, w.Scopes, "all of them")
	require.Nil(t, w.Commands, "the simulator's own")
	for says, spoil := range map[string]func(*Options){
		"the seed is":      func(o *Options) { o.Seed = "forest" },
		"the address is":   func(o *Options) { o.Addr = "3100" },
		"the reading is":   func(o *Options) { o.Reading = "2027-01" },
		"the scope":        func(o *Options) { o.WithoutScopes = []string{"chat:wrote"} },
		"a command":        func(o *Options) { o.Commands = []string{"todo"} },
		"a shortcut is":    func(o *Options) { o.Shortcuts = []string{"local:ask:Ask"} },
		`not "global:ask"`: func(o *Options) { o.Shortcuts = []string{"global:ask"} },
		`not "global::Ask`: func(o *Options) { o.Shortcuts = []string{"global::Ask"} },
	} {
		bad := good
		spoil(&bad)
		err := Run(t.Context(), bad, io.Discard, io.Discard)
		require.ErrorAs(t, err, new(Unreadable))
		require.ErrorContains(t, err, says)
	}
	good.WithoutScopes, good.Shortcuts, good.Commands = []string{"chat:write", "users:read"}, []string{"message:ask_for:Ask: for them"}, []string{"/todo"}
	w, err = good.workspace()
	require.NoError(t, err)
	require.Len(t, w.Scopes, len(slacksim.AllScopes())-2)
	require.NotContains(t, w.Scopes, "chat:write")
	require.Equal(t, []slacksim.Shortcut{{Type: slacksim.MessageShortcut, CallbackID: "ask_for", Name: "Ask: for them"}}, w.Shortcuts)
	require.Equal(t, []slacksim.Command{{Command: "/todo", ShouldEscape: true}}, w.Commands)
}
