package courier

import (
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
)

// inOtherLife lets a bot of another life, which began with an empty database, post a card, an admin's card,
// what is told, an alarm and a report, each under the key that this life will use too.
func (w *world) inOtherLife(keys []string) {
	w.T.Helper()
	for _, key := range keys {
		meta := &slack.SlackMetadata{EventType: intentMetadataEvent,
			EventPayload: map[string]any{"key": key, "team": "T0ACME", "digest": "of another life", ownerField: "abcdefghij234567"}}
		place := cards
		if outbox.Kind(key) != approvals.KindCard && outbox.Kind(key) != reports.Kind {
			var err error
			place, err = w.slack.DM(w.T.Context(), lastPersonOr(key, alice))
			require.NoError(w.T, err)
		}
		_, err := w.slack.Post(w.T.Context(), place, web.Message(view.Alarm(approvals.Sayf("another life's"))), meta)
		require.NoError(w.T, err)
		w.Pass(2 * time.Second)
	}
}

func lastPersonOr(key string, otherwise approvals.PersonID) approvals.PersonID {
	if k := outbox.Kind(key); k == approvals.KindAdmins || k == KindAlarm {
		return lastPerson(key)
	}
	return otherwise
}

// TestAMessageOfAnotherLifeIsNotTakenForALostOne: every post's answer is lost, so each is looked for, in a
// workspace where another life has posted under the same keys. What is found is our own; and where our own
// never came to be, the other's is not taken for it.
func TestAMessageOfAnotherLifeIsNotTakenForALostOne(t *testing.T) {
	for name, after := range map[string]bool{"the post was made": true, "the post was not made": false} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
				today := time.Now().UTC().Format(time.DateOnly)
				alarm := KindAlarm + "/full/" + today + "/" + carol
				slot := reports.SlotKey("weekly", "2000-01-01")
				w.inOtherLife([]string{approvals.CardKey(1), approvals.AdminKey(1, carol), approvals.TellKey(1, approvals.Denied, 0), alarm, slot})
				said := func() int { return len(w.Messages(cards)) + len(w.DM(alice)) + len(w.DM(carol)) }
				require.Equal(t, 5, said())
				lose := func() {
					w.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Cut, After: after})
				}
				lose()
				n, _ := w.Asked("jane@acme.example")
				w.Pass(2 * time.Minute)
				require.EqualValues(t, 1, n)
				require.Equal(t, 6, said(), "the card")
				require.Contains(t, w.Card(cards, "jane@acme.example"), "Approve", "and it is not drawn over another life's")

				lose()
				_, err := w.Desk.Vote(t.Context(), 1, approvals.Vote{By: bob, At: time.Now(), Reason: "No"}, time.Now())
				require.NoError(t, err)
				w.Pass(2 * time.Minute)
				require.Equal(t, 7, said(), "what is told")

				lose()
				changes, err := Alarms("full", approvals.Sayf("The disk is full."), []approvals.PersonID{carol}, time.Now())
				require.NoError(t, err)
				require.NoError(t, w.Store.Promise(t.Context(), changes...))
				w.Worker.Wake()
				w.Pass(2 * time.Minute)
				require.Equal(t, 8, said(), "an alarm")
			})
		})
	}
}

// TestWhatWasPostedBeforeThereWereNamesIsFound: by the database that grew a name since, and by no other.
func TestWhatWasPostedBeforeThereWereNamesIsFound(t *testing.T) {
	posted := func(of any, ts string) slack.Message {
		return slack.Message{Msg: slack.Msg{Timestamp: ts, Metadata: slack.SlackMetadata{EventPayload: map[string]any{ownerField: of}}}}
	}
	since := time.Unix(1_000_000, 0)
	grown, fresh := owner{"mine", since}, owner{id: "mine"}
	require.True(t, grown.posted(posted(nil, "999999.000100")))
	require.False(t, grown.posted(posted(nil, "1099999.000100")), "long after it had its name")
	require.True(t, grown.posted(posted("mine", "1099999.000100")))
	require.False(t, grown.posted(posted("yours", "999999.000100")))
	require.False(t, fresh.posted(posted(nil, "999999.000100")))
	require.True(t, fresh.posted(posted("mine", "999999.000100")))
	require.True(t, owner{}.posted(posted(nil, "1.000100")), "a request from before there were nonces")
	require.False(t, owner{}.posted(posted("mine", "1.000100")))
}
