package page

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/test/world"
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

// TestTheDemosAppByHand: what the demo offers beside SE Ranking is asked for, approved and carried out there, step by step, by somebody
// who is there, with what becomes of the pool.
func TestTheDemosAppByHand(t *testing.T) {
	d := startDemo(t, t.TempDir())
	d.act("type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create jane@acme.example Jane Smith role=user keywords=500 app=semrush because she plans the content"})
	d.approve("U0BOB", d.sees("U0BOB", "C0APPROVE", "jane@acme.example"))
	task := d.sees("U0BOB", "C0APPROVE", "☐ *1*")
	require.Regexp(t, `\D0 of \d+ steps done`, string(task.Blocks))
	require.Contains(t, string(task.Blocks), "0 of 5,000 handed out → 500, 4,500 left")
	d.choose("U0BOB", task, "Done")
	task = d.sees("U0BOB", "C0APPROVE", "☑ *1*")
	require.Regexp(t, `\D1 of \d+ steps done`, string(task.Blocks))
}

// choose picks from the first menu of a message in the channel of the cards, as the page does.
func (d *demoRun) choose(who string, m world.DemoMessage, label string) {
	d.t.Helper()
	var blocks []struct {
		BlockID   string `json:"block_id"`
		Accessory struct {
			ActionID string `json:"action_id"`
			Options  []struct {
				Text  struct{ Text string }
				Value string
			}
		}
	}
	require.NoError(d.t, json.Unmarshal(m.Blocks, &blocks))
	for _, b := range blocks {
		for _, o := range b.Accessory.Options {
			if o.Text.Text == label {
				picked := map[string]any{"type": "overflow", "selected_option": map[string]any{"value": o.Value}}
				d.act("click", map[string]any{"as": who, "channel": "C0APPROVE", "ts": m.TS, "block_id": b.BlockID, "action_id": b.Accessory.ActionID, "state": picked})
				return
			}
		}
	}
	d.t.Fatalf("no menu has %s: %s", label, m.Blocks)
}
