package process

import (
	"testing"

	"github.com/prometheus/procfs"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

// TestWhatTheStartNeededIsLetGo: some seconds after it hears, a running Usher has a good part of its own file in memory no more.
func TestWhatTheStartNeededIsLetGo(t *testing.T) {
	w := newProcessWorld(t, buildPrograms(t), vendorsim.Unified)
	w.run()
	var most uint64
	w.eventually("a third of what it had mapped is let go", func() bool {
		p, err := procfs.NewProc(w.usher.cmd.Process.Pid)
		require.NoError(t, err)
		is, err := p.NewStatus()
		require.NoError(t, err)
		most = max(most, is.RssFile)
		return is.RssFile < most*2/3
	})
	w.stop()
}
