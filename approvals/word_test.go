package approvals

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// TestAfterAWordItIsLookedTwice: at once by somebody who may remember them as they were, and again when nobody can any more, also where the
// first look had to be tried again; what nobody said anything about is looked at once, and daily.
func TestAfterAWordItIsLookedTwice(t *testing.T) {
	r := waitingFor(1, "U0BOB")
	remembered := company{"U0BOB": {ID: "U0BOB", Active: true}, "U0ADMIN": {Active: true}, "U0FRANK": {Active: true}}
	d, b := deskOf(r, remembered, "U0ADMIN")
	now := noon
	look := func(due time.Time, note json.RawMessage) outbox.Result {
		return d.Watching(func() time.Time { return now }).Do(t.Context(), outbox.NewJob(outbox.Intent{Key: AliveKey(12), Due: due, Note: note}, nil))
	}
	again, ok := look(time.Unix(0, lookTurn("U0BOB", 12)), nil).IsDoneUntil()
	require.True(t, ok)
	require.Empty(t, b.r.Gone, "this one heard nothing")
	require.Equal(t, noon.Add(7*time.Minute), again)

	now, remembered["U0BOB"] = again, Person{ID: "U0BOB"}
	again, ok = look(again, nil).IsDoneUntil()
	require.True(t, ok)
	require.Equal(t, []string{"U0BOB"}, b.r.Gone)
	require.Equal(t, now.Add(24*time.Hour), again)

	again, _ = look(now, json.RawMessage(`{"news":true}`)).IsDoneUntil()
	require.Equal(t, now.Add(7*time.Minute), again, "as it's noted where it was put off")
	again, _ = look(time.Unix(0, lookTurn("", 12)), nil).IsDoneUntil()
	require.Equal(t, now.Add(24*time.Hour), again)
}
