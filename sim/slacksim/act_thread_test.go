package slacksim_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// threadState is what the page knows of the messages of a channel and of threads.
type threadState struct {
	Channels []struct {
		ID     string
		Unread int
	}
	Messages map[string][]struct {
		TS, Text, Thread string
		New              int
		Replies          []struct{ TS, Text, Thread string }
	}
	Threads []struct {
		Channel, TS string
		Unread      int
	}
}

func (w *pageWorld) threads(as string) (s threadState) {
	_, _, body := w.get("/page/state?as=" + as)
	require.NoError(w.t, json.Unmarshal([]byte(body), &s))
	return s
}

// TestRepliesStandUnderWhatTheyAnswer and not in the channel, unless they were sent there too; who follows the thread has them unread until they look.
func TestRepliesStandUnderWhatTheyAnswer(t *testing.T) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1 for <@U0ALICE>"})
	parent := w.threads("U0BOB").Messages["C0APPROVE"][0].TS
	for _, said := range []map[string]any{{"text": "in it"}, {"text": "in both", "also": true}} {
		said["as"], said["channel"], said["thread"] = "U0BOB", "C0APPROVE", parent
		status, _ := w.post("/page/type", said)
		require.Equal(t, http.StatusOK, status)
	}
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "the app's", "thread_ts": parent})

	bob, alice := w.threads("U0BOB"), w.threads("U0ALICE")
	require.Len(t, bob.Messages["C0APPROVE"], 2)
	require.Equal(t, "in both", bob.Messages["C0APPROVE"][1].Text)
	require.Equal(t, parent, bob.Messages["C0APPROVE"][1].Thread)
	replies := bob.Messages["C0APPROVE"][0].Replies
	require.Len(t, replies, 3)
	require.Equal(t, "in it", replies[0].Text)
	require.Equal(t, 1, bob.Messages["C0APPROVE"][0].New, "the app's, as the others are his own")
	require.Equal(t, 2, alice.Messages["C0APPROVE"][0].New, "she is named, and reads the third in the channel")
	require.Equal(t, 2, alice.Threads[0].Unread)
	require.Empty(t, w.threads("U0ERIN").Threads, "nothing there is about her")

	history := w.api("conversations.history", map[string]any{"channel": "C0APPROVE"})["messages"].([]any)
	require.Len(t, history, 2)
	require.Equal(t, "thread_broadcast", history[0].(map[string]any)["subtype"])

	status, _ := w.post("/page/read", map[string]any{"as": "U0ALICE", "channel": "C0APPROVE", "thread": parent, "ts": replies[2].TS})
	require.Equal(t, http.StatusOK, status)
	require.Zero(t, w.threads("U0ALICE").Threads[0].Unread)

	status, say := w.post("/page/type", map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "thread": parent, "text": "/access help"})
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, say, "Commands don't work in threads.")
}

// TestFeedbackAndIconButtons: each sends the value it has, and a thumb only one of the two.
func TestFeedbackAndIconButtons(t *testing.T) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "Was that right?", "blocks": blocks(t, feedback)})
	ts := w.threads("U0BOB").Messages["C0APPROVE"][0].TS
	press := map[string]any{"as": "U0BOB", "channel": "C0APPROVE", "ts": ts, "block_id": "said", "action_id": "thumbs", "state": map[string]any{"type": "feedback_buttons", "value": "bad"}}
	status, _ := w.post("/page/click", press)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "bad", app.last().Payload.Actions[0].Value)
	press["state"] = map[string]any{"type": "feedback_buttons", "value": "neither"}
	status, _ = w.post("/page/click", press)
	require.Equal(t, http.StatusNotFound, status)
	press["action_id"], press["state"] = "bin", nil
	status, _ = w.post("/page/click", press)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "away", app.last().Payload.Actions[0].Value)
}

const feedback = `[{"type":"context_actions","block_id":"said","elements":[
	{"type":"feedback_buttons","action_id":"thumbs","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"good"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"bad"}},
	{"type":"icon_button","action_id":"bin","icon":"trash","text":{"type":"plain_text","text":"Throw away"},"value":"away"}]}]`
