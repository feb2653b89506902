package talks

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/register"
)

// root is somebody at the machine.
func (k *talk) root(f, words []string) {
	k.T.Helper()
	switch f[0] {
	case "approves":
		k.approvesAtTheMachine(k.number(f[1]), words)
	case "forgets":
		k.forgets(f[1], words)
	case "lacks":
		k.lacks(words)
	default:
		k.imports(f[1], words[0])
	}
}

// imports compares a member list at the machine.
func (k *talk) imports(app, content string) {
	k.T.Helper()
	im := register.Import{App: app, File: "members.csv", Raw: []byte(strings.ReplaceAll(content, "⏎", "\n"))}
	_, err := k.App.Register.Import(context.Background(), im, approvals.OSUser("root"), "command line", time.Now())
	require.NoError(k.T, err, k.line)
}

// approvesAtTheMachine is a yes at the command line, and what it answers.
func (k *talk) approvesAtTheMachine(n int64, words []string) {
	k.T.Helper()
	out, err := k.App.Control("").Vote(context.Background(), n, approvals.OSUser("root"), control.Decision{Yes: true})
	require.NoError(k.T, err, k.line)
	for _, w := range words {
		require.Contains(k.T, out.Say, w, k.line)
	}
}

// adds puts a file into an input for files: what it is called, and what is in it (⏎ begins a line) or how large it is, as in "11 MB".
func (k *talk) adds(id string, f []string) {
	k.T.Helper()
	require.Len(k.T, f, 3, k.line)
	v := k.form(id)
	_, name := k.labeled(v, f[0])
	content := []byte(strings.ReplaceAll(f[2], "⏎", "\n"))
	if mb, ok := strings.CutSuffix(f[2], " MB"); ok {
		content = make([]byte, k.number(mb)<<20)
	}
	require.NoError(k.T, k.N.Slack.Fill(id, v.ID, map[string]any{name: k.N.Slack.Attach(id, f[1], content)}), k.line)
}
