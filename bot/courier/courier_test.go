package courier

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/pace"
)

// faults are the ways in which an answer does not come, with whether the call took effect.
func faults() map[string]slacksim.Fault {
	all := map[string]slacksim.Fault{}
	for i, kind := range []slacksim.Kind{slacksim.Status500, slacksim.Cut, slacksim.HTML, slacksim.Slow, slacksim.Hang} {
		if pace.Plays(2*i, 3) {
			all[string(kind)+" before"] = slacksim.Fault{Kind: kind}
		}
		if pace.Plays(2*i+1, 3) {
			all[string(kind)+" after"] = slacksim.Fault{Kind: kind, After: true}
		}
	}
	return all
}

func TestAPostWhoseAnswerIsLostIsMadeOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				fault.Method = "chat.postMessage"
				w.Plan(fault)
				n, _ := w.Asked("jane@acme.example")
				w.Pass(2 * time.Minute)
				w.Card(cards, "jane@acme.example")
				receipt, ok, err := w.Store.Receipt(t.Context(), approvals.CardKey(n))
				require.NoError(t, err)
				require.True(t, ok)
				require.Equal(t, w.Messages(cards)[0].TS, receipt.ID)
				looks := 1
				switch waited := fault.Kind == slacksim.Slow || fault.Kind == slacksim.Hang; {
				case !fault.After && waited:
					looks = 2 + 2 // after 5 and 7 s: not seen at once is not yet not there; and twice whether it came after all
				case !fault.After:
					looks = 4 + 2 // at once, and after 1, 3 and 7 s
				}
				require.Equal(t, looks, w.Applied("conversations.history"))
				require.Empty(t, w.CallsOf("chat.update"))
			})
		})
	}
}

func TestAnUpdateWhoseAnswerIsLostConverges(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				_, card := w.Asked("jane@acme.example")
				fault.Method = "chat.update"
				w.Plan(fault)
				w.Clicked(bob, cards, card.TS, "Approve")
				w.Pass(2 * time.Minute)
				require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
				require.Empty(t, w.CallsOf("conversations.history"))
			})
		})
	}
}

func TestTheRequesterIsToldOnceWhateverGoesWrong(t *testing.T) {
	for _, method := range []string{"conversations.open", "chat.postMessage"} {
		for name, fault := range faults() {
			t.Run(method+" "+name, func(t *testing.T) {
				inWorld(t, setup{}, func(t *testing.T, w *world) {
					_, card := w.Asked("jane@acme.example")
					fault.Method = method
					w.Plan(fault)
					w.Clicked(bob, cards, card.TS, "Approve")
					w.Pass(2 * time.Minute)
					require.Len(t, w.DM(alice), 1)
				})
			})
		}
	}
}

func TestNothingIsPostedWhileItCannotBeLookedFor(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
		w.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.Status500, Times: 4})
		w.Asked("jane@acme.example")
		w.Pass(20 * time.Second)
		require.Len(t, w.CallsOf("chat.postMessage"), 1)
		w.Pass(2 * time.Minute)
		require.Len(t, w.CallsOf("chat.postMessage"), 1)
		w.Card(cards, "jane@acme.example")
	})
}

func TestALostPostIsFoundBehindManyOthersAndBroughtUpToDate(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{NoPostLimit: true}, noDeeds: true}, func(t *testing.T, w *world) {
		w.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
		w.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.Status500, Times: 2}) // while others talk
		n, card := w.Asked("jane@acme.example")
		for i := range 2*200 + 50 {
			w.Say(dave, cards, fmt.Sprintf("talk %d", i))
		}
		w.Click(bob, cards, card.TS, "Approve").Wait()
		w.Pass(time.Minute)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "<@U0BOB>")
		require.Equal(t, approvals.Approved, w.State(n))
		require.NotContains(t, w.Card(cards, "jane@acme.example"), "Deny")
		require.Equal(t, 3, w.Applied("conversations.history"), "every page is read until it is found")
	})
}

func TestACrashBetweenPostAndReceiptLeavesOneCard(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		w.copyOfFirst("second@acme.example")
		// One life of the program claims the second card, posts it, and ends before it can write that down.
		key, later := approvals.CardKey(2), time.Now().Add(2*time.Hour)
		require.NoError(t, w.Store.Promise(t.Context(), outbox.Promise(key, time.Now().Add(time.Hour))))
		in, err := w.Store.Claim(t.Context(), key, later)
		require.NoError(t, err)
		w.courier.Do(t.Context(), outbox.NewJob(in, w.Store))
		w.Card(cards, "second@acme.example")

		// The next life finds the claim.
		in, err = w.Store.Claim(t.Context(), key, later)
		require.NoError(t, err)
		job := outbox.NewJob(in, w.Store)
		require.True(t, job.Retaken)
		result := w.courier.Do(t.Context(), job)
		require.NotNil(t, result.Receipt())
		require.Equal(t, w.Messages(cards)[1].TS, result.Receipt().ID)
		w.Card(cards, "second@acme.example")
		require.Empty(t, w.CallsOf("chat.update"), "what was found shows the truth already")
	})
}

