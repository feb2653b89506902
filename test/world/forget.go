package world

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/cargo"
)

// forgottenForGood is Alice asking for a seat for Jane and taking it back, and Jane forgotten at the machine by somebody who tries
// again until she is.
func forgottenForGood(p *Played) {
	p.until("the asking", func() bool { return p.typesAs("U0ALICE", "create jane@acme.example Jane because she asked", "*#1*") },
		func() bool { return p.stands(1, approvals.Pending) })
	p.until("the taking back", func() bool { return p.typesAs("U0ALICE", "cancel 1", "#") }, func() bool { return p.stands(1, approvals.Canceled) })
	p.until("the forgetting", func() bool {
		f := p.App.Control("").Forgetter
		found, err := f.Look(context.Background(), "jane@acme.example")
		if err != nil || len(found.Against) > 0 || found.None() {
			return false
		}
		_, err = f.Forget(context.Background(), found, approvals.OSUser("root"), control.Surface)
		return err == nil
	}, func() bool { p.revive(); return !p.remembers("jane@acme.example") })
	p.Live(10 * time.Minute)
}

// remembers reports whether words are kept anywhere.
func (p *Played) remembers(words string) (found bool) {
	p.T.Helper()
	require.NoError(p.T, p.App.Store.Unload(context.Background(), func(i cargo.Item) error {
		found = found || strings.Contains(string(bytes.ToLower(i.Line))+i.Name, words)
		return nil
	}))
	return found
}

// forgottenOnce: nothing of her is kept, nor stands on the card; the log says once that somebody was forgotten, and the request stays.
func forgottenOnce(p *Played) {
	require.False(p.T, p.remembers("jane@acme.example"))
	require.Equal(p.T, 1, strings.Count(p.log(), `"what":"person forgotten"`))
	require.True(p.T, p.stands(1, approvals.Canceled))
	for _, m := range p.N.Slack.Messages("C0APPROVE") {
		shown, err := json.Marshal(m)
		require.NoError(p.T, err)
		require.NotContains(p.T, string(shown), "jane@acme.example")
	}
}
