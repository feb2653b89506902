package view

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// managedBy is a sample whose present step is decided as somebody's manager.
func managedBy(r approvals.Request, m approvals.Managed, approvers ...string) approvals.Request {
	r.Rule.Approvers, r.Rule.Manager = approvers, &m
	return r
}

// TestACardSaysWhoseManagerDecides, by what that is known and since when, and why nobody does; so does what was decided.
func TestACardSaysWhoseManagerDecides(t *testing.T) {
	waits, read := sample(catalog.Create, approvals.Pending), clock(6, 20)
	bob := approvals.Managed{Of: "U0ALICE", By: "U0BOB"}
	done := managedBy(sample(catalog.Create, approvals.Done), bob, "U0BOB")
	done.Tally = &approvals.Tally{Counted: []approvals.Actor{"U0BOB"}}
	second := threeSteps(1)
	second.Rule.Manager = &bob
	instead := func(m approvals.Managed) approvals.Request {
		m.Of, m.Instead = "U0ALICE", approvals.SteadAdmins
		return managedBy(waits, m, "U0CAROL")
	}
	escalated := instead(approvals.Managed{Lack: approvals.LackNone})
	escalated.Rule.Manager.Instead = approvals.SteadEscalation
	for name, row := range map[string]struct {
		r    approvals.Request
		want string
	}{
		"configured":            {managedBy(waits, bob, "U0BOB", "S0LEADS"), "Can approve <@U0BOB> (<@U0ALICE>'s manager, by the configuration) or anyone in <!subteam^S0LEADS>"},
		"profile":               {managedBy(waits, approvals.Managed{Of: "U0ALICE", By: "U0BOB", Read: read}, "U0BOB"), "<@U0BOB> (<@U0ALICE>'s manager, by their Slack profile, read <!date^"},
		"done":                  {done, "Approved by <@U0BOB> (<@U0ALICE>'s manager), <!date^"},
		"second":                {second, "1 <@U0BOB> (<@U0ALICE>'s manager) said yes"},
		"nobody":                {instead(approvals.Managed{Lack: approvals.LackNone}), "\nNobody is named as <@U0ALICE>'s manager, so the admins decide instead.\n"},
		"nobody in the profile": {instead(approvals.Managed{Lack: approvals.LackNone, Read: read}), "\nNobody is named as <@U0ALICE>'s manager (their Slack profile, read <!date^"},
		"words":                 {instead(approvals.Managed{Lack: approvals.LackWords, Read: read}), "\nThe Slack profile doesn't name one person as <@U0ALICE>'s manager (read <!date^"},
		"field":                 {instead(approvals.Managed{Lack: approvals.LackField, Read: read}), "\nThe Slack profile field for managers can't be used as it is (read <!date^"},
		"choice":                {instead(approvals.Managed{Lack: approvals.LackChoice, Read: read}), "\nPeople can set the Slack profile field for managers themselves (read <!date^"},
		"asker":                 {instead(approvals.Managed{Lack: approvals.LackAsker, Named: "U0ALICE"}), "\n<@U0ALICE>, who asked, is named as their own manager (by the configuration), so the admins decide instead."},
		"own":                   {instead(approvals.Managed{Lack: approvals.LackOwn, Named: "U0JANE"}), "\n<@U0JANE>, who it's for, is named as their own manager (by the configuration), so"},
		"left":                  {instead(approvals.Managed{Lack: approvals.LackLeft, Named: "U0HAL"}), "\n<@U0HAL>, <@U0ALICE>'s manager (by the configuration), has left, so"},
		"guest":                 {instead(approvals.Managed{Lack: approvals.LackGuest, Named: "U0HAL"}), "\n<@U0HAL>, named as <@U0ALICE>'s manager (by the configuration), is a guest, so"},
		"bot":                   {instead(approvals.Managed{Lack: approvals.LackBot, Named: "U0HAL"}), "is a bot, so the admins decide instead."},
		"escalated":             {escalated, "so who it would escalate to decides instead."},
	} {
		t.Run(name, func(t *testing.T) {
			m := Card(row.r)
			require.Contains(t, m.Text, row.want)
			if name == "profile" || name == "nobody" || name == "second" || name == "done" {
				golden(t, "card-manager-"+name, held(t, m))
			}
		})
	}
}
