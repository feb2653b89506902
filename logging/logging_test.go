package logging

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

func TestLogsAreJSONWithoutSecrets(t *testing.T) {
	const key = apiclient.Secret("0f3b8a77-55aa-4c1e-9d10-3f2b7c6d5e4f")
	var out bytes.Buffer
	log := New(&out, "debug", key, "")
	log.Debug("asked with "+key.Reveal(), "key", key, "err", fmt.Errorf("get: %w", errors.New("bad key "+key.Reveal())))
	log.With("at", "https://x.example/?key="+key.Reveal()).WithGroup("g").Error("failed", "whole", struct{ Key string }{key.Reveal()},
		slog.Group("inner", "key", key.Reveal()))
	require.NotContains(t, out.String(), key.Reveal())
	for line := range bytes.Lines(out.Bytes()) {
		var fields map[string]any
		require.NoError(t, json.Unmarshal(line, &fields))
		require.Contains(t, string(line), "[secret]")
	}
}

func TestLogLevels(t *testing.T) {
	for level, lines := range map[string]int{"debug": 4, "info": 3, "warn": 2, "error": 1} {
		var out bytes.Buffer
		log := New(&out, level)
		log.Debug("a")
		log.Info("b")
		log.Warn("c")
		log.Error("d")
		require.Equal(t, lines, bytes.Count(out.Bytes(), []byte("\n")), level)
	}
}
