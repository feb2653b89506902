package slacksim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// soon ends a wait for what never comes; a busy machine does not need all of it.
const soon = 2 * time.Minute

// asked is a world in which Alice has asked and a card waits.
func asked(t *testing.T) (*pageWorld, *tinyApp, string) {
	w := newPageWorld(t)
	app := w.startApp()
	status, answer := w.post("/page/type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create jane@acme.example Jane"})
	require.Equal(t, http.StatusOK, status, answer)
	var ts string
	require.Eventually(t, func() bool { ts = w.as("U0BOB").Guide.Waiting; return ts != "" }, soon, time.Millisecond)
	return w, app, ts
}

func TestPageTypesACommand(t *testing.T) {
	w, app, _ := asked(t)
	require.Equal(t, "create <mailto:jane@acme.example|jane@acme.example> Jane", app.last().Payload.Text)
	alice := w.as("U0ALICE").Messages["C0GENERAL"]
	require.Len(t, alice, 1)
	require.True(t, alice[0].Ephemeral)
	require.Empty(t, w.as("U0BOB").Messages["C0GENERAL"])
}

func TestPageSaysAMessage(t *testing.T) {
	w := newPageWorld(t)
	status, _ := w.post("/page/type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "hello @bob <b>"})
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "hello <@U0BOB> &lt;b&gt;", w.as("U0BOB").Messages["C0GENERAL"][0].Text)
}

func TestPageClicksTheElementInItsBlock(t *testing.T) {
	w, app, ts := asked(t)
	status, answer := w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "decide", "action_id": "go"})
	require.Equal(t, http.StatusOK, status, answer)
	action := app.last().Payload.Actions[0]
	require.Equal(t, "decide", action.BlockID, "another block of the card has an element with the same action")
	require.Equal(t, "1", action.Value)
}

// TestPagePressesWhatStandsWithinABlock: the buttons of a card in a carousel, and of actions in a container.
func TestPagePressesWhatStandsWithinABlock(t *testing.T) {
	w := newPageWorld(t)
	app := w.startApp()
	posted := w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, `[
		{"type":"container","title":{"type":"plain_text","text":"More"},"child_blocks":[{"type":"actions","block_id":"within","elements":[{"type":"button","action_id":"one","value":"1","text":{"type":"plain_text","text":"One"}}]}]},
		{"type":"carousel","elements":[{"type":"card","block_id":"card","title":{"type":"plain_text","text":"A card"},"actions":[{"type":"button","action_id":"two","value":"2","text":{"type":"plain_text","text":"Two"}}]}]}]`)})
	for block, action := range map[string]string{"within": "one", "card": "two"} {
		status, answer := w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": posted["ts"], "block_id": block, "action_id": action})
		require.Equal(t, http.StatusOK, status, answer)
		require.Equal(t, block, app.last().Payload.Actions[0].BlockID)
	}
}

func TestPageApproves(t *testing.T) {
	w, _, ts := asked(t)
	status, answer := w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "decide", "action_id": "approve"})
	require.Equal(t, http.StatusOK, status, answer)
	require.Eventually(t, func() bool { return w.as("U0BOB").Guide.Told != "" }, soon, time.Millisecond)
	require.Equal(t, "jane@acme.example", w.as("U0BOB").Guide.Account)

	status, answer = w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "decide", "action_id": "approve"})
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, answer, "the message has changed")
}

func TestPageFillsAForm(t *testing.T) {
	w, app, ts := asked(t)
	w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "decide", "action_id": "deny"})
	require.Eventually(t, func() bool { return len(w.as("U0BOB").Views) == 1 }, soon, time.Millisecond)
	require.Empty(t, w.as("U0ALICE").Views, "a form is on one screen only")
	id := w.as("U0BOB").Views[0].ID

	values := func(reason any) map[string]any {
		option := map[string]any{"text": map[string]any{"type": "plain_text", "text": "Not needed"}, "value": "idle"}
		return map[string]any{"as": "U0BOB", "view_id": id, "values": map[string]any{
			"reason": map[string]any{"text": map[string]any{"type": "plain_text_input", "value": reason}},
			"kind":   map[string]any{"pick": map[string]any{"type": "static_select", "selected_option": option}},
			"boxes":  map[string]any{"tick": map[string]any{"type": "checkboxes", "selected_options": []any{map[string]any{"value": "t"}}}},
			"who":    map[string]any{"who": map[string]any{"type": "users_select", "selected_user": nil}},
			"day":    map[string]any{"day": map[string]any{"type": "datepicker", "selected_date": "2026-12-01"}}}}
	}
	press := values("no")
	press["block_id"], press["action_id"], press["state"] = "kind", "pick", press["values"].(map[string]any)["kind"].(map[string]any)["pick"]
	press["values"].(map[string]any)["gone"] = map[string]any{"x": map[string]any{"type": "plain_text_input", "value": "what the form had a moment ago"}}
	status, answer := w.post("/page/click", press)
	require.Equal(t, http.StatusOK, status, answer)
	require.Equal(t, "block_actions", app.last().Payload.Type)
	w.post("/page/submit", values(nil))
	require.Contains(t, w.as("U0BOB").Views[0].Errors["reason"], "required", "Slack itself refuses")
	w.post("/page/submit", values("no"))
	require.Equal(t, "Say a little <more>.", w.as("U0BOB").Views[0].Errors["reason"], "the app refuses")
	w.post("/page/submit", values("too dear for now"))
	require.Empty(t, w.as("U0BOB").Views)

	state := app.last().Payload.View.State.Values
	require.Equal(t, "idle", state["kind"]["pick"]["selected_option"].(map[string]any)["value"])
	require.Len(t, state["boxes"]["tick"]["selected_options"], 1)
	require.Nil(t, state["who"]["who"]["selected_user"])
	require.Equal(t, "2026-12-01", state["day"]["day"]["selected_date"])

	status, answer = w.post("/page/close", map[string]any{"as": "U0BOB", "view_id": id})
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, answer, "no longer open")
}

