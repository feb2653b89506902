package slacksim_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPageManagesMembers: who manages them, and nobody else, deactivates those named, brings them back, and puts them into the group;
// the app hears of each change once.
func TestPageManagesMembers(t *testing.T) {
	w := newPageWorld(t)
	require.Nil(t, w.as("U0BOB").Members)
	manage := func(as, does string, who ...string) (status int, answer string) {
		return w.post("/page/manage", map[string]any{"as": as, "does": does, "users": who})
	}
	for _, refused := range [][3]string{{"U0BOB", "deactivate", "U0DAVE"}, {"U0ADMIN", "deactivate", "U0ALICE"}, {"U0ADMIN", "delete", "U0DAVE"}} {
		status, answer := manage(refused[0], refused[1], refused[2])
		require.Equal(t, http.StatusNotFound, status, refused)
		require.Contains(t, answer, "Only the workspace's admins")
	}
	is := func(left, in bool) {
		t.Helper()
		u, known := w.sim.User("U0DAVE")
		require.True(t, known)
		require.Equal(t, left, u.Deleted)
		require.Equal(t, in, w.as("U0ADMIN").Members.Who[0].In)
	}
	is(false, false)
	for _, step := range []struct {
		does     string
		left, in bool
	}{{"add", false, true}, {"add", false, true}, {"deactivate", true, true}, {"activate", false, true}, {"remove", false, false}, {"remove", false, false}} {
		status, answer := manage("U0ADMIN", step.does, "U0DAVE")
		require.Equal(t, http.StatusOK, status, answer)
		is(step.left, step.in)
	}
	require.Equal(t, "leads", w.as("U0ADMIN").Members.Handle)
	groups := w.sim.Groups()
	require.Equal(t, []string{"U0BOB", "U0ERIN"}, groups[0].Users)
}

// TestPageGuideSetsAsideWhatTheAppAsksByItself: it is no step of the round, and the guide says what to do about it while it can be decided.
func TestPageGuideSetsAsideWhatTheAppAsksByItself(t *testing.T) {
	w := newPageWorld(t)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#1 asked by itself", "blocks": blocks(t, `[
		{"type":"section","text":{"type":"mrkdwn","text":"#1 · asked by itself"}},
		{"type":"actions","elements":[{"type":"button","action_id":"all","text":{"type":"plain_text","text":"Take it all back"}}]}]`)})
	guide := w.as("U0BOB").Guide
	require.False(t, guide.Decided)
	require.Empty(t, guide.Waiting)
	require.Equal(t, w.as("U0BOB").Messages["C0APPROVE"][0].TS, guide.Asks)
	require.Equal(t, "Press it.", guide.AsksSay)
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "#2", "blocks": blocks(t, `[
		{"type":"section","text":{"type":"mrkdwn","text":"#2 · asked by itself, and done"}}]`)})
	require.False(t, w.as("U0BOB").Guide.Decided)
	require.Equal(t, guide.Asks, w.as("U0BOB").Guide.Asks)
}
