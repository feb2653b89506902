package slacksim

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/pipenet"
)

// world is a workspace served over an in-memory network inside a synctest
// bubble, with slack-go as the app.
type world struct {
	*Server
	t      *testing.T
	net    *pipenet.Listener
	http   *http.Client
	api    *slack.Client
	strict bool // violations fail the test

	mu    sync.Mutex
	heard []string
}

const testBase = "http://slack.test"

// inWorld runs a test in a bubble against a demo workspace. Breaches of the
// protocol fail it unless it calls lenient.
func inWorld(t *testing.T, opts Options, body func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, net: pipenet.Listen("slack"), strict: true}
		opts.Violation = w.violated
		w.Server = New(opts)
		w.SeedDemo()
		w.Serve(w.net)
		w.http = &http.Client{Transport: &http.Transport{DialContext: w.net.DialContext}, Timeout: 10 * time.Second}
		w.api = slack.New("xoxb-slacksim", slack.OptionAPIURL(testBase+"/api/"), slack.OptionHTTPClient(w.http),
			slack.OptionAppLevelToken("xapp-slacksim"))
		t.Cleanup(func() {
			w.http.CloseIdleConnections()
			w.Close()
		})
		body(t, w)
	})
}

func (w *world) violated(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, text)
	if w.strict {
		w.t.Errorf("the app broke the protocol: %s", text)
	}
}

func (w *world) lenient() { w.mu.Lock(); w.strict = false; w.mu.Unlock() }

// app is a slack-go Socket Mode client; its handler acknowledges everything
// unless a test set another.
type app struct {
	client *socketmode.Client
	cancel context.CancelFunc
	ended  chan struct{}

	mu      sync.Mutex
	events  []socketmode.Event
	handler func(*socketmode.Client, socketmode.Event)
}

// connect starts an app and waits until it is connected.
func (w *world) connect(handler func(*socketmode.Client, socketmode.Event)) *app {
	dialer := &websocket.Dialer{NetDialContext: w.net.DialContext, WriteBufferSize: 32 << 10}
	a := &app{client: socketmode.New(w.api, socketmode.OptionDialer(dialer)), ended: make(chan struct{}), handler: handler}
	ctx, cancel := context.WithCancel(w.t.Context())
	a.cancel = cancel
	var group sync.WaitGroup
	group.Go(func() { _ = a.client.RunContext(ctx) })
	group.Go(func() { a.listen(ctx) })
	go func() { group.Wait(); close(a.ended) }()
	synctest.Wait()
	return a
}

func (a *app) listen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-a.client.Events:
			a.mu.Lock()
			a.events = append(a.events, e)
			a.mu.Unlock()
			if e.Request != nil && e.Request.EnvelopeID != "" {
				a.handle(e)
			}
		}
	}
}

func (a *app) handle(e socketmode.Event) {
	if a.handler != nil {
		a.handler(a.client, e)
		return
	}
	_ = a.client.Ack(*e.Request)
}

// got are the events of a kind, in order.
func (a *app) got(kind socketmode.EventType) []socketmode.Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []socketmode.Event
	for _, e := range a.events {
		if e.Type == kind {
			found = append(found, e)
		}
	}
	return found
}

func (a *app) stop() { a.cancel(); <-a.ended }

// silent is a handler that acknowledges nothing.
func silent(*socketmode.Client, socketmode.Event) {}

// last is the newest message of a list.
func last(t *testing.T, messages []Message) Message {
	t.Helper()
	require.NotEmpty(t, messages)
	return messages[len(messages)-1]
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

func button(id, label, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(id, value, slack.NewTextBlockObject(slack.PlainTextType, label, false, false))
}

func mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, false)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// card is a message with two buttons.
func card(text string) slack.MsgOption {
	return slack.MsgOptionBlocks(slack.NewSectionBlock(mrkdwn(text), nil, nil),
		slack.NewActionBlock("decide", button("approve", "Approve", "12"), button("deny", "Deny", "12")))
}
