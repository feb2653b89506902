package view

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	wanted "github.com/usherbot/usher/test/values"
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
		"reading": {catalog.Share, func(r *approvals.Request) { r.Change.Values = wanted.Of{Words: words}.Values() },
			[]string{"Share 2 websites with", "“acme uk” · “&lt;!channel&gt; e”", "Being checked I'm looking up in SE Ranking what this would do."}, "As"},
		"blind": {catalog.Delete, func(r *approvals.Request) {
			r.Look.Blind, r.Change = clock(9, 13), approvals.Change{Email: "jane_doe@acme.example"}
		},
			[]string{"Not checked yet I haven't been able to read SE Ranking since ", "but not approve it"}, "Being checked"},
		"blind seat": {catalog.Create, func(r *approvals.Request) { r.Look.Blind, r.Seats = clock(9, 13), approvals.SeatCount{} },
			[]string{"Not checked yet I haven't been able to read SE Ranking since "}, "not approve it"},
		"unclear": {catalog.Share, func(r *approvals.Request) {
			r.Change.Account = "7"
			r.Change.Values = wanted.Of{Sites: r.Change.Values.Items("sites"), Words: words[1:]}.Values()
			r.Look.At, r.Look.Against = clock(9, 13), []approvals.Text{say("“%v” could be any of %v websites: %v.", words[1], 14, "a, b and 12 more")}
		}, []string{"In the way (SE Ranking read ", "• “&lt;!channel&gt; e” could be any of 14 websites", "It can't be approved until that's clear."}, "Being checked"},
		"many against": {catalog.Share, func(r *approvals.Request) {
			r.Change.Values = wanted.Of{Sites: r.Change.Values.Items("sites"), Words: words}.Values()
			r.Look.At, r.Look.Against = clock(9, 13), many
		}, []string{"and 4 more"}, "“13”"},
		"found": {catalog.Share, func(r *approvals.Request) {
			r.Change.Account = "7"
			*r.Look = approvals.Look{At: clock(9, 13)}
			r.Same = 9
		}, []string{"As <@U0ALICE> wrote it: “acme uk”, “&lt;!channel&gt; e”", "Same request as #9"}, "Being checked"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample(row.action, approvals.Pending)
			r.Look, r.Said = &approvals.Look{Owed: true}, &approvals.Said{Email: "jane_doe@acme.example", Typed: wanted.Of{Words: words}.Values(), Blind: true}
			row.alter(&r)
			m := Card(r)
			golden(t, "card-look-"+name, held(t, m))
			for _, want := range row.want {
				require.Contains(t, m.Text, want)
			}
			require.NotContains(t, m.Text, row.never)
			require.Equal(t, r.Editable(), slices.Contains(buttonsOf(t, m), "Edit"))
			require.Subset(t, buttonsOf(t, m), []string{"Approve", "Deny", "Ask"}, "a no always works")
		})
	}
}

// TestWhoMayNotReadIsToldWhatTheySaid, by every surface that speaks to whoever asked.
func TestWhoMayNotReadIsToldWhatTheySaid(t *testing.T) {
	for _, a := range wanted.Verbs() {
		for _, s := range states {
			t.Run(fmt.Sprintf("%s %s", s, a), func(t *testing.T) {
				r := sample(a, s)
				r.Change.Email, r.Change.Account = "jane_doe@acme.example", "36872"
				r.Said = &approvals.Said{Person: "U0JANE", Typed: wanted.Of{Words: []string{"uk"}}.Values(), Blind: true}
				r.Look, r.Escalated = &approvals.Look{At: clock(9, 13), Against: []approvals.Text{say("acme.example is held")}}, false
				m := Told(r, s)
				require.NotContains(t, m.Text, "jane_doe")
				require.NotContains(t, m.Text, "acme.example")
				require.NotContains(t, m.Text, "Limit reached")
				if a != catalog.Create && s == approvals.Done || s == approvals.Denied || s == approvals.Expired || s == approvals.Failed {
					require.Contains(t, m.Text, "<@U0JANE>")
				}
				golden(t, fmt.Sprintf("told-blind-%s-%s", s, a), held(t, m))
			})
		}
	}
}
