package commandline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestPolicyCommands: what rules a request and why, whether the examples come out, and what of the past would be asked
// differently, with the exit codes that a script goes by.
func TestPolicyCommands(t *testing.T) {
	raw, err := os.ReadFile("../../usher.example.yml")
	require.NoError(t, err)
	example := world.WriteConfig(t, string(raw))
	a := world.Usher(t, nil, "policy", "test", "--config", example)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Equal(t, "All 4 cases came out as expected.\n", a.Out)

	a = world.Usher(t, nil, "policy", "explain", "--config", example, "--offline", "--app", "seranking", "--action", "create", "--by", "U0ALICE", "--for", "external", "type=user")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "✓ policy “no-user-seats” refuses it\n  ✓ type is user\n  ✓ it's for somebody outside the workspace\n\nIt's refused: A user seat sees every website, so it's never given outside the company.\n")
	a = world.Usher(t, nil, "policy", "explain", "--config", example, "--offline", "--by", "U0ALICE", "bundle", "seo-starter", "jane@acme.example", "Jane", "for=30d", "because", "she", "starts")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "2. share in seranking sites=acme.example\n")
	require.Contains(t, a.Out, "“SEO starter” is decided as one: ")
	for _, wrong := range [][]string{{"--bundle", "holidays"}, {"--bundle", "seo-starter", "--app", "seranking"}, {"--app", "seranking"}} {
		a = world.Usher(t, nil, append([]string{"policy", "explain", "--config", example, "--offline"}, wrong...)...)
		require.Equal(t, terminal.ExitWrong, a.Code, wrong)
	}
	a = world.Usher(t, nil, "policy", "explain", "--config", example, "--offline", "--app", "seranking", "--action", "rename")
	require.Equal(t, terminal.ExitWrong, a.Code)
	a = world.Usher(t, nil, "policy", "explain", "--config", example, "--app", "seranking", "--action", "create")
	require.Equal(t, terminal.ExitWrong, a.Code, "without --offline it needs the tokens")

	other := world.WriteConfig(t, strings.Replace(string(raw), `expect: "small approves"`, `expect: "seats asks"`, 1))
	a = world.Usher(t, nil, "policy", "test", "--config", other)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Out, `expected "seats asks", got "small approves"`)
	require.Contains(t, a.Errors, "1 of 4 cases came out differently")

	data := filepath.Join(t.TempDir(), "data")
	db, err := bolt.Open(data, bolt.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	a = world.Usher(t, nil, "policy", "replay", "--old", example, "--new", other, "--data", data, "--since", "90d")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Equal(t, "Nothing would be asked differently: 0 requests were decided anew under both.\n", a.Out)
	a = world.Usher(t, nil, "policy", "replay", "--old", example, "--new", other, "--data", data, "--since", "soon")
	require.Equal(t, terminal.ExitWrong, a.Code)
	a = world.Usher(t, nil, "policy", "replay", "--old", example, "--new", other, "--data", t.TempDir())
	require.Equal(t, terminal.ExitFailed, a.Code, "there is no past: %s", a.Out)
}
