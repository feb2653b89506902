package tour

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
	"github.com/usherbot/usher/sim/vendorsim"
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
				if step.World != "" {
					require.NotContains(t, at.Seen[i], true, "what is so before it isn't what came of it: %s", step.Say)
				}
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
	require.Contains(t, out.String(), "✓ Semrush has no API for that, so it's Bob's to take back by hand.\n")
	require.Contains(t, out.String(), "One of two is gone: her SE Ranking account. The other, Semrush, is Bob's to take back by hand, step by step on the card.\n")

	hand := told(t, "hand")
	followed := telling.Begin(stage.Stage, hand)
	p := &player{Telling: telling.Begin(stage.Stage, hand), patience: stage.Patience, paper: Paper{To: &out}}
	for i, step := range hand.Steps {
		require.Equal(t, i, followed.Look().At, step.Say)
		if i == 2 {
			require.Equal(t, "U0ADMIN", followed.Look().Next.As)
			require.Equal(t, "Carol has bought it and writes down from whom.", followed.Cast(step).Say)
		}
		require.NoError(t, p.step(t.Context(), step))
		require.NoError(t, p.until(t.Context(), func() bool { return followed.Look().At > i }), step.Say)
	}
	require.Contains(t, out.String(), "✓ It's Carol's to do, in three steps.\n")
	require.Contains(t, out.String(), "Carol in #access-approvals: step 7, Done\n")
}

// TestAKillThatComesTooLate: who lets the answer come is told so, and a kill after that ticks nothing. The story begun again is as it should be.
func TestAKillThatComesTooLate(t *testing.T) {
	stage := beside(t)
	crash := told(t, "crash")
	p := &player{Telling: telling.Begin(stage.Stage, crash), patience: stage.Patience, paper: Paper{To: io.Discard}}
	require.NoError(t, p.until(t.Context(), p.heard))
	followed := telling.Begin(stage.Stage, crash)
	kill := len(crash.Steps) - 1
	for i, step := range crash.Steps[:kill] {
		require.NoError(t, p.step(t.Context(), step))
		require.NoError(t, p.until(t.Context(), func() bool { return followed.Look().At > i }), step.Say)
		stage.Vendor.Heal() // it gives its answer at once
	}
	require.NoError(t, p.until(t.Context(), func() bool { return followed.Look().Next.Late }), "the answer comes in the end")
	require.Empty(t, followed.Look().Next.Does)
	require.True(t, stage.Kill())
	require.NoError(t, p.until(t.Context(), p.heard))
	at := followed.Look()
	require.False(t, at.Over())
	require.Equal(t, kill, at.At)
	require.Equal(t, []bool{false, false, false}, at.Seen[kill])
}

// TestAStoryThatIsLeftTakesItsFaultBack, and leaves somebody else's.
func TestAStoryThatIsLeftTakesItsFaultBack(t *testing.T) {
	stage := beside(t)
	theirs := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Delete}, Kind: vendorsim.Cut}
	require.NoError(t, stage.Vendor.Plan(theirs))
	crash := telling.Begin(stage.Stage, told(t, "crash"))
	require.NoError(t, crash.Happen(t.Context(), crash.Story.Steps[1]))
	require.Len(t, stage.Vendor.Faults(), 2)
	crash.Tidy()
	require.Equal(t, []vendorsim.Fault{theirs}, stage.Vendor.Faults())
}
