package crash

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

func TestMain(m *testing.M) { world.Main(m) }

// TestCrashMatrix strikes the program at every commit and every outward call of every kind of request,
// before and after it took effect, starts it again on the same file, and holds the promises: what was
// acknowledged happened exactly once, what was not is absent or happened exactly once, the requester
// was told exactly once, the card shows what is so, and the database and its audit log are whole.
func TestCrashMatrix(t *testing.T) {
	t.Parallel()
	var total atomic.Int64
	late := world.Tired(t, false)
	t.Run("kinds", func(t *testing.T) {
		for _, s := range world.Scenarios {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				total.Add(strikeEverywhere(t, s, late))
			})
		}
	})
	t.Logf("struck at %d places in %d scenarios", total.Load(), len(world.Scenarios))
	if time.Now().Before(late) {
		least := int64(300)
		if pace.UnderRace {
			least = 100
		}
		require.Greater(t, total.Load(), least)
	}
}

// strikeEverywhere plays a scenario unharmed, and then once for each place with the program struck there. Without
// -every it strikes at one place in fifteen, under the race detector in forty, and a machine that is too busy for these leaves it at what it has struck.
func strikeEverywhere(t *testing.T, s world.Scenario, late time.Time) (struck int64) {
	wrong, _, places := world.StrikeAt(t, s, 0, nil)
	require.Empty(t, wrong, "without any crash")
	require.Greater(t, places, 10)
	step := 15
	switch {
	case *world.Every:
		step = 1
	case pace.UnderRace:
		step = 40
	}
	if s.Long && step > 1 {
		step *= 3
	}
	for at := 1; time.Now().Before(late); at += step {
		wrong, hit, _ := world.StrikeAt(t, s, at, nil)
		require.Empty(t, wrong, "struck at place %d, %s", at, hit)
		if hit == "" {
			break // the scenario has no such place any more
		}
		struck++
	}
	return struck
}
