package commandline

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// shells are how each shell is asked what could stand at the end of a line, of which the first word is usher.
var shells = map[string]struct{ script string }{
	"bash": {script: `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _usher; printf '%s\n' "${COMPREPLY[@]}"`},
	"zsh": {script: `compdef() { : }; _files() { : }; compadd() { print -l -- ${(P)2} }; _describe() { print -l -- ${${(P)2}%%:*} }
		source "$0"; words=("$@"); CURRENT=$#; _usher`},
	"fish": {script: `source $argv[1]; complete -C (string join -- ' ' $argv[2..-1])`},
}

// offers is what a shell offers; the test is skipped where the shell isn't here.
func offers(t *testing.T, shell string, line ...string) []string {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		t.Skip("not here: " + shell)
	}
	said := world.Usher(t, nil, "completion", shell)
	require.Equal(t, terminal.ExitDone, said.Code, said.Errors)
	file := filepath.Join(t.TempDir(), "completion")
	require.NoError(t, os.WriteFile(file, []byte(said.Out), 0o600))
	out, err := exec.CommandContext(t.Context(), shell, append([]string{"-c", shells[shell].script, file, "usher"}, line...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	var words []string
	for row := range strings.Lines(string(out)) {
		word, _, _ := strings.Cut(strings.TrimSpace(row), "\t")
		words = append(words, word)
	}
	return words
}

// TestCompletion asks the shells themselves: commands where a command stands, the flags of each and the values that are known, by the
// command that the line has reached.
func TestCompletion(t *testing.T) {
	for shell := range shells {
		t.Run(shell, func(t *testing.T) {
			require.Subset(t, offers(t, shell, ""), []string{"run", "demo", "audit", "policy", "completion"})
			audit := offers(t, shell, "audit", "")
			require.Subset(t, audit, []string{"verify", "export", "key"})
			require.NotContains(t, audit, "demo")
			require.Contains(t, offers(t, shell, "run", "--li"), "--listen")
			require.Contains(t, offers(t, shell, "--data", "run", "audit", "verify", "--"), "--export")
			require.NotContains(t, offers(t, shell, "requests", "--"), "--listen")
			require.Equal(t, []string{"debug", "info", "warn", "error"}, levels(offers(t, shell, "run", "--log-level", "")))
			require.Subset(t, offers(t, shell, "completion", ""), []string{"bash", "zsh", "fish"})
		})
	}
	require.Equal(t, terminal.ExitWrong, world.Usher(t, nil, "completion", "csh").Code)
}

// levels are a shell's words in the order in which help names them: fish sorts.
func levels(words []string) (out []string) {
	for _, level := range []string{"debug", "info", "warn", "error"} {
		for _, w := range words {
			if w == level {
				out = append(out, w)
			}
		}
	}
	if len(out) != len(words) {
		return words
	}
	return out
}

// TestManual: a page that groff has nothing against, with each command and flag.
func TestManual(t *testing.T) {
	said := world.Usher(t, nil, "man")
	require.Equal(t, terminal.ExitDone, said.Code, said.Errors)
	for _, part := range []string{".SS run\n", ".SS audit verify\n", `.B \-\-listen=HOST:PORT`, ".SH EXIT STATUS\n"} {
		require.Contains(t, said.Out, part)
	}
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip("not here: groff")
	}
	groff := exec.CommandContext(t.Context(), "groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-z")
	groff.Stdin = strings.NewReader(said.Out)
	out, err := groff.CombinedOutput()
	require.NoError(t, err)
	require.Empty(t, string(out))
}
