package talks

import (
	"bytes"
	"context"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/cargo"
)

// forgets has somebody forgotten at the machine, or refused with some words.
func (k *talk) forgets(who string, words []string) {
	k.T.Helper()
	f := k.App.Control("").Forgetter
	found, err := f.Look(context.Background(), who)
	require.NoError(k.T, err, k.line)
	for _, w := range words {
		require.Contains(k.T, strings.Join(found.Against, "; "), w, k.line)
	}
	if len(words) == 0 {
		require.Empty(k.T, found.Against, k.line)
		_, err = f.Forget(context.Background(), found, approvals.OSUser("root"), control.Surface)
		require.NoError(k.T, err, k.line)
	}
}

// lacks holds that words are kept nowhere, however they're written.
func (k *talk) lacks(words []string) {
	k.T.Helper()
	require.NotEmpty(k.T, words, k.line)
	require.NoError(k.T, k.App.Store.Unload(context.Background(), func(i cargo.Item) error {
		for _, w := range words {
			require.NotContains(k.T, strings.ToLower(string(bytes.ToLower(i.Line))+i.Name), strings.ToLower(w), "%s %s %d: %s", i.Kind, i.Name, i.N, k.line)
		}
		return nil
	}))
}
