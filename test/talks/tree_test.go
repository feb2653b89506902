package talks

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/policy"
	"github.com/usherbot/usher/sim/slacksim"
)

const explained = `slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  seranking: {kind: seranking, name: SE Ranking, base_url: "http://127.0.0.1/v1", seats: 25}
policies:
  - name: oneself
    when: {for: self}
    refuse: "Somebody else asks"
  - name: users
    when: {requester_in: [S0LEADS], type: [user]}
    approve: auto
  - name: the-last-ones
    actions: [create]
    when: {requester_in: [S0LEADS], seats_left_under: 3}
    steps: [{approvers: [U0ADMIN]}]
  - name: seats
    when: {requester_in: [S0LEADS], for: external}
    steps: [{approvers: [U0BOB]}]
`

// TestOneTree: a request's card, /access status, usher policy explain and the audit log draw the same tree of why a policy
// rules it, whether that was known when it was asked, hung on the vendor, or decided by itself.
func TestOneTree(t *testing.T) {
	file := filepath.Join(t.TempDir(), "usher.yml")
	require.NoError(t, os.WriteFile(file, []byte(explained), 0o600))
	inLife(t, explained, "", func(k *talk) {
		k.play([]string{
			"erin types /access share wei.chen@acme.example 101 because he audits it", `erin sees "Request #1 sent"`, `bob is asked "#1"`,
			"erin types /access create lee@globex.example Lee because she starts", `erin sees "#2"`, `bob is asked "#2"`,
			"erin types /access create kim@globex.example Kim type=user because he runs it", `erin sees "Request #3 sent"`, "request 3 is done",
			`erin is told "ready"`, `card 1 says "#1"`, `card 2 says "#2"`, `card 3 says "#3"`,
		})
		for n, asked := range map[int64]struct {
			action  string
			given   []string
			entries int
		}{
			1: {"share", []string{"in=S0LEADS", "sites=101"}, 1},
			2: {"create", []string{"in=S0LEADS", "seats_left=17"}, 1},              // once it was read
			3: {"create", []string{"in=S0LEADS", "type=user", "seats_left=17"}, 2}, // asked, and approved by the policy
		} {
			r, err := k.App.Desk.Request(context.Background(), n)
			require.NoError(k.T, err)
			tree := wordsOf(r.Rule.Chosen)
			require.Greater(k.T, len(tree), 3)
			k.act("carol types /access status " + string(rune('0'+n)))
			status := k.next(k.N.Slack.Ephemerals("U0ADMIN"), "")
			var out bytes.Buffer
			require.NoError(k.T, policy.Explain(context.Background(), policy.Question{Config: file, App: "seranking", Action: asked.action,
				By: "U0ERIN", For: "external", Given: asked.given, Offline: true, Out: &out}))
			shown := tree
			if r.State != approvals.Pending { // once it is decided people see the branch that rules it
				shown = wordsOf(r.Rule.Chosen[len(r.Rule.Chosen)-1:])
			}
			card := slacksim.PlainText(k.cardOf(n))
			require.True(k.T, draws(card, shown), "the card of #%d draws %q:\n%s", n, shown, card)
			require.True(k.T, draws(slacksim.PlainText(status), shown), "/access status %d draws %q:\n%s", n, shown, slacksim.PlainText(status))
			require.True(k.T, draws(out.String(), tree), "usher policy explain draws %q of #%d:\n%s", tree, n, out.String())
			entries := 0
			for _, e := range k.audited(n) {
				if draws(strings.Join(e.Why, "\n"), tree) {
					entries++
				}
			}
			require.Equal(k.T, asked.entries, entries, "entries of #%d that draw %q", n, tree)
		}
	})
}

// wordsOf are the reasons of a tree in order, with people and groups by their ids.
func wordsOf(reasons []approvals.Reason) (out []string) {
	for _, r := range reasons {
		out = append(append(out, bare(r.Say.Plain())), wordsOf(r.Under)...)
	}
	return out
}

func bare(text string) string {
	return strings.NewReplacer("<@", "", "<!subteam^", "", ">", "", "@", "").Replace(text)
}

// draws reports whether a text has all reasons in their order.
func draws(text string, tree []string) bool {
	rest, found := bare(text), false
	for _, say := range tree {
		if _, rest, found = strings.Cut(rest, say); !found {
			return false
		}
	}
	return true
}

// audited are the entries about a request.
func (k *talk) audited(n int64) (out []approvals.Entry) {
	k.T.Helper()
	require.NoError(k.T, k.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		err := json.Unmarshal(line, &e)
		if e.Request == n {
			out = append(out, e)
		}
		return err
	}))
	return out
}
