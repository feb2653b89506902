package main

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
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
	require.Eventually(t, func() bool { return alive(path) }, 10*time.Second, 10*time.Millisecond)
	require.Contains(t, usher(t, nil, "requests", "--data", dir).out, "Nothing waits.")
	numbers := usher(t, nil, "metrics", "--data", dir)
	require.Equal(t, exitDone, numbers.code, numbers.errors)
	wellFormed(t, numbers.out)
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, exitDone, usher(t, nil, "backup", file, "--data", dir).code)
	require.Contains(t, usher(t, nil, "restore", file, "--data", dir).errors, "stop it first")
	stop()
	require.NoError(t, <-over)
	require.NoFileExists(t, path)
	require.Equal(t, exitDone, usher(t, nil, "restore", file, "--data", dir).code)
}

var sample = regexp.MustCompile(`^([a-z_]+)(\{[a-z_]+="(?:[^"\\]|\\.)*"\})? [0-9.e+-]+$`)

// wellFormed holds a text to Prometheus's format: every sample follows its own help and type, and no
// series stands there twice.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	family, series := "", map[string]bool{}
	require.True(t, strings.HasSuffix(text, "\n"))
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if help, ok := strings.CutPrefix(line, "# HELP "); ok {
			family = strings.Fields(help)[0]
			continue
		}
		if kind, ok := strings.CutPrefix(line, "# TYPE "); ok {
			require.Regexp(t, "^"+family+" (gauge|counter|histogram)$", kind)
			continue
		}
		m := sample.FindStringSubmatch(line)
		require.NotNil(t, m, line)
		require.Contains(t, []string{family, family + "_bucket", family + "_sum", family + "_count"}, m[1])
		require.False(t, series[m[1]+m[2]], "twice: %s", line)
		series[m[1]+m[2]] = true
	}
	require.Greater(t, len(series), 10)
}

func TestMetricsEscape(t *testing.T) {
	require.Equal(t, `{kind="a\"b\\c\nd"}`, label("kind", "a\"b\\c\nd"))
	for v, want := range map[float64]string{0: "0", 0.01: "0.01", 3: "3", 946684800: "9.466848e+08"} {
		require.Equal(t, want, number(v))
	}
}
