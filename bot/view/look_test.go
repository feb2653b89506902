package view

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestCardsOfWhatIsNotKnownYet: a card says what is not known, since when, and what stands against it.
func TestCardsOfWhatIsNotKnownYet(t *testing.T) {
	words := []string{"acme uk", "<!channel> e"}
	many := []approvals.Text{}
	for i := range 14 {
		many = append(many, say("SE Ranking has no website “%v”.", i))
	}
	for name, row := range map[string]struct {
		action approvals.Action
		alter  func(r *approvals.Request)
		want   []string
		never  string
	}{
		"reading": {approvals.Share, func(r *approvals.Request) { r.Change.Sites, r.Change.Words = nil, words },
			[]string{"Share 2 websites with", "“acme uk” · “&lt;!channel&gt; e”", "Being checked I'm looking up in SE Ranking what this would do."}, "As"},
		"blind": {approvals.Delete, func(r *approvals.Request) {
			r.Look.Blind, r.Change = clock(9, 13), approvals.Change{Email: "jane_doe@acme.example"}
		},
			[]string{"Not checked yet I haven't been able to read SE Ranking since ", "but not approve it"}, "Being checked"},
		"blind seat": {approvals.Create, func(r *approvals.Request) { r.Look.Blind, r.Seats = clock(9, 13), approvals.SeatCount{} },
			[]string{"Not checked yet I haven't been able to read SE Ranking since "}, "not approve it"},
		"unclear": {approvals.Share, func(r *approvals.Request) {
			r.Change.Account, r.Change.Words = 7, words[1:]
			r.Look.At, r.Look.Against = clock(9, 13), []approvals.Text{say("“%v” could be any of %v websites: %v.", words[1], 14, "a, b and 12 more")}
		}, []string{"In the way (SE Ranking read ", "• “&lt;!channel&gt; e” could be any of 14 websites", "It can't be approved until that's clear."}, "Being checked"},
		"many against": {approvals.Share, func(r *approvals.Request) { r.Change.Words, r.Look.At, r.Look.Against = words, clock(9, 13), many }, []string{"and 4 more"}, "“13”"},
		"found": {approvals.Share, func(r *approvals.Request) {
			r.Change.Account = 7
			*r.Look = approvals.Look{At: clock(9, 13)}
			r.Same = 9
		}, []string{"As <@U0ALICE> wrote it: “acme uk”, “&lt;!channel&gt; e”", "Same request as #9"}, "Being checked"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample(row.action, approvals.Pending)
			r.Look, r.Said = &approvals.Look{Owed: true}, &approvals.Said{Email: "jane_doe@acme.example", Sites: words, Blind: true}
			row.alter(&r)
			m := Card(r)
			golden(t, "card-look-"+name, held(t, m))
			for _, want := range row.want {
				require.Contains(t, m.Text, want)
			}
			require.NotContains(t, m.Text, row.never)
			require.Equal(t, []string{"Approve", "Deny"}, buttonsOf(t, m), "a no always works")
		})
	}
}

// TestWhoMayNotReadIsToldWhatTheySaid, by every surface that speaks to whoever asked.
func TestWhoMayNotReadIsToldWhatTheySaid(t *testing.T) {
	for _, a := range approvals.Actions {
		for _, s := range states {
			t.Run(fmt.Sprintf("%s %s", s, a), func(t *testing.T) {
				r := sample(a, s)
				r.Change.Email, r.Change.Account = "jane_doe@acme.example", 36872
				r.Said = &approvals.Said{Person: "U0JANE", Sites: []string{"uk"}, Blind: true}
				r.Look, r.Escalated = &approvals.Look{At: clock(9, 13), Against: []approvals.Text{say("acme.example is held")}}, false
				m := Told(r, s)
				require.NotContains(t, m.Text, "jane_doe")
				require.NotContains(t, m.Text, "acme.example")
				require.NotContains(t, m.Text, "Limit reached")
				if a != approvals.Create && s == approvals.Done || s == approvals.Denied || s == approvals.Expired || s == approvals.Failed {
					require.Contains(t, m.Text, "<@U0JANE>")
				}
				golden(t, fmt.Sprintf("told-blind-%s-%s", s, a), held(t, m))
			})
		}
	}
}
