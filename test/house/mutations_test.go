package house

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var playMutations = flag.String("mutations", "", "play those mutations of docs/mutations.md whose title holds this; . plays all")

// mutation is one mistake put into the code, and the test that must fail for it.
type mutation struct {
	title    string // begins as the promise in docs/reliability.md does that it breaks
	file     string
	test     string // what -run is given
	room     string // the package it stands in
	was, now string
}

var (
	mutationTitle = regexp.MustCompile(`(?m)^### (.+)$`)
	mutationPlace = regexp.MustCompile("(?m)^`([^`]+)` · `([^`]+)` in `([^`]+)`$")
	promiseRow    = regexp.MustCompile(`(?m)^\| ([^|]+) \|`)
)

// mutations reads docs/mutations.md.
func mutations(t *testing.T) (all []mutation) {
	t.Helper()
	raw, err := os.ReadFile("docs/mutations.md")
	require.NoError(t, err)
	text := string(raw)
	heads := mutationTitle.FindAllStringSubmatchIndex(text, -1)
	for i, h := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		all = append(all, readMutation(t, text[h[2]:h[3]], text[h[1]:end]))
	}
	require.NotEmpty(t, all)
	return all
}

func readMutation(t *testing.T, title, body string) mutation {
	t.Helper()
	place := mutationPlace.FindStringSubmatch(body)
	require.NotNil(t, place, "%s: names `file` · `test` in `package`", title)
	_, diff, found := strings.Cut(body, "```diff\n")
	diff, _, closed := strings.Cut(diff, "```")
	require.True(t, found && closed, "%s: has a diff", title)
	m := mutation{title: title, file: place[1], test: place[2], room: place[3]}
	for line := range strings.Lines(diff) {
		switch line[0] {
		case '-':
			m.was += line[1:]
		case '+':
			m.now += line[1:]
		default: // a line that stays, for whoever reads it
			m.was += line[1:]
			m.now += line[1:]
		}
	}
	return m
}

// mutated is the file with the mistake in it.
func (m mutation) mutated(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(m.file)
	require.NoError(t, err, m.title)
	require.Equal(t, 1, strings.Count(string(raw), m.was), "%s: what it changes stands in %s once:\n%s", m.title, m.file, m.was)
	require.NotEqual(t, m.was, m.now, m.title)
	return strings.Replace(string(raw), m.was, m.now, 1)
}

// TestMutationsAreUpToDate: each mutation still fits the code and is caught by a test that its promise names, and
// every promise of docs/reliability.md has one.
func TestMutationsAreUpToDate(t *testing.T) {
	fromTheRoot(t)
	all := mutations(t)
	raw, err := os.ReadFile("docs/reliability.md")
	require.NoError(t, err)
	named := func(m mutation, row string) bool { return strings.Contains(row, "`"+strings.Split(m.test, "/")[0]+"`") }
	for line := range strings.Lines(string(raw)) {
		row := promiseRow.FindStringSubmatch(line)
		if row == nil || row[1] == "Promise" || strings.Contains(row[1], "---") {
			continue
		}
		broken := 0
		for _, m := range all {
			if strings.HasPrefix(row[1], m.title) {
				broken++
				require.True(t, named(m, line), "%q is said to be caught by %s, which the promise does not name", m.title, m.test)
			}
		}
		require.NotZero(t, broken, "no mutation breaks %q", row[1])
	}
	for _, m := range all {
		m.mutated(t)
		require.Contains(t, string(raw), "\n| "+m.title, "%q begins no promise", m.title)
		require.True(t, m.hasTest(t), "%q names %s, which is not in %s", m.title, m.test, m.room)
	}
}

// hasTest reports whether the room has the test: -run of one that is elsewhere passes.
func (m mutation) hasTest(t *testing.T) bool {
	files, err := filepath.Glob(filepath.Join(m.room, "*_test.go"))
	require.NoError(t, err)
	name, _, _ := strings.Cut(m.test, "/")
	return slices.ContainsFunc(files, func(file string) bool {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		return strings.Contains(string(raw), "\nfunc "+name+"(t *testing.T)")
	})
}

// TestMutations builds each mistake in, one at a time, and demands that the test which stands for the promise
// fails for it. The tree stays as it is: the compiler is handed the other text.
func TestMutations(t *testing.T) {
	fromTheRoot(t)
	if *playMutations == "" {
		t.Skip("plays only with -mutations . (or a part of a title); it takes long")
	}
	played := 0
	for _, m := range mutations(t) {
		if *playMutations != "." && !strings.Contains(m.title, *playMutations) {
			continue
		}
		played++
		t.Run(m.test+" "+m.title, func(t *testing.T) {
			begun := time.Now()
			out, err := m.play(t)
			require.Error(t, err, "nothing noticed:\n%s", out)
			require.NotContains(t, out, "[build failed]", out)
			require.NotContains(t, out, "no tests to run", out)
			require.Contains(t, out, "--- FAIL: "+strings.Split(m.test, "/")[0], out)
			t.Logf("caught in %v", time.Since(begun).Round(time.Second))
		})
	}
	require.NotZero(t, played, "no title holds %q", *playMutations)
}

// play runs the one test over the mutated code. What the test builds itself is built with the mistake too.
func (m mutation) play(t *testing.T) (string, error) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.Getwd()
	require.NoError(t, err)
	text, overlay := filepath.Join(dir, "mutated.go"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(text, []byte(m.mutated(t)), 0o600))
	raw, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, m.file): text}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, raw, 0o600))
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Minute)
	defer stop()
	args := []string{"test", "-count=1", "-failfast", "-timeout=15m", "-run", exactly(m.test), m.room}
	if strings.HasPrefix(m.room, "./test/") {
		args = append(args, "-every")
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOFLAGS=-overlay=%s", overlay))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// exactly makes a name of a test, or of a part of it, a pattern that no other matches.
func exactly(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		if i == 0 {
			parts[i] = "^" + p + "$"
		}
	}
	return strings.Join(parts, "/")
}
