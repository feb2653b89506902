package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestATaskThatIsStartedAgainIsRemindedOfAnew: it has its whole time once more, whoever has it hears first, and no reminder bears the
// key of one that was sent before, for it would be taken for that one and not be said.
func TestATaskThatIsStartedAgainIsRemindedOfAnew(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB", "U0DAVE")
	remind := func() (e Pressed) {
		r := w.known(w.book.r)
		at, ok := r.pressing()
		require.True(t, ok)
		e, due := r.pressed(w.Admins, at)
		require.True(t, due)
		next, _, err := Step(r, e, at)
		require.NoError(t, err)
		w.book.r, w.now = next, at
		return e
	}
	require.Equal(t, Pressed{Rounds: 1, Who: []string{"U0BOB"}}, remind())
	require.Equal(t, Pressed{Rounds: 2, Who: []string{"U0BOB", "U0DAVE"}}, remind())
	_, err := w.CouldNot(t.Context(), 12, "U0BOB", "the printer is gone", "slack", w.now)
	require.NoError(t, err)
	w.now = w.now.Add(time.Hour)
	_, err = w.Retry(t.Context(), 12, "U0ADMIN", "slack", w.now)
	require.NoError(t, err)
	who := string(w.gives())
	again := w.now
	require.Equal(t, Pressed{Rounds: 1, Who: []string{who}}, remind())
	require.Equal(t, 3, w.book.r.Task.Round(), "the number in the key goes on")
	require.Equal(t, again.Add(DefaultDue), w.now)
}
