package house

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	standsFor = regexp.MustCompile(`stands for: (\S+\.go) ([A-Za-z]+(?:, [A-Za-z]+)*)`)
	aStep     = regexp.MustCompile(`(?m)^\t:: atomic \{ pc\[w\] == ([A-Za-z]+)`)
)

// TestTheModelNamesFunctionsThatExist: each line of docs/model that says what a step stands for names functions in a file of ours, and
// no step of a worker goes without one.
func TestTheModelNamesFunctionsThatExist(t *testing.T) {
	fromTheRoot(t)
	raw, err := os.ReadFile("docs/model/delivery.pml")
	require.NoError(t, err)
	named := standsFor.FindAllSubmatch(raw, -1)
	require.Len(t, named, strings.Count(string(raw), "stands for:"), "a line that can't be read")
	for _, m := range named {
		file := string(m[1])
		source, err := os.ReadFile(path.Clean(file))
		require.NoError(t, err)
		for name := range strings.SplitSeq(string(m[2]), ", ") {
			function := regexp.MustCompile(`(?m)^func (\([^)]*\) )?` + name + `\(`)
			require.True(t, function.Match(source), "%s has no function %s", file, name)
		}
	}
	steps := aStep.FindAllSubmatchIndex(raw, -1)
	require.Len(t, steps, 10, "steps of a worker")
	for _, at := range steps {
		require.Regexp(t, `stands for: [^\n]*\*/\n$`, string(raw[:at[0]]), "what does %s stand for?", raw[at[2]:at[3]])
	}
}
