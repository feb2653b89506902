package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// whence is how a rule of Slack's is known; ours are those of the simulator itself.
var whence = regexp.MustCompile(`^(documented|typed|observed|guessed|two readings|ours)\b`)

// TestSimulatorRulesNameTheirTest: each rule in docs/simulator.md says whence it is known and which test shows it, and each test of the
// simulator but those of its page shows a rule.
func TestSimulatorRulesNameTheirTest(t *testing.T) {
	fromTheRoot(t)
	written, shown := map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("sim/slacksim/*_test.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "page_") {
			continue
		}
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range writtenTest.FindAllSubmatch(raw, -1) {
			written[string(m[1])] = true
		}
	}
	_, rules, found := strings.Cut(document(t, "docs/simulator.md"), "## The rules it keeps\n")
	require.True(t, found)
	rules, _, _ = strings.Cut(rules, "\n## ")
	for line := range strings.Lines(rules) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| Rule ") {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(strings.TrimSpace(line), "|"), `\|`, ""), " | ")
		require.Len(t, cells, 3, line)
		require.Regexp(t, whence, strings.TrimSpace(cells[1]), line)
		names := namedTest.FindAllStringSubmatch(cells[2], -1)
		require.NotEmpty(t, names, line)
		for _, m := range names {
			require.True(t, written[m[1]], "%s, which does not exist, is to show: %s", m[1], line)
			shown[m[1]] = true
		}
	}
	for name := range written {
		require.True(t, shown[name], "%s shows a rule that docs/simulator.md does not have", name)
	}
	require.Greater(t, len(shown), 90)
}
