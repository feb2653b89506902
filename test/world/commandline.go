package world

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
)

// Main runs the tests of a package of many short lives, and ends the process: thousands of them may leave more behind
// before it is swept up, within two gigabytes.
func Main(m *testing.M) {
	debug.SetMemoryLimit(2 << 30)
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// Answer is what a command line came to.
type Answer struct {
	Code        int
	Out, Errors string
}

// Answered is an answer.
func Answered(code int, out, errors string) Answer { return Answer{code, out, errors} }

// Usher runs a command line in an environment of its own.
func Usher(t *testing.T, env map[string]string, args ...string) Answer {
	t.Helper()
	var out bytes.Buffer
	var errs LockedBuffer // like a real one it takes a line of the log from whatever reads at a vendor still
	code := cli.Run(t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, &out, &errs)
	return Answered(code, out.String(), errs.String())
}

// WriteConfig keeps a configuration in a folder of the test's and returns its path.
func WriteConfig(t *testing.T, yml string) string {
	path := filepath.Join(t.TempDir(), "usher.yml")
	require.NoError(t, os.WriteFile(path, []byte(yml), 0o600))
	return path
}

// GoodEnv has the right shape and belongs to nobody.
func GoodEnv() map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-not-a-real-token", "SLACK_APP_TOKEN": "xapp-not-a-real-token",
		"SERANKING_API_KEY": "0f3b8a77-55aa-4c1e-9d10-3f2b7c6d5e4f",
	}
}

// SmallConfig is the least that a configuration must say.
const SmallConfig = `slack:
  approvals_channel: "#access"
  admins: [U0ADMIN]
apps:
  seranking:
    kind: seranking
policies:
  - name: seats
    steps:
      - approvers: [S0LEADS]
`
