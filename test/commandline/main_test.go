package commandline

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}, {"--log-level=debug", "help"}} {
		a := world.Usher(t, nil, args...)
		require.Equal(t, terminal.ExitDone, a.Code, args)
		for _, command := range []string{"run", "demo", "check", "audit verify", "audit export",
			"requests", "approve", "deny", "metrics", "backup", "restore", "compact", "version", "help", "--config", "--data", "--log-level"} {
			require.Contains(t, a.Out, command)
		}
	}
	a := world.Usher(t, nil, "help", "audit", "verify")
	require.Equal(t, terminal.ExitDone, a.Code)
	require.Contains(t, a.Out, "--head=SEQ:HASH")
	a = world.Usher(t, nil, "help", "audit", "export")
	require.Equal(t, terminal.ExitDone, a.Code)
	require.Contains(t, a.Out, "--details")
	a = world.Usher(t, nil, "version")
	require.Equal(t, terminal.ExitDone, a.Code)
	require.Regexp(t, `^usher \S+ \(commit .+, go1\.\d+`, a.Out)
	for _, args := range [][]string{{"--version"}, {"check", "--version"}, {"--version", "run"}, {"--log-level", "debug", "--version"}} {
		require.Equal(t, a, world.Usher(t, nil, args...), "the same in every place: %v", args)
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, row := range []struct {
		args []string
		says string
	}{
		{nil, "expected one of"},
		{[]string{"chek"}, `did you mean "check"?`},
		{[]string{"frobnicate"}, "unexpected argument frobnicate"},
		{[]string{"run", "now"}, "unexpected argument now; `usher help run` shows"},
		{[]string{"check", "--confg", "x"}, `did you mean "--config"?`},
		{[]string{"check", "--config"}, "--config"},
		{[]string{"--log-level", "loud", "version"}, `must be one of "debug","info","warn","error"`},
		{[]string{"audit"}, `expected one of "verify", "export"`},
		{[]string{"help", "frobnicate"}, "unexpected argument frobnicate"},
		{[]string{"audit", "verify", "--head", "412"}, "expected an entry's number and its hash"},
		{[]string{"audit", "verify", "--head=-1:" + strings.Repeat("0", 64)}, "expected an entry's number and its hash"},
		{[]string{"audit", "verify", "--head", "1:zz"}, "expected an entry's number and its hash"},
		{[]string{"audit", "verify", "--key", "abc"}, "expected 64 hexadecimal digits"},
		{[]string{"demo", "--addr", "bogus"}, "expected HOST:PORT"},
		{[]string{"demo", "--config", "nothing.yml"}, "nothing.yml: there's no such file"},
		{[]string{"approve"}, "expected \"<n>\""},
		{[]string{"approve", "twelve"}, "isn't a request number; expected one as `usher requests` lists them"},
		{[]string{"approve", "0"}, "isn't a request number"},
		{[]string{"approve", "12", "--override"}, "--override needs a reason"},
		{[]string{"approve", "12", "--override", "--reason", " "}, "--override needs a reason"},
		{[]string{"approve", "12", "--reason", "because"}, "expected --override with it, or neither"},
		{[]string{"deny", "12"}, "missing flags: --reason=TEXT"},
		{[]string{"deny", "12", "--reason", "  "}, "--reason is empty"},
		{[]string{"backup"}, "expected \"<file>\""},
		{[]string{"restore", "f", "--next", "010"}, `--next: expected a plain decimal number, not "010"`},
		{[]string{"restore", "f", "--next=0x10"}, `--next: expected a plain decimal number, not "0x10"`},
		{[]string{"restore", "f", "--next=1_000"}, `--next: expected a plain decimal number, not "1_000"`},
		{[]string{"restore"}, "expected \"<file>\""},
	} {
		a := world.Usher(t, nil, row.args...)
		require.Equal(t, terminal.ExitWrong, a.Code, row.args)
		require.Contains(t, a.Errors, row.says)
		require.Equal(t, 1, strings.Count(a.Errors, "\n"), "one sentence: %s", a.Errors)
		require.Empty(t, a.Out)
	}
}

