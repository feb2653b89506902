package house

import (
	"fmt"
	"os"
	"testing"

	"github.com/usherbot/usher/test/pace"
)

// TestMain leaves all of it to the run without the race detector: these tests read files, one after the other, and the
// detector makes that five times as long.
func TestMain(m *testing.M) {
	if pace.UnderRace {
		fmt.Println("reads files only: played without the race detector")
		return
	}
	os.Exit(m.Run())
}
