package control

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestStrangersAreTurnedAway: a connection whose other end is not known gets nothing, on any path.
func TestStrangersAreTurnedAway(t *testing.T) {
	c := &Server{Who: func(*http.Request) (approvals.Actor, bool) { return "", false }, Log: slog.New(slog.DiscardHandler)}
	l, err := net.Listen("tcp", "127.0.0.1:0") // no Unix socket, so nobody is known
	require.NoError(t, err)
	server := &http.Server{Handler: c.Handler(), ConnContext: withPeer}
	go func() { _ = server.Serve(l) }() // ends with Close
	defer server.Close()
	for _, path := range []string{"GET /v1/requests", "GET /v1/requests/1", "POST /v1/requests/1/decision", "GET /v1/glance", "GET /v1/audit", "GET /v1/audit/beside", "GET /v1/backup", "GET /metrics"} {
		method, path, _ := strings.Cut(path, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+l.Addr().String()+path, strings.NewReader(`{"yes":true}`))
		require.NoError(t, err)
		a, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.Equal(t, http.StatusForbidden, a.StatusCode, path)
		require.NoError(t, a.Body.Close())
	}
	require.Equal(t, context.Background(), withPeer(context.Background(), &net.TCPConn{}))
}

// TestWhatADeadProcessLeftOfItsSocketGoes, and nothing that only looks like it.
func TestWhatADeadProcessLeftOfItsSocketGoes(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"1", "2", "3", "x"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, socketMark+""+name), 0o700))
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, socketMark+"1", "s"), Net: "unix"})
	require.NoError(t, err)
	l.SetUnlinkOnClose(false)
	require.NoError(t, l.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, socketMark+"3", "s"), []byte("precious"), 0o600))
	d, err := Open(dir, http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, socketMark+"3"), filepath.Join(dir, socketMark+"x"), filepath.Join(dir, SocketName)}, left)
	require.NoError(t, d.Close())
}
