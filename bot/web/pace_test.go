package web

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPaceGivesEachCallerASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, began := newPace(time.Now, nil), time.Now()
		for range 4 {
			require.NoError(t, p.wait(t.Context(), MethodPost, "C1", ""))
		}
		require.Equal(t, 3*time.Second, time.Since(began))
		require.NoError(t, p.wait(t.Context(), MethodPost, "C2", ""), "channels do not wait for one another")
		require.NoError(t, p.wait(t.Context(), methodUpdate, "", ""))
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}

func TestPaceSendsAwayWhoeverWouldWaitTooLongEachToATimeOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Now, nil)
		p.hold(t.Context(), MethodPost, time.Minute)
		var back []time.Duration
		for range 3 {
			err := p.wait(t.Context(), MethodPost, "C1", "")
			require.Equal(t, Limited, FaultOf(err))
			back = append(back, err.(*Error).After)
		}
		require.Equal(t, []time.Duration{time.Minute, time.Minute + time.Second, time.Minute + 2*time.Second}, back)
		require.NoError(t, p.wait(t.Context(), methodUpdate, "", ""), "other methods go on")
		<-time.After(time.Minute)
		require.NoError(t, p.wait(t.Context(), MethodPost, "C1", ""))
	})
}

func TestAHoldThatBeginsWhileSomebodyWaitsHoldsThemToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Now, nil)
		require.NoError(t, p.wait(t.Context(), MethodPost, "C1", ""))
		time.AfterFunc(500*time.Millisecond, func() { p.hold(t.Context(), MethodPost, 10*time.Second) })
		require.Equal(t, Limited, FaultOf(p.wait(t.Context(), MethodPost, "C1", "")))
	})
}

func TestAClockThatIsPutBackHoldsNobodyForHours(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p := newPace(func() time.Time { return now }, nil)
	p.hold(t.Context(), MethodPost, time.Minute)
	now = now.Add(-6 * time.Hour)
	require.NoError(t, p.wait(t.Context(), MethodPost, "C1", ""))
}

// TestWhoComesAgainBeforeItsTurnKeepsIt: what is to say something newer meanwhile takes no second one, and whoever has had theirs takes the
// next like anybody.
func TestWhoComesAgainBeforeItsTurnKeepsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Now, nil)
		after := func(who string) time.Duration {
			var e *Error
			require.ErrorAs(t, p.wait(t.Context(), MethodPost, "C1", who), &e)
			return e.After
		}
		p.next["C1"] = span{time.Now(), time.Now().Add(10 * time.Second)}
		require.Equal(t, 10*time.Second, after("card/1"))
		require.Equal(t, 11*time.Second, after("card/2"))
		<-time.After(time.Second)
		require.Equal(t, 9*time.Second, after("card/1"))
		require.Equal(t, 10*time.Second, after("card/2"))
		require.Equal(t, 11*time.Second, after("card/3"))
		<-time.After(9 * time.Second)
		require.NoError(t, p.wait(t.Context(), MethodPost, "C1", "card/1"))
		p.next["C1"] = span{time.Now(), time.Now().Add(20 * time.Second)}
		require.Equal(t, 20*time.Second, after("card/1"), "its turn was taken")
	})
}
