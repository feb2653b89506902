package page

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
)

// TestTheDemoHasOnesOwnApp: what somebody wrote for an app that people set up is asked for and approved in the demo, and is a
// task of somebody who is there.
func TestTheDemoHasOnesOwnApp(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("acme.yml", []byte("name: Acme Board\nactions:\n  create:\n    steps: {invite: \"Press Invite for {email}.\"}\n"), 0o600))
	cfg, problems := config.Parse("usher.yml", []byte(`slack:
  approvals_channel: "#elsewhere"
  admins: [U0REAL]
apps:
  acme: {kind: manual, template: acme.yml, owners: [U0REAL]}
policies: [{name: all, steps: [{approvers: [U0REAL]}]}]
`))
	require.Empty(t, problems)
	d := startDemo(t, t.TempDir(), cfg.Apps...)
	d.act("type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create jane@acme.example Jane app=acme because she plans"})
	d.approve("U0BOB", d.sees("U0BOB", "C0APPROVE", "Acme Board seat for jane@acme.example"))
	d.sees("U0BOB", "C0APPROVE", "Press Invite for jane@acme.example")
}
