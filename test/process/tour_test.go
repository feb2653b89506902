package process

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestATourThroughACrash: the story in which the bot's process is killed comes out right, and the tour leaves nothing behind. (.ci/run
// plays every story.)
func TestATourThroughACrash(t *testing.T) {
	d := beginDemo(t, "--tour", "crash")
	require.Equal(t, terminal.ExitDone, d.code(), "%s%s", d.out, d.errs)
	require.Contains(t, d.out.String(), "promised 1 · done 1 · doubled 0 · lost 0\n")
	require.Empty(t, d.errs.String())
	require.Empty(t, left(t, d.cmd.Env[1][len("TMPDIR="):]), "folders of the demo that stay")
}

// TestATourThatSomebodyStops ends at once and in order, and doesn't claim that all came out right.
func TestATourThatSomebodyStops(t *testing.T) {
	d := beginDemo(t, "--tour")
	require.True(t, world.Waited(world.Patience, func() bool { return strings.Contains(d.out.String(), "✓") || d.ended() }))
	require.NoError(t, d.cmd.Process.Signal(syscall.SIGINT))
	require.Equal(t, terminal.ExitFailed, d.code())
	require.Regexp(t, `^usher: the tour was stopped after \d of 7 stories\n$`, d.errs.String())
	require.Empty(t, left(t, d.cmd.Env[1][len("TMPDIR="):]), "folders of the demo that stay")
}

// TestATalkIsPlayed by the program itself: one that comes out right, one that doesn't, and one with mistakes, of which nothing is played.
func TestATalkIsPlayed(t *testing.T) {
	const right = "Jane gets her seat.\n-- talk --\nalice types /access create jane@acme.example Jane because she starts today\nalice sees \"#1\"\nbob clicks Approve on card 1\nalice is told \"#1\" \"ready\"\n"
	file := filepath.Join(t.TempDir(), "jane.txtar")
	plays := func(text string) *demoProcess {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return beginDemo(t, "--script", file)
	}
	d := plays(right)
	require.Equal(t, terminal.ExitDone, d.code(), "%s", d.errs)
	require.Regexp(t, `(?s)^Jane gets her seat\.\n\n.*✓ alice is told "#1" "ready"\n\nAll of it came out right, in \d+m?s\.\n$`, d.out.String())

	d = plays(strings.Replace(right, `"ready"`, `"denied"`, 1))
	require.Equal(t, terminal.ExitFailed, d.code())
	require.Contains(t, d.out.String(), "✓ bob clicks Approve on card 1\n")
	require.Contains(t, d.errs.String(), "usher: "+file+`:6: alice is told "#1" "denied": `)
	require.Equal(t, 1, strings.Count(d.errs.String(), "\n"))

	d = plays(strings.Replace(right, "clicks", "clics", 1) + "crash twice\n")
	require.Equal(t, terminal.ExitWrong, d.code())
	require.Empty(t, d.out.String(), "nothing was played")
	require.Regexp(t, `^\S+:5:5: "clics" isn't understood here; expected .*clicks.*\n\S+:7:7: "twice" isn't understood here; expected nothing more\n$`, d.errs.String())
}
