package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkStep is one yes judged: the pure half of a click.
func BenchmarkStep(b *testing.B) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	r := Request{Number: 7, Nonce: "n", Requester: "U0ALICE", App: App{ID: "seranking", Name: "SE Ranking"}, Action: "create", Change: Change{Email: "jane@acme.example"}, State: Pending,
		Asked: now, Expires: now.Add(time.Hour), Rule: Rule{Policy: "seats", Approvers: []string{"S0LEADS"}, Need: 1}}
	e := Voted{Vote: Vote{By: "U0BOB", Yes: true, At: now, Surface: "slack"}, Facts: Facts{
		People: map[PersonID]Person{"U0BOB": {ID: "U0BOB", Email: "bob@acme.example", Active: true}, "U0ALICE": {ID: "U0ALICE", Email: "alice@acme.example", Active: true}}, Groups: map[GroupID][]PersonID{"S0LEADS": {"U0BOB"}}}}
	b.ReportAllocs()
	for b.Loop() {
		next, _, err := Step(r, e, now)
		require.NoError(b, err)
		require.Equal(b, Approved, next.State)
	}
}

// BenchmarkChoose finds the policy that rules a request, behind twenty that don't.
func BenchmarkChoose(b *testing.B) {
	policies := make([]Policy, 20, 21)
	for i := range policies {
		policies[i] = Policy{Name: "other", When: When{For: ForExternal}}
	}
	policies = append(policies, Policy{Name: "seats", Approvers: []string{"U0BOB"}, Need: 1})
	s := Situation{App: App{ID: "seranking"}, Action: "create", Known: Known{For: ForSelf}}
	b.ReportAllocs()
	for b.Loop() {
		require.Equal(b, "seats", Choose(policies, s).Policy.Name)
	}
}
