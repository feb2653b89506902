package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestAChoiceGoesTheWayThatWasPicked: what was chosen of another way is left behind with it, and a form from before there was
// such a question goes the way of its choice.
func TestAChoiceGoesTheWayThatWasPicked(t *testing.T) {
	role := catalog.Field{Key: "role", Kind: catalog.OneOf, Default: "user", First: &catalog.First{Ways: []catalog.Way{{ID: "own"}, {ID: "shared"}, {ID: "other"}}},
		Choices: []catalog.Choice{{ID: "user", Way: "own"}, {ID: "admin", Way: "own"}, {ID: "session", Way: "shared"}, {ID: "a", Way: "other"}, {ID: "b", Way: "other"}}}
	for name, row := range map[string]struct {
		way, choice, wantWay, wantChoice string
	}{
		"nothing is picked":           {"", "", "own", "user"},
		"a line named the choice":     {"", "session", "shared", "session"},
		"the way of the default":      {"own", "session", "own", "user"},
		"the choice stays":            {"own", "admin", "own", "admin"},
		"the only one of its way":     {"shared", "admin", "shared", "session"},
		"it is still open":            {"other", "admin", "other", ""},
		"a way that is there no more": {"gone", "b", "other", "b"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Draft{Ways: map[string]string{"role": row.way}}.clone()
			if row.choice != "" {
				d.Chosen["role"] = []string{row.choice}
			}
			d.goTheirWays(catalog.Action{Fields: []catalog.Field{role, {Key: "plain"}}})
			require.Equal(t, map[string]string{"role": row.wantWay}, d.Ways)
			got := ""
			if len(d.Chosen["role"]) > 0 {
				got = d.Chosen["role"][0]
			}
			require.Equal(t, row.wantChoice, got)
		})
	}
}
