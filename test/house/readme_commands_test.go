package house

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/demo"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// TestREADMETableIsTheParser: the table of what people type has each verb as help writes it, in the same
// order, and nothing else.
func TestREADMETableIsTheParser(t *testing.T) {
	fromTheRoot(t)
	_, after, found := strings.Cut(document(t, "README.md"), "| typed | what it does |\n|---|---|\n")
	require.True(t, found)
	table, _, _ := strings.Cut(after, "\n\n")
	var written []string
	for row := range strings.Lines(table) {
		typed, _, _ := strings.Cut(strings.ReplaceAll(row, `\|`, "\x00"), " | ")
		for _, m := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(typed, -1) {
			written = append(written, strings.ReplaceAll(m[1], "\x00", "|"))
		}
	}
	require.Equal(t, usages(t), written)
}

// configured is the app of the README.
func configured() []approvals.App {
	return []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}
}

// usages are the commands as help writes each of them, in the README's order: "/access" and help itself first.
func usages(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, verb := range verbs(t) {
		_, one := commands.Parse(configured(), "help "+verb)
		require.Equal(t, approvals.SpanCode, one.Head[0].Kind)
		out = append(out, one.Head[0].S)
	}
	last := len(out) - 1
	require.Equal(t, "/access help [VERB]", out[last])
	return append([]string{"/access", out[last]}, out[:last]...)
}

// verbs are those that help lists for an admin, who may use all of them.
func verbs(t *testing.T) (all []string) {
	t.Helper()
	world.In(t, demo.Config, func(w *world.World) {
		w.Start()
		w.N.Slack.Type("U0ADMIN", "C0GENERAL", "/access help").Wait()
		w.Pass(time.Second)
		said := w.N.Slack.Ephemerals("U0ADMIN")
		require.Len(t, said, 1)
		for _, m := range regexp.MustCompile("(?m)^`/access ([a-z]+)").FindAllStringSubmatch(slacksim.PlainText(said[0]), -1) {
			if !slices.Contains(all, m[1]) {
				all = append(all, m[1])
			}
		}
	})
	require.NotEmpty(t, all)
	return all
}
