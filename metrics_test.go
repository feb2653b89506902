package main

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
)

// TestTheDemoHasItsSocket: the socket is there while the whole program runs, over real files, and goes with it.
func TestTheDemoHasItsSocket(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- demo.Run(ctx, "127.0.0.1:0", dir, io.Discard, slog.New(slog.DiscardHandler)) }()
	path := filepath.Join(dir, control.SocketName)
	require.Eventually(t, func() bool { return control.Alive(path) }, patience, 10*time.Millisecond)
	require.Contains(t, usher(t, nil, "requests", "--data", dir).out, "Nothing is waiting.")
	numbers := usher(t, nil, "metrics", "--data", dir)
	require.Equal(t, terminal.ExitDone, numbers.code, numbers.errors)
	require.Contains(t, metricstext.Shown(metricstext.WellFormed(t, numbers.out)), `usher_audit_entries{}`)
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, terminal.ExitDone, usher(t, nil, "backup", file, "--data", dir).code)
	require.Contains(t, usher(t, nil, "restore", file, "--data", dir).errors, "stop it first")
	stop()
	require.NoError(t, <-over)
	require.NoFileExists(t, path)
	require.Equal(t, terminal.ExitDone, usher(t, nil, "restore", file, "--data", dir).code)
}
