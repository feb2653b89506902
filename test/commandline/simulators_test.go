package commandline

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestSimulatorsAlone: each serves what it's for, and its control door, at an address of its own, until it's told to stop.
func TestSimulatorsAlone(t *testing.T) {
	for name, paths := range map[string][]string{"slacksim": {"/", "/sim/openapi.json", "/sim/users"}, "vendorsim": {"/sim/state"}} {
		t.Run(name, func(t *testing.T) {
			base, stop := simulator(t, name, "--addr", "127.0.0.1:0")
			for _, path := range paths {
				response, err := http.Get(base + path)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				require.Equal(t, 200, response.StatusCode, path)
			}
			taken := world.Usher(t, nil, name, "--addr", strings.TrimPrefix(base, "http://"))
			require.Equal(t, terminal.ExitFailed, taken.Code)
			require.Contains(t, taken.Errors, "another address may be free")
			require.Equal(t, terminal.ExitDone, stop())
		})
	}
	for _, args := range [][]string{
		{"slacksim", "--addr", "3100"}, {"slacksim", "--seed", "forest"}, {"slacksim", "--command", "todo"}, {"slacksim", "--shortcut", "ask"},
		{"slacksim", "--without-scopes", "chat:wrote"}, {"slacksim", "--reading", "2027-01"}, {"vendorsim", "--addr", "4000"}, {"vendorsim", "--seed", "forest"}, {"vendorsim", "--seats", "many"},
	} {
		a := world.Usher(t, nil, args...)
		require.Equal(t, terminal.ExitWrong, a.Code, args)
		require.Contains(t, a.Errors, "`usher help "+args[0]+"` shows", args)
	}
}

// simulator starts one, and says where it listens and how to stop it.
func simulator(t *testing.T, args ...string) (base string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said, out := io.Pipe()
	var code int
	var running sync.WaitGroup
	running.Go(func() {
		code = cli.Run(ctx, args, func(string) (string, bool) { return "", false }, out, &world.LockedBuffer{})
		_ = out.Close()
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	line, err := bufio.NewReader(said).ReadString('\n')
	require.NoError(t, err)
	_, base, ok := strings.Cut(strings.TrimSpace(line), " listening on ")
	require.True(t, ok, line)
	return base, func() int { cancel(); running.Wait(); return code }
}
