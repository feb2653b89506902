package commandline

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// stops runs `usher run` over TCP until it ends by itself, and holds what it says to one sentence.
func stops(t *testing.T, w *outset, says ...string) {
	t.Helper()
	a := world.Usher(t, w.env, "run", "--config", world.WriteConfig(t, w.config), "--data", w.data)
	require.Equal(t, terminal.ExitFailed, a.Code, a.Errors)
	lines := strings.Split(strings.TrimSpace(a.Errors), "\n")
	last := lines[len(lines)-1]
	for _, s := range says {
		require.Contains(t, last, s)
	}
	require.NotContains(t, a.Errors, "goroutine ", "a sentence, no stack")
	require.Empty(t, w.vendor.Effects())
}

func TestBadInputDamagedDatabase(t *testing.T) {
	for name, raw := range map[string]string{"empty pages": strings.Repeat("\x00", 32<<10), "text": strings.Repeat("no database ", 4096), "cut short": "x"} {
		t.Run(name, func(t *testing.T) {
			w := newOutset(t, slacksim.Options{})
			file := filepath.Join(w.data, bolt.File)
			require.NoError(t, os.WriteFile(file, []byte(raw), 0o600))
			stops(t, w, file, "usher restore")
			after, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, raw, string(after), "what is there is left as it is")
		})
	}
}

func TestBadInputLockedDatabase(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	db, err := bolt.Open(w.data, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	stops(t, w, bolt.File, "is `usher run` already running?")
	require.NoError(t, db.Check(t.Context()))
	require.NoError(t, db.Close())
}

func TestBadInputTokenWithoutScope(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	slack := slacksim.New(slacksim.Options{BotToken: w.env["SLACK_BOT_TOKEN"], AppToken: w.env["SLACK_APP_TOKEN"], AppScopes: []string{"authorizations:read"}})
	slack.SeedDemo()
	t.Cleanup(slack.Close)
	w.env["SLACK_API_URL"] = serve(t, slack) + "/api/"
	stops(t, w, "connections:write", "SLACK_APP_TOKEN")
	for _, scope := range []string{"chat:write", "users:read"} {
		t.Run(scope, func(t *testing.T) {
			w := newOutset(t, slacksim.Options{Scopes: without(scope)})
			code, table := w.check(t)
			require.Equal(t, terminal.ExitFailed, code)
			require.Contains(t, table, fmt.Sprintf("failed scope %s not granted → add it", scope))
			stops(t, w, "SLACK_BOT_TOKEN lacks the scope "+scope+":", "manifest.yml", "reinstall the app")
		})
	}
}

// without is every scope the manifest asks for but one.
func without(scope string) []string {
	return slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == scope })
}
