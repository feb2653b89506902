package approvals

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// TestWhoFollowsHearsOnce: when it is over, and not while a failed deed may be tried again; following twice, and what one
// asked for oneself, changes nothing, and what is over is followed no more.
func TestWhoFollowsHearsOnce(t *testing.T) {
	d, b := deskOf(pendingRequest(), company{})
	follow := func(who Actor) error {
		_, err := d.Follow(t.Context(), 12, who, "slack", noon)
		return err
	}
	require.NoError(t, follow("U0DAVE"))
	require.NoError(t, follow("U0DAVE"))
	require.NoError(t, follow(Actor(b.r.Requester)))
	require.Equal(t, []PersonID{"U0DAVE"}, b.r.Followers)

	of := func(s State) Request {
		r := b.r
		r.State = s
		return r
	}
	keys := func(out []outbox.Change) (keys []string) {
		for _, c := range out {
			require.True(t, c.Once)
			keys = append(keys, c.Put.Key)
		}
		return keys
	}
	for _, s := range []State{Done, Denied, Expired, Canceled} {
		require.Equal(t, []string{FollowerKey(12, "U0DAVE")}, keys(told(of(Pending), of(s), noon)), s)
	}
	for _, s := range []State{Pending, Approved, Running, InDoubt, Failed} {
		require.Empty(t, told(of(Pending), of(s), noon), s)
	}
	require.Empty(t, told(of(Done), of(Ended), noon), "they heard of it")
	lapsed := of(Failed)
	lapsed.Lapsed = true
	require.Len(t, told(of(Failed), lapsed, noon), 1, "nobody can try it again")

	for i := range mostFollowers {
		_ = follow(Actor(fmt.Sprintf("U0%02d", i))) // the last of them are one too many
	}
	require.Len(t, b.r.Followers, mostFollowers)
	require.Equal(t, Conflict, CodeOf(follow("U0ZOE")))
	b.r.State = Denied
	require.Equal(t, Conflict, CodeOf(follow("U0ZOE")))
}