func TestWrongConfigurationStartsNothing(t *testing.T) {
	path := world.WriteConfig(t, strings.Replace(world.SmallConfig, "kind: seranking", "kind: notion\n    seats: -1", 1))
	data := filepath.Join(t.TempDir(), "data")
	for _, command := range []string{"run", "check"} {
		a := world.Usher(t, world.GoodEnv(), command, "--config", path, "--data", data)
		require.Equal(t, terminal.ExitWrong, a.Code)
		require.Equal(t, path+":6:11: kind is \"notion\"; expected seranking or manual\n"+
			path+":7:12: seats is -1; expected how many seats you've bought, a whole number (0 or left out: not known)\n", a.Errors)
		require.Empty(t, a.Out)
		require.NoDirExists(t, data)
	}
	a := world.Usher(t, nil, "run", "--config", filepath.Join(t.TempDir(), "none.yml"))
	require.Equal(t, terminal.ExitWrong, a.Code)
	for _, says := range []string{"there's no such file", "SLACK_BOT_TOKEN is not set", "SLACK_APP_TOKEN is not set"} {
		require.Contains(t, a.Errors, says, "everything that is wrong is told at once")
	}
}

func TestEnvironment(t *testing.T) {
	path := world.WriteConfig(t, world.SmallConfig)
	for name, row := range map[string]struct {
		set  map[string]string
		says []string
	}{
		"nothing set": {map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": " ", "SERANKING_API_KEY": ""}, []string{
			"SLACK_BOT_TOKEN is not set", "SLACK_APP_TOKEN is not set", "SERANKING_API_KEY is not set", "https://api.slack.com/apps", "admin.api.dashboard.html"}},
		"tokens swapped": {map[string]string{"SLACK_BOT_TOKEN": "xapp-secretsecret", "SLACK_APP_TOKEN": "xoxb-secretsecret"}, []string{
			"SLACK_BOT_TOKEN doesn't begin with xoxb-", "SLACK_APP_TOKEN doesn't begin with xapp-"}},
		"only the prefix":  {map[string]string{"SLACK_BOT_TOKEN": "xoxb-"}, []string{"SLACK_BOT_TOKEN doesn't begin with"}},
		"line break":       {map[string]string{"SERANKING_API_KEY": "secret\nsecret"}, []string{"SERANKING_API_KEY has spaces or unusual characters"}},
		"plain http":       {map[string]string{"SLACK_API_URL": "http://slack.example/api/"}, []string{"SLACK_API_URL can't be used"}},
		"no api at end":    {map[string]string{"SLACK_API_URL": "https://slack.example/"}, []string{"SLACK_API_URL doesn't end in /api/"}},
		"password in it":   {map[string]string{"SLACK_API_URL": "https://me:secret@slack.example/api/"}, []string{"SLACK_API_URL can't be used"}},
		"not even address": {map[string]string{"SLACK_API_URL": "slack"}, []string{"SLACK_API_URL can't be used"}},
	} {
		env := world.GoodEnv()
		for k, v := range row.set {
			env[k] = v
		}
		a := world.Usher(t, env, "run", "--config", path)
		require.Equal(t, terminal.ExitWrong, a.Code, name)
		require.Equal(t, len(strings.Split(strings.TrimSpace(a.Errors), "\n")), strings.Count(a.Errors, "; expected "), "a line a problem, each says what was expected: %s", a.Errors)
		for _, says := range row.says {
			require.Contains(t, a.Errors, says, name)
		}
		require.NotContains(t, a.Errors, "secretsecret", name)
		require.NotContains(t, a.Errors, "me:secret", name)
	}
}

func TestEnvironmentIsRead(t *testing.T) {
	env := world.GoodEnv()
	env["SLACK_API_URL"] = "http://127.0.0.1:4000/api/"
	env["SLACK_BOT_TOKEN"] += "\n" // as a file read into a variable leaves it
	cfg, problems := config.Parse("usher.yml", []byte(world.SmallConfig))
	require.Empty(t, problems)
	got, err := config.ReadEnv(func(name string) (string, bool) { v, ok := env[name]; return v, ok }, cfg)
	require.NoError(t, err)
	require.Equal(t, "xoxb-not-a-real-token", got.SlackBotToken.Reveal())
	require.Equal(t, "http://127.0.0.1:4000/api/", got.SlackAPIURL)
	require.Empty(t, got.SemrushKey)

	delete(env, "SERANKING_API_KEY")
	_, err = config.ReadEnv(func(name string) (string, bool) { v, ok := env[name]; return v, ok }, &config.Config{})
	require.NoError(t, err, "a key is needed only where an app of its kind is configured")
}

// TestNoSecretReachesStandardError: whatever an error says, the values of the variables do not pass.
func TestNoSecretReachesStandardError(t *testing.T) {
	env := world.GoodEnv()
	a := world.Usher(t, env, "check", "--config", env["SERANKING_API_KEY"])
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.NotContains(t, a.Errors, env["SERANKING_API_KEY"])
	require.Contains(t, a.Errors, "[secret]: there's no such file")
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	require.Equal(t, terminal.ExitDone, cli.Run(ctx, []string{"version"}, os.LookupEnv, &out, &errs))
}
