package policy

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
)

// sound is a configuration that means what it says, with examples that say what it means.
const sound = `slack:
  approvals_channel: C0APPROVE
  admins: [U0ADMIN, U0CAROL]
apps:
  seranking: {kind: seranking, seats: 10, price: {amount: 20, currency: USD}, owners: [U0DAVE, S0OPS]}
policies:
  - name: no-user-seats
    actions: [create]
    when: {type: [user], for: external}
    refuse: "A user seat sees every website."
  - name: no-audits
    actions: [create, update]
    when: {access: {any: [audit_website]}}
    refuse: "Audits are run by the SEO team."
  - name: last-seats
    actions: [create]
    when: {seats_left_under: 2}
    steps: [{approvers: [U0CAROL, U0DAVE], need: 1}]
    expires_after: 1d
  - name: small
    actions: [create, share]
    when: {requester_in: [S0STAFF], cost_under: 50, for: self}
    approve: auto
  - name: removals
    actions: [delete]
    steps: [{approvers: [U0BOB, S0LEADS], need: 2}, {approvers: [owners]}]
  - name: seats
    steps: [{approvers: [U0BOB, S0LEADS]}]
    cases:
      - {by: U0ALICE, app: seranking, action: create, type: user, for: external, seats_left: 5, expect: "no-user-seats refuses"}
      - {by: U0ALICE, app: seranking, action: create, type: user, for: other, seats_left: 5, expect: "seats asks U0BOB"}
      - {by: U0ALICE, app: seranking, action: create, for: external, seats_left: 5, expect: "seats asks S0LEADS"}
      - {by: U0ALICE, app: seranking, action: create, access: [report_manual, audit_website], seats_left: 5, expect: "no-audits refuses"}
      - {by: U0ALICE, app: seranking, action: update, access: audit_website, expect: "no-audits refuses"}
      - {by: U0ALICE, app: seranking, action: create, seats_left: 1, in: [S0STAFF], expect: "last-seats asks U0CAROL"}
      - {by: U0ALICE, app: seranking, action: create, seats_left: 2, in: [S0STAFF], expect: "small approves"}
      - {by: U0ALICE, app: seranking, action: create, seats_left: 2, in: [S0STAFF], for: other, expect: "seats asks"}
      - {by: U0ALICE, app: seranking, action: share, in: [S0STAFF], expect: "small approves"}
      - {by: U0ALICE, app: seranking, action: delete, in: [S0STAFF], expect: "removals asks U0BOB, then owners"}
      - {by: U0ALICE, app: seranking, action: unshare, in: [S0STAFF], expect: "seats asks U0BOB, S0LEADS"}
`

// mistake is something that somebody might write instead, and what finds it first: the reading of the file, a warning of
// `usher check`, an example that comes out otherwise, or the past.
type mistake struct{ what, old, new, by string }

