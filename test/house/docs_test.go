package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	namedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)[^`]*`")
	writtenTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
)

// TestDocumentsNameTestsThatExist: a promise in these documents stands on the tests it names.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	fromTheRoot(t)
	written := map[string]bool{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, m := range writtenTest.FindAllSubmatch(raw, -1) {
			written[string(m[1])] = true
		}
		return err
	}))
	for _, doc := range []string{"docs/security.md", "docs/reliability.md"} {
		raw, err := os.ReadFile(doc)
		require.NoError(t, err)
		names := namedTest.FindAllSubmatch(raw, -1)
		require.NotEmpty(t, names, "%s names no test", doc)
		for _, m := range names {
			require.True(t, written[string(m[1])], "%s names %s, which does not exist", doc, m[1])
		}
	}
}

// TestEveryPromiseNamesItsTest: no abuse case and no promise goes without one.
func TestEveryPromiseNamesItsTest(t *testing.T) {
	fromTheRoot(t)
	for doc, least := range map[string]int{"docs/security.md": 20, "docs/reliability.md": 25} {
		raw, err := os.ReadFile(doc)
		require.NoError(t, err)
		rows := 0
		for line := range strings.Lines(string(raw)) {
			if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| What") || strings.HasPrefix(line, "| Promise") {
				continue
			}
			rows++
			require.Regexp(t, namedTest, line, doc)
		}
		require.Greater(t, rows, least, doc)
	}
}
