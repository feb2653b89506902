package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// TestREADMETableIsTheParser: the table of what people type has each verb as help writes it, in the same
// order, and nothing else.
func TestREADMETableIsTheParser(t *testing.T) {
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

// usages are the commands as help writes each of them, in the README's order: "/access" and help itself first.
func usages(t *testing.T) []string {
	t.Helper()
	var out []string
	_, all := commands.Parse("help")
	require.NotEmpty(t, all.Lines)
	for _, line := range all.Lines {
		verb := strings.Fields(line[0].S)[1]
		_, one := commands.Parse("help " + verb)
		require.Equal(t, approvals.SpanCode, one.Head[0].Kind)
		out = append(out, one.Head[0].S)
	}
	last := len(out) - 1
	require.Equal(t, "/access help [VERB]", out[last])
	return append([]string{"/access", out[last]}, out[:last]...)
}
