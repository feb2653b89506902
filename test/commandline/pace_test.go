package commandline

import (
	"os"
	"testing"

	"github.com/usherbot/usher/test/pace"
)

// TestMain lets tests go side by side that mostly wait: for the pace of a vendor's client, or for a lock that stays.
func TestMain(m *testing.M) { os.Exit(pace.Waiting(m, 8)) }
