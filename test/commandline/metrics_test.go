package commandline

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/metricstext"
	"github.com/usherbot/usher/test/world"
)

// TestTheDemoHasItsSocket: the socket is there while the whole program runs, over real files, and goes with it.
func TestTheDemoHasItsSocket(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		over <- demo.Run(ctx, demo.Setting{Addr: "127.0.0.1:0", Data: dir, Log: slog.New(slog.DiscardHandler)}, io.Discard)
	}()
	path := filepath.Join(dir, control.SocketName)
	require.Eventually(t, func() bool { return control.Alive(path) }, world.Patience, 10*time.Millisecond)
	require.Contains(t, world.Usher(t, nil, "requests", "--data", dir).Out, "Nothing is waiting.")
	numbers := world.Usher(t, nil, "metrics", "--data", dir)
	require.Equal(t, terminal.ExitDone, numbers.Code, numbers.Errors)
	require.Contains(t, metricstext.Shown(metricstext.WellFormed(t, numbers.Out)), `usher_audit_entries{}`)
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "backup", file, "--data", dir).Code)
	require.Contains(t, world.Usher(t, nil, "restore", file, "--data", dir).Errors, "stop it first")
	stop()
	require.NoError(t, <-over)
	require.NoFileExists(t, path)
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "restore", file, "--data", dir).Code)
}
