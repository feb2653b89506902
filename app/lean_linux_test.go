package app

import (
	"os"
	"testing"

	"github.com/prometheus/procfs"
	"github.com/stretchr/testify/require"
)

// TestWhatOnlyTheStartNeededIsGivenBack: much of the program's own file isn't in memory any more, and the program goes on.
func TestWhatOnlyTheStartNeededIsGivenBack(t *testing.T) {
	before := ofTheFile(t)
	require.NoError(t, slim())
	after := ofTheFile(t)
	require.Less(t, after, before*3/4, "bytes resident of the program's file")
	t.Logf("%d kB, and %d before", after>>10, before>>10)
}

// ofTheFile is how many bytes are resident of the program's file, as far as nobody writes to them.
func ofTheFile(t *testing.T) (bytes uint64) {
	t.Helper()
	self, err := procfs.Self()
	require.NoError(t, err)
	maps, err := self.ProcSMapsRollup()
	require.NoError(t, err)
	path, err := os.Readlink("/proc/self/exe")
	require.NoError(t, err)
	require.NotEmpty(t, path)
	return maps.Rss - maps.PrivateDirty - maps.SharedDirty
}
