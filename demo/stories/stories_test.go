package stories

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestStories: each step is one deed of somebody's or of the world's, is said in a sentence, and what is seen is said too.
func TestStories(t *testing.T) {
	names := map[string]bool{}
	for _, s := range All(Scene{Now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}) {
		t.Run(s.Name, func(t *testing.T) {
			require.False(t, names[s.Name], "each name once")
			names[s.Name] = true
			require.NotEmpty(t, s.Title)
			require.Regexp(t, `^[A-Z].*\.$`, s.Why)
			seen := 0
			for _, step := range s.Steps {
				require.Regexp(t, `^[A-Z].*\.$`, step.Say)
				require.Equal(t, 1, one(step.Type != "")+one(step.Press != "")+one(step.World != ""), step.Say)
				require.Equal(t, step.As == "", step.You == "", step.Say)
				if step.You != "" {
					require.Regexp(t, `^[A-Z].*\.$`, step.You)
				}
				require.Equal(t, step.Type == "" && (step.Press == "" || step.Hands > 0), step.As == "" || step.World == Deactivate, step.Say)
				for _, sight := range step.Sees {
					require.Regexp(t, `^[A-Z].*\.$`, sight.Say)
					require.Equal(t, 1, one(len(sight.Holds) > 0)+one(sight.Account != "")+one(sight.Gone != "")+one(len(sight.OneOf) > 0), sight.Say)
					seen++
				}
			}
			require.GreaterOrEqual(t, seen, 3)
		})
	}
	require.Len(t, names, 7)
}

// TestStoriesAreData: what a page reads of them is all there is.
func TestStoriesAreData(t *testing.T) {
	all := All(Scene{Now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)})
	raw, err := json.Marshal(all)
	require.NoError(t, err)
	var again []Story
	require.NoError(t, json.Unmarshal(raw, &again))
	back, err := json.Marshal(again)
	require.NoError(t, err)
	require.JSONEq(t, string(raw), string(back))
	require.Contains(t, string(raw), "until=2026-12-03")
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
