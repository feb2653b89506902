package crash

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/bugs"
	"github.com/usherbot/usher/test/pace"
)

// TestSeededBugs switches each bug on and demands that its promise finds it.
func TestSeededBugs(t *testing.T) {
	pace.Apart(t, "what races in a program with a bug in it says nothing of ours")
	require.GreaterOrEqual(t, len(bugs.All), 15)
	for _, b := range bugs.All {
		t.Run(b.Name, func(t *testing.T) {
			t.Parallel()
			found := probes[b.CaughtBy](t, b.Put)
			require.NotEmpty(t, found, "%q did not notice", b.CaughtBy)
			require.Regexp(t, b.Says, strings.Join(found, "\n"), "it was found for another reason")
			t.Logf("caught by %q: %.300s", b.CaughtBy, found[0])
		})
	}
}
