package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// TestWhatAClaimImpliesIsNotedWhereItIsPutOff: with the result, in one commit. What is struck out, and what came to an end, leaves nothing.
func TestWhatAClaimImpliesIsNotedWhereItIsPutOff(t *testing.T) {
	for name, row := range map[string]struct {
		late   bool // it's begun when the claim implies nothing any more
		struck bool
		notes  string
	}{
		"put off":              {notes: `{"place":"D1"}`},
		"begun late":           {late: true, notes: `{"place":"D1"}`},
		"struck out":           {struck: true},
		"late, and struck out": {late: true, struck: true, notes: `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bench) {
				var seen []outbox.Job
				b.worker.Add(outbox.Lane{Kind: "tell", Width: 1, Doer: do(func(j outbox.Job) outbox.Result {
					if seen = append(seen, j); len(seen) > 1 {
						return outbox.Done()
					}
					if row.late {
						<-time.After(outbox.Fresh)
					}
					require.NoError(t, j.Begin(context.Background(), map[string]string{"place": "D1"}, time.Now()))
					if row.struck {
						require.NoError(t, j.Strike(context.Background(), struct{}{}))
					}
					return outbox.RetryAt(time.Now().Add(time.Minute), "no answer")
				})})
				b.start()
				b.promise(outbox.AtOnce("tell/1", 0, time.Now()))
				pass(time.Hour)
				require.Len(t, seen, 2)
				require.Zero(t, seen[1].Implies())
				require.Equal(t, row.notes, string(seen[1].Note))
				left, err := b.store.Intents(context.Background(), "")
				require.NoError(t, err)
				require.Empty(t, left)
			})
		})
	}
}

// TestWhatNobodyHasLookedForStaysImplied: the first delivery of the next life gets nowhere, and the one after it still knows.
func TestWhatNobodyHasLookedForStaysImplied(t *testing.T) {
	inBubble(t, func(b *bench) {
		born := time.Now().UTC()
		b.promise(outbox.AtOnce("tell/1", 0, born))
		_, err := b.store.Claim(context.Background(), "tell/1", born) // by a life that ends here
		require.NoError(t, err)
		var latest []time.Time
		b.worker.Add(outbox.Lane{Kind: "tell", Width: 1, Doer: do(func(j outbox.Job) outbox.Result {
			latest = append(latest, j.Implies())
			switch len(latest) {
			case 1:
				return outbox.RetryAt(time.Now().Add(time.Minute), "Slack is away")
			case 2:
				require.NoError(t, j.Infer(map[string]string{"place": "D1"}))
				return outbox.RetryAt(time.Now().Add(time.Minute), "not there yet")
			}
			return outbox.Done()
		})})
		b.start()
		pass(time.Hour)
		require.Equal(t, []time.Time{born.Add(outbox.Fresh), born.Add(outbox.Fresh), {}}, latest)
	})
}
