package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSeededBugs switches each bug on and demands that its promise finds it.
func TestSeededBugs(t *testing.T) {
	require.GreaterOrEqual(t, len(seededBugs), 15)
	for _, b := range seededBugs {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			found := probes[b.caughtBy](t, b.put)
			require.NotEmpty(t, found, "%q did not notice", b.caughtBy)
			require.Contains(t, strings.Join(found, "\n"), b.says, "it was found for another reason")
			t.Logf("caught by %q: %.300s", b.caughtBy, found[0])
		})
	}
}
