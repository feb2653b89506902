package commandline

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// wrapped are the variables of an environment that works.
func wrapped(t *testing.T) map[string]string {
	t.Helper()
	env := world.GoodEnv()
	env[config.AuditKeyName], env["SEMRUSH_API_KEY"], env["SLACK_API_URL"] = checkKey, "semrush-not-a-real-key", "http://127.0.0.1:1/api/"
	env[config.AuditKeyOldName] = strings.Repeat("7b", 32)
	env["OKTA_TOKEN"], env["ENTRA_CLIENT_SECRET"], env["GOOGLE_SERVICE_ACCOUNT_KEY"] = "okta-not-a-real-token", "entra-not-a-real-secret", "google-not-a-real-key"
	env[config.DatabaseURLName] = "postgres://usher:database-not-a-real-password@127.0.0.1:1/usher"
	env["OTEL_EXPORTER_OTLP_ENDPOINT"], env[config.TraceHeadersName] = "http://127.0.0.1:1", "api-key=otlp-not-a-real-key"
	for _, name := range config.SecretNames {
		require.Contains(t, env, name)
	}
	return env
}

// TestQuotesAroundASecretAreSaid: by run and check alike, for every secret, as quotes and not as another kind of
// token; what is inside is not shown.
func TestQuotesAroundASecretAreSaid(t *testing.T) {
	path := world.WriteConfig(t, world.SmallConfig)
	for _, name := range append([]string{"SLACK_API_URL"}, config.SecretNames...) {
		for wrap, says := range map[string]string{
			`"…"`: "quotes", `'…'`: "quotes", "`…`": "quotes", "“…”": "quotes", "‘…’": "quotes", "«…»": "quotes", `"…`: "quotes", `…"`: "quotes",
			` "…" `: "quotes and spaces", "\"…\"\r\n": "quotes and a line end", "\"…\n\"": "quotes and a line end",
		} {
			env := wrapped(t)
			inside := env[name]
			env[name] = strings.Replace(wrap, "…", inside, 1)
			for _, command := range []string{"run", "check"} {
				a := world.Usher(t, env, command, "--config", path, "--data", t.TempDir())
				require.Equal(t, terminal.ExitWrong, a.Code, name)
				require.Equal(t, name+" begins or ends with "+says+"; expected the bare value (docker --env-file, for one, keeps quotes as part of it)\n", a.Errors, "%q", wrap)
				require.NotContains(t, a.Out+a.Errors, inside)
			}
		}
	}
}

// TestSpacesAroundASecretAreLeftOutAndSaid: what works without them goes on working, and is said by name only.
func TestSpacesAroundASecretAreLeftOutAndSaid(t *testing.T) {
	cfg, problems := config.Parse("usher.yml", []byte(world.SmallConfig))
	require.Empty(t, problems)
	for _, name := range append([]string{"SLACK_API_URL"}, config.SecretNames...) {
		for wrap, says := range map[string]string{
			" …": "spaces", "…\t": "spaces", "…\u00a0": "spaces", "…\n": "a line end", "…\r": "a line end", " …\r\n": "spaces and a line end",
			"\ufeff…": "invisible characters", "…\u200b \n": "spaces, a line end and invisible characters",
		} {
			env := wrapped(t)
			plain, err := config.ReadEnv(lookupIn(env), cfg)
			require.NoError(t, err)
			require.Empty(t, plain.Notes)
			env[name] = strings.Replace(wrap, "…", env[name], 1)
			got, err := config.ReadEnv(lookupIn(env), cfg)
			require.NoError(t, err, "%q", wrap)
			require.Equal(t, []string{name + " begins or ends with " + says + ", which Usher leaves out"}, got.Notes, "%q", wrap)
			got.Notes = nil
			require.Equal(t, plain, got)
		}
	}
	env := wrapped(t)
	env["SEMRUSH_API_KEY"], env[config.AuditKeyName] = `""`, "''"
	delete(env, config.AuditKeyOldName)
	got, err := config.ReadEnv(lookupIn(env), cfg)
	require.NoError(t, err)
	require.Empty(t, got.SemrushKey, "nothing in quotes is nothing")
	require.Nil(t, got.AuditKey)
}

func lookupIn(env map[string]string) config.Lookup {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

func TestCheckSaysWhatWasLeftOutOfASecret(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	w.env["SLACK_BOT_TOKEN"] += "\r\n"
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Equal(t, []string{"warning environment SLACK_BOT_TOKEN begins or ends with a line end, which Usher leaves out → take it out where it's set"}, troubles(table))
}

// TestRunSaysWhatWasLeftOutOfASecret: in the log, before anything is opened.
func TestRunSaysWhatWasLeftOutOfASecret(t *testing.T) {
	env := wrapped(t)
	env["SERANKING_API_KEY"] += " "
	a := world.Usher(t, env, "run", "--config", world.WriteConfig(t, world.SmallConfig), "--data", world.WriteConfig(t, "a file"))
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, `"level":"WARN","msg":"SERANKING_API_KEY begins or ends with spaces, which Usher leaves out; take it out where it's set"`)
	require.NotContains(t, a.Errors, world.GoodEnv()["SERANKING_API_KEY"])
}

// TestNoQuotedSecretReachesStandardError: not without its quotes either.
func TestNoQuotedSecretReachesStandardError(t *testing.T) {
	env := world.GoodEnv()
	inside := env["SERANKING_API_KEY"]
	env["SERANKING_API_KEY"] = `"` + inside + `"`
	a := world.Usher(t, env, "check", "--config", inside)
	require.Contains(t, a.Errors, "[secret]: there's no such file")
	require.NotContains(t, a.Errors, inside)
}
