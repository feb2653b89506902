package talks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// twoYes asks two people for a yes.
var twoYes = strings.Replace(world.Config, "[U0BOB, S0LEADS]", "[U0BOB, S0LEADS]\n        need: 2", 1)

const root approvals.Actor = "os:root"

// aWhy is a decision and what the audit log must tell of it.
type aWhy struct {
	config  string
	decide  func(w *world.World)
	after   approvals.State
	actor   approvals.Actor
	what    string
	surface string
	// said is what stands in the entry's reasons besides the policy; came what the policy came to.
	said []string
	came string
	// before is the state that was left.
	before approvals.State
}

// byVote are the decisions that voting, or overriding, brings about.
func byVote() map[string]aWhy {
	return map[string]aWhy{
		"approved": {world.Config, func(w *world.World) { clickCard(w, "U0BOB", "Approve") }, approvals.Approved, "U0BOB",
			"voted yes", "slack", []string{"U0BOB said yes"}, "1 of 1 said yes", approvals.Pending},
		"denied": {world.Config, denyCard, approvals.Denied, "U0BOB",
			"voted no", "slack", []string{"U0BOB said no"}, "0 of 1 said yes", approvals.Pending},
		"approved by two": {twoYes, func(w *world.World) {
			clickCard(w, "U0BOB", "Approve")
			clickCard(w, "U0ERIN", "Approve")
		}, approvals.Approved, "U0ERIN", "voted yes", "slack", []string{"U0BOB said yes", "U0ERIN said yes"}, "2 of 2 said yes", approvals.Pending},
		"denied by the second of two": {twoYes, func(w *world.World) {
			clickCard(w, "U0ERIN", "Approve")
			denyCard(w)
		}, approvals.Denied, "U0BOB", "voted no", "slack", []string{"U0ERIN said yes", "U0BOB said no"}, "1 of 2 said yes", approvals.Pending},
		"approved past the policy": {twoYes, override(root, true), approvals.Approved, root,
			"approved past the policy", control.Surface, []string{"reason: both are on a plane"}, "overridden by " + string(root), approvals.Pending},
		"denied past the policy": {world.Config, override(root, false), approvals.Denied, root,
			"denied past the policy", control.Surface, []string{"reason: both are on a plane"}, "overridden by " + string(root), approvals.Pending},
	}
}

// byRight are the decisions that somebody takes by another right.
func byRight() map[string]aWhy {
	return map[string]aWhy{
		"taken back": {twoYes, func(w *world.World) {
			clickCard(w, "U0BOB", "Approve")
			w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access cancel 1").Wait()
		}, approvals.Canceled, "U0ALICE", "canceled", "slack",
			[]string{"U0BOB said yes", "U0ALICE asked for it, and may take back their own request while it is undecided"}, "1 of 2 said yes", approvals.Pending},
		"time is up": {world.Config, func(w *world.World) { w.Pass(time.Hour) }, approvals.Expired, approvals.Usher, "expired", "usher",
			[]string{"its time was up 2000-01-01T00:50:03Z by the policy"}, "0 of 1 said yes", approvals.Pending},
		"an admin says it happened": {world.Config, like("doubt, happened"), approvals.Done, "U0ADMIN", "admin says it happened", "slack",
			[]string{"U0BOB said yes", "U0ADMIN is an admin by slack.admins"}, "1 of 1 said yes", approvals.InDoubt},
		"an admin says it did not": {world.Config, like("doubt, did not"), approvals.Running, "U0ADMIN", "admin says it did not happen", "slack",
			[]string{"U0BOB said yes", "U0ADMIN is an admin by slack.admins"}, "1 of 1 said yes", approvals.InDoubt},
		"an admin tries again": {world.Config, like("retry"), approvals.Running, "U0ADMIN", "deed started again", "slack",
			[]string{"U0BOB said yes", "U0ADMIN is an admin by slack.admins"}, "1 of 1 said yes", approvals.Failed},
		"again after an override": {world.Config, func(w *world.World) {
			w.N.Vendor.SetSeats(8)
			override(root, true)(w)
			w.Pass(2 * time.Minute)
			_, err := w.App.Desk.Retry(context.Background(), 1, "U0ADMIN", "slack", time.Now())
			require.NoError(w.T, err)
		}, approvals.Running, "U0ADMIN", "deed started again", "slack",
			[]string{"reason: both are on a plane", "U0ADMIN is an admin by slack.admins"}, "overridden by " + string(root), approvals.Failed},
	}
}

// TestEveryDecisionAnswersWhy plays decisions and asks the audit log alone: by which policy, of which
// text, at which step, by whom, and where.
func TestEveryDecisionAnswersWhy(t *testing.T) {
	all := byVote()
	maps.Copy(all, byRight())
	for name, row := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world.In(t, row.config, func(w *world.World) {
				vendorsim.SeedDemo(w.N.Vendor)
				w.Start()
				w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
				w.Pass(10 * time.Second)
				row.decide(w)
				w.Pass(10 * time.Second)

				e := decidingEntry(w, 1, row.before)
				require.Equal(t, row.after, e.After)
				require.Equal(t, row.actor, e.Actor)
				require.Equal(t, row.what, e.What)
				require.Equal(t, row.surface, e.Surface)
				policy := w.Cfg.Policies()[0]
				sum := sha256.Sum256([]byte(policy.Text))
				require.Equal(t, hex.EncodeToString(sum[:])[:len(policy.Hash())], policy.Hash())
				rule := "policy seats (" + policy.Hash() + "), step 1 of 1: " + row.came
				require.ElementsMatch(t, append([]string{rule}, row.said...), e.Why)
			})
		})
	}
}

// like decides as a scenario of the crash matrix does.
func like(scenario string) func(*world.World) {
	return func(w *world.World) {
		p := &world.Played{World: w, Scenario: world.Of(scenario)}
		p.Scenario.Decide(p)
	}
}

// decidingEntry is the one entry that took request n out of a state.
func decidingEntry(w *world.World, n int64, before approvals.State) approvals.Entry {
	w.T.Helper()
	var found []approvals.Entry
	for _, e := range w.Entries() {
		if e.Request == n && e.Before == before && e.After != before {
			found = append(found, e)
		}
	}
	require.Len(w.T, found, 1)
	return found[0]
}

func clickCard(w *world.World, who, label string) {
	w.T.Helper()
	cards := w.N.Slack.Messages("C0APPROVE")
	require.Len(w.T, cards, 1)
	require.True(w.T, w.N.Slack.Click(who, cards[0].Channel, cards[0].TS, label).Wait().Acked)
	w.Pass(10 * time.Second)
}

// denyCard is Bob's no, with the reason that its form asks for.
func denyCard(w *world.World) {
	w.T.Helper()
	clickCard(w, "U0BOB", "Deny")
	views := w.N.Slack.Views("U0BOB")
	require.Len(w.T, views, 1)
	require.Empty(w.T, w.N.Slack.Submit("U0BOB", views[0].ID, map[string]any{view.FieldReason: "not now"}).Wait().Errors)
}

// override decides as `usher approve --override` and `usher deny --override` do.
func override(by approvals.Actor, yes bool) func(*world.World) {
	return func(w *world.World) {
		w.T.Helper()
		e := approvals.Overridden{By: by, Yes: yes, Reason: "both are on a plane"}
		_, err := w.App.Desk.Override(context.Background(), 1, e, control.Surface, time.Now())
		require.NoError(w.T, err)
	}
}
