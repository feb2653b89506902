package slacksim_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// tinyApp is an app of a few lines on the page's workspace: /access create
// posts a card, Approve makes an account, Deny opens a form that wants five
// letters. It is enough to see the page work; the real bot has its own tests.
type tinyApp struct {
	w     *pageWorld
	conn  *websocket.Conn
	mu    sync.Mutex
	heard []tinyEnvelope
}

type tinyEnvelope struct {
	ID      string `json:"envelope_id"`
	Type    string `json:"type"`
	Payload struct {
		Type      string `json:"type"`
		Text      string `json:"text"`
		UserID    string `json:"user_id"`
		ChannelID string `json:"channel_id"`
		TriggerID string `json:"trigger_id"`
		User      struct{ ID string }
		Channel   struct{ ID string }
		Container struct {
			Type         string
			AttachmentID int    `json:"attachment_id"`
			TS           string `json:"message_ts"`
		}
		Actions []struct {
			ActionID string `json:"action_id"`
			BlockID  string `json:"block_id"`
			Value    string `json:"value"`
		}
		View struct {
			State struct {
				Values map[string]map[string]map[string]any
			}
		}
	} `json:"payload"`
}

// startApp connects it over Socket Mode to the page's own address.
func (w *pageWorld) startApp() *tinyApp {
	request, err := http.NewRequest(http.MethodPost, w.http.URL+"/api/apps.connections.open", nil)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer xapp-slacksim")
	response, err := w.http.Client().Do(request)
	require.NoError(w.t, err)
	defer response.Body.Close()
	var opened struct{ URL string }
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&opened))
	conn, handshake, err := websocket.DefaultDialer.DialContext(context.Background(), opened.URL, nil)
	require.NoError(w.t, err)
	defer handshake.Body.Close()

	app, ended := &tinyApp{w: w, conn: conn}, make(chan struct{})
	go func() { defer close(ended); app.run() }()
	w.t.Cleanup(func() { _ = conn.Close(); <-ended })
	require.Eventually(w.t, func() bool { return w.sim.Connections() == 1 }, soon, time.Millisecond)
	return app
}

func (a *tinyApp) run() {
	for {
		var e tinyEnvelope
		if a.conn.ReadJSON(&e) != nil {
			return
		}
		if e.ID == "" {
			continue
		}
		a.mu.Lock()
		a.heard = append(a.heard, e)
		a.mu.Unlock()
		a.answer(e)
	}
}

func (a *tinyApp) ack(e tinyEnvelope, payload any) {
	answer := map[string]any{"envelope_id": e.ID}
	if payload != nil {
		answer["payload"] = payload
	}
	_ = a.conn.WriteJSON(answer) // a connection that has ended has nobody to tell
}

// answer is all the app knows.
func (a *tinyApp) answer(e tinyEnvelope) {
	switch {
	case e.Type == "slash_commands" && strings.HasPrefix(e.Payload.Text, "create"):
		a.ack(e, map[string]any{"text": "Asked. I will write to you when it is decided."})
		a.w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(a.w.t, tinyCard)})
	case e.Type == "slash_commands" && strings.HasPrefix(e.Payload.Text, "report"):
		a.ack(e, nil)
		a.w.api("chat.postMessage", map[string]any{"channel": "C0REPORTS", "text": "*Seats* 2 of 25"})
	case e.Type == "slash_commands":
		a.ack(e, map[string]any{"text": "I don't know that."})
	case e.Payload.Type == "view_submission":
		a.judge(e)
	case e.Payload.Type == "block_actions" && e.Payload.Actions[0].ActionID == "deny":
		a.ack(e, nil)
		a.w.api("views.open", map[string]any{"trigger_id": e.Payload.TriggerID, "view": json.RawMessage(tinyForm)})
	case e.Payload.Type == "block_actions" && e.Payload.Actions[0].ActionID == "approve":
		a.ack(e, nil)
		a.approve(e)
	default:
		a.ack(e, nil)
	}
}