func TestAClaimWithoutAResultMakesTheNextLifeLook(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		w.copyOfFirst("second@acme.example")
		in := outbox.Intent{Key: approvals.CardKey(2), Made: time.Now(), Claimed: time.Now()}
		require.NoError(t, w.Store.Promise(t.Context(), outbox.Promise(in.Key, time.Now().Add(time.Hour))))
		owed, err := w.Store.Claim(t.Context(), in.Key, time.Now().Add(2*time.Hour))
		require.NoError(t, err)
		in.Rev, in.Token = owed.Rev, owed.Token
		w.courier.Do(t.Context(), outbox.NewJob(in, w.Store))
		require.Equal(t, 1, w.Applied("conversations.history"))
		w.Card(cards, "second@acme.example")
	})
}

func TestOnlyOurOwnMessagesAreTakenForOurs(t *testing.T) {
	us := web.Identity{Team: "T1", User: "UBOT", Bot: "BBOT"}
	message := func(user, bot, event, key, team, of string) slack.Message {
		return slack.Message{Msg: slack.Msg{User: user, BotID: bot, Metadata: slack.SlackMetadata{EventType: event,
			EventPayload: map[string]any{"key": key, "team": team, "digest": "abc", "of": of}}}}
	}
	digest, ok := bears(message("UBOT", "BBOT", "usher_intent", "card/1", "T1", "mine"), us, "card/1", owner{id: "mine"})
	require.True(t, ok)
	require.Equal(t, "abc", digest)
	for name, m := range map[string]slack.Message{
		"another author":    message("UEVIL", "BEVIL", "usher_intent", "card/1", "T1", "mine"),
		"a person":          message("UEVIL", "", "usher_intent", "card/1", "T1", "mine"),
		"another key":       message("UBOT", "BBOT", "usher_intent", "card/11", "T1", "mine"),
		"another event":     message("UBOT", "BBOT", "other", "card/1", "T1", "mine"),
		"another workspace": message("UBOT", "BBOT", "usher_intent", "card/1", "T2", "mine"),
		"another request":   message("UBOT", "BBOT", "usher_intent", "card/1", "T1", "yours"),
		"a number alone":    message("UBOT", "BBOT", "usher_intent", "card/1", "T1", ""),
		"nothing":           {},
	} {
		_, ok := bears(m, us, "card/1", owner{id: "mine"})
		require.False(t, ok, name)
	}
}

// copyOfFirst puts a second request into the store past the desk, so that nothing is promised for it.
func (w *world) copyOfFirst(email string) {
	w.T.Helper()
	r, err := w.Desk.Request(w.T.Context(), 1)
	require.NoError(w.T, err)
	require.NoError(w.T, w.Store.Update(w.T.Context(), func(tx approvals.Tx) error {
		r.Number, r.Origin.Key, r.Change.Email = 2, "second", email
		return tx.Put(r)
	}))
}

func TestOfTwoChangesBeforeADeliveryOneMessageIsMade(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.RateLimit("chat.postMessage", 1, 30*time.Second)
		w.Asked("jane@acme.example")
		require.Contains(t, w.Typed(alice, "/access cancel 1"), "#1")
		w.Pass(time.Minute)
		require.NotContains(t, w.Card(cards, "jane@acme.example"), "Approve")
		require.Equal(t, 1, w.Applied("chat.postMessage"))
		require.Empty(t, w.CallsOf("chat.update"))
		require.Empty(t, w.CallsOf("conversations.history"), "a post that was refused need not be looked for")
	})
}

func TestALimitOnPostingNeverDelaysAnAck(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.RateLimit("chat.postMessage", 1, time.Minute)
		for i := range 10 {
			out := w.Type(alice, general, fmt.Sprintf("/access create p%d@acme.example Pat because they start", i)).Wait()
			require.True(t, out.Acked)
			require.Less(t, out.After, 200*time.Millisecond)
		}
		w.Pass(2 * time.Minute)
		require.Len(t, w.Messages(cards), 10)
		require.LessOrEqual(t, len(w.CallsOf("chat.postMessage")), 11)
	})
}

func TestManyCardsGoOutOneASecond(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{PostBurst: 2}}, func(t *testing.T, w *world) {
		for i := range 40 {
			who := []string{alice, bob, dave}[i%3]
			w.Type(who, general, fmt.Sprintf("/access create p%d@acme.example Pat because they start", i))
		}
		w.Pass(50 * time.Second)
		require.Len(t, w.Messages(cards), 40)
		require.Len(t, w.CallsOf("chat.postMessage"), 40)
	})
}

func TestADeletedCardComesBackOnlyWhileThereIsSomethingToDecide(t *testing.T) {
	inWorld(t, setup{need: 2, approvers: []string{bob, erin, dave}}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		require.True(t, w.DeleteMessage(cards, card.TS))
		forged := slacksim.Forged{Channel: cards, TS: card.TS, ActionID: view.ActionApprove, Value: w.value(1)}
		require.True(t, w.ClickForged(bob, forged).Wait().Acked)
		w.Pass(5 * time.Second)
		w.Card(cards, "jane@acme.example")
		again := w.Messages(cards)[0]
		require.NotEqual(t, card.TS, again.TS)
		require.True(t, w.DeleteMessage(cards, again.TS))
		require.True(t, w.ClickForged(erin, forged).Wait().Acked)
		w.Pass(time.Minute)
		require.Empty(t, w.Messages(cards))
	})
}

