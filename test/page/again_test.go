package page

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/test/world"
)

// demoRun is one run of the demo over TCP, driven as its page drives it.
type demoRun struct {
	t       *testing.T
	address string
	end     func()
}

// startDemo begins a run on a folder, with apps of another configuration, and waits until the bot hears.
func startDemo(t *testing.T, dir string, own ...config.AppConfig) *demoRun {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said, out := io.Pipe()
	over, logs := make(chan error, 1), &world.ErrorLog{}
	go func() {
		over <- errorsOf(demo.Run(ctx, demo.Setting{Addr: "127.0.0.1:0", Data: dir, Own: own, Log: slog.New(logs)}, out), out)
	}()
	words := make([]byte, 4096)
	n, err := said.Read(words)
	require.NoError(t, err)
	d := &demoRun{t: t, address: regexp.MustCompile(`http://\S+`).FindString(string(words[:n]))}
	ended := false
	d.end = func() {
		if stop(); !ended {
			ended = true
			require.NoError(t, <-over)
			require.Empty(t, logs.Take(), "errors in the demo's log")
		}
	}
	t.Cleanup(d.end)
	require.True(t, world.Waited(world.Patience, func() bool {
		d.act("type", map[string]any{"as": "U0ADMIN", "channel": "C0GENERAL", "text": "/access pending"})
		return strings.Contains(d.all("U0ADMIN", "C0GENERAL"), "section") // an answer of the bot's, in blocks
	}))
	return d
}

// messages are those of a channel, as one person sees it.
func (d *demoRun) messages(who, channel string) []world.DemoMessage {
	d.t.Helper()
	return world.DemoMessages(d.t, d.address, who, channel)
}

// all is every block of a channel.
func (d *demoRun) all(who, channel string) (raw string) {
	for _, m := range d.messages(who, channel) {
		raw += string(m.Blocks)
	}
	return raw
}

// sees waits until a message with some words stands in a channel, and no second one does.
func (d *demoRun) sees(who, channel, words string) (found world.DemoMessage) {
	d.t.Helper()
	require.True(d.t, world.Waited(world.Patience, func() bool {
		n := 0
		for _, m := range d.messages(who, channel) {
			if strings.Contains(string(m.Blocks), words) {
				found = m
				n++
			}
		}
		require.LessOrEqual(d.t, n, 1)
		return n == 1
	}), "%s sees %q in %s, beside %s; alice reads %s", who, words, channel, d.all(who, channel), d.all("U0ALICE", "C0GENERAL"))
	return found
}

func (d *demoRun) act(deed string, in map[string]any) {
	d.t.Helper()
	raw, err := json.Marshal(in)
	require.NoError(d.t, err)
	response, err := http.Post(d.address+"/page/"+deed, "application/json", bytes.NewReader(raw))
	require.NoError(d.t, err)
	require.NoError(d.t, world.DecodeControl(response, &struct{}{}))
}

// approve presses the button of a card, found in its blocks as the page finds it.
func (d *demoRun) approve(who string, card world.DemoMessage) {
	d.t.Helper()
	var blocks []struct {
		BlockID  string `json:"block_id"`
		Elements []struct {
			ActionID string `json:"action_id"`
			Text     any    `json:"text"`
		}
	}
	require.NoError(d.t, json.Unmarshal(card.Blocks, &blocks))
	for _, b := range blocks {
		for _, e := range b.Elements {
			if text, ok := e.Text.(map[string]any); ok && text["text"] == "Approve" {
				d.act("click", map[string]any{"as": who, "channel": "C0APPROVE", "ts": card.TS, "block_id": b.BlockID, "action_id": e.ActionID})
				return
			}
		}
	}
	d.t.Fatalf("the card has no button Approve: %s", card.Blocks)
}

// TestTheDemoGoesOnWhereItStopped: the requests of a folder outlive the run, and the simulated Slack does
// not. The card of a request that waits stands in the next run's channel, once, and works.
func TestTheDemoGoesOnWhereItStopped(t *testing.T) {
	dir := t.TempDir()
	first := startDemo(t, dir)
	first.act("type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create jane@acme.example Jane because she starts"})
	first.sees("U0BOB", "C0APPROVE", "jane@acme.example")
	first.end()

	second := startDemo(t, dir)
	card := second.sees("U0BOB", "C0APPROVE", "jane@acme.example")
	second.approve("U0BOB", card)
	second.sees("U0BOB", "C0APPROVE", "the account is there")
	second.end()

	third := startDemo(t, dir)
	for i, name := range []string{"joe", "ann", "tom", "eve"} { // none of which may be taken for a redelivery of what was typed in the first run
		email := name + "@acme.example"
		third.act("type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create " + email + " New because they start"})
		third.sees("U0BOB", "C0APPROVE", email)
		require.Len(t, third.messages("U0BOB", "C0APPROVE"), i+1, "what was settled is not shown again")
	}
}

// TestTheDemoHasTheScopesOfTheManifest: a call that a real workspace would refuse is refused in the demo.
func TestTheDemoHasTheScopesOfTheManifest(t *testing.T) {
	d := startDemo(t, t.TempDir())
	response, err := http.Post(d.address+"/api/auth.test?token=xoxb-slacksim", "", nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, strings.Join(web.Scopes(), ","), response.Header.Get("X-OAuth-Scopes"))
}
