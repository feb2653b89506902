package slacksim

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

// TestAStormOfStatuses: each change comes by every name that the app subscribes to, with the whole user and an empty list where
// a map would be; slack-go cannot read it, and it is acknowledged all the same or comes again.
func TestAStormOfStatuses(t *testing.T) {
	inWorld(t, Options{Events: []string{"user_change", "user_status_changed"}}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		storm := w.Storm(30)
		require.Len(t, storm, 60)
		for _, d := range storm {
			require.JSONEq(t, `[]`, fieldsOf(t, d.Payload()))
		}
		people := map[string]bool{}
		for _, u := range w.Users() {
			people[u.ID] = u.StatusText != ""
		}
		require.True(t, people["U0ALICE"])
		require.False(t, people[BotUser])
	})
}

// TestAUserSaysAsOfWhen: each change moves the moment that a user was last changed, in the event as in the answer, and nothing else does.
func TestAUserSaysAsOfWhen(t *testing.T) {
	inWorld(t, Options{Events: []string{"user_change"}}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		updated := func() int64 {
			u, err := w.api.GetUserInfoContext(t.Context(), "U0ALICE")
			require.NoError(t, err)
			return int64(u.Updated)
		}
		require.Equal(t, time.Now().Unix(), updated())
		added := updated()
		<-time.After(time.Hour)
		require.Equal(t, added, updated())
		for _, off := range []bool{true, false} {
			<-time.After(time.Hour)
			w.Deactivate("U0ALICE", off)
			require.Equal(t, time.Now().Unix(), w.Users()[slices.IndexFunc(w.Users(), func(u User) bool { return u.ID == "U0ALICE" })].Updated)
		}
		require.Equal(t, time.Now().Unix(), updated())
	})
}

// fieldsOf are a payload's profile fields.
func fieldsOf(t *testing.T, payload json.RawMessage) string {
	var p struct {
		Event struct {
			User struct {
				Profile struct{ Fields json.RawMessage }
			}
		}
	}
	require.NoError(t, json.Unmarshal(payload, &p))
	return string(p.Event.User.Profile.Fields)
}

// TestFilesAreSharedLateOrNever, although the answer says at once that they were taken.
func TestFilesAreSharedLateOrNever(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		share := func() {
			_, err := w.api.UploadFileContext(t.Context(), slack.UploadFileParameters{Filename: "seats.csv", FileSize: 3, Content: "a,b", Channel: "C0GENERAL"})
			require.NoError(t, err)
		}
		w.Behave(Manners{LateFiles: time.Minute})
		share()
		require.Empty(t, w.Messages("general"))
		<-time.After(59 * time.Second)
		require.Empty(t, w.Messages("general"))
		<-time.After(2 * time.Second)
		require.Len(t, last(t, w.Messages("general")).Files, 1)
		w.Behave(Manners{LostFiles: true})
		share()
		<-time.After(24 * time.Hour)
		require.Len(t, w.Messages("general"), 1)
		w.Behave(Manners{LateFiles: time.Hour})
		share() // and the end comes first
	})
}
