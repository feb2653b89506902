package manual

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestWhatTakesItAway: what ends an account takes away a new one, unshare what is shared; a file can say otherwise; and what
// nobody could be asked takes away nothing.
func TestWhatTakesItAway(t *testing.T) {
	const more = `
  share: {fields: {board: {required: true}}, steps: {a: "Share {board}."}}
  unshare: {fields: {board: {required: true}}, steps: {a: "Unshare {board}."}}
  give: {effect: gives, undo: collect, steps: {a: Give it.}}
  collect: {effect: takes, steps: {a: Collect it.}}
  lend: {effect: gives, steps: {a: Lend it.}}
`
	for name, row := range map[string]struct {
		delete string
		want   map[catalog.Verb]catalog.Verb
	}{
		"usual":                {"{steps: {a: Remove them.}}", map[catalog.Verb]catalog.Verb{"create": "delete", "share": "unshare", "give": "collect", "lend": "", "delete": "", "collect": ""}},
		"needs more":           {"{fields: {heir: {required: true}}, steps: {a: \"Give it to {heir}.\"}}", map[catalog.Verb]catalog.Verb{"create": ""}},
		"with a default":       {"{fields: {how: {default: soon}}, steps: {a: \"Remove them {how}.\"}}", map[catalog.Verb]catalog.Verb{"create": "delete"}},
		"that ends no account": {"{ends: false, steps: {a: Turn them off.}}", map[catalog.Verb]catalog.Verb{"create": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := "name: Acme\nactions:\n  create: {steps: {a: Add them.}}\n  delete: " + row.delete + more
			require.NoError(t, os.WriteFile(filepath.Join(dir, "acme.yml"), []byte(file), 0o644))
			d := Open(value(t, "acme.yml"), dir)
			require.NotNil(t, d)
			e := d.Entry("acme", Answers{}, nil)
			require.Empty(t, d.Problems())
			for key, undo := range row.want {
				a, ok := e.Action(key)
				require.True(t, ok)
				require.Equal(t, undo, a.Undo, key)
			}
		})
	}
}
