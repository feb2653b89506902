package process

import (
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// checkAsProcess is `usher check` in a world in order, and in worlds that are not.
func checkAsProcess(w *processWorld) {
	a := w.command("check")
	require.Equal(w.t, terminal.ExitDone, a.Code, a.Out+a.Errors)
	require.Contains(w.t, a.Out, " ok, 1 warning, 0 failed")
	require.Contains(w.t, a.Out, "warning  audit key ", "the log is not signed")
	require.NoDirExists(w.t, w.data, "it makes nothing")

	for name, broken := range map[string]string{"SLACK_BOT_TOKEN": "xoxb-broken", "SLACK_APP_TOKEN": "xapp-broken",
		"SERANKING_API_KEY": "0f3b8a77-55aa-4c1e-9d10-3f2b7c6d5e4f"} {
		value := w.env[name]
		w.env[name] = broken
		checkFinds(w, "failed ", name)
		w.env[name] = value
	}
	order[obj](w, w.slack+"/sim/faults", obj{"kind": "archive", "channel": "C0REPORTS"})
	checkFinds(w, "failed channel C0REPORTS #seat-reports is archived", "unarchive it")
	order[obj](w, w.slack+"/sim/faults", obj{"kind": "archive", "channel": "C0REPORTS", "undo": true})
}

// checkWithoutScopes is a token that lacks some scopes, and a channel that the bot is not in.
func checkWithoutScopes(w *processWorld) {
	order[obj](w, w.slack+"/sim/faults", obj{"kind": "kick", "channel": "C0APPROVE", "user": "U0USHER"})
	checkFinds(w, "failed channel C0APPROVE", "/invite @usher", "failed scope im:write not granted", "failed scope users:read not granted", "reinstall the app")
}

// checkFinds runs `usher check`, which must fail and say all this. What the table folds is read as one line.
func checkFinds(w *processWorld, say ...string) {
	w.t.Helper()
	a := w.command("check")
	require.Equal(w.t, terminal.ExitFailed, a.Code, a.Out)
	require.Contains(w.t, a.Errors, "the table says what to do")
	for _, s := range say {
		require.Contains(w.t, terminal.OneLine(a.Out), s)
	}
	for _, name := range config.SecretNames {
		if w.env[name] != "" {
			require.NotContains(w.t, a.Out+a.Errors, w.env[name])
		}
	}
}
