package process

import (
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
	require.Regexp(t, `^usher: the tour was stopped after \d of 6 stories\n$`, d.errs.String())
	require.Empty(t, left(t, d.cmd.Env[1][len("TMPDIR="):]), "folders of the demo that stay")
}
