package alone

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOptionsThatSayNothing: what the command line got wrong is told apart from an address that another program has.
func TestOptionsThatSayNothing(t *testing.T) {
	for says, o := range map[string]Options{"the seed is": {Seed: "forest", Addr: "127.0.0.1:0"}, "an address is": {Seed: "empty", Addr: "4000"}} {
		err := Run(t.Context(), o, io.Discard, io.Discard)
		require.ErrorAs(t, err, new(Unreadable))
		require.ErrorContains(t, err, says)
	}
	err := Run(t.Context(), Options{Seed: "empty", Addr: "256.0.0.1:1"}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "listen")
	require.NotErrorAs(t, err, new(Unreadable))
}
