package leavers_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// silent is a register of which one app can't be read.
type silent struct{ leavers.Holdings }

func (silent) Where(context.Context, func(register.Entry) bool) (register.Holdings, error) {
	return register.Holdings{Unread: []string{"hiring"}}, nil
}

// whose is a directory that knows nobody by their address.
type whose struct{ known }

func (whose) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

// TestWhatCannotBeReadIsLookedAtMoreSeldomAndKeptOnce: an app may have no list for years. It's looked at again an hour later, and then
// ever more seldom; that nothing has changed is no entry of the log.
func TestWhatCannotBeReadIsLookedAtMoreSeldomAndKeptOnce(t *testing.T) {
	h := newHouse(t)
	h.Register, h.Requests.Directory, h.Requests.Book = silent{}, whose{}, h.store
	h.see(1, true)
	job := outbox.Job{Intent: outbox.Intent{Key: leavers.GatherKey(1), Made: h.now}}
	h.now = h.now.Add(time.Hour)
	before := h.logged()
	var pauses []time.Duration
	for range 6 {
		at, until := h.Gathering(func() time.Time { return h.now }).Do(t.Context(), job).IsDoneUntil()
		require.True(t, until)
		require.Equal(t, leavers.Open, h.leaving(1).State)
		require.Equal(t, []string{"hiring"}, h.leaving(1).Unread)
		pauses, h.now = append(pauses, at.Sub(h.now)), at
	}
	require.Equal(t, []time.Duration{1 * time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour, 6 * time.Hour}, pauses)
	require.Equal(t, before+1, h.logged())
}
