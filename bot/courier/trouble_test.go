package courier

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestAdminsLearnThatAChannelIsShut(t *testing.T) {
	for name, shut := range map[string]func(w *world, yes bool){
		"archived": func(w *world, yes bool) { w.Archive(cards, yes) },
		"removed": func(w *world, yes bool) {
			if yes {
				w.Kick(cards, slacksim.BotUser)
				return
			}
			w.Invite(cards, slacksim.BotUser)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				shut(w, true)
				w.Asked("jane@acme.example")
				w.Asked("joe@acme.example")
				w.Pass(time.Hour)
				require.Empty(t, w.Messages(cards))
				require.Len(t, w.DM(carol), 1, "once a day, however many cards wait")
				require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), map[string]string{"archived": "is archived", "removed": "/invite"}[name])
				shut(w, false)
				w.Pass(10*time.Minute + 5*time.Second)
				w.Card(cards, "jane@acme.example")
				w.Card(cards, "joe@acme.example")
			})
		})
	}
}

func TestAdminsLearnOfAMissingScope(t *testing.T) {
	without := strings.Split(strings.ReplaceAll(strings.Join(web.Scopes(), ","), "chat:write,", ""), ",")
	inWorld(t, setup{lenient: true}, func(t *testing.T, w *world) {
		w.Grant(without...) // a token that lacked it from the start would not have been taken
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		found := false
		in, _, err := w.Store.Due(t.Context(), KindAlarm, time.Now().Add(time.Hour), 5)
		require.NoError(t, err)
		for _, i := range in {
			found = found || strings.Contains(i.Key, "missing_scope-chat:write")
		}
		require.True(t, found, "an alarm is promised, though it cannot go out either: %v", in)
	})
}

func TestSomebodyWhoLeftIsNotWrittenToForEver(t *testing.T) {
	for _, when := range []string{"before the first message", "after one"} {
		t.Run(when, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				if when == "after one" {
					_, card := w.Asked("first@acme.example")
					w.Clicked(bob, cards, card.TS, "Approve")
					w.Pass(5 * time.Second)
					require.Len(t, w.DM(alice), 1)
				}
				n, card := w.Asked("jane@acme.example")
				w.Deactivate(alice, true)
				w.Clicked(bob, cards, card.TS, "Approve")
				w.Pass(20 * time.Second)
				receipt, ok, err := w.Store.Receipt(t.Context(), approvals.TellKey(n, approvals.Done, 1))
				require.NoError(t, err)
				require.True(t, ok, "it is given up as soon as Slack says so")
				require.Equal(t, undeliverable, receipt.ID)
				require.LessOrEqual(t, len(w.CallsOf("conversations.open")), 3)
				require.Contains(t, w.Log.String(), "cannot be written to")
				require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
			})
		})
	}
}

// TestAnAnswerThatNeverFitsIsTold: what waits for it would wait for ever, and nobody know.
func TestAnAnswerThatNeverFitsIsTold(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
		w.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.NoID, Times: 1e6})
		w.Asked("jane@acme.example")
		w.Pass(10 * time.Minute)
		require.Len(t, w.DM(carol), 1)
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "Slack keeps answering `conversations.history` in a way I can't read")
		require.Contains(t, w.Log.String(), "Slack keeps answering what I cannot read")
		w.ClearFaults()
		w.Pass(latest + time.Minute)
		w.Card(cards, "jane@acme.example")
		require.Len(t, w.CallsOf("chat.postMessage"), 2, "the card, and the word to the admin")
	})
}
