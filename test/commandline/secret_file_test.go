package commandline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// inFile has a secret of an environment come from a file.
func inFile(t *testing.T, env map[string]string, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, os.Chmod(path, mode))
	delete(env, name)
	env[name+config.FileSuffix] = path
	return path
}

// TestSecretsComeFromFiles: each of them, with the line end that echo leaves, and anew whenever they are read.
func TestSecretsComeFromFiles(t *testing.T) {
	cfg, problems := config.Parse("usher.yml", []byte(world.SmallConfig))
	require.Empty(t, problems)
	for _, name := range config.SecretNames {
		for _, end := range []string{"", "\n", "\r\n"} {
			env := wrapped(t)
			plain, err := config.ReadEnv(lookupIn(env), cfg)
			require.NoError(t, err)
			path := inFile(t, env, name, env[name]+end, 0o400)
			got, err := config.ReadEnv(lookupIn(env), cfg)
			require.NoError(t, err, name)
			require.Equal(t, []config.SecretFile{{Name: name, Path: path}}, got.Files)
			got.Files = nil
			require.Equal(t, plain, got)
		}
	}
	env := wrapped(t)
	path := inFile(t, env, "SLACK_APP_TOKEN", "xapp-the-first\n", 0o600)
	swapped := path + ".next" // as Kubernetes does it: another file in its place
	require.NoError(t, os.WriteFile(swapped, []byte("xapp-the-second\n"), 0o600))
	require.NoError(t, os.Rename(swapped, path))
	got, err := config.ReadEnv(lookupIn(env), cfg)
	require.NoError(t, err)
	require.Equal(t, "xapp-the-second", got.SlackAppToken.Reveal())
}

// TestBadInputFilesOfSecrets: a sentence for each, and never what is in the file or may be a secret.
func TestBadInputFilesOfSecrets(t *testing.T) {
	path := world.WriteConfig(t, world.SmallConfig)
	for name, row := range map[string]struct {
		make func(t *testing.T, env map[string]string, name string)
		says string
	}{
		"both": {func(t *testing.T, env map[string]string, name string) {
			inside := env[name]
			inFile(t, env, name, inside, 0o600)
			env[name] = inside
		}, " are both set; expected one of them"},
		"missing": {func(t *testing.T, env map[string]string, name string) {
			require.NoError(t, os.Remove(inFile(t, env, name, "", 0o600)))
		}, "which can't be read (no such file or directory); expected a file in which the secret stands"},
		"a loop of links": {func(t *testing.T, env map[string]string, name string) {
			link := inFile(t, env, name, "", 0o600)
			require.NoError(t, os.Remove(link))
			require.NoError(t, os.Symlink(link, link))
		}, "which can't be read (too many levels of symbolic links)"},
		"a folder": {func(t *testing.T, env map[string]string, name string) {
			delete(env, name)
			env[name+config.FileSuffix] = t.TempDir()
		}, "which is no plain file"},
		"empty":      {func(t *testing.T, env map[string]string, name string) { inFile(t, env, name, "", 0o600) }, "which is empty"},
		"a line end": {func(t *testing.T, env map[string]string, name string) { inFile(t, env, name, " \r\n", 0o600) }, "which is empty"},
		"too long": {func(t *testing.T, env map[string]string, name string) {
			inFile(t, env, name, strings.Repeat(env[name], 1+65536/len(env[name])), 0o600)
		}, "which has more than 65536 bytes"},
		"everybody's": {func(t *testing.T, env map[string]string, name string) { inFile(t, env, name, env[name], 0o622) },
			"which has mode 0622, so other accounts on this machine can change it: `chmod 600 "},
		"quotes": {func(t *testing.T, env map[string]string, name string) { inFile(t, env, name, `"`+env[name]+`"`, 0o600) },
			") begins or ends with quotes; expected the bare value"},
		"the secret itself": {func(t *testing.T, env map[string]string, name string) {
			env[name], env[name+config.FileSuffix] = "", env[name]
		}, "names no file that's there; expected the path of a file in which the secret stands (what's set isn't shown, it may be the secret itself)"},
	} {
		for _, secret := range config.SecretNames {
			env := wrapped(t)
			inside := env[secret]
			row.make(t, env, secret)
			a := world.Usher(t, env, "check", "--config", path, "--data", t.TempDir())
			require.Equal(t, terminal.ExitWrong, a.Code, "%s %s: %s", name, secret, a.Errors)
			require.Contains(t, a.Errors, row.says, name)
			require.Contains(t, a.Errors, secret)
			require.Equal(t, 1, strings.Count(a.Errors, "\n"), "one sentence: %s", a.Errors)
			require.NotContains(t, a.Out+a.Errors, inside)
		}
	}
	env := wrapped(t)
	inFile(t, env, "SLACK_BOT_TOKEN", "xapp-secretsecret", 0o600)
	a := world.Usher(t, env, "run", "--config", path)
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "SLACK_BOT_TOKEN_FILE (")
	require.Contains(t, a.Errors, "doesn't begin with xoxb-, so it's another kind of token")
	require.NotContains(t, a.Errors, "secretsecret")
}

// TestCheckNamesTheFilesOfSecrets: and warns of one that every account can read.
func TestCheckNamesTheFilesOfSecrets(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	bot := inFile(t, w.env, "SLACK_BOT_TOKEN", w.env["SLACK_BOT_TOKEN"]+"\n", 0o600)
	app := inFile(t, w.env, "SLACK_APP_TOKEN", w.env["SLACK_APP_TOKEN"]+"\n", 0o644)
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Contains(t, table, "ok SLACK_BOT_TOKEN read from "+bot)
	require.Equal(t, []string{"warning SLACK_APP_TOKEN read from " + app + ", which has mode 0644, so every account on this machine can read it → chmod 600 " + app + ", or have it mounted with mode 0400"}, troubles(table))
}

// TestNoSecretOfAFileReachesStandardError: whatever else an error quotes.
func TestNoSecretOfAFileReachesStandardError(t *testing.T) {
	env := world.GoodEnv()
	inside := env["SERANKING_API_KEY"]
	inFile(t, env, "SERANKING_API_KEY", inside+"\n", 0o600)
	a := world.Usher(t, env, "check", "--config", inside)
	require.Contains(t, a.Errors, "[secret]: there's no such file")
	require.NotContains(t, a.Errors, inside)
}

// TestRunWarnsOfAFileThatEverybodyReads: in the log, before anything is opened.
func TestRunWarnsOfAFileThatEverybodyReads(t *testing.T) {
	env := wrapped(t)
	inFile(t, env, "SERANKING_API_KEY", env["SERANKING_API_KEY"], 0o444)
	a := world.Usher(t, env, "run", "--config", world.WriteConfig(t, world.SmallConfig), "--data", world.WriteConfig(t, "a file"))
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, `"msg":"a file with a secret has mode 0444, so every account on this machine can read it"`)
	require.NotContains(t, a.Errors, world.GoodEnv()["SERANKING_API_KEY"])
}
