package tour

import (
	"bytes"
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
				comesNext(t, followed.Cast(step), at.Next)
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

// TestAStoryFollowsWhoeverGotTheTask: Bob has the first task by hand, so the next one is Carol's, and who follows is sent to her.
func TestAStoryFollowsWhoeverGotTheTask(t *testing.T) {
	stage := beside(t)
	var out bytes.Buffer
	require.NoError(t, Play(t.Context(), stage, Paper{To: &out}, []stories.Story{told(t, "leaver")}))
	require.Contains(t, out.String(), "✓ What has no API is Bob's to do by hand.\n")

	hand := told(t, "hand")
	followed := telling.Begin(stage.Stage, hand)
	p := &player{Telling: telling.Begin(stage.Stage, hand), patience: stage.Patience, paper: Paper{To: &out}}
	for i, step := range hand.Steps {
		require.Equal(t, i, followed.Look().At, step.Say)
		if i == 2 {
			require.Equal(t, "U0ADMIN", followed.Look().Next.As)
			require.Equal(t, "Carol has bought it, and notes from whom.", followed.Cast(step).Say)
		}
		require.NoError(t, p.step(t.Context(), step))
		require.NoError(t, p.until(t.Context(), func() bool { return followed.Look().At > i }), step.Say)
	}
	require.Contains(t, out.String(), "✓ It's Carol's to do, in three steps.\n")
	require.Contains(t, out.String(), "Carol in #access-approvals: step 7, Done\n")
}
