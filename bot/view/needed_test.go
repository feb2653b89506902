package view

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// TestNeededFitsWhateverIsInIt: however many accounts there are and whatever they are called, those at the top have their buttons, and it
// says how many have no room.
func TestNeededFitsWhateverIsInIt(t *testing.T) {
	all := map[string]string{"long": strings.Repeat("x", 250) + "@a.example"}
	for name, s := range hostile {
		all[name] = s
	}
	for name, s := range all {
		for _, n := range []int{0, 1, 3, 400} {
			still := commands.StillNeeded{Head: approvals.Sayf("*Still needed?* %v", s), Foot: approvals.Sayf("%v", s), Open: n}
			for range n {
				still.Accounts = append(still.Accounts, commands.StillOne{Say: approvals.Sayf("*%v* · SE Ranking", s), App: "seranking", Email: s, Open: true, Takes: true})
			}
			raw := string(held(t, Needed(still)))
			if len(s) < 300 {
				require.Equal(t, min(n, 1), min(strings.Count(raw, `"action_id":"needed_keep"`), 1), name)
			}
			require.Equal(t, strings.Count(raw, `"action_id":"needed_keep"`), strings.Count(raw, `"action_id":"needed_take"`), name)
			require.Equal(t, n == 400, strings.Contains(raw, "more: answer these first"), name)
		}
	}
	v, err := ParseNeeded(NeededValue{"seranking", "a@b.example"}.String())
	require.NoError(t, err)
	require.Equal(t, NeededValue{"seranking", "a@b.example"}, v)
	_, err = ParseNeeded("v2:{}")
	require.True(t, errors.Is(err, ErrOtherVersion))
}
