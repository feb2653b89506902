package logging

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

// lines are what a logger wrote, as an operator's tools read it.
func lines(t *testing.T, write func(ctx context.Context, log *slog.Logger)) (out []map[string]any) {
	t.Helper()
	var raw bytes.Buffer
	write(t.Context(), New(&raw, "info"))
	for line := range bytes.Lines(raw.Bytes()) {
		var fields map[string]any
		require.NoError(t, json.Unmarshal(line, &fields))
		require.LessOrEqual(t, bytes.Count(line, []byte(`"request":`)), 1, "said twice: %s", line)
		out = append(out, fields)
	}
	return out
}

// TestLinesSayWhatTheyAreAbout: the request and the trace of what is handled, as far as it was known by then.
func TestLinesSayWhatTheyAreAbout(t *testing.T) {
	got := lines(t, func(ctx context.Context, log *slog.Logger) {
		log.InfoContext(ctx, "nobody's")
		s := &Subject{}
		ctx = About(ctx, s)
		log.InfoContext(ctx, "not known yet")
		s.Is(12, "trace of 12")
		s.Is(13, "trace of 13")
		s.Is(12, "trace of 12")
		log.InfoContext(ctx, "of the first")
		log.InfoContext(ctx, "of another", "request", int64(13))
		log.InfoContext(ctx, "in a group", slog.Group("", slog.String("what", "a card"), slog.Int64("request", 13)))
		log.With("request", int64(13)).InfoContext(ctx, "of its logger")
		log.InfoContext(ctx, "of a stranger", "request", int64(99))
		log.Info("without a context")
	})
	var said [][2]any
	for _, l := range got {
		said = append(said, [2]any{l["request"], l["trace_id"]})
	}
	require.Equal(t, [][2]any{{nil, nil}, {nil, nil}, {12.0, "trace of 12"}, {13.0, "trace of 13"}, {13.0, "trace of 13"}, {13.0, "trace of 13"},
		{99.0, nil}, {nil, nil}}, said)
}

// TestWhatIsAboutNoRequest has a trace all the same, until it turns out to be about one.
func TestWhatIsAboutNoRequest(t *testing.T) {
	got := lines(t, func(ctx context.Context, log *slog.Logger) {
		s := &Subject{}
		s.Is(0, "its own")
		log.InfoContext(About(ctx, s), "a report")
		s.Is(3, "trace of 3")
		log.InfoContext(About(ctx, s), "a request")
	})
	require.Equal(t, "its own", got[0]["trace_id"])
	require.Nil(t, got[0]["request"])
	require.Equal(t, 3.0, got[1]["request"])
	require.Equal(t, "trace of 3", got[1]["trace_id"])
}

// TestASubjectCostsNothingWhereNobodyListens: a line below the level asks nothing of it.
func TestASubjectCostsNothingWhereNobodyListens(t *testing.T) {
	log := New(&bytes.Buffer{}, "error")
	ctx := About(t.Context(), &Subject{})
	require.Zero(t, testing.AllocsPerRun(100, func() { log.DebugContext(ctx, "quiet") }))
}
