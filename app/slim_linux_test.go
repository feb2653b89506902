package app

import (
	"testing"

	"github.com/prometheus/procfs"
	"github.com/stretchr/testify/require"
)

// TestWhatOnlyTheStartNeededIsGivenBack: megabytes of the program's own file aren't in this process any more, and it goes on.
func TestWhatOnlyTheStartNeededIsGivenBack(t *testing.T) {
	before := resident(t)
	require.NoError(t, slim())
	after := resident(t)
	require.Less(t, after+1<<20, before, "bytes resident")
	t.Logf("%d kB, and %d before", after>>10, before>>10)
}

// resident is how many bytes this process has in memory.
func resident(t *testing.T) uint64 {
	t.Helper()
	self, err := procfs.Self()
	require.NoError(t, err)
	maps, err := self.ProcSMapsRollup()
	require.NoError(t, err)
	return maps.Rss
}
