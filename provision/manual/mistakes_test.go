package manual

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var updateMistakes = flag.Bool("update", false, "write what is said of mistakes anew")

// TestMistakesInAFile holds testdata/mistakes.txtar: NAME.yml is the file of an app, NAME.txt exactly what is said of it.
func TestMistakesInAFile(t *testing.T) {
	const file = "testdata/mistakes.txtar"
	archive, err := txtar.ParseFile(file)
	require.NoError(t, err)
	for i := 0; i < len(archive.Files); i += 2 {
		said := told(t, archive.Files[i].Data)
		if *updateMistakes {
			archive.Files[i+1].Data = []byte(said)
			continue
		}
		require.Equal(t, string(archive.Files[i+1].Data), said, archive.Files[i].Name)
	}
	if *updateMistakes {
		require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
	}
}

// told is what is said of a file that a company wrote.
func told(t *testing.T, raw []byte) string {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "acme.yml"), raw, 0o644))
	d := Open(value(t, "acme.yml"), dir)
	require.NotNil(t, d)
	d.Entry("acme", Answers{}, nil)
	var lines strings.Builder
	for _, p := range d.Problems() {
		lines.WriteString(p.In("acme.yml") + "\n")
	}
	return lines.String()
}

// TestAFileThatCannotBeRead is told where it is named: one that is a folder, is too large, or lies elsewhere.
func TestAFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.yml"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "large.yml"), make([]byte, fileLimit+1), 0o644))
	for name, says := range map[string]string{"folder.yml": "isn't a file", "large.yml": "larger than 64 KiB", "/etc/passwd.yml": "isn't beside the configuration", "no.yml": "isn't there"} {
		v := value(t, name)
		require.Nil(t, Open(v, dir))
		require.Len(t, v.Problems, 1)
		require.Contains(t, v.Problems[0].Say, says)
	}
}

// TestAFileOfAnotherName: who names one that isn't there is told which is.
func TestAFileOfAnotherName(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "apps"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "apps", "acme.yml"), nil, 0o644))
	for name, says := range map[string]string{"acme.yml": `did you mean "apps/acme.yml"?`, "aps/acme.yml": `did you mean "apps/acme.yml"?`,
		"apps/amce.yml": `did you mean "apps/acme.yml"?`, "apps/acme": `did you mean "apps/acme.yml"?`, "apps/zebra.yml": "expected the file", "zebra": "a file beside"} {
		v := value(t, name)
		require.Nil(t, Open(v, dir))
		require.Len(t, v.Problems, 1)
		require.Contains(t, v.Problems[0].Say, says, name)
	}
}

// FuzzFile: whatever stands in a file, there is an app or there are problems, each in one line at a place.
func FuzzFile(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/mistakes.txtar")
	require.NoError(f, err)
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, line := range strings.Split(strings.TrimSuffix(told(t, raw), "\n"), "\n") {
			require.True(t, line == "" || strings.HasPrefix(line, "acme.yml:") || strings.HasPrefix(line, "template "), line)
		}
	})
}
