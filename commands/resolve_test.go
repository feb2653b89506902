package commands

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

func TestCandidatesAreCounted(t *testing.T) {
	var many []approvals.Site
	for i := range 14 {
		many = append(many, approvals.Site{ID: int64(i + 1), Name: "Shop"})
	}
	reply := severalSites(approvals.Named{Typed: "Shop", Sites: many}, share{sites: []string{"Shop"}, whom: whom{email: "a@b.example"}, reason: "x"}, 0)
	require.Len(t, reply.Lines, 11)
	require.Equal(t, "and 4 more; more of the name narrows it down.", reply.Lines[10].Plain())
	require.Equal(t, []string{"/access share a@b.example <number> because x"}, reply.Examples)
}

func TestNearest(t *testing.T) {
	verbs := verbNames()
	for typed, want := range map[string]string{
		"shar": "share", "SHARE": "share", "unshar": "unshare", "craete": "create", "staus": "status", "cancle": "cancel", "accuonts": "accounts",
		"stat": "status", "rep": "report", "req": "request", "wobble": "", "": "", "x": "", "🎉": "", "deny": "", "remove": "delete", "Add": "create",
	} {
		require.Equal(t, want, nearest(typed, verbs), "%q", typed)
	}
}

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"share", "shar", 1}, {"share", "shrae", 1}, {"kitten", "sitting", 3}, {"ünï", "uni", 2}, {"abc", "xyz", 3},
	} {
		require.Equal(t, row.want, distance(row.a, row.b, 9), "%q %q", row.a, row.b)
		require.Equal(t, row.want, distance(row.b, row.a, 9), "%q %q", row.b, row.a)
	}
	require.Equal(t, 3, distance("a", "abcdefgh", 2), "it stops at the limit")
}

func TestEveryVerbHasHelp(t *testing.T) {
	for _, g := range guides {
		_, answer := Parse("help " + g.name)
		require.NotNil(t, answer, g.name)
		require.Contains(t, answer.Head.Plain(), "/access "+g.name)
		require.NotEmpty(t, answer.Examples, g.name)
		require.NotEmpty(t, g.does)
		for _, key := range g.options {
			require.Contains(t, optionKeys, key)
			require.NotEmpty(t, valueText[key])
		}
	}
	for word, verb := range meant {
		known := slices.Concat(verbNames(), optionKeys, deciding)
		require.Contains(t, known, verb, word)
		require.NotContains(t, known, word)
	}
}
