package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheLogTellsTheEnd: a life that is told to end says so, and that it has, with its version.
func TestTheLogTellsTheEnd(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	ctx, stop := context.WithCancel(t.Context())
	require.NoError(t, announced(ctx, log, func() error { stop(); <-ctx.Done(); return nil }))
	require.Regexp(t, `(?s)^time=\S+ level=INFO msg="usher is stopping: [^"]+"\n.*level=INFO msg="usher has stopped" version="[^"]+" in_order=true\n$`, out.String())

	out = bytes.Buffer{}
	require.Error(t, announced(t.Context(), log, func() error { return errors.New("Slack takes the token no more") }))
	require.Regexp(t, `^time=\S+ level=INFO msg="usher has stopped" version="[^"]+" in_order=false\n$`, out.String())
}
