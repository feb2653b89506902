package commandline

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestToldToStopWhileItStarts: on data that is there it ends in order, as at any other time.
func TestToldToStopWhileItStarts(t *testing.T) {
	t.Parallel()
	w := &rotating{outset: newOutset(t, slacksim.Options{}), t: t, again: make(chan os.Signal, 1)}
	args := []string{"run", "--config", world.WriteConfig(t, w.config), "--data", w.data}
	ctx, stop := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- cli.Run(ctx, args, lookupIn(w.env), &w.logs, &w.logs) }()
	w.eventually("it hears", func() bool { return w.slack.Connections() > 0 })
	require.True(t, w.slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she runs the launch").Wait().Acked)
	stop()
	require.Equal(t, terminal.ExitDone, <-code, w.logs.String())
	require.Equal(t, terminal.ExitDone, cli.Run(ctx, args, lookupIn(w.env), &w.logs, &w.logs), w.logs.String())
}
