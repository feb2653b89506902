package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/usherbot/usher/cli"
)

// TestMain lets thousands of short lives leave more behind before it is swept up, within two gigabytes.
func TestMain(m *testing.M) { lives(m) }

// lives runs the tests of a package of many short lives, and ends the process.
func lives(m *testing.M) {
	debug.SetMemoryLimit(2 << 30)
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// answer is what a command line came to.
type answer struct {
	code        int
	out, errors string
}

// answered is an answer.
func answered(code int, out, errors string) answer { return answer{code, out, errors} }

// usher runs a command line in an environment of its own.
func usher(t *testing.T, env map[string]string, args ...string) answer {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, &out, &errs)
	return answered(code, out.String(), errs.String())
}

// writeConfig keeps a configuration in a folder of the test's and returns its path.
func writeConfig(t *testing.T, yml string) string {
	path := filepath.Join(t.TempDir(), "usher.yml")
	require.NoError(t, os.WriteFile(path, []byte(yml), 0o600))
	return path
}

// goodEnv has the right shape and belongs to nobody.
func goodEnv() map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-not-a-real-token", "SLACK_APP_TOKEN": "xapp-not-a-real-token",
		"SERANKING_API_KEY": "0f3b8a77-55aa-4c1e-9d10-3f2b7c6d5e4f",
	}
}

// smallConfig is the least that a configuration must say.
const smallConfig = `slack:
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
