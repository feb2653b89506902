package commandline

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// found is `usher check --json` as a program reads it: these fields by these names, and nothing else on standard
// output.
type found struct {
	OK     *bool `json:"ok"`
	Checks []struct {
		Status, Thing, Found, Do string
		Times                    []string
	} `json:"checks"`
	Counts struct {
		OK       *int `json:"ok"`
		Warnings *int `json:"warnings"`
		Failed   *int `json:"failed"`
	} `json:"counts"`
	Error string `json:"error"`
}

func readFound(t *testing.T, a world.Answer) found {
	t.Helper()
	var f found
	decoder := json.NewDecoder(strings.NewReader(a.Out))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&f), a.Out)
	require.False(t, decoder.More(), "one value and nothing else")
	require.NotNil(t, f.OK)
	require.NotNil(t, f.Checks)
	counts := map[string]int{}
	for _, c := range f.Checks {
		counts[c.Status]++
		require.NotEmpty(t, c.Thing)
		require.NotEmpty(t, c.Found)
		require.Equal(t, c.Status == "ok", c.Do == "", c.Found)
	}
	require.Equal(t, map[string]int{"ok": *f.Counts.OK, "warning": *f.Counts.Warnings, "failed": *f.Counts.Failed},
		map[string]int{"ok": counts["ok"], "warning": counts["warning"], "failed": counts["failed"]})
	return f
}

// checkJSON is `usher check --json` in a world.
func (w *outset) checkJSON(t *testing.T) (world.Answer, found) {
	t.Helper()
	a := world.Usher(t, w.env, "check", "--json", "--config", world.WriteConfig(t, w.config), "--data", w.data)
	for _, name := range config.SecretNames {
		if w.env[name] != "" {
			require.NotContains(t, a.Out+a.Errors, w.env[name])
		}
	}
	return a, readFound(t, a)
}

// TestCheckJSON: the same findings as the table's, in order and out of it, for whoever reads them by program.
func TestCheckJSON(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	a, f := w.checkJSON(t)
	require.Equal(t, terminal.ExitDone, a.Code, a.Out)
	require.True(t, *f.OK)
	require.Zero(t, *f.Counts.Failed)
	require.Equal(t, "configuration", f.Checks[0].Thing)
	require.Equal(t, "report weekly", f.Checks[1].Thing)
	require.Len(t, f.Checks[1].Times, 5)
	require.Regexp(t, `^20\d\d-\d\d-\d\dT09:00:00Z$`, f.Checks[1].Times[0])

	w.env["SLACK_BOT_TOKEN"], w.config = "xoxb-another-token", strings.Replace(w.config, "0 9 * * MON", "* 9 * * MON", 1)
	a, f = w.checkJSON(t)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.False(t, *f.OK)
	require.Equal(t, 1, *f.Counts.Failed)
	require.Equal(t, 1, *f.Counts.Warnings)
	require.Contains(t, a.Out, `"status": "failed",
      "thing": "bot token",
      "found": "Slack says invalid_auth",
      "do": "copy the \"Bot User OAuth Token\" (xoxb-…)`)
	require.Equal(t, "usher: 1 check failed; \"do\" says what to do about each\n", a.Errors)
}

// TestCheckJSONOfWhatCannotBeRead: what is wrong with the configuration and the environment is JSON on standard
// output too, beside the lines on standard error; the exit code says that nothing was asked.
func TestCheckJSONOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	path := world.WriteConfig(t, strings.Replace(world.SmallConfig, "kind: seranking", "kind: notion\n    seats: 025", 1))
	env := world.GoodEnv()
	env["SLACK_APP_TOKEN"] = `"` + env["SLACK_APP_TOKEN"] + `"`
	a := world.Usher(t, env, "check", "--json", "--config", path)
	require.Equal(t, terminal.ExitWrong, a.Code)
	f := readFound(t, a)
	require.False(t, *f.OK)
	var said []string
	for _, c := range f.Checks {
		require.Equal(t, "failed", c.Status)
		said = append(said, c.Thing+": "+c.Found)
	}
	require.Equal(t, []string{
		"configuration: " + path + `:6:11: kind is "notion"; expected seranking or manual`,
		"configuration: " + path + ":7:12: seats is 025; expected a plain decimal number: write 25",
		"environment: SLACK_APP_TOKEN begins or ends with quotes; expected the bare value (docker --env-file, for one, keeps quotes as part of it)",
	}, said)
	require.Equal(t, 3, strings.Count(a.Errors, "\n"), "and for people on standard error")

	env = world.GoodEnv()
	a = world.Usher(t, env, "check", "--json", "--config", filepath.Join(t.TempDir(), env["SLACK_BOT_TOKEN"]))
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, readFound(t, a).Checks[0].Found, "[secret]: there's no such file", "no secret passes")
	require.NotContains(t, a.Out+a.Errors, env["SLACK_BOT_TOKEN"])
}

// TestCheckJSONThatWasStopped is whole JSON still, and says that it is not all.
func TestCheckJSONThatWasStopped(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := cli.Run(ctx, []string{"check", "--json", "--config", world.WriteConfig(t, w.config), "--data", w.data}, lookupIn(w.env), &out, &errs)
	require.Equal(t, terminal.ExitFailed, code)
	f := readFound(t, world.Answered(code, out.String(), errs.String()))
	require.False(t, *f.OK)
	require.Equal(t, "context canceled", f.Error)
}
