package house

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
)

func document(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(raw)
}

// TestREADMENamesWhatThereIs: every command and flag of the program, every verb, every secret, and no other.
func TestREADMENamesWhatThereIs(t *testing.T) {
	fromTheRoot(t)
	readme := document(t, "README.md")
	parser, err := kong.New(&cli.Line{})
	require.NoError(t, err)
	known := map[string]bool{}
	for _, leaf := range parser.Model.Leaves(true) {
		known["usher "+leaf.Path()] = true
		require.True(t, strings.Contains(readme, "`usher "+leaf.Path()), "the README does not name usher %s", leaf.Path())
	}
	for _, m := range regexp.MustCompile("`(?:\\./)?usher ([a-z]+)( [a-z]+)?").FindAllStringSubmatch(readme, -1) {
		require.True(t, known["usher "+m[1]] || known["usher "+m[1]+m[2]], "%s is no command", m[0])
	}
	for _, verb := range verbs(t) {
		row := regexp.MustCompile("(?m)^\\|.*`/access " + verb + `\b`)
		require.True(t, row.MatchString(readme), "the README has no row for /access %s", verb)
	}
	for _, m := range regexp.MustCompile("`/access ([a-z]+)").FindAllStringSubmatch(readme, -1) {
		cmd, answer := commands.Parse(configured(), "help "+m[1])
		require.Nil(t, cmd)
		require.NotContains(t, answer.Head.Plain(), "I don't know", m[0])
	}
	for _, name := range config.SecretNames {
		require.True(t, strings.Contains(readme, "`"+name+"`"), "the README does not name %s", name)
	}
}

// TestREADMEPoliciesAreRead: the example is a configuration without a warning, that says what the text says.
func TestREADMEPoliciesAreRead(t *testing.T) {
	fromTheRoot(t)
	m := regexp.MustCompile("(?s)```yaml\n(policies:.*?)```").FindStringSubmatch(document(t, "README.md"))
	require.NotNil(t, m)
	before, rest, _ := strings.Cut(demo.Config, "policies:")
	_, after, _ := strings.Cut(rest, "reports:")
	cfg, problems := config.Parse("usher.yml", []byte(before+m[1]+"reports:"+after))
	require.Empty(t, problems)
	require.Empty(t, cfg.Warnings)
	require.Len(t, cfg.Rules, 2)
	require.Equal(t, 2, cfg.Rules[0].Need)
	require.Equal(t, 1, cfg.Rules[1].Need)
	require.Equal(t, config.DefaultExpiry, cfg.Rules[1].ExpiresAfter)
}

// documents are the texts whose links and file names are held.
func documents(t *testing.T) []string {
	t.Helper()
	all := []string{"README.md", "CONTRIBUTING.md"}
	for _, pattern := range []string{"docs/*.md", "docs/decisions/*.md"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		all = append(all, found...)
	}
	require.Greater(t, len(all), 10)
	return all
}

var (
	linked    = regexp.MustCompile(`\]\(([^)#]*)(?:#([^)]*))?\)`)
	namedFile = regexp.MustCompile("`([A-Za-z0-9_/.*-]+\\.(?:go|txtar|yml|png))`")
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	codeBlock = regexp.MustCompile("(?ms)^```diff$.*?^```$")
)

// TestDocumentsPointAtWhatExists: every link inside the repository, its anchor, and every file that is named.
func TestDocumentsPointAtWhatExists(t *testing.T) {
	fromTheRoot(t)
	for _, doc := range documents(t) {
		text := codeBlock.ReplaceAllString(document(t, doc), "")
		for _, m := range linked.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			to := doc
			if m[1] != "" {
				to = filepath.Join(filepath.Dir(doc), m[1])
			}
			require.FileExists(t, withIndex(to), "%s links to it", doc)
			if m[2] != "" {
				require.Contains(t, anchors(document(t, to)), m[2], "%s links to this place in %s", doc, to)
			}
		}
		for _, m := range namedFile.FindAllStringSubmatch(text, -1) {
			installed := strings.HasPrefix(m[1], "/")
			require.True(t, m[1] == "usher.yml" || installed || strings.Contains(m[1], "NAME") || anywhere(t, m[1]), "%s names %s, which does not exist", doc, m[1])
		}
	}
}

// withIndex is a file in a folder that is linked to as a whole.
func withIndex(path string) string {
	if found, _ := filepath.Glob(filepath.Join(path, "*")); len(found) > 0 {
		return found[0]
	}
	return path
}

// anywhere reports whether a file is there, named from the root or by its own name in one of the rooms.
func anywhere(t *testing.T, name string) bool {
	t.Helper()
	for _, pattern := range []string{name, "*/" + name, "*/*/" + name} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		if len(found) > 0 {
			return true
		}
	}
	return false
}

// anchors are the headings of a text as links name them.
func anchors(text string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		plain := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		out = append(out, strings.ReplaceAll(plain, " ", "-"))
	}
	return out
}

// TestDecisionsAreShort: each says context, decision, why and consequences in 10 to 25 lines, and they are
// numbered without a gap.
func TestDecisionsAreShort(t *testing.T) {
	fromTheRoot(t)
	files, err := filepath.Glob("docs/decisions/*.md")
	require.NoError(t, err)
	for i, file := range files {
		require.True(t, strings.HasPrefix(filepath.Base(file), fmt.Sprintf("%03d-", i+1)), file)
		text := document(t, file)
		lines := strings.Count(text, "\n")
		require.True(t, lines >= 10 && lines <= 25, "%s has %d lines", file, lines)
		for _, part := range []string{"# " + fmt.Sprintf("%03d · ", i+1), "**Context.**", "**Decision.**", "**Why.**", "**Consequences.**"} {
			require.Contains(t, text, part, file)
		}
	}
	require.NotEmpty(t, files)
}

// TestEveryPackageSaysWhatItIs in a comment of 5 to 40 lines, in one file.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	fromTheRoot(t)
	said := map[string]int{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		said[dir] += 0
		if file.Doc != nil {
			lines := strings.Count(file.Doc.Text(), "\n")
			require.True(t, lines >= 5 && lines <= 40, "%s: %d lines", path, lines)
			said[dir]++
		}
		return nil
	}))
	require.Greater(t, len(said), 10)
	for dir, comments := range said {
		require.Equal(t, 1, comments, "comments of package %s", dir)
	}
}
