package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestNoAppCanTakeACommandsWord: the verbs that are the same everywhere can't be an action of an app.
func TestNoAppCanTakeACommandsWord(t *testing.T) {
	for _, g := range (speech{}).guides() {
		require.Contains(t, catalog.Verbs, g.name)
	}
	for _, d := range deciding {
		require.Contains(t, catalog.Verbs, d)
	}
}
