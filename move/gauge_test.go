package move

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/store/cargo"
)

// TestAGaugeSaysHowFarAMoveIs: what it does, and of what goes by how much, of how much where somebody has counted them.
func TestAGaugeSaysHowFarAMoveIs(t *testing.T) {
	g := gauge{total: map[cargo.Kind]int64{cargo.Request: 2}}
	g.begin("checking what is to move")
	require.Equal(t, "checking what is to move", g.String())
	var said []string
	pour := func(_ context.Context, put cargo.Put) error {
		for _, k := range []cargo.Kind{cargo.Request, cargo.Request, cargo.Receipt} {
			if err := put(cargo.Item{Kind: k}); err != nil {
				return err
			}
		}
		return nil
	}
	for range 2 {
		require.NoError(t, g.watched("copying", "checking the copy", pour)(ctx, func(cargo.Item) error { said = append(said, g.String()); return nil }))
		require.Equal(t, []string{"copying: 1 of 2 requests", "copying: 2 of 2 requests", "copying: 1 receipts"}, said)
		require.Equal(t, "checking the copy", g.String())
		said = nil
	}
}
