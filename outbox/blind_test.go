package outbox

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestABoxThatCannotBeReadIsSaidOnce, however many lanes find out, once a minute while it lasts, and when it's over.
func TestABoxThatCannotBeReadIsSaidOnce(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	var b blindness
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	b.can(t.Context(), log)
	for range 50 {
		b.cannot(t.Context(), log, "card", errors.New("connection refused"), at)
	}
	require.Equal(t, 1, strings.Count(out.String(), "level=ERROR"))
	b.cannot(t.Context(), log, "card", errors.New("connection refused"), at.Add(61*time.Second))
	require.Equal(t, 2, strings.Count(out.String(), "level=ERROR"))
	b.can(t.Context(), log)
	b.can(t.Context(), log)
	require.Equal(t, 1, strings.Count(out.String(), "level=INFO"))
	b.cannot(t.Context(), log, "card", errors.New("connection refused"), at.Add(62*time.Second))
	require.Equal(t, 3, strings.Count(out.String(), "level=ERROR"), "that's another time")
}
