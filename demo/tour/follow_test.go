package tour

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
)

// TestEveryStoryIsFollowed: who follows a story while it's played sees each step done once it is, and not before, and counts what came of it.
func TestEveryStoryIsFollowed(t *testing.T) {
	stage := beside(t)
	for _, story := range stories.All(stories.Scene{Now: time.Now()}) {
		t.Run(story.Name, func(t *testing.T) {
			p := &player{Telling: telling.Begin(stage.Stage, story), patience: stage.Patience, paper: Paper{To: io.Discard}}
			require.NoError(t, p.until(t.Context(), p.heard))
			followed := telling.Begin(stage.Stage, story)
			for i, step := range story.Steps {
				at := followed.Look()
				require.Equal(t, i, at.At, "before: %s", step.Say)
				comesNext(t, step, at.Next)
				require.NoError(t, p.step(t.Context(), step))
				require.NoError(t, p.until(t.Context(), func() bool { return followed.Look().At > i }), "after: %s", step.Say)
			}
			end := followed.Look()
			require.True(t, end.Over())
			for _, had := range end.Seen {
				require.NotContains(t, had, false)
			}
			require.Equal(t, telling.Count{Promised: len(story.Deeds), Done: len(story.Deeds)}, followed.Came())
		})
	}
}

// comesNext holds what is said to come next to the step that does.
func comesNext(t *testing.T, step stories.Step, next *telling.Next) {
	t.Helper()
	require.Equal(t, step.As, next.As)
	require.Equal(t, step.Type, next.Type)
	require.Equal(t, step.World != "" || step.Hands > 0, next.Does != "", step.Say)
	require.Empty(t, next.Waits, step.Say)
	if step.Press != "" && step.Hands == 0 {
		require.Equal(t, step.Press, next.Press)
		require.NotEmpty(t, next.TS, step.Say)
	}
}
