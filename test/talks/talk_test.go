package talks

import (
	"cmp"
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/demo/script"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

func TestMain(m *testing.M) { world.Main(m) }

var onlyTalk = flag.String("talk", "", "run only the talks whose name contains this")

// TestTalks plays each conversation in testdata/talks. Package script says what a talk is made of.
func TestTalks(t *testing.T) {
	files, err := filepath.Glob("testdata/talks/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	tired := world.Tired(t, false)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if !strings.Contains(name, *onlyTalk) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world.Rest(t, tired)
			s, err := script.Read(file)
			require.NoError(t, err)
			pace.Lives(t, lived(t, s.Lines))
			for _, life := range s.Lives {
				inLife(t, cmp.Or(s.Config, demo.Config), life, func(k *talk) {
					k.before = s.Before
					k.play(s.Lines)
					k.traced(life == "" && !slices.Contains(s.Lines, "crash"))
				})
			}
		})
	}
}
