package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// mute is a store that keeps what it's asked to, or doesn't, and says nothing of it until nobody waits any more.
type mute struct {
	approvals.Book
	times int
	keeps bool
}

func (m *mute) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	if m.times == 0 {
		return m.Book.Update(ctx, fn)
	}
	m.times--
	if m.keeps {
		if err := m.Book.Update(ctx, fn); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return fmt.Errorf("%w: %w", approvals.ErrUnknownOutcome, ctx.Err())
}

// TestAClickOfWhichNobodyKnowsMayBeRepeated: whoever hears that their click may not have been kept looks at the card, which is before them, and
// may press once more at once. It counts once, kept the first time or not.
func TestAClickOfWhichNobodyKnowsMayBeRepeated(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
			n, card := w.Asked("jane@acme.example")
			slow := &mute{Book: w.Desk.Book, times: 2, keeps: keeps} // it is asked once more
			w.Desk.Book = slow
			require.True(t, w.Click(bob, cards, card.TS, "Approve").Wait().Acked, "in time")
			w.Pass(100 * time.Millisecond)
			told := w.Ephemerals(bob)
			require.Len(t, told, 1)
			require.Contains(t, told[0].Text, "That took longer than Slack allows, so I can't tell whether your click was saved")
			require.Contains(t, told[0].Text, "please press again")
			require.Equal(t, keeps, w.State(n) == approvals.Approved)
			if !keeps {
				require.True(t, w.Click(bob, cards, card.TS, "Approve").Wait().Acked)
				w.Pass(100 * time.Millisecond)
				require.Len(t, w.Ephemerals(bob), 1, "the card says the rest")
			}
			r, err := w.Desk.Request(t.Context(), n)
			require.NoError(t, err)
			require.Equal(t, approvals.Approved, r.State)
			require.Len(t, r.Votes, 1)
		})
	}
}

// TestWhatTookTooLongIsNotBlamedOnTheDisk: what waited behind others says so; a disk that fails says that.
func TestWhatTookTooLongIsNotBlamedOnTheDisk(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		well := w.Desk.Book
		w.Desk.Book = &mute{Book: well, times: 2}
		said := w.Typed(alice, "/access create jane@acme.example Jane because she runs the launch")
		require.Contains(t, said, "That took longer than I may take, so I can't tell whether this was saved.")
		require.NotContains(t, said, "disk")
		w.Desk.Book = broken{well}
		require.Contains(t, w.Typed(alice, "/access create lee@acme.example Lee because he starts"), "My disk had trouble just now")
		w.Desk.Book = well
		_, card := w.Asked("jane@acme.example")
		w.Desk.Book = broken{well}
		require.True(t, w.Click(bob, cards, card.TS, "Approve").Wait().Acked)
		w.Pass(100 * time.Millisecond)
		require.Contains(t, w.Ephemerals(bob)[0].Text, "My disk had trouble just now, so I can't tell whether your click was saved.")
	})
}

// broken is a store whose disk fails.
type broken struct{ approvals.Book }

func (broken) Update(context.Context, func(approvals.Tx) error) error {
	return errors.Join(approvals.ErrUnknownOutcome, errors.New("input/output error"))
}
