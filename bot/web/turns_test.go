package web

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// board is the Turns of several processes: the clocks of one, which all of them ask.
type board struct {
	*pace
	trouble error
}

func (b *board) Turn(ctx context.Context, key, behind string, _, _ time.Duration) (time.Duration, bool, error) {
	if b.trouble != nil {
		return 0, false, errors.Join(b.trouble, ctx.Err())
	}
	d, ok := b.turn(behind, key, "")
	return d, !ok, nil
}

func (b *board) Held(_ context.Context, key string) (time.Duration, error) {
	return b.held(key), b.trouble
}

func (b *board) Hold(_ context.Context, key string, d time.Duration) error {
	if b.trouble == nil {
		b.holdHere(key, d)
	}
	return b.trouble
}

// TestProcessesPostInTurn: of several none posts within a second of another in one channel, and a limit that one ran into holds all.
func TestProcessesPostInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := &board{pace: newPace(time.Now, nil)}
		one, two := newPace(time.Now, shared), newPace(time.Now, shared)
		began := time.Now()
		for i := range 6 {
			p := []*pace{one, two}[i%2]
			require.NoError(t, p.wait(t.Context(), MethodPost, "C0TEAM", ""))
			require.Equal(t, time.Duration(i)*spacing, time.Since(began), "each second of the channel is one process's")
		}
		require.NoError(t, two.wait(t.Context(), MethodPost, "C0OTHER", ""), "another channel")
		require.Equal(t, 5*spacing, time.Since(began))

		one.hold(t.Context(), MethodPost, time.Minute)
		for i := range 3 {
			err := two.wait(t.Context(), MethodPost, "C0OTHER", "")
			require.Equal(t, Limited, FaultOf(err))
			require.Equal(t, time.Minute+time.Duration(i)*spacing, err.(*Error).After)
		}
		one.hold(t.Context(), methodUser, 2*time.Second)
		before := time.Now()
		require.NoError(t, two.wait(t.Context(), methodUser, "", ""))
		require.Equal(t, 2*time.Second, time.Since(before))
	})
}

// TestWithoutTheStoreNothingIsPosted: nobody knows whose turn it is. What has no turns is called all the same, but for what this process
// was told to leave alone.
func TestWithoutTheStoreNothingIsPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Now, &board{pace: newPace(time.Now, nil), trouble: errors.New("no database")})
		require.Equal(t, NotSent, FaultOf(p.wait(t.Context(), MethodPost, "C0TEAM", "")))
		require.NoError(t, p.wait(t.Context(), methodUser, "", ""))
		p.hold(t.Context(), methodUser, time.Minute)
		require.Equal(t, Limited, FaultOf(p.wait(t.Context(), methodUser, "", "")))
	})
}