var mistakes = []mistake{
	{"a policy under a name that stands already", "name: small", "name: seats", "reading"},
	{"a misspelt action", "actions: [delete]", "actions: [delet]", "reading"},
	{"a misspelt key", "    when: {type", "    wen: {type", "reading"},
	{"a misspelt condition", "[user], for: external}\n", "[user], four: external}\n", "reading"},
	{"a misspelt choice", "type: [user]", "type: [users]", "reading"},
	{"a word for whom that isn't one", "for: self", "for: me", "reading"},
	{"an approver without an id", "U0BOB, S0LEADS], need: 2", "bob, S0LEADS], need: 2", "reading"},
	{"a price in words", "amount: 20", "amount: twenty", "reading"},
	{"no price where a policy goes by it", "price: {amount: 20, currency: USD}, ", "", "reading"},
	{"no seats where a policy goes by them", "seats: 10, ", "", "reading"},
	{"no owners where a policy asks them", ", owners: [U0DAVE, S0OPS]", "", "reading"},
	{"more yeses than people", "U0DAVE], need: 1", "U0DAVE], need: 3", "reading"},
	{"steps beside an automatic yes", "    approve: auto\n", "    approve: auto\n    steps: [{approvers: [U0BOB]}]\n", "reading"},
	{"a second step that nobody is left for", "{approvers: [owners]}]", "{approvers: [U0DAVE]}, {approvers: [U0DAVE]}]", "reading"},
	{"conditions that can't hold together", "cost_under: 50", "cost_under: 50, cost_over: 60", "reading"},
	{"fewer than none left", "seats_left_under: 2", "seats_left_under: 0", "reading"},
	{"forever", "expires_after: 1d", "expires_after: forever", "reading"},
	{"a refusal without a word", `"A user seat sees every website."`, `""`, "reading"},
	{"a condition on a field that the action doesn't have", "actions: [delete]\n", "actions: [delete]\n    when: {type: [user]}\n", "reading"},
	{"a policy that never gets a turn", "  - name: removals\n    actions: [delete]", "  - name: removals\n    actions: [create]\n    when: {type: [user], for: external}", "check"},
	{"an automatic yes to everything", "    when: {requester_in: [S0STAFF], cost_under: 50, for: self}\n", "", "check"},
	{"the catch-all before the others", "  - name: no-user-seats\n", "  - name: all\n    steps: [{approvers: [U0BOB, S0LEADS]}]\n  - name: no-user-seats\n", "check"},
	{"an approver who is alone", "steps: [{approvers: [U0BOB, S0LEADS]}]", "steps: [{approvers: [U0BOB]}]", "check"},
	{"a step that takes everybody it names", "U0DAVE], need: 1", "U0DAVE], need: 2", "check"},
	{"nothing is about what people ask", "  - name: seats\n", "  - name: seats\n    actions: [create, share, update, delete]\n", "check"},
	{"everything has a condition", "  - name: seats\n", "  - name: seats\n    when: {for: other}\n", "check"},
	{"a refusal that only means all of several", "access: {any: [audit_website]}", "access: [audit_website]", "check"},
	{"a choice beside whom it's refused for anyway", "  - name: no-audits\n", earlier("a", "when: {for: external}") + earlier("b", "when: {for: external, type: [user]}") + "  - name: no-audits\n", "check"},
	{"fewer choices after more", "  - name: no-audits\n", earlier("a", "actions: [create]\n    when: {type: [client, user], for: other}") + earlier("b", "actions: [create]\n    when: {type: [client], for: other}") + "  - name: no-audits\n", "check"},
	{"one group after both", "  - name: no-audits\n", earlier("a", "when: {requester_in: [S0A, S0B]}") + earlier("b", "when: {requester_in: [S0B]}") + "  - name: no-audits\n", "check"},
	{"less money after more", "  - name: no-audits\n", earlier("a", "when: {cost_under: 100, for: other}") + earlier("b", "when: {cost_under: 50, for: other}") + "  - name: no-audits\n", "check"},
	{"longer after long", "  - name: no-audits\n", earlier("a", "when: {longer_than: 30d, for: other}") + earlier("b", "when: {longer_than: 90d, for: other}") + "  - name: no-audits\n", "check"},
	{"another after all it can be for", "  - name: seats\n", earlier("a", "when: {for: self}") + earlier("b", "when: {for: other}") + earlier("c", "when: {for: external}") + "  - name: seats\n", "check"},
	{"more seats left than there are", "  - name: no-audits\n", earlier("a", "when: {seats_left_over: 10}") + "  - name: no-audits\n", "check"},
	{"over what a seat costs", "  - name: no-audits\n", earlier("a", "when: {cost_over: 20}") + "  - name: no-audits\n", "check"},
	{"a removal for a time", "  - name: removals\n    actions: [delete]\n", "  - name: removals\n    actions: [delete]\n    when: {shorter_than: 30d}\n", "check"},
	{"over for under", "seats_left_under: 2", "seats_left_over: 2", "test"},
	{"one more than was meant", "seats_left_under: 2", "seats_left_under: 3", "test"},
	{"one less than was meant", "seats_left_under: 2", "seats_left_under: 1", "test"},
	{"the other group", "requester_in: [S0STAFF]", "requester_in: [S0LEADS]", "test"},
	{"self for anybody", ", for: self}", "}", "test"},
	{"other for external", "for: external}", "for: other}", "test"},
	{"a refusal without its condition on whom", "type: [user], for: external", "type: [user]", "test"},
	{"client for user", "type: [user]", "type: [client]", "test"},
	{"an automatic yes to removals too", "actions: [create, share]", "actions: [create, share, delete]", "test"},
	{"an action left out of a refusal", "actions: [create, update]", "actions: [create]", "test"},
	{"owners for leads", "steps: [{approvers: [U0BOB, S0LEADS]}]", "steps: [{approvers: [owners]}]", "test"},
	{"the second step lost", ", {approvers: [owners]}]", "]", "test"},
	{"too cheap a limit", "cost_under: 50", "cost_under: 20", "test"},
	{"the limit in another policy's place", "  - name: last-seats\n    actions: [create]", "  - name: last-seats\n    actions: [share]", "test"},
	{"one yes in place of two", "U0BOB, S0LEADS], need: 2", "U0BOB, S0LEADS]", "replay"},
	{"somebody more who decides removals", "{approvers: [owners]}", "{approvers: [owners, S0LEADS]}", "replay"},
	{"who decided may decide again", "{approvers: [owners]}", "{approvers: [owners], distinct: false}", "replay"},
	{"a decider fewer of the last seats", "[U0CAROL, U0DAVE], need: 1", "[U0CAROL, S0OPS], need: 1", "replay"},
}

// earlier is one more policy, which stands before the others.
func earlier(name, about string) string {
	return "  - name: " + name + "\n    " + about + "\n    steps: [{approvers: [U0BOB, S0LEADS]}]\n"
}

// remembered is a data folder with one request of each policy that asks.
func remembered(t *testing.T) string {
	left := 1
	return kept(t, approvals.Request{Action: catalog.Delete, Found: &approvals.Known{}},
		approvals.Request{Action: catalog.Create, Found: &approvals.Known{For: approvals.ForOther, Left: &left, Out: []approvals.GroupID{"S0STAFF"}}})
}

// finds is what finds something in a configuration first, and what it says; "": nothing does.
func finds(t *testing.T, yml, before, folder string) (by, said string) {
	file := written(t, yml)
	cfg, err := config.Load(file)
	if err != nil {
		return "reading", err.Error()
	}
	for _, w := range cfg.Warnings {
		return "check", w.In(file)
	}
	var out bytes.Buffer
	if err := Test(file, &out); err != nil {
		return "test", out.String()
	}
	if err := Replay(t.Context(), Past{Old: before, New: file, Data: control.Folder{Dir: folder}, Now: time.Now()}, &out); err != nil {
		return "replay", out.String()
	}
	return "", out.String()
}

// TestSeededMistakes: each of fifty-odd mistakes that people make in policies is found before it rules anything.
func TestSeededMistakes(t *testing.T) {
	before, folder := written(t, sound), remembered(t)
	by, said := finds(t, sound, before, folder)
	require.Empty(t, by, "%s", said)
	require.GreaterOrEqual(t, len(mistakes), 40)
	for _, m := range mistakes {
		t.Run(m.what, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(sound, m.old), "the mistake changes one thing")
			by, said := finds(t, strings.Replace(sound, m.old, m.new, 1), before, folder)
			require.Equal(t, m.by, by, "%s", said)
			require.NotEmpty(t, said)
		})
	}
}
