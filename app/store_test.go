package app

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAStartSaysWhetherSlackHasRoomForIt beside the others on the database.
func TestAStartSaysWhetherSlackHasRoomForIt(t *testing.T) {
	for others, says := range map[int]string{0: "level=INFO", 8: "level=INFO", 9: "level=ERROR"} {
		var said bytes.Buffer
		fits(t.Context(), slog.New(slog.NewTextHandler(&said, nil)), 2, others)
		require.Contains(t, said.String(), says, others)
	}
}
