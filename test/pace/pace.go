// Package pace says how much of what is long a test plays, and how much of it at once (Waiting). Without the race detector that is all of it.
//
// Under the detector it is a sample of each kind: a race is found in the way in which two things run side by side, of
// which one row of a table shows as much as its like, and every step takes several times as long. A step of .ci/run plays
// whole what it leaves out.
//
//	if !pace.Plays(row, 5) {
//		continue
//	}
package pace

import (
	"testing"
	"time"
)

// long is how long a test may live, in simulated time, to be played under the race detector too. Where days go by
// nothing races that doesn't race within hours, and the detector slows the waiting most of all: what lives longer is
// played without it only.
const long = 24 * time.Hour

// Lives skips a test that lives as long as that, where the race detector watches and that is too long for it.
func Lives(t *testing.T, d time.Duration) {
	t.Helper()
	if UnderRace && d > long {
		t.Skipf("lives %v of simulated time: played without the race detector", d)
	}
}

// Apart skips a test from which the race detector has nothing to learn, and says why.
func Apart(t *testing.T, why string) {
	t.Helper()
	if UnderRace {
		t.Skipf("%s: played without the race detector", why)
	}
}

// Plays says whether a row of a table is played: every one of them, and under the race detector one in n.
func Plays(row, n int) bool { return !UnderRace || row%n == 0 }

// Stride is how far it is from one place to the next: one, and under the race detector n.
func Stride(n int) int {
	if UnderRace {
		return n
	}
	return 1
}
