package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

// TestProgramServesOverTCP builds the program and asks it, as another process would.
func TestProgramServesOverTCP(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "vendorsim")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-addr", "127.0.0.1:0", "-legacy-addr", "127.0.0.1:0", "-seed", "digest", "-seats", "300")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(stdout)
	base, legacy := address(t, lines, "vendorsim listening on "), address(t, lines, "vendorsim legacy listening on ")

	status, body := get(t, base+"/v1/project-management/users?limit=1", vendorsim.DefaultUnifiedKey)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `"all_count":"250"`)
	status, _ = get(t, base+"/legacy/sites", vendorsim.DefaultLegacyKey)
	require.Equal(t, http.StatusOK, status)
	status, _ = get(t, legacy+"/sites", vendorsim.DefaultLegacyKey)
	require.Equal(t, http.StatusOK, status)
	status, body = get(t, base+"/users/countapiunits.html?key="+vendorsim.DefaultSemrushKey, "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "0", body, "this seed has no units")
	status, body = get(t, base+"/sim/state", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 17, strings.Count(body, `"is_blocked_by_limits":true`))

	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.NoError(t, cmd.Wait(), "an interrupt ends it in good order")
}

func address(t *testing.T, lines *bufio.Scanner, prefix string) string {
	t.Helper()
	require.True(t, lines.Scan(), "a line was printed")
	addr, ok := strings.CutPrefix(lines.Text(), prefix)
	require.True(t, ok, lines.Text())
	return addr
}

func get(t *testing.T, url, key string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if key != "" {
		r.Header.Set("Authorization", "Token "+key)
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}