func TestChannelsMayBeNamed(t *testing.T) {
	inWorld(t, setup{channel: "#access-approvals"}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		w.Asked("joe@acme.example")
		w.Pass(5 * time.Second)
		require.Len(t, w.Messages(cards), 2)
		require.Len(t, w.CallsOf("conversations.list"), 1, "a name is looked up once")
	})
	inWorld(t, setup{channel: "#nowhere"}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		require.Len(t, w.DM(carol), 1)
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "#nowhere")
	})
}

func TestAnOutcomeThatIsPastIsNotTold(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Asked("jane@acme.example")
		in := outbox.Intent{Key: approvals.TellKey(1, approvals.Failed, 1), Made: time.Now()}
		result := w.courier.Do(t.Context(), outbox.NewJob(in, w.Store))
		require.Nil(t, result.Receipt())
		require.Empty(t, w.DM(alice))
	})
}

// TestAFailureThatFailedAgainIsToldOnce: while no conversation opens, a deed fails, is started again and
// fails once more; who asked then hears of the failure that stands.
func TestAFailureThatFailedAgainIsToldOnce(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Clicked(bob, cards, card.TS, "Approve")
		w.RateLimit("conversations.open", 1000, 5*time.Second)
		record := func(e approvals.Event) {
			_, err := w.Desk.Record(t.Context(), n, e, time.Now())
			require.NoError(t, err)
		}
		record(approvals.Begun{})
		record(approvals.Refused{Outcome: approvals.Outcome{At: time.Now(), Text: approvals.Sayf("No seat is free.")}})
		w.Pass(10 * time.Second)
		_, err := w.Desk.Retry(t.Context(), n, carol, "slack", time.Now())
		require.NoError(t, err)
		record(approvals.Refused{Outcome: approvals.Outcome{At: time.Now(), Text: approvals.Sayf("Still no seat is free.")}})
		w.Pass(10 * time.Second)
		require.Empty(t, w.DM(alice))
		w.RateLimit("conversations.open", 0, 0)
		w.Pass(10 * time.Minute)
		require.Len(t, w.DM(alice), 1)
		require.Contains(t, string(w.DM(alice)[0].Metadata.Payload), approvals.TellKey(n, approvals.Failed, 2))
		require.NotContains(t, slacksim.PlainText(w.DM(alice)[0]), "seat is free", "why, is for those to see who see the vendor's accounts")
		require.Contains(t, slacksim.PlainText(w.DM(carol)[0]), "Still no seat is free.")
	})
}

func TestIntentsThatMakeNoSenseAreForgotten(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		for _, key := range []string{"card/99", "card/x", "tell", "tell/1", "alarm/x", "admin/99/U0ADMIN", "what/1"} {
			result := w.courier.Do(t.Context(), outbox.NewJob(outbox.Intent{Key: key, Made: time.Now()}, w.Store))
			_, why, retry := result.IsRetry()
			require.False(t, retry, "%s: %s", key, why)
		}
		require.Empty(t, w.CallsOf("chat.postMessage"))
	})
}

func TestAnAlarmThatIsADayOldIsGivenUp(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		changes, err := Alarms("a/b", approvals.Sayf("Something is wrong."), []approvals.PersonID{carol}, time.Now())
		require.NoError(t, err)
		require.Len(t, changes, 1)
		in := *changes[0].Put
		require.True(t, strings.HasPrefix(in.Key, "alarm/a-b/"))
		in.Made = in.Made.Add(-25 * time.Hour)
		result := w.courier.Do(t.Context(), outbox.NewJob(in, w.Store))
		require.Nil(t, result.Receipt())
		require.Empty(t, w.DM(carol))
		var body alarmBody
		require.NoError(t, json.Unmarshal(in.Body, &body))
		require.Equal(t, "Something is wrong.", body.Text.Plain())
	})
}

// TestAnEchoThatIsLeftOutIsNoMisfit: whose conversation it is, and what was changed or taken away, need not
// be repeated to us.
func TestAnEchoThatIsLeftOutIsNoMisfit(t *testing.T) {
	inWorld(t, setup{before: func(w *world) { w.Behave(slacksim.Manners{BareDMs: true, NoEchoes: true}) }}, func(t *testing.T, w *world) {
		w.Plan(late("chat.postMessage", 10*time.Second))
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		w.Clicked(bob, cards, w.Messages(cards)[0].TS, "Approve")
		w.Pass(2 * time.Hour)
		require.Contains(t, w.Card(cards, "jane@acme.example"), "done")
		require.Len(t, w.DM(alice), 1)
		require.Len(t, w.CallsOf("conversations.open"), 1)
		require.Len(t, w.CallsOf("chat.delete"), 1)
		require.LessOrEqual(t, len(w.CallsOf("chat.update")), 2)
	})
}
