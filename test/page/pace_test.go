package page

import (
	"os"
	"testing"

	"github.com/usherbot/usher/test/pace"
)

// TestMain lets several walks go side by side: each mostly waits.
func TestMain(m *testing.M) { os.Exit(pace.Waiting(m, 6)) }