func (a *tinyApp) approve(e tinyEnvelope) {
	a.w.addAccount("jane@acme.example")
	a.w.api("chat.update", map[string]any{"channel": e.Payload.Channel.ID, "ts": e.Payload.Container.TS, "text": "#1 done",
		"blocks": blocks(a.w.t, `[{"type":"section","text":{"type":"mrkdwn","text":"*#1* — done, by <@`+e.Payload.User.ID+`>"}}]`)})
	a.w.api("chat.postMessage", map[string]any{"channel": "U0ALICE", "text": "Jane's seat is ready"})
}

// judge refuses a short reason.
func (a *tinyApp) judge(e tinyEnvelope) {
	reason, _ := e.Payload.View.State.Values["reason"]["text"]["value"].(string)
	if len(reason) < 5 {
		a.ack(e, map[string]any{"response_action": "errors", "errors": map[string]string{"reason": "Say a little <more>."}})
		return
	}
	a.ack(e, nil)
}

// last is the newest envelope.
func (a *tinyApp) last() tinyEnvelope {
	a.mu.Lock()
	defer a.mu.Unlock()
	require.NotEmpty(a.w.t, a.heard)
	return a.heard[len(a.heard)-1]
}

const tinyCard = `[
	{"type":"header","text":{"type":"plain_text","text":"A seat for <b>Jane</b>"}},
	{"type":"section","text":{"type":"mrkdwn","text":"*#1* · <@U0ALICE> asks · “&lt;img src=x onerror=boom()&gt; &amp; <!date^1800000000^{date_num}|then>” :tada:"}},
	{"type":"section","fields":[{"type":"mrkdwn","text":"*Gives*\na client seat"},{"type":"mrkdwn","text":"*May decide*\n<!subteam^S0LEADS> in <#C0APPROVE>"}]},
	{"type":"divider"},
	{"type":"context","elements":[{"type":"mrkdwn","text":"closes itself in 7 days"}]},
	{"type":"actions","block_id":"other","elements":[{"type":"button","action_id":"go","value":"9","text":{"type":"plain_text","text":"Look"}}]},
	{"type":"actions","block_id":"decide","elements":[
		{"type":"button","action_id":"approve","style":"primary","value":"1","text":{"type":"plain_text","text":"Approve"}},
		{"type":"button","action_id":"deny","style":"danger","value":"1","text":{"type":"plain_text","text":"Deny"}},
		{"type":"button","action_id":"go","value":"1","text":{"type":"plain_text","text":"Go"},
			"confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"It cannot be undone."},
			"confirm":{"type":"plain_text","text":"Yes, go"},"deny":{"type":"plain_text","text":"No"}}}]}]`

const tinyForm = `{"type":"modal","title":{"type":"plain_text","text":"Deny #1"},"submit":{"type":"plain_text","text":"Deny"},
	"close":{"type":"plain_text","text":"Back"},"blocks":[
	{"type":"input","block_id":"reason","label":{"type":"plain_text","text":"Reason"},"element":{"type":"plain_text_input","action_id":"text","multiline":true}},
	{"type":"input","block_id":"kind","optional":true,"label":{"type":"plain_text","text":"Kind"},"element":{"type":"static_select","action_id":"pick","options":[
		{"text":{"type":"plain_text","text":"Too dear"},"value":"dear"},{"text":{"type":"plain_text","text":"Not needed"},"value":"idle"}]}},
	{"type":"input","block_id":"boxes","optional":true,"label":{"type":"plain_text","text":"Tell"},"element":{"type":"checkboxes","action_id":"tick","options":[
		{"text":{"type":"plain_text","text":"Alice"},"value":"a"},{"text":{"type":"plain_text","text":"Her team"},"value":"t"}]}},
	{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Who else"},"element":{"type":"users_select","action_id":"who"}},
	{"type":"input","block_id":"day","optional":true,"label":{"type":"plain_text","text":"Until"},"element":{"type":"datepicker","action_id":"day"}}]}`