func TestPageWarnsWhereNothingIsConnected(t *testing.T) {
	w := newPageWorld(t)
	card := w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1", "blocks": blocks(t, tinyCard)})
	w.post("/page/click", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": card["ts"], "block_id": "decide", "action_id": "approve"})
	require.Equal(t, map[string]string{"approve": "dispatch_failed"}, w.as("U0BOB").Messages["C0APPROVE"][0].Warn)

	w.post("/page/type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access help"})
	said := w.as("U0ALICE").Messages["C0GENERAL"][0]
	require.True(t, said.Ephemeral)
	require.Contains(t, said.Text, "dispatch_failed")
}

func TestPageRefusesWhatAPersonCannotDo(t *testing.T) {
	w := newPageWorld(t)
	w.sim.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "board", Private: true, Members: []string{"U0BOB"}})
	for name, row := range map[string]struct {
		path   string
		body   map[string]any
		status int
	}{
		"a stranger":           {"/page/type", map[string]any{"as": "U0NOBODY", "channel": "C0GENERAL", "text": "hi"}, http.StatusNotFound},
		"somebody who left":    {"/page/type", map[string]any{"as": "U0GONE", "channel": "C0GENERAL", "text": "hi"}, http.StatusNotFound},
		"the bot":              {"/page/type", map[string]any{"as": slacksim.BotUser, "channel": "C0GENERAL", "text": "hi"}, http.StatusNotFound},
		"another's channel":    {"/page/type", map[string]any{"as": "U0ALICE", "channel": "C0SECRET", "text": "hi"}, http.StatusForbidden},
		"a message not there":  {"/page/click", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "ts": "1.2", "action_id": "x"}, http.StatusNotFound},
		"a form not there":     {"/page/submit", map[string]any{"as": "U0ALICE", "view_id": "V0"}, http.StatusNotFound},
		"an element of a form": {"/page/click", map[string]any{"as": "U0ALICE", "view_id": "V0", "action_id": "x"}, http.StatusNotFound},
	} {
		status, answer := w.post(row.path, row.body)
		require.Equal(t, row.status, status, "%s: %s", name, answer)
		require.Contains(t, answer, `"error":`, name)
	}
	require.Empty(t, w.sim.Messages("C0SECRET"))
}

func TestPageRefusesOtherSites(t *testing.T) {
	w := newPageWorld(t)
	send := func(contentType, origin string) int {
		request, err := http.NewRequest(http.MethodPost, w.http.URL+"/page/type", strings.NewReader(`{"as":"U0ALICE","channel":"C0GENERAL","text":"hi"}`))
		require.NoError(t, err)
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Origin", origin)
		response, err := w.http.Client().Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		return response.StatusCode
	}
	require.Equal(t, http.StatusForbidden, send("application/json", "https://elsewhere.example"))
	require.Equal(t, http.StatusUnsupportedMediaType, send("text/plain", w.http.URL))
	require.Empty(t, w.sim.Messages("C0GENERAL"))
	require.Equal(t, http.StatusOK, send("application/json", w.http.URL))
	require.Len(t, w.sim.Messages("C0GENERAL"), 1)
}

// TestAFileIsPickedOnThePage: it is there at once, as a form bears it.
func TestAFileIsPickedOnThePage(t *testing.T) {
	w := newPageWorld(t)
	status, answer := w.post("/page/attach", map[string]any{"as": "U0BOB", "name": "members.csv", "content": []byte("Email\n")})
	require.Equal(t, http.StatusOK, status, answer)
	require.Contains(t, fmt.Sprint(answer), "members.csv")
	files := w.sim.Files()
	require.Len(t, files, 1)
	require.Equal(t, []any{"members.csv", "Email\n", "U0BOB"}, []any{files[0].Name, string(files[0].Content), files[0].User})
	status, _ = w.post("/page/attach", map[string]any{"as": "U0NOBODY", "name": "x", "content": []byte("x")})
	require.Equal(t, http.StatusNotFound, status)
	status, _ = w.post("/page/attach", map[string]any{"as": "U0BOB", "name": "x", "content": make([]byte, 25<<20)})
	require.Equal(t, http.StatusRequestEntityTooLarge, status)
	require.Len(t, w.sim.Files(), 1)
}
