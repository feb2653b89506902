package commands

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

func TestCandidatesAreCounted(t *testing.T) {
	var many []catalog.Item
	for i := range 14 {
		many = append(many, catalog.Item{ID: fmt.Sprint(i + 1), Name: "Shop"})
	}
	app, _ := words().unnamed()
	share, _ := app.Entry.Action(catalog.Share)
	sites, _ := share.Bare()
	c := asking{app: app, action: share, values: catalog.Values{{Key: "sites", Typed: []string{"Shop"}}}, whom: whom{email: "a@b.example"}, reason: "x"}
	reply := severalItems(approvals.Named{Typed: "Shop", Items: many}, naming{c, sites, sites.Noun, []string{"Shop"}}, 0)
	require.Len(t, reply.Lines, 11)
	require.Equal(t, "and 4 more; more of the name narrows it down.", reply.Lines[10].Plain())
	require.Equal(t, []string{"/access share a@b.example <number> because x"}, reply.Examples)
}

func TestNearest(t *testing.T) {
	verbs := words().verbNames()
	for typed, want := range map[string]string{
		"shar": "share", "SHARE": "share", "unshar": "unshare", "craete": "create", "staus": "status", "cancle": "cancel", "accuonts": "accounts",
		"stat": "status", "rep": "report", "req": "request", "wobble": "", "": "", "x": "", "🎉": "", "deny": "", "remove": "delete", "Add": "create",
	} {
		require.Equal(t, want, words().nearest(typed, verbs), "%q", typed)
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
	for _, g := range words().guides() {
		_, answer := parsed("help " + g.name)
		require.NotNil(t, answer, g.name)
		require.Contains(t, answer.Head.Plain(), "/access "+g.name)
		require.NotEmpty(t, answer.Examples, g.name)
		require.NotEmpty(t, g.does)
		for _, key := range g.options {
			require.Contains(t, words().keys(), key)
			require.NotEmpty(t, (&line{speech: words(), guide: g}).valueText(key))
		}
	}
	for word, verb := range words().also() {
		known := slices.Concat(words().verbNames(), words().keys(), deciding)
		require.Contains(t, known, verb, word)
		require.NotContains(t, known, word)
	}
}
