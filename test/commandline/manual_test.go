package commandline

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// peoples are two apps that people carry out, one of which nobody has compared with its vendor's screens.
const peoples = "    seats: 25\n  semrush: {kind: manual, template: semrush, owners: [U0BOB]}\n  hiring: {kind: manual, template: amazinghiring, owners: [U0BOB, S0LEADS]}\n"

// TestCheckOfAppsThatPeopleCarryOut: how many steps each action has, and a warning where their words are a guess.
func TestCheckOfAppsThatPeopleCarryOut(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
	w.config = strings.Replace(w.config, "    seats: 25\n", peoples, 1)
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Regexp(t, `(?m)^ok steps of semrush semrush: create \d+, .*delete \d+`, table)
	found := troubles(table)
	require.Len(t, found, 1, table)
	require.Regexp(t, `^warning steps of hiring amazinghiring: create 3, delete 5; vendor path unverified → nobody has seen the vendor's own words`, found[0])
}

// TestPolicyExplainOfAnAppThatPeopleCarryOut: its policies are those of every app, by its own words and values.
func TestPolicyExplainOfAnAppThatPeopleCarryOut(t *testing.T) {
	raw, err := os.ReadFile("../../usher.example.yml")
	require.NoError(t, err)
	yml := strings.Replace(string(raw), "policies:\n", `policies:
  - name: sessions
    apps: [semrush]
    actions: [create]
    when: {role: [session]}
    approve: auto
`, 1)
	require.Contains(t, yml, "template: semrush")
	explain := func(role string) world.Answer {
		return world.Usher(t, nil, "policy", "explain", "--config", world.WriteConfig(t, yml), "--offline", "--app", "semrush", "--action", "create", "--by", "U0ALICE", "--for", "jane@acme.example", "role="+role)
	}
	a := explain("session")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "✓ policy “sessions” approves it")
	a = explain("user")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "✗ policy “sessions”")
	a = explain("emperor")
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "emperor")
}
