package main

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTheDemoHasItsSocket: the socket is there while the whole program runs, over real files, and goes with it.
func TestTheDemoHasItsSocket(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- runDemo(ctx, "127.0.0.1:0", dir, io.Discard, slog.New(slog.DiscardHandler)) }()
	path := filepath.Join(dir, socketName)
	require.Eventually(t, func() bool { return alive(path) }, patience, 10*time.Millisecond)
	require.Contains(t, usher(t, nil, "requests", "--data", dir).out, "Nothing is waiting.")
	numbers := usher(t, nil, "metrics", "--data", dir)
	require.Equal(t, exitDone, numbers.code, numbers.errors)
	require.Contains(t, Shown(WellFormed(t, numbers.out)), `usher_audit_entries{}`)
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, exitDone, usher(t, nil, "backup", file, "--data", dir).code)
	require.Contains(t, usher(t, nil, "restore", file, "--data", dir).errors, "stop it first")
	stop()
	require.NoError(t, <-over)
	require.NoFileExists(t, path)
	require.Equal(t, exitDone, usher(t, nil, "restore", file, "--data", dir).code)
}
