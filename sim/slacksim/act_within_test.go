package slacksim

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

// TestMessagesWithinEvents: what was changed or deleted, and what a thread hangs on, is a message of its own within the event; and lists of people
// are lists where they are empty.
func TestMessagesWithinEvents(t *testing.T) {
	inWorld(t, Options{Events: []string{"message.channels", "subteam_members_changed", "subteam_updated"}}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		w.Invite("C0GENERAL", BotUser)
		said := w.Say("U0ALICE", "C0GENERAL", "hello")
		require.True(t, said.Wait().Acked)
		ts := w.Messages("C0GENERAL")[0].TS
		require.True(t, w.Reply("U0BOB", "C0GENERAL", ts, "me too", true).Wait().Acked)
		require.True(t, w.EditMessage("U0ALICE", "C0GENERAL", ts, "hello all").Wait().Acked)
		require.True(t, w.DeleteMessage("C0GENERAL", ts))
		w.AddGroup(Group{ID: "S0NEW", Users: []string{"U0BOB"}})
		w.AddGroup(Group{ID: "S0NEW"})
		synctest.Wait()
		var events []map[string]any
		for _, e := range a.got(socketmode.EventTypeEventsAPI) {
			var payload struct{ Event map[string]any }
			require.NoError(t, json.Unmarshal(e.Request.Payload, &payload))
			events = append(events, payload.Event)
		}
		type obj = map[string]any
		require.Len(t, events, 6)
		require.Equal(t, "thread_broadcast", events[1]["subtype"])
		require.Equal(t, obj{"type": "message", "user": "U0ALICE", "text": "hello", "team": TeamID, "ts": ts, "thread_ts": ts, "reply_count": 1.0,
			"reply_users_count": 1.0, "reply_users": []any{"U0BOB"}, "latest_reply": events[1]["ts"]}, events[1]["root"])
		was := obj{"type": "message", "user": "U0ALICE", "text": "hello", "team": TeamID, "ts": ts}
		require.Equal(t, was, events[2]["previous_message"])
		was["text"], was["edited"] = "hello all", obj{"user": "U0ALICE", "ts": events[2]["ts"]}
		require.Equal(t, was, events[2]["message"])
		require.Equal(t, was, events[3]["previous_message"])
		require.Equal(t, []any{}, events[4]["added_users"])
		require.Equal(t, []any{}, events[5]["subteam"].(obj)["users"])
	})
}
