package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/sim/vendorsim"
)

// TestEveryDecisionAnswersWhy plays decisions and asks the audit log alone: by which policy, of which
// text, at which step, by whom, and where.
func TestEveryDecisionAnswersWhy(t *testing.T) {
	twoYes := strings.Replace(crashConfig, "[U0BOB, S0LEADS]", "[U0BOB, S0LEADS]\n        need: 2", 1)
	root := approvals.OSUser("root")
	for name, row := range map[string]struct {
		config  string
		decide  func(w *talkWorld)
		after   approvals.State
		actor   approvals.Actor
		what    string
		surface string
		// said is what stands in the entry's reasons besides the policy; came what the policy came to.
		said []string
		came string
	}{
		"approved": {crashConfig, func(w *talkWorld) { clickCard(w, "U0BOB", "Approve") }, approvals.Approved, "U0BOB",
			"voted yes", "slack", []string{"U0BOB said yes"}, "1 of 1 said yes"},
		"denied": {crashConfig, denyCard, approvals.Denied, "U0BOB",
			"voted no", "slack", []string{"U0BOB said no"}, "0 of 1 said yes"},
		"approved by two": {twoYes, func(w *talkWorld) {
			clickCard(w, "U0BOB", "Approve")
			clickCard(w, "U0ERIN", "Approve")
		}, approvals.Approved, "U0ERIN", "voted yes", "slack", []string{"U0BOB said yes", "U0ERIN said yes"}, "2 of 2 said yes"},
		"denied by the second of two": {twoYes, func(w *talkWorld) {
			clickCard(w, "U0ERIN", "Approve")
			denyCard(w)
		}, approvals.Denied, "U0BOB", "voted no", "slack", []string{"U0ERIN said yes", "U0BOB said no"}, "1 of 2 said yes"},
		"approved past the policy": {twoYes, override(root, true), approvals.Approved, root,
			"approved past the policy", surface, []string{"reason: both are on a plane"}, "overridden by " + string(root)},
		"denied past the policy": {crashConfig, override(root, false), approvals.Denied, root,
			"denied past the policy", surface, []string{"reason: both are on a plane"}, "overridden by " + string(root)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTalk(t, row.config, func(w *talkWorld) {
				vendorsim.SeedDemo(w.n.vendor)
				w.start()
				w.n.slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
				w.pass(10 * time.Second)
				row.decide(w)
				w.pass(10 * time.Second)

				e := decidingEntry(w, 1)
				require.Equal(t, approvals.Pending, e.Before)
				require.Equal(t, row.after, e.After)
				require.Equal(t, row.actor, e.Actor)
				require.Equal(t, row.what, e.What)
				require.Equal(t, row.surface, e.Surface)
				policy := w.cfg.Policies()[0]
				sum := sha256.Sum256([]byte(policy.Text))
				require.Equal(t, hex.EncodeToString(sum[:])[:len(policy.Hash())], policy.Hash())
				rule := "policy seats (" + policy.Hash() + "), step 1 of 1: " + row.came
				require.ElementsMatch(t, append([]string{rule}, row.said...), e.Why)
			})
		})
	}
}

// decidingEntry is the one entry that took request n out of pending.
func decidingEntry(w *talkWorld, n int64) approvals.Entry {
	w.t.Helper()
	var found []approvals.Entry
	require.NoError(w.t, w.app.store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		err := json.Unmarshal(line, &e)
		if e.Request == n && e.Before == approvals.Pending && e.After != approvals.Pending {
			found = append(found, e)
		}
		return err
	}))
	require.Len(w.t, found, 1)
	return found[0]
}

func clickCard(w *talkWorld, who, label string) {
	w.t.Helper()
	cards := w.n.slack.Messages("C0APPROVE")
	require.Len(w.t, cards, 1)
	require.True(w.t, w.n.slack.Click(who, cards[0].Channel, cards[0].TS, label).Wait().Acked)
	w.pass(10 * time.Second)
}

// denyCard is Bob's no, with the reason that its form asks for.
func denyCard(w *talkWorld) {
	w.t.Helper()
	clickCard(w, "U0BOB", "Deny")
	views := w.n.slack.Views("U0BOB")
	require.Len(w.t, views, 1)
	require.Empty(w.t, w.n.slack.Submit("U0BOB", views[0].ID, map[string]any{bot.FieldReason: "not now"}).Wait().Errors)
}

// override decides as `usher approve --override` and `usher deny --override` do.
func override(by approvals.Actor, yes bool) func(*talkWorld) {
	return func(w *talkWorld) {
		w.t.Helper()
		e := approvals.Overridden{By: by, Yes: yes, Reason: "both are on a plane"}
		_, err := w.app.desk.Override(context.Background(), 1, e, surface, time.Now())
		require.NoError(w.t, err)
	}
}
